"""The commands: the one place where keys, their words and what they do are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import number_text
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.networks.initial import is_alive, tries
from tinynet_tui.session import moves, predicting
from tinynet_tui.session.edits import LEARNING_RATE, Edit, edit_fault, editable_names
from tinynet_tui.session.history import initial_setup, program_of
from tinynet_tui.session.moves import refused
from tinynet_tui.session.places import EXAMPLES
from tinynet_tui.session.session import ALL_DIGITS, DIGITS, PANELS, PRECISIONS, VARIANTS, Session

_UNDOABLE = 200
"""How many changes can be taken back."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is given: its name, and what it needs to know beyond the session."""

    name: str
    argument: Any = None
    """goto: (update, step); select: a name; edit: an Edit; rate: a number; try-rate: (rate, updates
    done with it); open: a Lesson; answer: (text, result);
    ask-again: (update, step); else nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table of commands."""

    name: str
    keys: tuple[str, ...]
    """As the terminal names them; printable ones as they are typed. The first is the one to show."""
    title: str
    """Two or three words."""
    about: str
    """One sentence for the help."""
    group: str
    """The heading it stands under in the help."""
    change: Callable[[Session, Any], Session] | None = None
    """What it makes of a session; None: the front end does it."""


def _plain(move: Callable[[Session], Session]) -> Callable[[Session, Any], Session]:
    return lambda session, _argument: move(session)


def _moving(move: Callable[[Session], Session]) -> Callable[[Session, Any], Session]:
    return lambda session, _argument: predicting.moved(session, move)


def _go_to(session: Session, place: tuple[int, int]) -> Session:
    return predicting.moved(session, lambda here: _at(here, *place))


def _at(session: Session, update: int, step: int) -> Session:
    moved = moves.at_update(session, update, step)
    if moved.step < step and not moved.notice:
        return refused(moved, f"Update {update} has {moved.step} steps: this is the last one.")
    return moved


def _select(session: Session, name: str) -> Session:
    if name not in editable_names(initial_setup(session).model):
        return refused(session, f"There is no {symbol(name)} in this network.")
    return replace(session, selected=name)


def _select_beside(session: Session, by: int) -> Session:
    names = editable_names(initial_setup(session).model)
    return replace(session, selected=names[(names.index(session.selected) + by) % len(names)])


def _showing(panel: str) -> Callable[[Session, Any], Session]:
    return lambda session, _argument: replace(session, panel=panel, variant=None)


def _inspect(session: Session) -> Session:
    return replace(session, panel="step" if session.shown_panel == "chain" else "chain", variant=None)


def _next_variant(session: Session) -> Session:
    if session.stage != "off":
        key = key_sign(BY_NAME["leave"].keys[0])
        return refused(session, f"The wrong ways would give the answer away; {key} ends predicting.")
    place = -1 if session.variant is None else VARIANTS.index(session.variant)
    return replace(session, variant=VARIANTS[(place + 1) % len(VARIANTS)])


def _leave(session: Session) -> Session:
    """The session without what is open in it: the wrong variant, or the question, or else the comparison."""
    if session.variant is not None:
        return replace(session, variant=None)
    return without_comparison(session) if session.stage == "off" else predicting.ended(session)


def _precision(session: Session) -> Session:
    place = PRECISIONS.index(session.digits) + 1 if session.digits in PRECISIONS else 0
    digits = PRECISIONS[place % len(PRECISIONS)]
    words = "all digits" if digits == ALL_DIGITS else f"{digits} significant digits"
    room = " where there is room" if digits > DIGITS else ""
    return replace(session, digits=digits, notice=f"Shown with {words}{room}; computed in full.")


def _changed(session: Session, **changes: Any) -> Session:
    """The session with a change that undo takes back."""
    past = (*session.past, session.bare)[-_UNDOABLE:]
    changed = replace(session, past=past, future=(), **{"before_edit": None, **changes})
    return predicting.asked_anew(changed)


def _edit(session: Session, edit: Edit) -> Session:
    fault = edit_fault(initial_setup(session).model, edit.name, edit.value)
    if fault is not None:
        return refused(session, f"{symbol(edit.name)} stays as it is: {fault}.")
    same = [e for e in session.edits if (e.update, e.name, e.sample) != (edit.update, edit.name, edit.sample)]
    edits = tuple(sorted((*same, edit), key=lambda e: e.update))
    words = f"{symbol(edit.name)} is {number_text(edit.value)} from update {edit.update} on."
    return _changed(session, edits=edits, before_edit=session.bare, notice=words)


def _rate(session: Session, value: float) -> Session:
    return _edit(session, Edit(session.update, LEARNING_RATE, value))


def _try_rate(session: Session, tried: tuple[float, int]) -> Session:
    """Another learning rate from this update on, and updates done with it, without later edits."""
    rate, updates = tried
    edits = [
        e
        for e in session.edits
        if e.update < session.update or (e.update == session.update and e.name != LEARNING_RATE)
    ]
    words = f"η is {number_text(rate)} from update {session.update} on; z takes it back, x goes back."
    edit = Edit(session.update, LEARNING_RATE, rate)
    tried_session = _changed(session, edits=(*edits, edit), notice=words)
    if updates == 0:
        return replace(tried_session, step=0)
    moved = moves.at_update(tried_session, session.update + updates - 1, 0)
    return predicting.asked_anew(replace(moved, step=len(program_of(moved))))


