"""The questions at the bottom: what is typed is taken, or turned down beside the field with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.app.running import (
    assert_screen_is_the_sessions,
    bottom,
    is_asked,
    press,
    prompt_of,
    run_app,
    settled,
    shown,
)
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.places import numbered_place, place_of
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.teaching.numbers import number, positive_number
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.files import new_file
from tinynet_tui.tui.prompt import REFUSALS

AT = replace(start(LECTURE), update=2, step=18)


async def answer(app: Stepper, key: str, text: str) -> None:
    """Open a question, clear its field, type, and press Enter."""
    await press(app, key, "ctrl+u", *text, "enter")


def typed(app: Stepper) -> str:
    """What stands in the field of the question that is open."""
    question = app.page.prompt
    assert question is not None
    return question.field.text


TAKEN = [
    ("g", "20", Command("goto", (20, 0))),
    ("g", "3.7", Command("goto", (3, 7))),
    ("g", "3:7", Command("goto", (3, 7))),
    ("g", " 3 7 ", Command("goto", (3, 7))),
    ("g", "3.99", Command("goto", (3, 99))),
    ("g", "dL/dw3", Command("goto", (2, 24))),
    ("g", "3.∂L/∂w₃", Command("goto", (3, 24))),
    ("e", "-1.5", Command("edit", Edit(2, "w1", -1.5))),
    ("e", "−1/3", Command("edit", Edit(2, "w1", -1 / 3))),
    ("e", "1e-3", Command("edit", Edit(2, "w1", 0.001))),
    ("e", ".5", Command("edit", Edit(2, "w1", 0.5))),
    ("L", "0.25", Command("rate", 0.25)),
    ("L", "1/8", Command("rate", 0.125)),
]


def test_answers_that_are_taken() -> None:
    """Digits, signs and letters are typed, not obeyed, while a question is open."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key, text, command in TAKEN:
            app.show(AT)
            await answer(app, key, text)
            assert not is_asked(app), text
            assert app.session == after(AT, command)
            assert_screen_is_the_sessions(app)

    run_app(check, AT)


TURNED_DOWN = [
    ("g", "", "write an update or a step in it"),
    ("g", "x", "steps are named z1, dL/dw1, w1, …"),
    ("g", "dL/dw99", "did you mean dL/dw"),
    ("g", "2.", "write an update or a step in it"),
    ("g", "0", "updates go from 1 to 1,000,000"),
    ("g", "1000001", "updates go from 1 to 1,000,000"),
    ("g", "99999999999999999999", "write an update or a step in it"),
    ("e", "", "“” is not a number"),
    ("e", "one", "“one” is not a number"),
    ("e", "inf", "it has to be a finite number"),
    ("e", "nan", "it has to be a finite number"),
    ("e", "1e999", "it has to be a finite number"),
    ("e", "1/0", "nothing can be divided by 0"),
    ("e", "1/1e-320", "it has to be a finite number"),
    ("e", "1,5", "“1,5” is not a number"),
    ("L", "0", "it has to be greater than 0"),
    ("L", "-0.1", "it has to be greater than 0"),
    ("L", "1e308/1e-10", "it has to be a finite number"),
    ("L", "1e-300/1e300", "it has to be greater than 0"),
]


def test_answers_that_are_turned_down() -> None:
    """The complaint stands beside the field, what was typed stays, and nothing changes until it is right."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key, text, why in TURNED_DOWN:
            await answer(app, key, text)
            assert is_asked(app), text
            assert why[:25] in bottom(app)
            assert text in bottom(app)
            assert app.session == AT
            await press(app, "escape")
            assert app.session == AT
            assert_screen_is_the_sessions(app)

    run_app(check, AT, size=(120, 30))


@pytest.mark.parametrize(("size", "ascii"), [((60, 20), False), ((60, 20), True), ((80, 24), False)])
def test_what_is_wrong_is_said_in_full(size: tuple[int, int], ascii: bool) -> None:
    """In rows of its own where a long label leaves too little room, and only as long as it is wrong."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for key, text, why in TURNED_DOWN:
            await answer(app, key, text)
            said = prompt_of(app).complaint
            assert why[:25] in said
            assert Look(ascii).say(said) in " ".join(shown(app).split())
            assert text[-8:] in bottom(app)
            await press(app, "escape")
            assert_screen_is_the_sessions(app, ascii)

    run_app(check, AT, size=size, ascii=ascii)


def test_a_complaint_goes_as_soon_as_the_text_changes() -> None:
    """And the right answer is then taken."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "g", "2.x")
        assert "steps are named z1" in bottom(app)
        await press(app, "backspace")
        assert "20, 2.18 or dL/dw5; Esc leaves" in bottom(app)
        await press(app, "5", "enter")
        await settled(app)
        assert app.session == replace(AT, step=5)

    run_app(check, AT)


def test_the_field_holds_the_present_number_in_full() -> None:
    """So that it can be changed a little; taken as it is, it changes nothing, and is no edit."""
    session = replace(start(LECTURE), update=3, step=40, selected="w5")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "e")
        value = moment(session).trace.given(1)["w5"]
        assert f" {value!r}" in bottom(app)
        await press(app, "enter")
        await settled(app)
        assert replace(app.session, notice="") == session
        assert app.session.notice == f"w₅ is {value!r} already."

    run_app(check, session, size=(100, 30))


@pytest.mark.parametrize(("step", "sample"), [(0, 1), (40, 2), (108, 3), (163, 4)])
def test_an_input_is_edited_for_the_sample_on_screen(step: int, sample: int) -> None:
    """Of XOR's four."""
    session = replace(start(shipped_lesson("xor")), step=step, selected="x2")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "e", "0.25")
        assert app.session.edits == (Edit(1, "x2", 0.25, sample),)
        assert_screen_is_the_sessions(app)

    run_app(check, session)


