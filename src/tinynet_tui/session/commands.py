"""The commands: the one place where keys, their words and what they do are written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from inspect import signature
from typing import Any, Generic, Literal, NamedTuple, TypeVar
from unicodedata import east_asian_width

from tinynet_tui.engine.expression_reading import ALL_DIGITS, DIGITS, number_text
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session import changes, moves, predicting
from tinynet_tui.session.history import editable_names, first_session, has_picture, initial_setup
from tinynet_tui.session.moves import group_starts, phase_starts, refused, to_next, to_previous
from tinynet_tui.session.places import EXAMPLES
from tinynet_tui.session.session import (
    FIRST_NUDGE,
    NUDGES,
    PANELS,
    PRECISIONS,
    VARIANTS,
    VIEWS,
    Session,
    Touring,
    View,
)

State = TypeVar("State")
"""What a table's commands change: the session, or what another page shows."""


Effect = Literal["move", "view", "other"]
"""move: goes somewhere else, and asks nothing; view: changes how the place is shown, and nothing else; other:
whatever else it does."""


class Command(NamedTuple):
    """A command as it is given: its name, and what it needs to know beyond the session."""

    name: str
    argument: Any = None
    """goto: (update, step); select: a name; edit: an Edit; rate: a number; try-rate: (rate, updates
    done with it); view: the view that is shown, where that is known; open: a Lesson; answer: (text, result);
    ask-again: (update, step); else nothing."""


class Entry(NamedTuple, Generic[State]):
    """One row of a table of commands: each page with keys of its own has a table."""

    name: str
    keys: tuple[str, ...]
    """As the terminal names them; printable ones as they are typed. The first is the one to show."""
    title: str
    """Two or three words."""
    about: str
    """One sentence for the help; `{name}` stands for the key of a command of the same table."""
    change: Callable[..., State] | None
    """What it makes of a state, and of an argument where it takes one; None: the page does it."""
    effect: Effect


def page_row(name: str, keys: tuple[str, ...], title: str, about: str) -> Entry[Any]:
    """The row of a command that the page itself carries out."""
    return Entry(name, keys, title, about, None, "other")


def command_table(*rows: Entry[State], ascii: bool = False) -> Mapping[str, Entry[State]]:
    """Rows by name, with the signs of their keys in their sentences; where one has none, what finds it.

    ascii: whether only ASCII can be shown.

    Raises: ValueError where two have the same name or key.
    """
    for once in ([row.name for row in rows], [key for row in rows for key in row.keys]):
        if twice := {word for word in once if once.count(word) > 1}:
            raise ValueError(f"there twice: {', '.join(sorted(twice))}")
    signs = {row.name: next(iter(signs_of(row.keys, ascii)), "") for row in rows}
    found = {row.name: f"{signs.get('palette', '')} {row.title}".strip() for row in rows}
    told = {name: sign or found[name] for name, sign in signs.items()}
    return {row.name: row._replace(about=row.about.format_map(told)) for row in rows}


KEY_SIGNS = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "space": "Space", "backspace": "Backspace",
    "pagedown": "PgDn", "pageup": "PgUp", "home": "Home", "end": "End", "tab": "Tab",
    "shift+tab": "Shift+Tab", "enter": "Enter", "escape": "Esc", "ctrl+p": "Ctrl+P",
    "ctrl+c": "Ctrl+C", "comma": ",", "ctrl+l": "Ctrl+L", "ctrl+u": "Ctrl+U", "ctrl+z": "Ctrl+Z",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}  # fmt: skip


def key_sign(key: str, ascii: bool = False) -> str:
    """A key as it is printed on a keyboard; an arrow by its name where only ASCII can be shown."""
    sign = KEY_SIGNS.get(key, key)
    return sign if sign.isascii() or not ascii or key not in KEY_SIGNS else key.capitalize()


def signs_of(keys: Iterable[str], ascii: bool = False) -> tuple[str, ...]:
    """Keys as they are printed, without those for which another sign would stand on screen.

    In ASCII that is any other letter, elsewhere one that fills two cells.
    """
    signs = (key_sign(key, ascii) for key in keys)
    return tuple(s for s in signs if s.isascii() or not (ascii or east_asian_width(s) in "WF"))


