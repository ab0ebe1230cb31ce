"""Messages between the parts of a class."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.classroom import messages, thin_client
from tinynet_tui.classroom.messages import FRAME, Messages, TooLong, message
from tinynet_tui.terminal import display


@given(
    st.lists(st.tuples(st.sampled_from([b"F", b"K"]), st.binary(max_size=40))), st.lists(st.integers(1, 9))
)
def test_however_they_are_cut(sent: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    """What arrives in any pieces are the messages that were sent."""
    stream = b"".join(message(kind, content) for kind, content in sent)
    reader, found = Messages(), []
    for cut in [*cuts, len(stream)]:
        found += list(reader.feed(stream[:cut]))
        stream = stream[cut:]
    found += list(reader.feed(stream))
    assert found == sent


def test_one_that_is_too_long_is_refused_before_it_has_arrived() -> None:
    """By the length that it announces."""
    reader = Messages(longest=10)
    with pytest.raises(TooLong, match="at most 10 are taken"):
        list(reader.feed(message(FRAME, bytes(11))[:4]))


def test_the_thin_client_leaves_the_terminal_as_the_app_does() -> None:
    """On the screen and in the modes that it had."""
    assert thin_client.LEAVE.decode() == display.LEAVE


def test_the_thin_client_has_the_same_letters() -> None:
    """It can import nothing of ours, and so writes them once more."""
    for name in ("FRAME", "PLACE", "OWN_APP", "END", "HELLO", "SIZE", "KEYS", "HEAD", "TRIED"):
        assert getattr(thin_client, name) == getattr(messages, name)
