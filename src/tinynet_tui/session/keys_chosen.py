"""The keys that a user has chosen: of this program's user, or of another whose screen it draws."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

OwnKeys = tuple[tuple[str, tuple[str, ...]], ...]
"""Commands by name, each with all of its keys."""

_of_this_user: list[OwnKeys] = [()]
_of_another: ContextVar[OwnKeys | None] = ContextVar("keys of another user", default=None)


def keys_chosen() -> OwnKeys:
    """The keys of whom the screen is for that is drawn or typed at now."""
    of_another = _of_another.get()
    return _of_this_user[0] if of_another is None else of_another


def choose_keys(own: OwnKeys) -> None:
    """Have keys for this program's user, in all of its threads."""
    _of_this_user[0] = own


@contextmanager
def keys_of_another(own: OwnKeys) -> Iterator[None]:
    """Do something for another user, who has keys of their own or those of the table."""
    token = _of_another.set(own)
    try:
        yield
    finally:
        _of_another.reset(token)