KEY = "\x1a"
"""Around the name of a command whose key stands there. A control character, which no text of a lesson has:
braces they do have."""


def place_of_key(name: str) -> str:
    """The place of a command's key in a sentence that is kept, or made for whoever may read it.

    Where it is shown at last, `Keys.filled` puts the reader's own key there.
    """
    return f"{KEY}{name}{KEY}"


OF_NUMBERS = frozenset("0123456789+-−.,/eEinfa")
"""Signs that are typed where a number is, whatever else their keys do."""


STEPS_ALONE = f"{place_of_key('next')} steps by yourself", f"{place_of_key('next')} steps"
"""The key that leads away from a class, in words and in fewer."""


def _moving(move: Callable[[Session], Session]) -> Callable[[Session], Session]:
    return lambda session: predicting.moved(session, move)


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
    return replace(session, selected=name, knob=FIRST_NUDGE)


def _selecting(by: int) -> Callable[[Session], Session]:
    def selected(session: Session) -> Session:
        names = editable_names(initial_setup(session).model)
        name = names[(names.index(session.selected) + by) % len(names)]
        return replace(session, selected=name, knob=FIRST_NUDGE)

    return selected


def _opening(panel: str) -> Callable[[Session], Session]:
    return lambda session: replace(session, panel=panel, variant=None)


def _inspect(session: Session) -> Session:
    return replace(session, panel="step" if session.shown_panel == "chain" else "chain", variant=None)


def _next_variant(session: Session) -> Session:
    if session.stage != "off":
        return refused(
            session, f"The wrong ways would give the answer away; {place_of_key('leave')} ends predicting."
        )
    place = -1 if session.variant is None else VARIANTS.index(session.variant)
    return replace(session, variant=VARIANTS[(place + 1) % len(VARIANTS)])


def _turning(by: int) -> Callable[[Session], Session]:
    def turned(session: Session) -> Session:
        if session.stage != "off":
            leave = place_of_key("leave")
            return refused(session, f"A nudge would give the answer away; {leave} ends predicting.")
        place = NUDGES.index(session.knob) + by
        if not 0 <= place < len(NUDGES):
            return refused(session, f"{symbol(session.selected)} cannot be nudged further.")
        return replace(session, knob=NUDGES[place])

    return turned


def _other_view(session: Session, shown: View | None = None) -> Session:
    """The session with the view after the one that is shown, or that was chosen last."""
    views = [v for v in VIEWS if v != "picture" or has_picture(initial_setup(session).model)]
    here = shown or session.view or "diagram"
    view = views[(views.index(here) + 1) % len(views)] if here in views else views[0]
    return replace(session, view=view, notice=f"You see {VIEWS[view]}; {place_of_key('view')} changes it.")


def _precision(session: Session) -> Session:
    place = PRECISIONS.index(session.digits) + 1 if session.digits in PRECISIONS else 0
    digits = PRECISIONS[place % len(PRECISIONS)]
    words = "all digits" if digits == ALL_DIGITS else f"{digits} significant digits"
    room = " where there is room" if digits > DIGITS else ""
    return replace(session, digits=digits, notice=f"Shown with {words}{room}; computed in full.")


def _try_rate(session: Session, tried: tuple[float, int]) -> Session:
    words = (
        f"η is {number_text(tried[0])} from update {session.update} on; "
        f"{place_of_key('undo')} takes it back, {place_of_key('experiments')} goes back."
    )
    return replace(changes.with_tried_rate(session, tried), notice=words)


def _leave(session: Session) -> Session:
    """The session without what is open in it: a wrong variant, a question, the tour, or a comparison."""
    touring = session.tour
    if touring is not None and session.is_on_tour and touring.stop is None and session.stage == "off":
        return replace(session, tour=touring._replace(is_open=False), variant=None)
    if session.variant is not None:
        return replace(session, variant=None)
    if session.stage != "off":
        return predicting.ended(session)
    if touring is not None and session.is_on_tour:
        words = f"The tour is left; {place_of_key('tour')} takes it up again here."
        return replace(session, tour=touring._replace(is_open=False), notice=words)
    return without_comparison(session)


