"""The words of the step panel: whole where they have room, and where not, a key shows the rest."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from msgspec.structs import replace as replaced

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import diagram_rows, screen
from tinynet_tui.drawing.step_panel import all_words, lines_of, with_fitting_nudge
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Note
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.session.touring import begun, shipped_tour
from tinynet_tui.teaching.nudge import APART, in_fewer, nudge_lines
from tinynet_tui.teaching.sentences import explanation, notes

LONG = "A sentence of eight words stands here again. " * 12 + "This is the last one."


def flat(session: Session, size: tuple[int, int], ascii: bool = False) -> str:
    """The words of the step panel on a screen, as one line."""
    now = moment(session)
    picture = screen(now, *size, Look(ascii))
    beside = 0 if size[0] < 110 else 54 if size[0] < 165 else 74
    rows = picture.text().splitlines()[1 + diagram_rows(Scene(now, Look(ascii)), *size) : -2]
    return " ".join(" ".join(row[: size[0] - beside] for row in rows).split())


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_the_first_screen_is_not_cut(name: str, size: tuple[int, int], ascii: bool) -> None:
    """The lesson's words, what is given, and the first key: all to the last sentence."""
    session = start(shipped_lesson(name))
    text, look = flat(session, size, ascii), Look(ascii)
    for words in (session.lesson.about, *explanation(moment(session)).sentences):
        assert " ".join(look.say(words).split()) in text
    key = "Right" if ascii else "→"
    assert re.search(rf"(Press {key} to take|{key} takes) the first step, c (for )?the tour", text)
    # The chain below it, where there is one, may have more to read.
    assert "read on" not in re.split("[─-] 3 chain [─-]", text)[0]


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_the_end_of_a_nudge_is_in_sight(name: str, size: tuple[int, int], ascii: bool) -> None:
    """What becomes of L, and what the gradient says: the middle of the line is what gives way."""
    session = start(shipped_lesson(name))
    steps = list(program_of(session).steps())
    gradients = [number for number, step in enumerate(steps, start=1) if step.role == "gradient"]
    few = gradients[:: 1 + len(gradients) // 20] + gradients[-2:]
    tour = begun(shipped_tour()).tour if name == "first" else None
    for there in (replace(session, step=number, tour=on) for number in few for on in {None, tour}):
        nudged, *_ = nudge_lines(moment(there))
        end = " ".join(nudged.split(APART)[-2:])
        assert Look(ascii).say(end) in flat(there, size, ascii), program_of(there).step(there.step).name


def test_a_name_that_is_whole_has_no_ellipsis() -> None:
    """Only the shape of the network is left out: a sign of what is cut would seem to be the name's."""
    header = screen(moment(start(shipped_lesson("xor"))), 80, 24, Look()).text().splitlines()[0]
    assert header.startswith(" XOR   ")


def shape(title: str) -> str:
    """A title with 0 for each digit: those that differ in no more than that take as many cells."""
    return "".join("0" if sign.isdigit() else sign for sign in title)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_no_title_is_cut(name: str, ascii: bool) -> None:
    """At the design size what each step is stands whole beside the tabs, and at the smallest one, too,
    but for the state of an optimiser, which no shipped lesson has."""
    session, look = start(shipped_lesson(name)), Look(ascii)
    steps = range(1, len(program_of(session)) + 1)
    by_shape = {
        shape(explanation(now).title): now for now in (moment(replace(session, step=n)) for n in steps)
    }
    for now in by_shape.values():
        title = " ".join(look.say(explanation(now).title).split())
        for size in ((80, 24), (60, 20)):
            assert title in " ".join(screen(now, *size, look).text().split()), (size, title)


@pytest.mark.parametrize("change", ["edit", "rate", "random"])
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_a_changed_lesson_has_no_words_of_its_author(name: str, change: str) -> None:
    """They are about its numbers and their course, which a learning rate changes as a weight does."""
    session = start(shipped_lesson(name))
    argument = {"edit": Edit(1, moment(session).model.parameter_names[0], 3.5), "rate": 1e-5}.get(change)
    session = after(session, Command(change, argument))
    for step in range(len(program_of(session)) + 1):
        here = moment(replace(session, step=step))
        assert notes(here) == ()
        words = f"The lesson before it was changed: {session.lesson.about.strip()}"
        assert (words in all_words(Scene(here, Look()))) == (step == 0)
        if step % 9 == 0:  # the start among them
            assert session.lesson.about.split(".")[0] not in screen(here, 200, 60, Look()).text()


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_the_notes_of_a_lesson_are_not_cut(name: str) -> None:
    """At the design size each is shown whole at its steps."""
    session = start(shipped_lesson(name))
    for step in range(1, len(program_of(session)) + 1):
        for note in notes(moment(replace(session, step=step))):
            assert " ".join(note.split()) in flat(replace(session, step=step), (80, 24)), (step, note)


def test_a_negated_letter_comes_to_one_number() -> None:
    """−q at q = 1.5 is −1.5, and −1.5 is not told to be −1.5."""
    lesson = parse_lesson(
        'title = "n"\n[program]\nforward = "u = -q"\nloss = "u^2"\n[program.parameters]\nq = 1.5\n'
        "[training]\nlearning_rate = 0.1\n",
        "n.toml",
    )
    assert " u = −q = −1.5 " in flat(replace(start(lesson), step=1), (80, 24))


def test_long_words_take_rows_from_the_diagram_at_the_start_alone() -> None:
    """As many as they need; once there is something to compute the diagram has them back."""
    session = start(replaced(LECTURE, about=LONG))
    assert "This is the last one." in flat(session, (80, 24))
    rows = [diagram_rows(Scene(moment(replace(session, step=step)), Look()), 80, 24) for step in (0, 1, 2)]
    assert rows[0] < 14
    assert rows[1:] == [14, 14]
    assert diagram_rows(Scene(moment(start(replaced(LECTURE, about=LONG * 9))), Look()), 80, 24) == 8
    assert diagram_rows(Scene(moment(replace(session, panel="table")), Look()), 80, 24) == 14


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
@pytest.mark.parametrize("ascii", [False, True])
def test_a_key_shows_what_has_no_room(size: tuple[int, int], ascii: bool) -> None:
    """A text that no screen has room for ends with it, and with an ellipsis; all of it can be read."""
    much = LONG * 9
    for session in (
        start(replaced(LECTURE, about=much)),
        replace(start(replaced(LECTURE, notes=(Note("L", much),))), step=7),
    ):
        text = flat(session, size, ascii)
        assert f"{'...' if ascii else '…'} d read on" in text
        marks = screen(moment(session), *size, Look(ascii)).marks
        assert [mark.name for mark in marks if mark.name == "command:read"] == ["command:read"]
        assert much in " ".join(all_words(Scene(moment(session), Look(ascii))))


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_nudge_leaves_out_what_has_no_room_however_long_it_is(rows: int) -> None:
    """Of 20,000 changes those that fit are found without laying out all the others again and again."""
    line = APART.join(("w 1 → 1.01", *("a +1" for _ in range(20_000)), "gradient says +1"))
    ((text, role),) = with_fitting_nudge([(line, "text")], 80, rows, Look())
    assert role == "text"
    assert text.startswith("w 1 → 1.01")
    assert text.endswith("gradient says +1")
    assert len(lines_of([(text, role)], 80, Look())) <= rows
    more = in_fewer(line, text.count("a +1") + 4)
    assert len(lines_of([(more, role)], 80, Look())) > rows, (
        "four more are 28 cells, the key to the rest is 14"
    )
