"""What the people of a class say to each other through an MQTT broker: JSON, complete in each message.

The teacher publishes `place`, and lessons and other long texts once under their hash; each follower publishes
all that is to be known of them as their one word.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple, TypeVar

import msgspec

from tinynet_tui.classroom.followed_page import PageNews
from tinynet_tui.classroom.recorded_place import LARGEST, lesson_hash, session_at
from tinynet_tui.classroom.rounds import Stage
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.session.saved_session import DAMAGED
from tinynet_tui.session.session import Session

T = TypeVar("T")

VERSION = 1
MOST_IN_PLACE = 600
"""Bytes of what is published at each step; what is longer is published once, apart."""
LONGEST_PLACE, LONGEST_TEXT = 4_096, 2 * LIMITS.file_bytes
"""Bytes of a place, and of a text that is published apart, which are taken."""
LONGEST_WORD = 4_096
"""Bytes of a word of whoever does not lead."""
LONGEST_LED = LARGEST + LONGEST_TEXT
"""Bytes of a word of whoever leads for a while: a place, and a lesson of any size."""


class ContentFault(ValueError):
    """A message that cannot be used; says why, in one line."""


class Topics(NamedTuple):
    """The topics of a room."""

    room: str

    @property
    def place(self) -> str:
        """Where the teacher says where the class is."""
        return f"tinynet/{self.room}/place"

    def text(self, name: str = "+") -> str:
        """Where a text stands, by its hash; + for all."""
        return f"tinynet/{self.room}/lesson/{name}"

    def word(self, who: str = "+") -> str:
        """Where a follower speaks; + for all."""
        return f"tinynet/{self.room}/word/{who}"


class RoundNews(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a round of a question goes."""

    answered: int = 0
    right: int = 0
    alone: bool = False
    results: dict[str, int] = {}
    """How many answers showed what, once they are shown: see `Answer.result`."""


