"""The table of commands, and what each of its entries makes of a session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.random_lessons import LECTURE
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import (
    BY_NAME,
    COMMANDS,
    Command,
    Entry,
    after,
    command_table,
    key_sign,
    page_row,
    start,
)
from tinynet_tui.session.session import Edit, Session

DESIGNED = {
    "right": "next", "l": "next", "space": "next", "left": "back", "h": "back", "backspace": "back",
    "n": "next-group", "N": "previous-group", "]": "next-phase", "pagedown": "next-phase",
    "[": "previous-phase", "pageup": "previous-phase", "u": "next-update", "U": "previous-update",
    "home": "first-step", "0": "first-step", "end": "last-step", "$": "last-step", "f": "finish",
    "t": "run-to", "g": "goto", "a": "autoplay", "+": "faster", "-": "slower",
    "up": "select-previous", "k": "select-previous", "down": "select-next", "j": "select-next",
    "tab": "select-next", "enter": "inspect", "i": "inspect", "1": "step", "2": "table", "3": "chain",
    "4": "code", "5": "loss", "6": "framework", "v": "variants", "m": "measure",
    ".": "precision", "w": "save", "e": "edit", "z": "undo", "Z": "redo",
    "r": "restart", "R": "random", "L": "rate", "o": "open", "y": "copy", "s": "screenshot",
    "x": "experiments", "E": "handout", "c": "tour", "p": "predict",
    "?": "help", "f1": "help", "ctrl+p": "palette", "escape": "leave", "q": "quit", "ctrl+c": "quit",
    "ctrl+l": "redraw", "ctrl+z": "suspend",
}  # fmt: skip
"""Every key that the design gives a meaning to."""
NOT_DESIGNED = {
    "shift+tab": "select-previous",
    "P": "level",
    "T": "tally",
    "M": "mouse",
    "d": "read",
    "V": "view",
    "=": "reply",
}
"""The twin of Tab, what goes with prediction, the mouse, reading on, the sheet, and answers to the tour."""

OWN_OF_THE_FRONT_END = {
    "autoplay", "faster", "slower", "save", "copy", "screenshot", "help", "palette", "quit",
    "redraw", "handout", "suspend", "experiments", "tally", "measure", "mouse", "read", "reply",
}  # fmt: skip

AT = start(LECTURE)
"""The lecture at its start; its steps are known by hand: phases begin at 1, 7, 8, 37 and 46."""


def at(step: int, update: int = 1, **changes: object) -> Session:
    """The lecture at a step."""
    return replace(AT, update=update, step=step, **changes)  # type: ignore[arg-type]


def test_every_key_of_the_design_has_its_command() -> None:
    """And there is no key that the design does not know, except a few that are named."""
    assert {key: entry.name for entry in COMMANDS for key in entry.keys} == {**DESIGNED, **NOT_DESIGNED}


def test_no_two_commands_have_the_same_name_or_key() -> None:
    """A table of them cannot be made."""
    one = page_row("one", ("1", "!"), "one", "Do one.")
    with pytest.raises(ValueError, match="there twice: one"):
        command_table(one, one._replace(keys=("2",)))
    with pytest.raises(ValueError, match="there twice: !"):
        command_table(one, one._replace(name="other", keys=("!",)))


def test_a_row_with_a_hole_cannot_be_made() -> None:
    """A command whose effect is forgotten would be taken for one that leads a follower away."""
    row = BY_NAME["next-group"]._asdict()
    for left_out in row:
        with pytest.raises(TypeError, match=left_out):
            Entry(**{name: value for name, value in row.items() if name != left_out})


def test_a_sentence_has_the_keys_of_its_table() -> None:
    """Another key is another sentence."""
    one = page_row("one", ("right",), "one", "Do it; {two} ends it.")
    two = page_row("two", ("z",), "two", "End it.")
    assert command_table(one, two)["one"].about == "Do it; z ends it."
    assert command_table(one, two._replace(keys=("left",)))["one"].about == "Do it; ← ends it."


def test_every_entry_has_its_words() -> None:
    """A sentence for the help, two or three words for the hints."""
    for entry in COMMANDS:
        assert entry.about[0].isupper()
        assert entry.about.endswith(".")
        assert 1 <= len(entry.title.split()) <= 3
    assert {entry.name for entry in COMMANDS if entry.change is None} == OWN_OF_THE_FRONT_END


def test_every_key_that_cannot_be_typed_by_all_terminals_has_a_printable_twin() -> None:
    """Except Tab, Ctrl and Escape keys, which every terminal sends."""
    sent_by_all = {"tab", "shift+tab", "escape"}
    for entry in COMMANDS:
        if entry.keys and not any(k in sent_by_all or k.startswith("ctrl+") for k in entry.keys):
            assert any(len(key) == 1 or key == "space" for key in entry.keys), entry.name


def test_keys_are_shown_as_they_are_printed_on_a_keyboard() -> None:
    """No name of a key that only a program knows."""
    shown = {key_sign(key) for entry in COMMANDS for key in entry.keys}
    assert {"→", "Space", "PgDn", "Shift+Tab", "Ctrl+P", "Esc", "F1", "]", "?"} <= shown
    assert not {sign for sign in shown if len(sign) > 2 and sign[0].islower()}


@pytest.mark.parametrize("name", sorted(OWN_OF_THE_FRONT_END))
def test_the_front_ends_own_commands_change_no_session(name: str) -> None:
    """They are refused as faults of the program."""
    with pytest.raises(ValueError, match=name):
        after(AT, Command(name))


MOVES = [
    # command, argument, (update, step) before, after
    ("next", None, (1, 0), (1, 1)),
    ("next", None, (1, 45), (1, 46)),
    ("next", None, (1, 46), (2, 0)),
    ("back", None, (1, 1), (1, 0)),
    ("back", None, (2, 0), (1, 46)),
    ("next-phase", None, (1, 0), (1, 1)),
    ("next-phase", None, (1, 1), (1, 7)),
    ("next-phase", None, (1, 7), (1, 8)),
    ("next-phase", None, (1, 8), (1, 37)),
    ("next-phase", None, (1, 37), (1, 46)),
    ("next-phase", None, (1, 46), (2, 0)),
    ("previous-phase", None, (1, 46), (1, 37)),
    ("previous-phase", None, (1, 45), (1, 37)),
    ("previous-phase", None, (1, 37), (1, 8)),
    ("previous-phase", None, (1, 1), (1, 0)),
    ("previous-phase", None, (2, 0), (1, 46)),
    ("next-group", None, (1, 0), (1, 1)),
    ("next-group", None, (1, 1), (1, 3)),
    ("next-group", None, (1, 8), (1, 17)),
    ("previous-group", None, (1, 17), (1, 8)),
    ("previous-group", None, (1, 18), (1, 17)),
    ("previous-group", None, (2, 0), (1, 46)),
    ("finish", None, (1, 1), (1, 6)),
    ("finish", None, (1, 8), (1, 36)),
    ("finish", None, (1, 37), (1, 45)),
    ("first-step", None, (3, 18), (3, 0)),
    ("last-step", None, (3, 18), (3, 46)),
    ("next-update", None, (1, 18), (2, 18)),
    ("previous-update", None, (2, 18), (1, 18)),
    ("run-to", None, (1, 0), (1, 22)),
    ("goto", (20, 0), (1, 7), (20, 0)),
    ("goto", (2, 18), (1, 7), (2, 18)),
    ("goto", (LAST_UPDATE, 46), (1, 7), (LAST_UPDATE, 46)),
    ("restart", None, (9, 18), (1, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "argument", "before", "then"), MOVES)
def test_moves(name: str, argument: object, before: tuple[int, int], then: tuple[int, int]) -> None:
    """Each goes where the design says, changes nothing else, and has nothing to say."""
    session = at(before[1], before[0], selected="w1", panel="loss", notice="an old notice")
    assert after(session, Command(name, argument)) == replace(
        session, update=then[0], step=then[1], notice=""
    )


REFUSALS = [
    ("back", None, at(0), "This is the start of training: there is nothing before it."),
    ("previous-group", None, at(0), "This is the start of training: there is nothing before it."),
    ("previous-phase", None, at(0), "This is the start of training: there is nothing before it."),
    ("previous-update", None, at(18), "The first update is 1."),
    ("first-step", None, at(0), "This is the start of the update."),
    ("last-step", None, at(46), "This is the last step of the update."),
    ("finish", None, at(7), "This phase is finished."),
    ("finish", None, at(46), "This phase is finished."),
    ("next", None, at(46, LAST_UPDATE), "1,000,000 is the last update."),
    ("next-phase", None, at(46, LAST_UPDATE), "1,000,000 is the last update."),
    ("next-group", None, at(46, LAST_UPDATE), "1,000,000 is the last update."),
    ("next-update", None, at(3, LAST_UPDATE), "1,000,000 is the last update."),
    ("goto", (0, 3), at(3), "The first update is 1."),
    ("goto", (LAST_UPDATE + 1, 3), at(3), "1,000,000 is the last update."),
    ("run-to", None, at(3, selected="x2"), "x₂ is given, not learned: it has no gradient step."),
    ("run-to", None, at(3, selected="y"), "y is given, not learned: it has no gradient step."),
    ("run-to", None, at(12, selected="w5"), "This is the gradient of w₅."),
    ("select", "w7", at(3), "There is no w₇ in this network."),
    ("undo", None, at(3), "There is no change to undo."),
    ("redo", None, at(3), "There is nothing to redo."),
]


@pytest.mark.parametrize(("name", "argument", "session", "why"), REFUSALS)
def test_refusals(name: str, argument: object, session: Session, why: str) -> None:
    """At a limit nothing changes but the notice, which is one sentence."""
    assert after(session, Command(name, argument)) == replace(session, notice=why)


def test_run_to_goes_to_the_gradient_of_what_is_selected() -> None:
    """Backwards, too; of a batch, to the gradient that is complete."""
    assert after(at(46, selected="w5"), Command("run-to")).step == 12
    assert after(at(0, selected="b2"), Command("run-to")).step == 36
    xor = start(shipped_lesson("xor"))
    # Four samples of 36 steps: w1's joined gradient is the first of the nine after them.
    assert after(xor, Command("run-to")).step == 4 * 36 + 1


def test_selecting_goes_round_through_parameters_inputs_and_targets() -> None:
    """In the order of their numbers, both ways."""
    names = ["w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3", "x1", "x2", "y"]
    session, seen = at(3), []
    for _ in names:
        seen.append(session.selected)
        session = after(session, Command("select-next"))
    assert (seen, session) == (names, at(3))
    assert after(at(3), Command("select-previous")) == at(3, selected="y")
    assert after(at(3), Command("select", "b2")) == at(3, selected="b2")


def test_panels() -> None:
    """Digits open them; inspecting goes between the step and the chain."""
    for name in ("step", "table", "chain", "code", "loss"):
        assert after(at(3, panel="loss"), Command(name)) == at(3, panel=name)
    assert after(at(3), Command("inspect")) == at(3, panel="chain")
    assert after(at(3, panel="chain"), Command("inspect")) == at(3)
    assert after(at(3, panel="code"), Command("inspect")) == at(3, panel="chain")


def test_precision_goes_round() -> None:
    """Four digits, three, eight, all, and says so."""
    session, said = at(3), []
    for _ in range(4):
        session = after(session, Command("precision"))
        said.append(session.notice.split(";")[0])
    assert said == [
        "Shown with 3 significant digits",
        "Shown with 8 significant digits where there is room",
        "Shown with all digits where there is room",
        "Shown with 4 significant digits",
    ]
    assert replace(session, notice="") == at(3)


def test_a_step_that_an_update_has_not_is_its_last() -> None:
    """And that is said."""
    moved = after(at(7), Command("goto", (2, 999)))
    assert moved == replace(at(46, 2), notice="Update 2 has 46 steps: this is the last one.")


def test_changes_can_be_undone_and_say_what_they_are() -> None:
    """An edit stands at its update; the place stays, but for a random start and another lesson."""
    here = at(18, 4, selected="w5", panel="table", digits=8)
    edited = after(here, Command("edit", Edit(4, "w5", -3.0)))
    notice = "w₅ is −3 from update 4 on."
    assert edited == replace(
        here, edits=(Edit(4, "w5", -3.0),), past=(here,), before_edit=here, notice=notice
    )
    rate = after(here, Command("rate", 0.5))
    notice = "η is 0.5 from update 4 on."
    assert rate == replace(here, edits=(Edit(4, "eta", 0.5),), past=(here,), before_edit=here, notice=notice)
    random = after(edited, Command("random"))
    assert random == replace(
        here,
        update=1,
        step=0,
        seed=2,
        notice="A new random start, seed 2, without edits. "
        "Seed 1 was passed over as dead: no gradient gets back to the first parameters.",
        past=(here, edited.bare),
    )
    assert after(random, Command("random")).seed == 5
    mazur = shipped_lesson("mazur")
    opened = after(here, Command("open", mazur))
    assert opened == Session(mazur, digits=8, past=(here,))  # its panel is the first, as at any beginning
    for changed in (edited, rate, opened):
        undone = after(changed, Command("undo"))
        assert undone == replace(here, future=(changed.bare,))
        assert after(undone, Command("redo")) == replace(changed, before_edit=None, notice="")
