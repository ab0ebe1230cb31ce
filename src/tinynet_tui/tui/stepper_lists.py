"""The rows of the stepper's lists: stops of a tour, keys and words, predictions to look at again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tinynet_tui.drawing.listing import Choice, key_choices
from tinynet_tui.drawing.look import Look
from tinynet_tui.prediction.tally import by_kind, to_look_at_again
from tinynet_tui.session.commands import Entry, start
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Session, Touring
from tinynet_tui.teaching.glossary import glossary
from tinynet_tui.teaching.tour import filled


def stop_choices(touring: Touring, here: Moment, look: Look) -> list[Choice[int | str]]:
    """The stops of a tour with what they ask, those that are done ticked."""
    rows, tick = list[Choice[int | str]](), look.say("✓")
    for n, (stop, lesson) in enumerate(zip(touring.tour.stops, touring.tour.lessons, strict=True)):
        there = here if lesson == here.session.lesson else moment(start(lesson))
        words = filled(stop.ask, there, look.ascii)
        mark = tick if n in touring.ticked else " " * len(tick)
        rows.append(Choice(f"{mark} {n + 1}", words, words, n))
    return rows


def key_and_word_choices(
    table: Iterable[Entry[Any]], practises: bool, here: Moment, look: Look
) -> list[Choice[str]]:
    """Every key of a table, practice where there is some, and what words and signs mean at a step."""
    about = "List the courses of practice: steps to work out by hand, with hints."
    words = (
        Choice(entry.signs, entry.word, entry.meaning, "", is_heading=True, is_word=True)
        for entry in glossary(here)
    )
    practice = [Choice("", "practice", about, "practise")] if practises else []
    return [*key_choices(table, look.ascii), *practice, *words]


def prediction_choices(session: Session) -> list[Choice[str]]:
    """How predictions went by kind of step, and the steps to look at again, which are places."""
    kinds = (Choice("", kind, how, "", is_heading=True) for kind, how in by_kind(session))
    again = (
        Choice(
            step.place, step.name, f"{step.why[0].upper()}{step.why[1:]}. Enter asks it again.", step.place
        )
        for step in to_look_at_again(session)
    )
    return [*kinds, *again]
