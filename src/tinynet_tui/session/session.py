"""The session: where the learner is, as one frozen value; and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from tinynet_tui.engine.expression_reading import ALL_DIGITS, DIGITS
from tinynet_tui.lessons.schema import Lesson

if TYPE_CHECKING:
    from tinynet_tui.lessons.tour_file import Stop

FIRST_SELECTED = "w1"
FIRST_PANEL = "step"
PANELS = {
    "step": "Show the step: its formula in letters and in numbers, and why.",
    "table": "Show the table of all parameters: value, gradient, change, new value.",
    "chain": "Show the chain of the selected parameter: every factor of its gradient.",
    "code": "Show the line of Python that this step is.",
    "loss": "Show the loss over the updates so far.",
    "framework": "Show the step in the words of PyTorch and Keras, and what it costs there.",
}
"""The lower panels in the order of the keys 1 to 6, and what each is for."""
View = Literal["diagram", "sheet", "picture"]
VIEWS: dict[View, str] = {
    "diagram": "the diagram",
    "sheet": "the sheet: the program as lines",
    "picture": "a picture of what has been learnt",
}
"""What can stand above the panels, in the order of the key for them."""
AUTOPLAY = 1.0
"""Seconds that autoplay takes for a step, where nobody has chosen another speed."""
PAUSES = (4.0, 2.0, AUTOPLAY, 0.5, 0.25, 0.1)
"""Seconds for a step, to choose from."""
PRECISIONS = (DIGITS, 3, 8, ALL_DIGITS)
"""Significant digits shown, as the precision key cycles through them."""
VARIANTS = ("too early", "output slope", "path", "constant", "sign")
"""The wrong ways to do an update that can be shown beside the right one, in the order of the key for them."""
FIRST_NUDGE = 0.01
"""By how much the knob nudges what is selected before it is turned, and every gradient step what it is of."""
_SIZES = (0.0001, 0.001, FIRST_NUDGE, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
LEAST_NUDGE = _SIZES[0]
NUDGES = (*(-size for size in reversed(_SIZES)), *_SIZES)
"""Where the knob can stand, turn by turn, from down to up; never at 0."""
LEARNING_RATE = "eta"
"""The name that an edit of the learning rate bears."""


class Edit(Struct, frozen=True):
    """One number changed at the start of an update; training goes on from there with it."""

    update: int
    """The first update that it holds for, from 1."""
    name: str
    """A parameter, an input, a target, or `eta`."""
    value: float
    sample: int | None = None
    """From 1; inputs and targets alone have it."""


Level = Literal["sign", "number", "diagram"]
LEVELS: dict[Level, str] = {
    "sign": "the sign of each value",
    "number": "each value, by its formula",
    "diagram": "each value without its formula",
}
"""What is asked at each level, from the easiest on."""

Stage = Literal["off", "asking", "telling"]
"""Whether the next step is shown as it comes, is asked for now, or has just been shown and judged."""

Hint = Literal["rule", "letters", "numbers"]
HINTS: dict[Level, tuple[Hint, ...]] = {
    "sign": ("rule", "numbers"),
    "number": ("rule", "numbers"),
    "diagram": ("rule", "letters", "numbers"),
}
"""What helps with a question of each level, one after another: what is shown already is no hint."""

Result = Literal["right", "helped", "wrong", "shown"]
"""What became of a question; helped: right after a second try or a hint; shown: it was looked up, which is no
mistake."""
FIRST_LEVEL: Level = "sign"
BY_RECORD = "record"
"""What is chosen in place of a level, where the learner's record decides how much of each step is shown."""


def with_minus(text: str) -> str:
    """What was typed, with the sign for minus that all numbers have."""
    return text.replace("-", "−")


class Answer(Struct, frozen=True):
    """What was answered to one step."""

    update: int
    """From 1."""
    step: int
    """The step that was asked for, from 1."""
    level: Level
    text: str
    """As it was typed; empty where the value was looked up."""
    result: Result

    @property
    def written(self) -> str:
        """What was typed, as it is shown."""
        return with_minus(self.text)


class Tour(Struct, frozen=True):
    """A tour that was read and fits its lesson."""

    text: str
    """Of its file: two tours are the same where their texts are."""
    title: str
    stops: tuple[Stop, ...]
    lesson: Lesson
    """The one that it begins with."""
    lessons: tuple[Lesson, ...]
    """On which each stop is asked."""


