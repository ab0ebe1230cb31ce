"""The teacher's private view."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce

import pytest
from wcwidth import wcswidth

from tinynet_tui.classroom.class_question import kind_at
from tinynet_tui.classroom.desk import desk
from tinynet_tui.classroom.room import Room, after
from tinynet_tui.classroom.room_events import (
    Answered,
    Asked,
    AskedAgain,
    AskedAlone,
    BrokeAway,
    Closed,
    Event,
    HandMoved,
    Joined,
    Lent,
    Lost,
    Pinned,
    Practised,
    QuestionLeft,
    Revealed,
    WindowChanged,
)
from tinynet_tui.drawing.look import Look
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, start
from tinynet_tui.session.commands import after as after_command
from tinynet_tui.session.saved_session import encoded
from tinynet_tui.session.session import Edit

EMPTY = Room("class", "Grace")
PLACE = encoded(start(open_lesson("lecture")))


def shown(room: Room, width: int = 80, height: int = 24, ascii: bool = False) -> str:
    """The text of the desk."""
    picture = desk(room, width, height, Look(ascii), now=0.0)
    assert all(sum(len(run.text) for run in row) == width for row in picture.rows)
    return picture.text()


def happen(*events: Event, room: Room = EMPTY) -> Room:
    """A room after several events."""
    return reduce(after, events, room)


def test_the_key_that_leaves_is_ones_own() -> None:
    """Whatever the table has."""
    for own, leaves in (((), " q leaves · the class"), ((("quit", ("à",)),), " à leaves · the class")):
        assert leaves in desk(EMPTY, 80, 24, Look(own_keys=own), now=0.0).text()


def test_names_of_wide_letters_are_as_they_are_written() -> None:
    """In two cells each, so that what stands beside them is in line; in ASCII nobody can show them."""
    names = ("山田花子", "Ada", "김철수", "林")
    away = (BrokeAway(name, "1.2") for name in names)
    room = happen(*map(Joined, names), *away, HandMoved("林", raised=True))
    rows = shown(room).split("\n")[2:6]
    in_order = ("! 林", "山田花子", "Ada", "김철수")
    assert [" ".join(row.split()) for row in rows] == [f"{name} 1.2" for name in in_order]
    assert {wcswidth(row) for row in rows} == {31}
    assert "???? " in shown(room, ascii=True)
    japanese = desk(room, 80, 24, Look(ascii=True, letters=True), now=0.0).text()
    assert japanese.split("\n")[2:6] == rows
    assert "class | Grace leads" in japanese


def test_forty_names_at_80_by_24() -> None:
    """Each whole, with where its person is."""
    names = [f"Student {number:02}" for number in range(1, 41)]
    room = happen(*map(Joined, names), *(BrokeAway(name, "12.345") for name in names))
    text = shown(room)
    assert all(text.count(name) == 1 for name in names)
    assert text.count("12.345") == 40


def test_who_does_not_fit_is_counted() -> None:
    """A window can be made larger."""
    names = [f"Student {number:03}" for number in range(1, 201)]
    room = happen(*map(Joined, names))
    text = shown(room)
    seen = sum(name in text for name in names)
    assert f"and {200 - seen} more" in text
    assert all(name in shown(room, 200, 60) for name in names)


def test_who_is_away_gives_way_to_who_is_here() -> None:
    """Where not all names have room they are counted in one line; in a larger window they come last."""
    here, gone = ([f"{one} {number:02}" for number in range(70)] for one in ("Here", "Gone"))
    room = happen(*map(Joined, (*gone, *here)), *map(Lost, gone))
    lines = shown(room).splitlines()
    assert lines[1].strip() == "and 70 away: a larger window shows them"
    assert all(name in shown(room) for name in here)
    assert "Gone" not in shown(room)
    large = shown(room, 200, 60)
    assert all(name in large for name in (*here, *gone))
    assert "a larger window" not in large
    more = happen(*(Joined(f"More {number}") for number in range(20)), room=room)
    assert shown(more).splitlines()[1].strip() == "and 6 more, 70 away: a larger window shows them"


def test_who_is_away_costs_the_answers_no_row() -> None:
    """All results are seen as if nobody had gone."""
    gone = [f"Gone {number:02}" for number in range(60)]
    room = happen(*map(Joined, ("Ada", *gone)), Asked(PLACE))
    room = happen(*(Answered(name, 0, "1", f"mistake {name}") for name in gone[:6]), room=room)
    text = shown(happen(Closed(), *map(Lost, gone), room=room))
    assert all(f"mistake {name}" in text for name in gone[:6])
    assert "and 60 away" in text


def test_hands_are_first_and_what_everyone_does_is_told() -> None:
    """In the order in which hands went up; then in the order of joining, and last who is away."""
    room = happen(
        *map(Joined, ("Ada", "Alan", "Barbara", "Edsger", "Grete", "Kurt")),
        HandMoved("Grete", True),
        HandMoved("Alan", True),
        BrokeAway("Barbara", "2.18"),
        Lost("Edsger"),
        WindowChanged("Kurt", True),
        Lent("Ada"),
        Pinned(60.0, "Alan"),
    )
    lines = [" ".join(line.split()) for line in shown(room).splitlines()]
    assert lines[0] == "class · Ada leads · 5 here · 1 by themselves · 2 hands up · 1 away"
    assert lines[2:8] == [
        "! Grete", "! Alan kept", "Ada leads", "Barbara 2.18", "Kurt too small", "Edsger away",
    ]  # fmt: skip


def test_answers_are_counted_by_kind() -> None:
    """The right ones first, then each named mistake."""
    room = happen(*map(Joined, ("Ada", "Alan", "Barbara", "Kurt")), Asked(PLACE))
    answers = [("Ada", "wrong sign"), ("Alan", "right"), ("Barbara", "right"), ("Kurt", "")]
    room = happen(*(Answered(name, 0, "1", result) for name, result in answers), Closed(), room=room)
    text = shown(room)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "z₁ = w₁ · x₁ + w₃ · x₂ + b₁ = ? right: 1.5 4 of 4 have answered · closed" in lines
    assert [line.rstrip("█▌ ") for line in lines[-4:-1]] == ["right 2", "wrong sign 1", "another answer 1"]
    assert lines[2:6] == ["Ada 1 ✗", "Alan 1 ✓", "Barbara 1 ✓", "Kurt 1 ✗"]


def test_rounds_stand_beside_each_other() -> None:
    """Each result in one row: a bar is as long as its count; those of the last round give the order."""
    names = [f"Student {number:02}" for number in range(40)]
    room = happen(*map(Joined, names), Asked(PLACE))
    results = [["right"] * 10 + ["a"] * 20 + ["b"] * 10, ["right"] * 30 + ["a"] * 2 + ["b"] * 8]
    for number, given in enumerate(results):
        answers = (Answered(name, number, "1", result) for name, result in zip(names, given, strict=True))
        room = happen(*answers, Closed(), AskedAgain(), room=room)
    lines = shown(room).splitlines()
    rows = [re.findall(r"(\d+) (█*▌?)", line) for line in lines[-4:-1]]
    assert [[int(count) for count, _ in row] for row in rows] == [[10, 30], [10, 8], [20, 2]]
    longest = len(rows[0][1][1])
    for count, bar in (pair for row in rows for pair in row):
        assert bar.count("█") + bar.count("▌") / 2 == pytest.approx(int(count) / 30 * longest, abs=0.3)
    assert sum("Student" in line for line in lines) * 4 >= 40
    assert all(name in shown(room) for name in names)


KINDS = ("sum", "activation", "slope", "path", "product", "update")


def test_the_right_answer_is_that_of_what_is_asked_now() -> None:
    """Other numbers have another one: z₁ = 1 · 1 + 1 · 0 + 0.5, and then with b₁ = 4."""
    other = after_command(start(open_lesson("lecture")), Command("edit", Edit(1, "b1", 4.0)))
    room = happen(Joined("Ada"), Asked(PLACE), Closed(), Revealed())
    assert "right: 1.5" in shown(room)
    text = shown(happen(AskedAlone(encoded(other)), Answered("Ada", 2, "5", "right"), room=room))
    assert "right: 5" in text
    assert "right: 1.5" not in text


def test_progress_is_told_by_kind() -> None:
    """Of every kind asked so far, over all rounds and also once a question is over; the 40 names stay."""
    names = [f"Student {number:02}" for number in range(40)]
    room = happen(*map(Joined, names))
    assert "right by kind" not in shown(room)
    for kind in (*reversed(KINDS), "sum", ""):
        room = happen(QuestionLeft(), Asked(PLACE, "?", kind), room=room)
        results = ["right"] * (KINDS.index(kind) if kind else 9) + ["wrong sign"] * 20
        answers = (Answered(name, 0, "1", result) for name, result in zip(names, results, strict=False))
        room = happen(*answers, Closed(), room=room)
    room = happen(
        QuestionLeft(), Asked(PLACE, "?", "path"), Answered("Student 39", 0, "1", "right"), room=room
    )
    room = happen(Closed(), AskedAgain(), Answered("Student 38", 1, "1", "right"), room=room)
    for asked_now in (room, happen(QuestionLeft(), room=room)):
        lines = shown(asked_now).splitlines()
        assert " ".join(" ".join(lines[-3:-1]).split()) == (
            "right by kind: sum 0 of 40 activation 1 of 21 slope 2 of 22 "
            "path 5 of 25 product 4 of 24 update 5 of 25"
        )
        assert all(name in "".join(lines) for name in names)
        assert not any("Student" in line for line in lines[-3:])


def test_practice_is_counted_by_kind_and_without_names() -> None:
    """Of all who practise by themselves, beside what the class was asked."""
    room = happen(Joined("Ada"), Joined("Ben"), BrokeAway("Ada", "1.4"))
    room = happen(Practised("sum", True), Practised("path", False), Practised("sum", False), room=room)
    lines = shown(room).splitlines()
    assert lines[-2].split("   ") == [" right at once in practice:", "sum 1 of 2", "path 0 of 1"]
    asked = happen(Asked(PLACE, "?", "sum"), Answered("Ben", 0, "1", "right"), Closed(), room=room)
    assert "right by kind:   sum 1 of 1" in shown(asked)
    assert "right at once in practice:   sum 1 of 2" in shown(asked)


def test_the_kind_is_that_of_the_coming_step() -> None:
    """z₁, then h₁; the loss is of no kind; ∂L/∂ŷ is a slope, ∂L/∂h₁ comes along a path."""
    session = start(open_lesson("first"))
    kinds = [kind_at(encoded(replace(session, step=step))) for step in (0, 1, 6, 7, 9, 17, 36)]
    assert kinds == ["sum", "activation", "", "slope", "product", "path", "update"]


@pytest.mark.parametrize("size", [(60, 20), (20, 6), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
def test_any_size(size: tuple[int, int], ascii: bool) -> None:
    """It draws, and in ASCII alone where it has to."""
    room = happen(*map(Joined, ("Ada", "Gödel")), HandMoved("Ada", True), Asked(PLACE))
    assert not ascii or shown(room, *size, ascii=True).replace("ö", "o").isascii()
    shown(room, *size)