class QuestionNews(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the class is asked."""

    number: int
    """Of the questions since the class began, from 1."""
    stage: Stage
    rounds: tuple[RoundNews, ...]
    place: msgspec.Raw = msgspec.Raw(b"")
    """Where it is asked, if the class is not there now."""
    first: msgspec.Raw = msgspec.Raw(b"")
    """Where it was asked first, if that is elsewhere."""

    def places(self, here: msgspec.Raw) -> tuple[msgspec.Raw, msgspec.Raw]:
        """(where it is asked, where it was asked first), for a class that is somewhere now."""
        place = self.place if bytes(self.place) else here
        return place, self.first if bytes(self.first) else place


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What may be long in a place."""

    place: msgspec.Raw
    """As it is recorded."""
    question: QuestionNews | None = None
    pinned: dict[str, float] = {}
    """Until when followers are kept, by their keys; "" stands for all."""
    aside: str = ""
    """What the leader does that is not shown, in words after their name."""
    page: PageNews | None = None
    """The page of experiments, while it covers the step."""
    shows_answers: bool = False
    """Whether the answers to the question cover it."""


class Loan(msgspec.Struct, frozen=True):
    """Who leads in the teacher's place."""

    number: int
    """Of the times that the lead was lent."""
    key: str
    """Of a follower at the broker; "" for one on the teacher's machine."""
    name: str


class PlaceNews(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="is", tag="place"):
    """Where the class is, and all else that followers show of it."""

    version: int
    began: int
    """When this leader began: a later one takes the place of an earlier one."""
    number: int
    """Of the messages since then."""
    teacher: str
    here: int = 0
    """How many follow."""
    gathered: int = 0
    """How often everyone was gathered."""
    called: int = 0
    """How often the leader was cut off: what was said meanwhile they have not heard."""
    loan: Loan | None = None
    clock: float = 0.0
    """Seconds of the clock by which it is said until when somebody is kept."""
    details: Details | None = None
    apart: str = ""
    """The hash under which the details are published, where they are not here."""


class Goodbye(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="is", tag="end"):
    """The end of the class, or of the one connection that it names."""

    version: int
    words: str
    key: str = ""
    """Of whom it is the end; "" for all."""


class Reply(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="is", tag="reply"):
    """What the leader says to one follower; all can read it, so it has no name and no answer."""

    version: int
    key: str
    """Of the follower."""
    number: int = 1
    """Of those who wish for the same name, from 1."""
    question: tuple[int, int] | None = None
    """(the number of a question, its round from 0) of which the rest is said."""
    answered: bool = False
    """Whether an answer of theirs counts there."""
    seen: bool = False
    """Whether they have seen what is right, so that none is taken any more."""
    late: bool = False
    """Whether what they have answered last is not taken."""


class FollowerNews(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that a follower has to say, whenever something of it changes."""

    version: int
    number: int
    """Of the words since they connected: an earlier one that comes late is passed over."""
    name: str = ""
    at: str | None = None
    """Where they are when by themselves: "2.18"."""
    hand: bool = False
    is_too_small: bool = False
    answer: tuple[int, int, str] | None = None
    """(the number of the question, its round from 0, what was typed)."""
    seen: tuple[int, int] | None = None
    """(the number of the question, its round from 0) if they have seen what is right."""
    practised: dict[str, tuple[int, int]] = {}
    """By kind of step, how many of their answers in practice were right at once, and how many there are."""
    gave_back: int = 0
    """The number of the last loan that they have given back."""
    place: msgspec.Raw = msgspec.Raw(b"")
    """Where they lead the class, as it is recorded."""
    aside: str = ""
    """What they do while they lead that is not shown, in words after their name."""
    page: PageNews | None = None
    """The page of experiments that they look at there."""
    lesson: str = ""
    """The lesson there, where the class has not had it."""
    asks: bool = False
    """Whether it is no follower, but somebody who wants to hear whether there is a leader."""


class _Version(msgspec.Struct):
    version: int


def key_of_follower(who: str) -> str:
    """By which others may know a follower; who they are stays between them, the broker and the teacher."""
    return sha256(who.encode()).hexdigest()[:12]


def read_place(content: bytes) -> PlaceNews | Goodbye | Reply:
    """What the teacher has published.

    Raises: ContentFault when it is damaged, too long, or of a newer version.
    """
    _check(content, LONGEST_PLACE)
    return _decoded(content, PlaceNews | Goodbye | Reply)  # type: ignore[arg-type, no-any-return]


def read_details(content: bytes) -> Details:
    """The details of a place that were published apart.

    Raises: ContentFault when they are damaged.
    """
    return _decoded(content, Details)


def read_word(content: bytes, leads: bool) -> FollowerNews:
    """What a follower has said; leads: whether they lead for a while.

    Raises: ContentFault when it is damaged, too long, or of a newer version.
    """
    _check(content, LONGEST_LED if leads else LONGEST_WORD)
    return _decoded(content, FollowerNews)


def text_at(topic: str, content: bytes) -> tuple[str, str]:
    """(the hash, the text) of what was published apart.

    Raises: ContentFault when it is too long, or is not what its topic says.
    """
    name = topic.rpartition("/")[2]
    if len(content) > LONGEST_TEXT:
        raise ContentFault(f"a lesson of more than {LONGEST_TEXT:,} bytes")
    text = content.decode("utf-8", "replace")
    if lesson_hash(text) != name:
        raise ContentFault("a lesson that is not the one it says it is")
    return name, text


def session_of(place: msgspec.Raw, texts: Mapping[str, str]) -> Session:
    """The session at a place.

    Raises: PlaceFault when there is none.
    """
    return session_at(bytes(place), texts)


def _check(content: bytes, longest: int) -> None:
    if len(content) > longest:
        raise ContentFault(f"a message of more than {longest:,} bytes")
    version = _decoded(content, _Version).version
    if version != VERSION:
        raise ContentFault(f"it is of version {version}, and this program of {VERSION}")


def _decoded(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except DAMAGED:
        raise ContentFault("a message that is damaged or unknown") from None