def _tour(session: Session, stop: int | None = None) -> Session:
    """The session at a stop of its tour; or else where that was left, or where the shipped one begins."""
    from tinynet_tui.session.touring import at_stop, shipped_tour  # most sessions are on no tour

    there = session.tour._replace(is_open=True) if session.tour else Touring(shipped_tour())
    if stop is None and session.lesson == there.lesson:
        return replace(session.unasked, tour=there)
    return at_stop(replace(session, tour=there), there.number if stop is None else stop)


MOUSE: Entry[Any] = page_row(
    "mouse", ("M",), "mouse", "Leave the mouse to the terminal, to select text; {mouse} again takes it back."
)
REDRAW: Entry[Any] = page_row(
    "redraw",
    ("ctrl+l",),
    "draw anew",
    "Draw everything anew, where something else has written over the screen.",
)
SUSPEND: Entry[Any] = page_row(
    "suspend", ("ctrl+z",), "suspend", "Go back to the shell; its fg command returns here."
)

_ROWS: tuple[Entry[Session], ...] = (
    Entry("next", ("right", "l", "space"), "next", "Do the next step.", predicting.next_step, "move"),
    Entry("back", ("left", "h", "backspace"), "back", "Take the last step back.",
          predicting.previous_step, "move"),
    Entry("next-group", ("n",), "group", "Go to the next group: a neuron, the loss, a layer's updates.",
          _moving(to_next(group_starts)), "move"),
    Entry("previous-group", ("N",), "group back", "Go back a group.",
          _moving(to_previous(group_starts)), "move"),
    Entry("next-phase", ("]", "pagedown"), "phase", "Go to the next phase.",
          _moving(to_next(phase_starts)), "move"),
    Entry("previous-phase", ("[", "pageup"), "phase back", "Go back a phase.",
          _moving(to_previous(phase_starts)), "move"),
    Entry("finish", ("f",), "finish", "Go to the end of this phase.", _moving(moves.finish_phase), "move"),
    Entry("first-step", ("0", "home"), "first step", "Go to the start of this update.",
          _moving(moves.first_step), "move"),
    Entry("last-step", ("$", "end"), "last step", "Go to the last step of this update.",
          _moving(moves.last_step), "move"),
    Entry("next-update", ("u",), "update", "Go to the same step of the next update.",
          _moving(moves.by_updates(+1)), "move"),
    Entry("previous-update", ("U",), "update back", "Go to the same step of the update before.",
          _moving(moves.by_updates(-1)), "move"),
    Entry("run-to", ("t",), "to gradient", "Go to the step that gives the selected parameter's gradient.",
          _moving(moves.selected_gradient), "move"),
    Entry("goto", ("g",), "go to", f"Go to an update, or to a step in it: {EXAMPLES}.", _go_to, "other"),
    Entry("restart", ("r",), "restart", "Go back to the start of training; every value stays as it was.",
          _moving(lambda session: moves.at_update(session, 1, 0)), "move"),
    page_row("autoplay", ("a",), "autoplay", "Take one step after another until another key is pressed."),
    page_row("faster", ("+",), "faster, nudge more",
             "Make autoplay faster. While it is off and the chain is shown: nudge what is selected by more."),
    page_row("slower", ("-",), "slower, nudge less",
             "Make autoplay slower. While it is off and the chain is shown: nudge what is selected by less, "
             "then down."),
    Entry("nudge-up", (), "nudge more", "Nudge what is selected by more, and see what comes of it.",
          _turning(+1), "other"),
    Entry("nudge-down", (), "nudge less", "Nudge what is selected by less, then down; see what comes.",
          _turning(-1), "other"),
    Entry("tour", ("c",), "tour",
          "See in ten minutes what a gradient is. {tour} again lists the stops and the courses of "
          "practice, {leave} leaves the tour.",
          _tour, "other"),
    page_row("reply", ("=",), "answer the tour",
             "Answer what the tour asks: in a word, a sign or a number. Nothing waits for it."),
    Entry("predict", ("p",), "predict",
          "Predict each step before it is shown; {predict} again ends it, and so does {leave} with "
          "nothing typed.",
          predicting.switch, "other"),
    Entry("level", ("P",), "level",
          "Predict the sign, the number, the number with only the diagram, or as your record says.",
          predicting.next_level, "other"),
    page_row("tally", ("T",), "tally", "Show how your predictions went, and which steps to look at again."),
    Entry("answer", (), "answer", "Answer what is asked.", predicting.answered, "other"),
    Entry("hint", (), "hint", "Show one more hint to what is asked.", predicting.hinted, "other"),
    Entry("ask-again", (), "ask again", "Predict a step once more.", predicting.asked_again, "other"),
    Entry("select", (), "select by name", "Select a parameter, input or target by a click.",
          _select, "other"),
    Entry("select-next", ("down", "j", "tab"), "select", "Select the next parameter, input or target.",
          _selecting(+1), "view"),
    Entry("select-previous", ("up", "k", "shift+tab"), "select back", "Select the one before.",
          _selecting(-1), "view"),
    Entry("inspect", ("i", "enter"), "inspect",
          "Show the whole chain of the selected parameter, or the step.", _inspect, "view"),
    *(
        Entry(panel, (str(number),), panel, about, _opening(panel), "view")
        for number, (panel, about) in enumerate(PANELS.items(), start=1)
    ),
    page_row("read", ("d",), "read on", "Read all that is said about this step and the lesson."),
    Entry("variants", ("v",), "wrong ways",
          "Show the update done in a wrong way, beside the right one. {variants} again: the next wrong "
          "way.",
          _next_variant, "move"),
    page_row("measure", ("m",), "measure", "Measure what an update costs, here and in frameworks."),
    Entry("view", ("V",), "view",
          "Show the program as lines, as on a sheet; or what has been learnt; or the diagram: "
          "where it is cut, ←2 tells that 2 more columns are to the left, ↑3 that 3 more rows are above.",
          _other_view, "view"),
    Entry("precision", (".",), "digits", "Show more or fewer digits.", _precision, "view"),
    Entry("edit", ("e",), "edit", "Change the selected value from this update on.", changes.edited, "other"),
    Entry("rate", ("L",), "rate", "Change the learning rate from this update on.",
          changes.with_rate, "other"),
    Entry("try-rate", (), "try a rate", "Open an update of an experiment's run.", _try_rate, "other"),
    Entry("undo", ("z",), "undo", "Take the last change back.", changes.undone, "move"),
    Entry("redo", ("Z",), "redo", "Make the change again.", changes.redone, "move"),
    Entry("random", ("R",), "random start",
          "Start from new random parameters, without edits; dead starts are passed over.",
          changes.with_random_start, "move"),
    Entry("open", ("o",), "open", "Choose another lesson.", changes.opened, "other"),
    page_row("experiments", ("x",), "experiments",
             "Try learning rates, initial values, dead ReLUs and sensitivity on these numbers."),
    page_row("save", ("w",), "save", "Save a lesson file with the values as they are now."),
    page_row("handout", ("E",), "handout",
             "Write this update as a handout, with the diagram: HTML, Markdown or LaTeX."),
    page_row("copy", ("y",), "copy", "Copy this step as text: to a file, and to the clipboard."),
    page_row("screenshot", ("s",), "screenshot", "Save the screen as an SVG picture."),
    MOUSE,
    page_row("help", ("?", "f1"), "help", "List every key; type to search, Enter to do it."),
    page_row("palette", ("ctrl+p",), "commands", "Find a command by its name."),
    REDRAW,
    Entry("leave", ("escape",), "leave", "Leave what is open.", _leave, "other"),
    page_row("quit", ("q", "ctrl+c"), "quit", "Quit; the place is kept for --resume."),
    SUSPEND,
)  # fmt: skip
_ROWS_OF_FOLLOWERS: tuple[Entry[Session], ...] = (
    page_row("follow", ("F",), "follow", "Follow the class again; Esc twice does the same."),
    page_row("hand", ("!",), "ask for help", "Raise your hand; {hand} again takes it down."),
    page_row("tried", ("B",), "what you tried", "Go back to where you were by yourself before."),
)
_ROWS_OF_LEADERS: tuple[Entry[Session], ...] = (
    page_row("gather", ("G",), "gather", "Have everyone follow again who steps by themselves."),
    page_row("join-line", ("J",), "how to join", "Show what students type to follow."),
    page_row("ask", ("A",), "ask the class",
             "Ask a question: the coming step; {ask} again closes, asks once more, or shows the answers."),
    page_row("lend", ("K",), "lend, keep",
             "Lend or take back the lead; keep one or all with the class for a while."),
)  # fmt: skip
EVERY_ROW = (*_ROWS, *_ROWS_OF_FOLLOWERS, *_ROWS_OF_LEADERS)
EVERY_NAME = command_table(*EVERY_ROW)
"""All commands that users can choose other keys for."""
BY_NAME: Mapping[str, Entry[Session]] = {row.name: EVERY_NAME[row.name] for row in _ROWS}
"""The commands of the stepper, with the keys that they have unless a user has others."""
FOLLOWER_COMMANDS = tuple(EVERY_NAME[row.name] for row in _ROWS_OF_FOLLOWERS)
"""What whoever steps alone in a class has keys for, beside all else."""
LEADER_COMMANDS = tuple(EVERY_NAME[row.name] for row in _ROWS_OF_LEADERS)
"""What whoever leads a class has keys for, beside all else."""
COMMANDS = tuple(BY_NAME.values())
EVERYWHERE = [
    entry._replace(keys=tuple(key for key in entry.keys if key.startswith("ctrl+")))
    for entry in (BY_NAME[name] for name in ("quit", "redraw", "suspend"))
]
"""Commands with keys that work whatever is open."""
EVERYWHERE_KEYS = frozenset(key for entry in EVERYWHERE for key in entry.keys)


