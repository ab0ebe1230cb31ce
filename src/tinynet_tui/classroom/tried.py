"""What a follower has tried by themselves, kept in a file beside their state file, to go back to."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from tinynet_tui.safety.whole_files import replace_file
from tinynet_tui.session.saved_session import LARGEST, StateFault, decoded, encoded, state_text
from tinynet_tui.session.session import Session

_MOST = 9
"""Places that are kept."""


def tried_path(state: Path) -> Path:
    """The file of what was tried by the person of a state file."""
    return state.with_name(f"tried-{state.name}")


def tried(state: Path | None) -> tuple[Session, ...]:
    """What was tried, the latest first: where the state file was left, and what stood there before that.

    A file that cannot be read has nothing in it.
    """
    found = list[Session]()
    for text in _texts(state):
        with suppress(StateFault):
            found.append(decoded(text))
    return tuple(found)


def keep_tried(state: Path | None, latest: Session | None = None) -> None:
    """Put where the state file was left among what was tried, before something else is written there.

    latest: what was tried after that.

    Raises: OSError when that cannot be done.
    """
    if state is not None and (texts := _texts(state, latest)):
        while len(texts) > _MOST or sum(map(len, texts)) > LARGEST:
            texts.pop()
        state.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(tried_path(state), msgspec.json.encode([text.decode() for text in texts]))


def _texts(state: Path | None, latest: Session | None = None) -> list[bytes]:
    """The texts of state files, the latest first; two that are the same place are one."""
    texts = [] if latest is None else [encoded(latest.bare)]
    if state is None:
        return texts
    with suppress(OSError, StateFault):
        texts.append(state_text(state))
    with suppress(OSError, StateFault, msgspec.MsgspecError):
        kept = msgspec.json.decode(state_text(tried_path(state)), type=list[str])
        texts += [text.encode() for text in kept]
    places = dict[object, bytes]()
    for text in texts:
        with suppress(StateFault):
            session = decoded(text)
            places.setdefault(
                (session.lesson, session.edits, session.seed, session.update, session.step), text
            )
    return list(places.values())
