"""The verb tour: in lines where nobody answers, and where a person does; files that cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from tests.cli.command import run
from tests.goldens import assert_golden
from tinynet_tui.cli.keyboard import Keyboard
from tinynet_tui.cli.tour import _PlainTour
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.touring import at_stop, begun, shipped_tour


def test_it_prints_every_stop_with_its_answer_where_input_has_ended() -> None:
    """On standard output, with status 0."""
    done = run("tour", stdin=b"")
    assert (done.returncode, done.stderr) == (0, b"")
    assert_golden("tour.txt", done.stdout.decode())


def test_what_is_to_be_guessed_can_be_worked_out() -> None:
    """From the weights and formulas that stand above the first question, and those on other networks."""
    given, _, rest = run("tour", stdin=b"").stdout.decode().partition("Stop 1/10")
    assert "w₁ = −1, w₂ = 3" in given
    assert "Formula: z₁ = w₁ · x₁ + w₂ · x₂ + b₁" in given
    assert rest.count("Formula: z₁ = ") == 2
    assert (
        rest.index("Another network, “Two outputs on paper”") < rest.index("Formula: ") < rest.index("Stop 6")
    )


def test_a_formula_that_is_a_number_is_given_as_it(tmp_path: Path) -> None:
    """As the lesson has it: h[0] = 0, and the lines that read it."""
    own = tmp_path / "own.toml"
    own.write_text(
        'title = "T"\nlesson = "recurrent"\n'
        '[[stops]]\nask = "Go on."\ntold = "L = {L}"\nuntil = { step = "L" }\n',
        encoding="utf-8",
    )
    formulas = [
        line.removeprefix("Formula: ")
        for line in run("tour", str(own), stdin=b"").stdout.decode().splitlines()
        if line.startswith("Formula: ")
    ]
    assert formulas[:3] == ["h₀ = 0", "z₁ = w · x₁ + u · h₀", "h₁ = tanh(z₁)"]


def test_lines_of_a_program_answer_stop_by_stop() -> None:
    """An empty line tells the answer, b goes back, q leaves."""
    done = run("tour", "--plain", stdin=b"\n\nb\nq\n")
    said = done.stdout.decode()
    assert done.returncode == 0
    assert said.count("Answer:") == 2
    assert "3/10" in said
    assert said.count("2/10") == 2


def test_going_back_comes_to_where_the_stop_was_asked() -> None:
    """With the numbers that its answer tells; a screen that was left with changes is no other."""
    done = run("tour", "--plain", stdin=b"\n\n\nb\n\nq\n").stdout.decode()
    assert done.count("Answer: w₅ −1 → −0.98 gives −9.5") == 2


def test_a_tour_that_names_no_keys_is_answered_all_the_same(tmp_path: Path) -> None:
    """On each of its networks, with the numbers there: Mazur prints his loss as 0.298371109."""
    head = 'title = "T"\nlesson = "mazur"\n'
    first = '[[stops]]\nask = "Go on."\ntold = "L = {L}"\nuntil = { step = "L" }\n'
    second = '[[stops]]\nlesson = "two-outputs"\nask = "On."\ntold = "{sum}"\nuntil = { step = "dL/dw1" }\n'
    own = tmp_path / "own.toml"
    own.write_text(head + first + second, encoding="utf-8")
    said = run("tour", str(own), stdin=b"").stdout.decode()
    for words in (
        "Answer: L = 0.2984\n",
        "Another network, “Two outputs on paper”:",
        "Answer: 6 + 24 = 30\n",
    ):
        assert words in said


class Typing:
    """A keyboard of a person who types some lines."""

    is_terminal, has_ended = True, False

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    def line(self) -> str | None:
        """The next one; None after the last."""
        return self.lines.pop(0) if self.lines else None


def test_a_person_types_the_numbers_of_a_stop(capsys: pytest.CaptureFixture[str]) -> None:
    """One after another, with a word on a mistake; Enter alone leaves a number to the answer."""
    session = after(at_stop(begun(shipped_tour()), 5), Command("tour"))
    keyboard = Typing("", "1", "5", "", "q")
    _PlainTour(cast(Keyboard, keyboard), str, session).go()
    said = " ".join(capsys.readouterr().out.split())
    expected = [
        "Stop 6/10",
        "L = (ŷ₁ − y₁)² + (ŷ₂ − y₂)² It reads: ŷ₁ = 2, y₁ = 3,", "Not 1. That is one part of L alone",
        "Correct now: L = 5.", "∂L/∂h₁ = ∂L/∂z₂ · ∂z₂/∂h₁ + ∂L/∂z₃ · ∂z₃/∂h₁ It reads: ∂L/∂z₂ = −2,",
        "On the screen: 3, +, t, 5 Enter, t, 10 Enter, t, 30 Enter.", "6 + 24 = 30",
    ]  # fmt: skip
    places = [said.find(words) for words in expected]
    assert -1 not in places
    assert places == sorted(places)
    assert keyboard.lines == []


def test_a_right_number_is_taken_and_a_wrong_one_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    """By hand, for the first stop: ŷ = 2."""
    _PlainTour(cast(Keyboard, Typing("3", "old", "2", "q")), str, begun(shipped_tour())).go()
    said = " ".join(capsys.readouterr().out.split())
    expected = ["Not 3.", "“old” is not a number", "Right: 2. Answer: ŷ = 2, and L = 1", "Stop 2/10"]
    places = [said.find(words) for words in expected]
    assert -1 not in places
    assert places == sorted(places)


def answered_in_lines(capsys: pytest.CaptureFixture[str], number: int, *lines: str) -> str:
    """What is said at a stop where some lines are typed."""
    session = after(at_stop(begun(shipped_tour()), number), Command("tour"))
    _PlainTour(cast(Keyboard, Typing(*lines, "q")), str, session).go()
    return " ".join(capsys.readouterr().out.split())


def test_words_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """Yes, no and others; also after the key that asks for them on the screen."""
    said = answered_in_lines(capsys, 7, "no", "= yes")
    assert "Not “no”. L was 1, and is 0.6240 after the update." in said
    assert "Right: yes. Answer: L 1 → 0.6240: it fell" in said
    assert "Right: old. Answer: The old one" in answered_in_lines(capsys, 9, "old")


def test_a_number_that_is_asked_for_on_the_way_is_judged_as_there(capsys: pytest.CaptureFixture[str]) -> None:
    """By hand −2 · 1 · (−1) = 2 and 2 · 1 · 3 = 6; a wrong one has a second try, with a hint."""
    said = answered_in_lines(capsys, 3, "2", "5", "6")
    assert "∂L/∂h₁ = ∂L/∂z₃ · ∂z₃/∂h₁ It reads: ∂L/∂z₃ = −2, ∂z₃/∂h₁ = −1. ∂L/∂h₁ = 2 Correct" in said
    assert "∂L/∂w₁ = ∂L/∂z₁ · ∂z₁/∂w₁ It reads: ∂L/∂z₁ = 2, ∂z₁/∂w₁ = 3. ∂L/∂w₁ = Not 5." in said
    assert "Correct now: ∂L/∂w₁ = 6" in said
    assert "= 6 is ∂L/∂w₁." in said


def test_signs_are_asked_for_where_a_stop_predicts(capsys: pytest.CaptureFixture[str]) -> None:
    """Of backward, as on the screen, one step after another until two are right; Enter alone wants no more.

    In update 2, where ŷ is 2.21: 2 · (2.21 − 3) is below 0, the slope of ReLU is 1, their product below 0.
    """
    said = answered_in_lines(capsys, 8, "p", "+", "+", "-")
    for words in ("Step 8 of 46, backward: how L changes with ŷ.", "∂L/∂ŷ = 2 · (ŷ − y) It reads: ŷ ≈ 2.210,",
                  "No: ∂L/∂ŷ is negative.", "Correct: ∂ŷ/∂z₃ is positive.", "Correct: ∂L/∂z₃ is negative.",
                  "On the screen: p, ] 2 times, − Enter, →, + Enter. Answer: In a product"):  # fmt: skip
        assert words in said
    assert said.index("is negative.") < said.index("is positive.") < said.index("Answer: In a product")
    assert "Stop 9/10" not in said.partition("Answer: In a product")[2]
    assert "is positive" not in answered_in_lines(capsys, 8, "p", "")


def test_ascii() -> None:
    """Every line of it."""
    assert run("tour", "--ascii", stdin=b"").stdout.isascii()


def test_a_file_is_checked_like_a_lesson(tmp_path: Path) -> None:
    """One line for each fault, status 2; of a good one every stop."""
    text = (
        'title = "T"\nlesson = "xor"\n[[stops]]\nask = "Go on."\ntold = "L = {L}"\nuntil = { step = "L" }\n'
    )
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace('step = "L"', 'step = "K"'), encoding="utf-8")
    # −ln(1 − σ(0.04846)), by a calculator.
    assert "Answer: L = 0.7177" in run("tour", str(good), stdin=b"").stdout.decode()
    done = run("tour", str(bad), stdin=b"")
    assert done.returncode == 2
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert "stops[0].until.step: there is no step K in this lesson" in line
    bad.write_text(text.replace("{L}", "{dL/dw1}"), encoding="utf-8")
    done = run("tour", str(bad), stdin=b"")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().endswith(
        "bad.toml: stops[0].told: {dL/dw1} has no number when this stop is done\n"
    )
    missing = run("tour", str(tmp_path / "none.toml"), stdin=b"")
    assert missing.returncode == 2
    assert len(missing.stderr.decode().splitlines()) == 1
    assert run("tour", "-", stdin=good.read_bytes()).stdout == run("tour", str(good), stdin=b"").stdout
    assert run("tour", "-", stdin=bad.read_bytes()).stderr.startswith(b"standard input: stops[0].told: ")
    for name in ("nosuch.toml", ""):
        done = run("tour", name, stdin=b"")
        (line,) = done.stderr.decode().splitlines()
        assert done.returncode == 2
        assert "there is no such tour" in line