def _random_start(session: Session) -> Session:
    """The session at a new random start: at the next seed whose network is alive, or else at the next one."""
    first = (session.seed or 0) + 1
    seeds = range(first, first + tries(initial_setup(session)))
    alive = next((seed for seed in seeds if is_alive(initial_setup(replace(session, seed=seed)))), None)
    seed = first if alive is None else alive
    return _changed(session, edits=(), seed=seed, update=1, step=0, notice=_random_start_words(seeds, alive))


def _random_start_words(seeds: range, alive: int | None) -> str:
    """Which seed was taken, and which were passed over and why."""
    dead = "no gradient gets back to the first layer"
    if alive is None:
        others = f" The next {len(seeds) - 1} seeds are no better." if len(seeds) > 1 else ""
        return f"A new random start, seed {seeds[0]}, without edits. It is dead: {dead}.{others}"
    words = f"A new random start, seed {alive}, without edits."
    match [*range(seeds[0], alive)]:
        case []:
            return words
        case [passed]:
            return f"{words} Seed {passed} was passed over as dead: {dead}."
        case [one, other]:
            return f"{words} Seeds {one} and {other} were passed over as dead: {dead}."
        case passed:
            return f"{words} Seeds {passed[0]} to {passed[-1]} were passed over as dead: {dead}."


def _open(session: Session, lesson: Lesson) -> Session:
    # A file is read anew each time: what undo knows has a lesson once, not once for each time.
    lesson = next((known.lesson for known in (session, *session.past) if known.lesson == lesson), lesson)
    opened = replace(start(lesson), panel=session.panel, digits=session.digits, level=session.level)
    # What was predicted in a lesson stays when that lesson is opened anew: it is no change to take back.
    answers = session.answers if lesson == session.lesson else ()
    return replace(opened, answers=answers, past=(*session.past, session.bare)[-_UNDOABLE:])


def _undo(session: Session) -> Session:
    if not session.past:
        return refused(session, "There is no change to undo.")
    *past, before = session.past
    future = (*session.future, session.bare)
    there = replace(before, past=tuple(past), future=future, variant=session.variant)
    return predicting.returned(session, there)


def _redo(session: Session) -> Session:
    if not session.future:
        return refused(session, "There is nothing to redo.")
    *future, after_it = session.future
    past = (*session.past, session.bare)
    there = replace(after_it, past=past, future=tuple(future), variant=session.variant)
    return predicting.returned(session, there)


_Rows = tuple[tuple[str, tuple[str, ...], str, str, Callable[[Session, Any], Session] | None], ...]

