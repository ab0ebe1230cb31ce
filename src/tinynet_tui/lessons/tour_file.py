"""The file of a tour: stops in order, each a question that is answered by doing, and what is said then."""

# Without annotations from the future: these would be texts, which the checks of keys cannot read.

import os
import re
from functools import cache
from typing import Annotated

from msgspec import Meta, Struct

from tinynet_tui.lessons.parsing import parse_struct

SHIPPED_TOURS = ("first",)
"""The tours that come with the program, by name; `c` opens the first."""
WORKED_OUT = (
    *("nudge", "turned", "there", "change", "ratio", "tiny", "larger"),
    *("product", "sum", "nudged", "factor", "parts"),
    *("before", "after", "went", "fell", "helps", "eta"),
)
"""What may stand in braces beside a quantity. Of what is selected:

nudge, turned, there: its nudge, all of it, or from where to where alone, or to where.
change, ratio, tiny: the change of L by the nudge, that divided by the nudge, and the least nudge with that.
larger, helps: what a larger one does to L, and whether it makes L smaller, as yes or no.
product, sum: the product of its chain, and of several paths the sum of their products.
nudged, factor, parts: that product after the nudge, how its first factor is worked out, and the change of L
by each output alone.

Of the update: before and after, the loss; went and fell, whether it fell, in words or as yes or no; and eta,
the learning rate."""
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_MOST_STOPS = 50

Text = Annotated[str, Meta(min_length=1, max_length=300, description="a text of 1 to 300 characters")]
Name = Annotated[str, Meta(min_length=1, max_length=100, description="a name of 1 to 100 characters")]
Count = Annotated[int, Meta(ge=1, le=100, description="a whole number from 1 to 100")]
Above0 = Annotated[float, Meta(gt=0, description="a number above 0")]


class Until(Struct, frozen=True, forbid_unknown_fields=True):
    """What has to have come about, all of it."""

    step: Name | None = None
    """A step of this name was done just now; where something else is to be done, too, then before that."""
    selected: Name | None = None
    panel: Name | None = None
    nudged: bool = False
    """The knob of what is selected was turned."""
    nudge: Above0 | None = None
    """The knob was turned upwards as far as this nudge, or farther."""
    predicted: Count | None = None
    """This number of steps was predicted, and right, since the stop began."""
    answered: tuple[Name, ...] = ()
    """These steps were answered right: whoever goes on to one, or would go over it, is asked for it."""
    variant: bool = False
    """A wrong way is shown."""

    @property
    def asks_for_steps(self) -> bool:
        """Whether what is to be typed is asked for on the way, each at its step."""
        return bool(self.answered or self.predicted)


class Stop(Struct, frozen=True, forbid_unknown_fields=True):
    """One question."""

    ask: Text
    told: Text
    until: Until
    then: tuple[Text, ...] = ()
    """What takes the place of `ask` once one, two, … of the steps that are to be answered are."""
    answers: tuple[Text, ...] = ()
    """What may be typed: numbers and words, in braces what is worked out; else any number that is told."""
    same: tuple[tuple[Name, ...], ...] = ()
    """Words that mean the same, each list after the one that `answers` may come to. A sentence has the
    meanings of its words."""
    reason: Text | None = None
    """What is said of a wrong answer whose mistake is not known."""
    keys: tuple[Name, ...] = ()
    """The commands that are named here first."""
    lesson: Name | None = None
    """The shipped lesson on which it is asked, if not on that of the tour."""
    learning_rate: Above0 | None = None
    """The learning rate there, if not the one of that lesson."""


Stops = Annotated[
    tuple[Stop, ...],
    Meta(min_length=1, max_length=_MOST_STOPS, description="tables, each under [[stops]]"),
]


class TourFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A tour through a lesson."""

    title: Text
    lesson: Name
    """A shipped lesson, or a file beside the tour."""
    stops: Stops


def tour_file(text: str | bytes, source: str) -> TourFile:
    """What the text of a tour holds; whether it fits its lesson is for `session.touring` to say.

    Raises: LessonFault when it holds none.
    """
    return parse_struct(TourFile, text, source)


@cache
def shipped_tour_text(name: str) -> str:
    """The text of a shipped tour."""
    path = os.path.join(os.path.dirname(__file__), "tours", f"{name}.toml")
    with open(path, encoding="utf-8") as file:
        return file.read()


def in_braces(text: str) -> list[str]:
    """The names that stand in braces."""
    return _IN_BRACES.findall(text)
