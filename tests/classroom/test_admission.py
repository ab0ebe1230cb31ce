"""Who is let into a class over SSH."""

from __future__ import annotations

import asyncio

import pytest

from tests.campaigns.random_classes import run_in_own_time
from tinynet_tui.classroom.admission import (
    MOST_WRONG,
    Admission,
    CodeChecks,
    CodeFault,
    Guesses,
    ToldTogether,
    checked_code,
    delay_of,
    new_code,
)


def test_a_new_code_can_be_read_aloud() -> None:
    """Without signs that look like others; never twice, and more of them than anybody can try."""
    codes = {new_code() for _ in range(1_000)}
    assert len(codes) == 1_000
    signs = set("".join(codes)) - {"-"}
    assert not signs & set("ilo01ILO")
    assert len(signs) ** 9 > 2**43
    assert {tuple(map(len, code.split("-"))) for code in codes} == {(3, 3, 3)}


@pytest.mark.parametrize("text", ["abcdeg", "  blue-kite\n", "ÄÖÜäßü", "271 828", "112233 4"])
def test_codes_of_ones_own(text: str) -> None:
    """Six letters or digits are enough."""
    assert checked_code(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        *("", "abcde", "a-b-c-d-e", "a b c d e", "abc\x1b[2Jdef", "a" * 201, "abc\ndefg"),
        *("111111", "aaa-aaa", "Aa1Aa1", "12-34-56", "654321", "ABCdef", "zyxwvu"),
        *("1234567890", "0987654321", "123456789012", "12341234"),
    ],
)
def test_codes_that_are_none(text: str) -> None:
    """Those that others would guess, and those that nobody can type."""
    with pytest.raises(CodeFault, match="must"):
        checked_code(text)


def test_codes_that_others_try_first_are_told_of() -> None:
    """Also the teacher's own longer one."""
    for least in (6, 12):
        with pytest.raises(CodeFault, match="not be one that others try first, such as 111111 or 123456"):
            checked_code("1" * 12, least)


def test_who_guesses_on_many_connections_is_held_back() -> None:
    """Each answer waits then, so that few are looked at; a right one still lets in within two seconds."""

    async def guess() -> None:
        loop, guesses, admission = asyncio.get_running_loop(), Guesses(), Admission("abc-defg")

        async def seconds(code: str) -> float:
            began = loop.time()
            is_right = await CodeChecks(admission, guesses, 0.25).judged("Ada", code) == "right"
            assert is_right == (code == "abc-defg")
            return loop.time() - began

        assert await seconds("abc-defg") == 0
        await asyncio.gather(*(seconds("wrong") for _ in range(100)))
        assert await seconds("wrong") > 1.5
        assert 0 < await seconds("abc-defg") <= 2
        await asyncio.sleep(60)
        assert await seconds("abc-defg") == 0

    run_in_own_time(guess())


def test_who_has_guessed_for_long_holds_nobody_back_for_longer_than_a_minute() -> None:
    """Ten minutes of a hundred wrong answers a second are over soon after."""
    guesses = Guesses()
    for number in range(60_000):
        guesses.count(number / 100)
    assert guesses.abound(600 + 55)
    assert not guesses.abound(600 + 61)


def test_wrong_answers_are_told_of_together() -> None:
    """The first at once; of a hundred a second a line every few seconds, in which each is counted."""

    async def guess() -> None:
        told = list[tuple[int, str]]()
        told_together = ToldTogether(lambda *one: told.append(one))
        for number in range(6_000):
            told_together.tell_of(f"192.0.2.{number % 250}")
            await asyncio.sleep(0.01)
            assert told[0] == (1, "192.0.2.0")
        await asyncio.sleep(10)
        assert len(told) < 15
        assert sum(count for count, _ in told) == 6_000
        assert told[-1][1] == "192.0.2.249"

    run_in_own_time(guess())


def test_wrong_answers_wait_longer_each_time() -> None:
    """Twice as long as the one before, the last that may be as well."""
    assert [delay_of(number, 0.25) for number in range(1, MOST_WRONG + 1)] == [0.25, 0.5, 1, 2, 4, 8]


@pytest.mark.parametrize(
    ("user", "code", "opens"),
    [
        ("Ada", "abc-def", True),
        ("Ada", "ABC DEF", True),
        ("Ada", "abcdeg", False),
        ("Ada", "", False),
        ("Ada", "leader-of-all", False),
        ("lead", "leader-of-all", True),
        ("desk", "LEADER OF ALL", True),
        ("lead", "abcdef", False),
        ("Lead", "abcdef", False),
        (" LEAD\x1b", "LEADER-OF-ALL", True),
        ("ｄｅｓｋ", "abcdef", False),
        ("leader", "abcdef", True),
        ("Ada", "abcdef" + " " * 500, False),
    ],
)
def test_what_a_code_opens(user: str, code: str, opens: bool) -> None:
    """The class, or the lead; who would be seen as lead or desk is asked for the leader's."""
    admission = Admission("abc-def", leader_code="leader-of-all")
    assert admission.opens(user, code) == opens


def test_nothing_is_open_by_itself() -> None:
    """Where there is no code and no key, nobody is let in."""
    for user in ("Ada", "lead", "desk", ""):
        assert not Admission().takes_codes(user)
        assert not Admission().opens(user, "")
        assert not Admission().knows(user, b"")


def test_keys_are_for_what_they_are_for() -> None:
    """A student's is not the leader's."""
    admission = Admission(keys=frozenset({b"student"}), leader_keys=frozenset({b"leader"}))
    assert [admission.knows(user, b"student") for user in ("Ada", "lead", "desk")] == [True, False, False]
    assert [admission.knows(user, b"leader") for user in ("Ada", "lead", "desk")] == [False, True, True]