_TABLE: dict[str, _Rows] = {
    "Step": (
        ("next", ("right", "l", "space"), "next", "Do the next step.", _plain(predicting.next_step)),
        ("back", ("left", "h", "backspace"), "back", "Take the last step back.",
         _plain(predicting.previous_step)),
        ("next-group", ("n",), "group", "Go to the next group: a neuron, the loss, a layer's updates.",
         _moving(moves.next_group)),
        ("previous-group", ("N",), "group back", "Go back a group.", _moving(moves.previous_group)),
        ("next-phase", ("]", "pagedown"), "phase", "Go to the next phase.", _moving(moves.next_phase)),
        ("previous-phase", ("[", "pageup"), "phase back", "Go back a phase.", _moving(moves.previous_phase)),
        ("finish", ("f",), "finish", "Go to the end of this phase.", _moving(moves.finish_phase)),
        ("first-step", ("0", "home"), "first step", "Go to the start of this update.",
         _moving(moves.first_step)),
        ("last-step", ("$", "end"), "last step", "Go to the last step of this update.",
         _moving(moves.last_step)),
        ("next-update", ("u",), "update", "Go to the same step of the next update.",
         _moving(moves.next_update)),
        ("previous-update", ("U",), "update back", "Go to the same step of the update before.",
         _moving(moves.previous_update)),
        ("run-to", ("t",), "to gradient", "Go to the step that gives the selected parameter's gradient.",
         _moving(moves.selected_gradient)),
        ("goto", ("g",), "go to", f"Go to an update, or to a step in it: {EXAMPLES}.", _go_to),
        ("restart", ("r",), "restart", "Go back to the start of training; every value stays as it was.",
         _moving(lambda session: moves.at_update(session, 1, 0))),
        ("autoplay", ("a",), "autoplay", "Take one step after another until another key is pressed.", None),
        ("faster", ("+",), "faster", "Make autoplay faster.", None),
        ("slower", ("-",), "slower", "Make autoplay slower.", None),
    ),
    "Predict": (
        ("predict", ("p",), "predict", "Predict each step before it is shown; p again or Esc ends it.",
         _plain(predicting.switch)),
        ("level", ("P",), "level", "Predict the sign, the number, or the number with only the diagram.",
         _plain(predicting.next_level)),
        ("tally", ("T",), "tally", "Show how your predictions went, and which steps to look at again.", None),
        ("answer", (), "answer", "Answer what is asked.", predicting.answered),
        ("ask-again", (), "ask again", "Predict a step once more.", predicting.asked_again),
    ),
    "Look": (
        ("select", (), "select by name", "Select a parameter, input or target by a click.", _select),
        ("select-next", ("down", "j", "tab"), "select", "Select the next parameter, input or target.",
         lambda session, _argument: _select_beside(session, +1)),
        ("select-previous", ("up", "k", "shift+tab"), "select back", "Select the one before.",
         lambda session, _argument: _select_beside(session, -1)),
        ("inspect", ("i", "enter"), "inspect", "Show the whole chain of the selected parameter, or the step.",
         _plain(_inspect)),
        *(
            (panel, (str(number),), panel, about, _showing(panel))
            for number, (panel, about) in enumerate(PANELS.items(), start=1)
        ),
        ("read", ("d",), "read on", "Read all that is said about this step and the lesson.", None),
        ("variants", ("v",), "wrong ways",
         "Show the update done in a wrong way, beside the right one. v again: the next wrong way.",
         _plain(_next_variant)),
        ("measure", ("m",), "measure", "Measure what an update costs, here and in frameworks.", None),
        ("precision", (".",), "digits", "Show more or fewer digits.", _plain(_precision)),
    ),
    "Change": (
        ("edit", ("e",), "edit", "Change the selected value from this update on.", _edit),
        ("rate", ("L",), "rate", "Change the learning rate from this update on.", _rate),
        ("try-rate", (), "try a rate", "Open an update of an experiment's run.", _try_rate),
        ("undo", ("z",), "undo", "Take the last change back.", _plain(_undo)),
        ("redo", ("Z",), "redo", "Make the change again.", _plain(_redo)),
        ("random", ("R",), "random start",
         "Start from new random weights, without edits; dead starts are passed over.",
         _plain(_random_start)),
        ("open", ("o",), "open", "Choose another lesson.", _open),
        ("experiments", ("x",), "experiments",
         "Try learning rates, initial values, dead ReLUs and sensitivity on these numbers.", None),
    ),
    "The app": (
        ("save", ("w",), "save", "Save a lesson file with the values as they are now.", None),
        ("copy", ("y",), "copy", "Copy this step as text: to a file, and to the clipboard.", None),
        ("screenshot", ("s",), "screenshot", "Save the screen as an SVG picture.", None),
        ("mouse", ("M",), "mouse", "Leave the mouse to the terminal, to select text; M again takes it back.",
         None),
        ("help", ("?", "f1"), "help", "List every key; type to search, Enter to do it.", None),
        ("palette", ("ctrl+p",), "commands", "Find a command by its name.", None),
        ("redraw", ("ctrl+l",), "draw anew",
         "Draw everything anew, where something else has written over the screen.", None),
        ("leave", ("escape",), "leave", "Leave what is open.", _plain(_leave)),
        ("quit", ("q", "ctrl+c"), "quit", "Quit; the place is kept for --resume.", None),
        ("suspend", ("ctrl+z",), "suspend", "Go back to the shell; its fg command returns here.", None),
    ),
}  # fmt: skip

COMMANDS: tuple[Entry, ...] = tuple(
    Entry(name, keys, title, about, group, change)
    for group, rows in _TABLE.items()
    for name, keys, title, about, change in rows
)

BY_NAME = {entry.name: entry for entry in COMMANDS}
BY_KEY = {key: entry for entry in COMMANDS for key in entry.keys}

_KEY_SIGNS = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "space": "Space", "backspace": "Backspace",
    "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "tab": "Tab",
    "shift+tab": "Shift+Tab", "enter": "Enter", "escape": "Esc", "f1": "F1", "ctrl+p": "Ctrl+P",
    "ctrl+c": "Ctrl+C",
    "ctrl+l": "Ctrl+L", "ctrl+u": "Ctrl+U", "ctrl+z": "Ctrl+Z",
}  # fmt: skip


def key_sign(key: str, ascii: bool = False) -> str:
    """A key as it is printed on a keyboard; an arrow by its name where only ASCII can be shown."""
    sign = _KEY_SIGNS.get(key, key)
    return sign if sign.isascii() or not ascii else key.capitalize()


def without_comparison(session: Session) -> Session:
    """The session without what was said, and without the numbers from before the last edit."""
    return replace(session, before_edit=None, notice="")


def start(lesson: Lesson) -> Session:
    """A new session at the beginning of a lesson."""
    return Session(lesson)


def after(session: Session, command: Command) -> Session:
    """The session after a command: the only way in which one changes.

    Raises: ValueError for a command that no session can carry out, being the front end's own.
    """
    entry = BY_NAME[command.name]
    if entry.change is None:
        raise ValueError(f"{command.name!r} is not a command of the session")
    return entry.change(replace(session, notice=""), command.argument)
