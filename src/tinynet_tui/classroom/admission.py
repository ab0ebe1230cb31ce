"""Who is let into a class over SSH: codes, keys, and how long wrong answers wait."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Container
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Literal

from tinynet_tui.classroom.names import cleaned_name

Role = Literal["student", "lead", "desk"]
_ROLES: dict[str, Role] = {"lead": "lead", "desk": "desk"}
"""The user names that are the teacher's; every other one is a student's name."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Signs that nobody mistakes for each other on a board: no i, l, o, 0 and 1."""
_CODE_LENGTH, _GROUP = 9, 3
LEAST_CODE, LEAST_LEADER_CODE = 6, 12
"""Letters and digits of a code that a teacher chooses: others would guess a shorter one."""
_LEAST_SIGNS = 4
"""Different ones in it."""
_LONGEST_CODE = 200
"""Characters."""

MOST_WRONG = 6
"""Wrong answers after which a connection ends."""
_EACH_WRONG, _SAVED_WRONG = 0.5, 60
"""Seconds in which everybody together may be wrong once, and how often at once."""
_HELD_BACK = 1.5
"""Seconds that every answer waits, also a right one, while more of them are wrong: then somebody guesses."""
_LONGEST_HELD_BACK = 60.0
"""Seconds for which answers still wait so, once nobody guesses any more."""
_TELL_EVERY = 5.0
"""Seconds between two lines of the log about the same thing."""


def role_of(user: str) -> Role:
    """What a user name makes of whoever has it: one that looks like a teacher's, such as LEAD, is one."""
    return _ROLES.get(cleaned_name(user).casefold(), "student")


class CodeFault(ValueError):
    """A code that cannot be one; says why."""


def new_code() -> str:
    """A random code, as it is told to the class: about 44 bits, which nobody guesses within a class."""
    signs = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(signs[at : at + _GROUP] for at in range(0, _CODE_LENGTH, _GROUP))


def checked_code(text: str, least: int = LEAST_CODE) -> str:
    """A code that a teacher has chosen, without blanks around it.

    Raises: CodeFault when others would guess it, or nobody could type it.
    """
    code = text.strip()
    if not code.isprintable() or len(code) > _LONGEST_CODE:
        raise CodeFault(f"must be a line of printable characters, {_LONGEST_CODE} at most")
    if len(_typed(code)) < least:
        raise CodeFault(f"must have {least} letters or digits at least: others would guess a shorter one")
    if _is_tried_first(_typed(code)):
        raise CodeFault("must not be one that others try first, such as 111111 or 123456")
    return code


def _is_tried_first(typed: str) -> bool:
    """Whether a code has few signs, or goes straight up or down, once or again: 123456, 12341234."""
    repeated = typed[: (typed + typed).find(typed, 1)]
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(repeated)}  # 0 is next to 9
    return len(set(typed)) < _LEAST_SIGNS or steps in ({1}, {9})


def _typed(code: str) -> str:
    """A code without what people leave out or write otherwise: case, blanks and hyphens."""
    return "".join(sign for sign in code.casefold() if not sign.isspace() and sign != "-")


def _is_same(given: str, code: str) -> bool:
    """Whether a code was given; takes as long for every wrong one, however much of it is right."""
    one, other = (sha256(_typed(text).encode("utf-8", "replace")).digest() for text in (given, code))
    return hmac.compare_digest(one, other)


def delay_of(wrong: int, first: float) -> float:
    """How long the wrong answer of a number waits, from 1: the first for a time, then twice as long each."""
    return first * (1 << (wrong - 1))


@dataclass(frozen=True, slots=True)
class Admission:
    """What opens the class: a code, a key, or either; for the teacher a longer code, or another key."""

    code: str | None = None
    keys: Container[bytes] = frozenset()
    """Of students: public keys as they are sent."""
    leader_code: str | None = None
    leader_keys: Container[bytes] = frozenset()

    def takes_codes(self, user: str) -> bool:
        """Whether somebody of a user name is to be asked for a code: not told by which names there are."""
        return self._code_of(user) is not None

    def opens(self, user: str, code: str) -> bool:
        """Whether a code lets in whoever comes under a user name."""
        expected = self._code_of(user)
        return expected is not None and len(code) <= _LONGEST_CODE and _is_same(code, expected)

    def knows(self, user: str, key: bytes) -> bool:
        """Whether a key lets in whoever comes under a user name, once it is shown that they have it."""
        return key in (self.keys if role_of(user) == "student" else self.leader_keys)

    def _code_of(self, user: str) -> str | None:
        return self.code if role_of(user) == "student" else self.leader_code


class Guesses:
    """The wrong answers of everybody: whoever guesses can have a connection for each."""

    def __init__(self) -> None:
        self._until = 0.0

    def abound(self, now: float) -> bool:
        """Whether there are more of them than people make."""
        return self._until > now

    def count(self, now: float) -> None:
        """Take note of one."""
        until = max(self._until, now - _SAVED_WRONG * _EACH_WRONG) + _EACH_WRONG
        self._until = min(until, now + _LONGEST_HELD_BACK)


class ToldTogether:
    """A fault of whoever connects, told of with how often it came, every few seconds at most: nobody fills
    the log with it."""

    def __init__(self, tell: Callable[[int, str], None]) -> None:
        """tell: is told how many, and of whom the last was."""
        self._tell_now = tell
        self._untold, self._last, self._told_at = 0, "", float("-inf")

    def tell_of(self, whom: str) -> None:
        """Tell of one more: at once, or together with the others of some seconds."""
        loop = asyncio.get_running_loop()
        self._untold, self._last = self._untold + 1, whom
        if self._untold == 1:
            loop.call_at(max(loop.time(), self._told_at + _TELL_EVERY), self._tell)

    def _tell(self) -> None:
        count, self._untold, self._told_at = self._untold, 0, asyncio.get_running_loop().time()
        self._tell_now(count, self._last)


class CodeChecks:
    """The codes that one client gives: a right one is known at once, a wrong one waits, longer each time."""

    def __init__(self, admission: Admission, guesses: Guesses, first_delay: float) -> None:
        self._admission, self._guesses, self._first_delay = admission, guesses, first_delay
        self._wrong = 0
        """How many were."""
        self._is_judging = False

    def asked_for(self, code: str) -> str:
        """How a code is asked for, by its name: whoever gave a wrong one is told so."""
        return f"That is not the {code.lower()}. {code}: " if self._wrong else f"{code}: "

    async def judged(self, user: str, code: str) -> Literal["right", "wrong", "too often", "too fast"]:
        """How a code is; too fast: it came before the last one was judged, which no person does."""
        if self._is_judging:
            return "too fast"
        loop = asyncio.get_running_loop()
        self._is_judging = True
        if self._guesses.abound(loop.time()):
            await asyncio.sleep(_HELD_BACK)
        if self._admission.opens(user, code):
            return "right"
        self._wrong += 1
        self._guesses.count(loop.time())
        await asyncio.sleep(delay_of(self._wrong, self._first_delay))
        self._is_judging = False
        return "too often" if self._wrong >= MOST_WRONG else "wrong"