def test_a_paste_is_typed_and_its_further_lines_are_not() -> None:
    """Nothing in it is obeyed."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "g")
        app.post_message(events.Paste("7.3\nq"))
        await settled(app)
        await press(app, "enter")
        assert app.session == replace(AT, update=7, step=3)

    run_app(check, AT)


def test_a_paste_on_the_main_screen_does_nothing() -> None:
    """It is not keys."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.post_message(events.Paste("lllq"))
        await settled(app)
        assert app.session == AT

    run_app(check, AT)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("step", [0, 41, 46])
def test_saving_a_lesson(elsewhere: Path, step: int) -> None:
    """The file opens, and starts from the numbers that are on screen."""
    session = after(replace(AT, step=step), Command("edit", Edit(2, "w1", 1 / 3)))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "w", "mine.toml")
        assert app.session.notice == "Saved: tinynet-tui mine.toml opens it."
        saved = setup_of(open_lesson(str(elsewhere / "mine.toml")))
        now = moment(session)
        assert saved.parameters == tuple(
            now.value(name) for name in ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")
        )

    run_app(check, session)


@pytest.mark.parametrize(
    ("text", "said"),
    [("dL/dyhat", "did you mean dL/dyhat1 or dL/dyhat2?"), ("z1(2)", "there is only sample 1")],
)
def test_what_is_wrong_with_a_place_fits_the_narrowest_screen(text: str, said: str) -> None:
    """The name that may be meant is what helps."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "g", text)
        assert said in bottom(app)

    run_app(check, start(shipped_lesson("mazur")), size=(60, 20))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "write the name of a file"),
        (".", "that is a directory"),
        ("..", "that is a directory"),
        ("new/", "that is a directory"),
        ("there.toml", "there.toml is there already"),
        ("there", "there.toml is there already"),
    ],
)
def test_names_that_no_lesson_is_saved_under(elsewhere: Path, text: str, why: str) -> None:
    """No file is overwritten."""
    (elsewhere / "there.toml").write_text("precious")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "w", text)
        assert why in bottom(app)
        assert (elsewhere / "there.toml").read_text() == "precious"

    run_app(check, AT, size=(120, 30))


def test_a_free_name_is_offered_and_the_ending_added(elsewhere: Path) -> None:
    """So that a second lesson is saved as easily as the first, and the list of lessons has both."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "w", "enter", "w", "enter")
        assert app.session.notice == "Saved: tinynet-tui my-lesson-2.toml opens it."
        await answer(app, "w", "0.1")
        assert app.session.notice == "Saved: tinynet-tui 0.1.toml opens it."
        assert {path.name for path in elsewhere.iterdir()} == {
            "my-lesson.toml", "my-lesson-2.toml", "0.1.toml",
        }  # fmt: skip

    run_app(check, AT)


def test_what_is_typed_after_a_complaint_takes_the_place_of_what_was_turned_down() -> None:
    """An editing key keeps the text instead, to be mended."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "e", "abc")
        await press(app, "2")
        assert typed(app) == "2"
        await press(app, "/", "0", "enter", "backspace", "4", "enter")
        assert app.session.edits == (Edit(2, "w1", 0.5),)

    run_app(check, AT, size=(120, 30))


def test_a_lesson_that_cannot_be_written(elsewhere: Path) -> None:
    """Is said, in words, and the app goes on."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "w", "no/such/place.toml")
        assert is_asked(app)
        assert "there is no such directory" in bottom(app)
        assert list(elsewhere.iterdir()) == []

    run_app(check, AT)


def test_what_is_saved_can_be_opened_or_is_not_saved(elsewhere: Path) -> None:
    """A target that its loss does not allow, and numbers that are none, are not written as a lesson."""
    xor = start(shipped_lesson("xor"))
    diverged = replace(after(start(shipped_lesson("mazur")), Command("rate", 1e308)), update=3, step=58)
    assert any(value != value or abs(value) > 1e300 for value in moment(diverged).trace.parameters_after)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for number_, session in enumerate((_edited(xor, "y", 3.0), diverged)):
            app.show(session)
            await answer(app, "w", f"saved-{number_}.toml")
            path = elsewhere / f"saved-{number_}.toml"
            if path.exists():
                open_lesson(str(path))
            else:
                assert app.session.notice.startswith("Not saved.")

    run_app(check)


def _edited(session: Session, name: str, value: float) -> Session:
    return after(session, Command("edit", Edit(session.update, name, value, 1)))


def test_a_target_that_the_loss_does_not_allow_is_turned_down() -> None:
    """Cross-entropy wants targets from 0 to 1, in the lesson file and in the field alike."""
    session = replace(start(shipped_lesson("xor")), selected="y")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await answer(app, "e", "3")
        assert app.session == session
        assert "0 to 1" in bottom(app)

    run_app(check, session, size=(120, 30))


# The readers behind the questions


ODD = ("", " ", "/", "//", "1/", "/1", "\x00", "~", "~nobody-there/x", "9" * 5000, "1_0/2", "é/−", "1e999/1")


@pytest.mark.parametrize("reader", [number, positive_number, numbered_place, partial(place_of, AT), new_file])
@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_is_taken_or_complained_about(reader: Callable[[str], object], text: str) -> None:
    """In one line; no reader ends in another exception."""
    said = ""
    try:
        reader(text)
    except REFUSALS as refusal:
        said = str(refusal)
    assert "\n" not in said