class Touring(NamedTuple):
    """A tour and how far it is."""

    tour: Tour
    number: int = 0
    """The present stop, from 0; as many as there are: all are done."""
    answered: int = 0
    """The right predictions there were when the stop began."""
    is_open: bool = True
    """Whether it is on screen; one that was left can be taken up again."""
    done_at: tuple[int, int, str, float] | None = None
    """Update, step, what was selected and its knob, where the stop before was done; its numbers are told."""
    ticked: tuple[int, ...] = ()
    """The stops that were done, from 0, in order."""

    @property
    def stop(self) -> Stop | None:
        """The present stop; None once all are done."""
        return self.tour.stops[self.number] if self.number < len(self.tour.stops) else None

    @property
    def lesson(self) -> Lesson:
        """On which the present stop is asked; the last one's, once all are done."""
        return self.tour.lessons[min(self.number, len(self.tour.lessons) - 1)]

    @property
    def is_finished(self) -> bool:
        """Whether every stop was done at some time."""
        return len(self.ticked) == len(self.tour.stops)


@dataclass(frozen=True, slots=True)
class Session:
    """Lesson, edits and position: all that decides what is on screen."""

    lesson: Lesson
    edits: tuple[Edit, ...] = ()
    """In the order of their updates; of two for the same number and update the later one holds."""
    seed: int | None = None
    """The seed of the random start that took the place of the lesson's weights, if one did."""
    update: int = 1
    """From 1."""
    step: int = 0
    """The last step done, from 1; 0: nothing computed yet."""
    selected: str = FIRST_SELECTED
    """A parameter, an input or a target, by name."""
    panel: str = FIRST_PANEL
    knob: float = FIRST_NUDGE
    """By how much what is selected is nudged: one of `NUDGES`."""
    view: View | None = None
    """What the learner has chosen to see above the panels; None: what reads better in the room there is."""
    variant: str | None = None
    """Of `VARIANTS`: the one that is shown in place of the panel, if one is."""
    digits: int = DIGITS
    """The significant digits that the learner has chosen to see."""
    past: tuple[Session, ...] = ()
    """What undo returns to, the latest last; these have no past of their own."""
    future: tuple[Session, ...] = ()
    """What redo returns to, the next one last."""
    before_edit: Session | None = None
    """The session before the last edit, while its numbers are compared with those of now; bare."""
    stage: Stage = "off"
    """How far prediction is: whether the value of the next step is asked for before it is shown."""
    level: Level = FIRST_LEVEL
    """What prediction asks for."""
    back_to: Level | None = None
    """While a tour asks for one step alone, the level there was before; None: steps are predicted one after
    another, if at all."""
    fades: bool = False
    """Whether the learner's record decides the level of each question, and whether it is asked at all."""
    tried: tuple[str, ...] = ()
    """The wrong answers to the open question, as they were typed, the latest last."""
    hints: int = 0
    """How many of the `HINTS` of its level the open question shows."""
    answers: tuple[Answer, ...] = ()
    """What was predicted, at most one for each step of each update: the latest, which stands last."""
    tour: Touring | None = None
    """The tour that it is on, or that was left."""
    notice: str = ""
    """What the last command has to say, such as why it could do nothing."""
    leads: bool = False
    """Whether this is the leader's own screen: private notes are seen there alone."""

    @property
    def shown_panel(self) -> str:
        """The panel on screen: the chosen one, or the wrong variants in its place."""
        return self.panel if self.variant is None else "variants"

    @property
    def is_edited(self) -> bool:
        """Whether a number of the lesson was changed: what its author wrote of it may be false."""
        return self.seed is not None or bool(self.edits)

    @property
    def bare(self) -> Session:
        """The same place without past, future, comparison, nudge, wrong variant, open question and notice."""
        unsaid = replace(self, past=(), future=(), before_edit=None, notice="")
        return replace(unsaid.unasked, knob=FIRST_NUDGE, variant=None)

    @property
    def is_on_tour(self) -> bool:
        """Whether its tour is on screen: it has not been left, nor its lessons."""
        touring = self.tour
        return touring is not None and touring.is_open and self.lesson in touring.tour.lessons

    @property
    def unasked(self) -> Session:
        """The same place with nothing asked for."""
        level = self.back_to or self.level
        return replace(self, stage="off", tried=(), hints=0, level=level, back_to=None)

    @property
    def for_class(self) -> Session:
        """The same place without what is its user's own: answers, a tour, private notes."""
        return replace(self.bare, answers=(), tour=None, fades=False, lesson=self.lesson.for_all)

    @property
    def seen(self) -> Session:
        """All that is to be seen on screen, but for what was said last."""
        return replace(self, past=(), future=(), notice="", leads=False, lesson=self.lesson.for_all)

    @property
    def as_shown_first(self) -> Session:
        """The same place without any choice of how it is shown, and of what prediction would ask."""
        return replace(self.bare, panel=FIRST_PANEL, view=None, digits=DIGITS, level=FIRST_LEVEL, fades=False)
