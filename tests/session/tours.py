"""A tour as a learner plays it: by commands alone, each number worked out with a pencil."""

from __future__ import annotations

from tinynet_tui.engine.names import symbol
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.prediction.tour_answer import reply
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.session.touring import begun, commands_so_far, shipped_tour, way_to_next_stop


def do(session: Session, name: str) -> Session:
    """The session after a command without an argument; a sign is guessed, +, and a number is worked out."""
    if name == "nudge-up" and session.shown_panel != "chain":
        return session  # no key does it there
    if name != "answer":
        return after(session, Command(name))
    asked_now = question(session)
    if asked_now is None:
        return session
    text = "+" if asked_now.level == "sign" else worked_out(asked_now)
    return after(session, Command(name, (text, result(asked_now.answer, asked_now.level, text))))


def worked_out(asked: Question) -> str:
    """What a pencil makes of a formula in letters with the numbers that it reads, knowing no other."""
    letters = asked.formula.removesuffix(" = ?").partition(" = ")[2]
    for read in sorted(asked.reads, key=lambda read: -len(symbol(read.name))):
        letters = letters.replace(symbol(read.name), f"({read.value!r})")
    for sign, operator in (("·", "*"), ("−", "-"), ("²", "**2")):
        letters = letters.replace(sign, operator)
    return repr(eval(letters, {"__builtins__": {}}))


def answered(session: Session, text: str) -> Session:
    """The session after something was typed at what it asks."""
    asked_now = question(session)
    assert asked_now is not None
    return after(session, Command("answer", (text, result(asked_now.answer, asked_now.level, text))))


def is_answered_by(session: Session, text: str) -> bool:
    """Whether something that is typed at the present stop is right."""
    return reply(session, text, "go on and see")[0]


def played(session: Session) -> list[tuple[tuple[str, ...], Session]]:
    """The shortest way of each stop, by the commands named so far alone."""
    ways = []
    while session.tour is not None and session.tour.stop is not None:
        found = way_to_next_stop(session, (*commands_so_far(session.tour), "answer"), do)
        assert found is not None, f"nothing named so far does stop {session.tour.number + 1}"
        ways.append(found)
        session = found[1]
    return ways


def changed(number: float, name: str = "w5") -> Session:
    """The tour begun with another number in its lesson."""
    return after(begun(shipped_tour()), Command("edit", Edit(1, name, number)))


def nudged(session: Session, turns: int) -> Session:
    """A session with its knob turned: up by a number of turns, or down if that is negative."""
    for _ in range(abs(turns)):
        session = do(session, "nudge-up" if turns > 0 else "nudge-down")
    return session