def is_chosen_by_users(entry: Entry[Any]) -> bool:
    """Whether a row is one that users can choose other keys for: pages of their own have other rows."""
    return EVERY_NAME.get(entry.name) == entry


def without_comparison(session: Session) -> Session:
    """The session without what was said, and without the numbers from before the last edit."""
    return replace(session, before_edit=None, notice="")


def start(lesson: Lesson) -> Session:
    """A new session at the beginning of a lesson."""
    return first_session(lesson)


def needs_no_argument(name: str) -> bool:
    """Whether a session carries out a command that is given by its name alone."""
    change = BY_NAME[name].change
    if change is None:
        return False
    _session, *arguments = signature(change).parameters.values()
    return all(argument.default is not argument.empty for argument in arguments)


def after(session: Session, command: Command) -> Session:
    """The session after a command: the only way in which one changes.

    Raises: ValueError for a command that no session can carry out, being the front end's own.
    """
    change = BY_NAME[command.name].change
    if change is None:
        raise ValueError(f"{command.name!r} is not a command of the session")
    unsaid = replace(session, notice="")
    goes_away = (BY_NAME[command.name].effect == "move" and command.name != "next") or command.name == "goto"
    is_told = session.stage == "telling" and command.name != "leave"  # which clears what is told, and no more
    if session.back_to is not None and (is_told or goes_away):
        unsaid = unsaid.unasked  # one step alone was asked for
    changed = change(unsaid) if command.argument is None else change(unsaid, command.argument)
    if session.tour is None or command.name == "tour":
        return changed
    from tinynet_tui.session.touring import advanced  # most sessions are on no tour

    # Another lesson takes nothing from the tour, nor does undo: it is there to be taken up again.
    is_kept = command.name in ("open", "undo", "redo")
    there = advanced(replace(changed, tour=session.tour) if is_kept else changed, session)
    if session.is_on_tour and there.lesson not in session.tour.tour.lessons and not there.notice:
        return replace(there, notice=f"The tour is left; {place_of_key('tour')} takes it up again.")
    return there
