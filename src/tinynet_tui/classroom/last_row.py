"""The last row of a screen in a class: where one is in it, and the keys for that."""

from __future__ import annotations

from typing import NamedTuple

from tinynet_tui.classroom.class_question import label_at, question_at, right_at
from tinynet_tui.classroom.message_contents import ClassNow
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.rounds import Asking
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.signs import cut, narrow
from tinynet_tui.session.commands import STEPS_ALONE, key_of
from tinynet_tui.session.keys import Keys


class Hint(NamedTuple):
    """A key and what it does; left out for whoever has no key for it."""

    command: str
    does: tuple[str, ...]
    """In fewer words each time; "" is none."""


Part = str | tuple[str, ...] | Hint
"""Words, or wordings of them, the longest first: each where the one before has no room; "" is none.

Keys are not in them, but their places: see `Keys.filled`.
"""
Parts = tuple[Part, ...]
"""What the row says, the most important first; what has no room is left out from the end."""
_LEAVES = f"{key_of('quit')} leaves"
_ASKS_FOR_HELP = Hint("hand", ("asks for help", "help"))
_KEYS_OF_LEADER: Parts = (
    Hint("join-line", ("how to join", "to join")),
    Hint("gather", ("gathers",)),
    Hint("lend", ("lends, keeps", "lends")),
)
_ALONE = "other numbers: alone, without talking", *("other numbers: alone",) * 2, "alone"
"""What whoever answers alone is told."""
_PRECISION = (
    *("round to 2 digits or more, 1 after the point", "2 digits or more, 1 after the point"),
    *("2 digits or more", ""),
)
"""How far an answer may be rounded, as `judged` has it."""
SAID_FOR = 4.0
"""Seconds for which it says something else in place of the class."""


def leading(room: Room, now: float, aside: str = "") -> Parts:
    """What the screen says that the class sees: numbers, and of names the one of whoever has the lead; aside:
    what they do that is not shown.
    """
    if room.asks is not None:
        return *asked_of_all(room, room.asks), *_hands_and_kept(room, now)
    return (
        *led(room),
        *((f"{room.lent_to} {aside}",) if room.lent_to is not None and aside else ()),
        *_taking_back(room),
        *counts(room, now),
        *(("recorded",) if room.record else ()),
        *(_KEYS_OF_LEADER if room.lent_to is None else ()),
        f"{key_of('help')} keys",
    )


def led(room: Room) -> Parts:
    """Who leads, on the screen that the class sees."""
    return (f"leading {room.name}" if room.lent_to is None else f"{room.lent_to} leads {room.name}",)


def counts(room: Room, now: float) -> Parts:
    """How many are here, ask for help and are kept with the class."""
    return f"{room.count} here", *_hands_and_kept(room, now)


def _hands_and_kept(room: Room, now: float) -> Parts:
    raised = len(room.hands())
    hands = (f"{raised} {'hand' if raised == 1 else 'hands'} up",) if raised else ()
    count, seconds = room.pinned(now)
    return *hands, *((f"{'all' if count == room.count else count} kept {_time(seconds)}",) if count else ())


def _taking_back(room: Room) -> Parts:
    """The key that ends a loan, while the lead is lent."""
    return (Hint("lend", ("takes the lead back", "takes it back")),) if room.lent_to is not None else ()


def asked_of_all(room: Room, asking: Asking) -> Parts:
    """What the screen that the class sees says of a question: how many have answered, and then how."""
    lent = (f"{room.lent_to} leads",) if room.lent_to is not None else ()
    if asking.stage == "revealed":
        return (*lent, *revealed(asking), f"{key_of('ask')} goes on", *_taking_back(room))
    label = f"{label_at(asking.round.place)} ?"  # the whole formula leaves no room for the rest
    answered = f"{asking.round.answered} of {room.asked_count} have answered"
    return (
        (label, label, "") if lent else label,
        *lent,
        answered,
        f"{key_of('ask')} closes" if asking.stage == "open" else f"closed: {key_of('ask')} goes on",
        *_taking_back(room),
    )


def revealed(asking: Asking) -> Parts:
    """How the rounds went, the first beside the others, without names."""
    counts = [f"{one.right} of {one.answered}" for one in asking.rounds]
    names = ["alone" if one.alone else f"round {number}" for number, one in enumerate(asking.rounds, start=1)]
    first, *others = (f"{name}: {count} right" for name, count in zip(names, counts, strict=True))
    begins = ("alone " if one.alone else "then " for one in asking.rounds[1:])
    later = "".join(f", {begin}{count}" for begin, count in zip(begins, counts[1:], strict=True))
    shares = (
        f"{'alone ' if one.alone else ''}{count}" for one, count in zip(asking.rounds, counts, strict=True)
    )
    shorter = f"{counts[0]} right{later}"  # no fractions: one would look like the right answer
    return (first, shorter, f"{', '.join(shares)} right"), *((other, "") for other in others)


def _shortened_late(words: str, shorter: str, times: int) -> Part:
    """A part that keeps its words for the first `times` wordings of the row, and then is shorter."""
    return (*(words,) * times, shorter)


def _time(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _kept(pinned: int) -> Parts:
    """For how many seconds somebody is still kept with the class; nothing for whoever is not."""
    time = _time(pinned)
    return (_shortened_late(f"kept with the class for {time}", f"kept {time}", times=3),) if pinned else ()


def _hand(is_up: bool) -> Parts:
    """That one's hand is up, and the key that takes it down; nothing where it is not."""
    up = f"your hand is up: {key_of('hand')}"
    return ((f"{up} takes it down", up),) if is_up else ()


def answering(
    asking: Asking,
    name: str,
    typed: str,
    complaint: str,
    pinned: int,
    lent_to: str | None = None,
    hand_is_up: bool = False,
    has_arrived: bool = True,
) -> Parts:
    """What the screen of whoever is asked says.

    pinned: for how many seconds they are kept with the class; lent_to: who leads, if the lead is lent;
    has_arrived: whether what they have said last has left their machine.
    """
    hand = _hand(hand_is_up)
    kept = (*((f"{lent_to} leads",) if lent_to is not None else ()), *_kept(pinned))
    answer = asking.round.answer_of(name)
    given = None if answer is None else answer.text
    if asking.stage == "revealed":
        own = _own_result(asking, name)
        return (own, *revealed(asking), *kept, *hand, _LEAVES, *(() if pinned else (STEPS_ALONE,)))
    said = "no answer of yours" if given is None else f"you said {given}" if given else "you have answered"
    label = label_at(asking.round.place)
    if asking.stage == "closed":
        before, when, _ = _said_last(asking, name)
        return (
            f"{label} ?" if kept else question_at(asking.round.place),  # which leaves no room for the rest
            *kept,
            f"you said {before}{when}" if before else said,
            "closed",
            *hand,
            _LEAVES,
            *(() if pinned else (STEPS_ALONE,)),
            *(() if hand else (_ASKS_FOR_HELP,)),
        )
    if name in asking.round.seen_by:
        taken = f"{said} is taken" if given is None else said
        return f"{label} ?", "you have gone past it, and seen the answer", taken, *kept, *hand, _LEAVES
    sends: Part = "Enter sends it"
    if given is not None:
        sends = (*(f"{said}: type to change it",) * (1 if kept else 3), said)
    if given is not None and not has_arrived:
        sends = f"{said}: it has not arrived yet"
    return (
        f"your answer: {label} {typed}_",
        complaint or sends,
        *kept,
        *((_PRECISION,) if given is None and not (complaint or asking.round.alone) else ()),
        _ALONE if asking.round.alone else ("asked of all", ""),
        *hand,
        "Ctrl+C leaves",
        *(() if hand else (Hint("hand", ("asks for help", "help", "")),)),
    )


def _said_last(asking: Asking, name: str) -> tuple[str, str, bool]:
    """What somebody answered last with the numbers that are asked for: (the answer, "" if there is none; the
    round, if that was an earlier one; whether it was right).
    """
    last = asking.round
    for number, one in reversed([*enumerate(asking.rounds, start=1)]):
        answer = one.answer_of(name)
        if one.alone == last.alone and answer is not None and answer.text:
            return answer.text, "" if one is last else f" in round {number}", answer.result == "right"
    return "", "", False


def _own_result(asking: Asking, name: str) -> Part:
    """What somebody has answered to a question that is over, if they have, and what is right."""
    right, (said, when, is_right) = right_at(asking.round.place), _said_last(asking, name)
    if not said:
        return f"{label_at(asking.round.place)} {right}"
    result = "right" if is_right else f"wrong, it is {right}"
    return _shortened_late(f"you said {said}{when}: {result}", f"you said {said}: {result}", times=3)


def following(room: Room, name: str, now: float, aside: str) -> Parts:
    """What the screen of whoever watches says; aside: what the leader does that it does not show."""
    person = room.person(name)
    hand = _hand(room.is_hand_up(name))
    has_tried = person is not None and person.has_tried
    kept = _kept(room.seconds_pinned(name, now))
    steps = () if kept else (STEPS_ALONE,)
    if room.teacher_is_away:
        return (
            f"{room.teacher} is not there",
            *kept,
            _shortened_late(f"{room.name} goes on when they are back", f"{room.name} waits", times=2),
            *steps,
            _LEAVES,
        )
    return (
        f"following {room.leader}",
        *kept,
        *([f"{room.leader} {aside}"] if aside else []),
        *hand,
        _shortened_late(f"{room.count} here", "", times=2),
        *steps,
        *(() if hand else (_ASKS_FOR_HELP,)),
        *((Hint("tried", ("what you tried", "tried")),) if has_tried and not kept else ()),
        _LEAVES,
    )


def without_class(teacher: str, waits: bool, is_over: bool) -> Parts:
    """What the screen of whoever steps by themselves says while the leader is gone.

    waits: whether they follow again as soon as that can be, and are where the class was last; is_over:
    whether the leader has ended the class.
    """
    if is_over:
        here = "where the class was" if waits else "by yourself"
        return here, "the class is over", _LEAVES
    if waits:
        return (
            "where the class was",
            f"{teacher} is not there",
            "it goes on when they are back",
            _LEAVES,
        )
    follows = f"{key_of('follow')} follows"
    return "by yourself", f"{teacher} is not there", (f"{follows} when they are back", follows)


def looking_up(room: Room, pinned: int, hand_is_up: bool = False) -> Parts:
    """What the screen of whoever watches says while something of their own covers it."""
    following = f"{room.teacher} is not there" if room.teacher_is_away else f"following {room.leader}"
    return "Esc goes back", following, *_kept(pinned), *_hand(hand_is_up), f"{room.count} here"


def by_oneself(now: ClassNow, update: int, step: int, steps: int, differs: str = "") -> Parts:
    """How far the class is from an update and a step of it.

    steps: how many one update has; differs: why no steps can be counted, in words, if they cannot.
    """
    if now.leads:
        return "you lead the class", f"{now.here} here", f"{key_of('follow')} gives the lead back"
    ahead = (now.update - update) * (steps + 1) + now.step - step  # an update begins at a step 0 of its own
    if now.is_away:
        where = f"{now.leader} is not there"
    elif now.asks:
        where = f"{now.leader} asks the class"
    elif differs:
        where = differs
    elif ahead == 0:
        where = f"{now.leader} is here too"
    else:
        count = f"{abs(ahead):,} {'step' if abs(ahead) == 1 else 'steps'}"
        where = f"{now.leader} is {count} {'ahead' if ahead > 0 else 'behind'}"
    hand = ("takes your hand down", "hand down") if now.hand else ("asks for help", "help")
    return "by yourself", where, *_kept(now.pinned), f"{key_of('follow')} follows", Hint("hand", hand)


def on_own_page(now: ClassNow, is_typing: bool) -> Parts:
    """What the end of the row says of the class on a page of whoever steps by themselves.

    is_typing: whether signs are text there, so that the page is to be left first.
    """
    if now.leads:
        return ("you lead the class",)
    key = key_of("follow")
    follows = (f"Esc, then {key} follows", f"Esc, then {key}") if is_typing else (f"{key} follows",)
    hand = ("your hand is up", "hand up") if now.hand else "by yourself"
    if now.asks:
        asks = _shortened_late(f"{now.leader} asks the class", "you are asked", 2)
        return asks, follows, *((("your hand is up", ""),) if now.hand else ())
    return hand, follows


def fitting(parts: Parts, width: int, look: Look) -> str:
    """As many parts as a row has cells for, in fewer words where that is few: all are shortened together, one
    wording further each time, and only then are parts left out.
    """
    keys = Keys(look.own_keys)
    worded = [wordings for part in parts if (wordings := _wordings(part, keys))]
    for length in range(max(map(len, worded))):
        said = [wordings[min(length, len(wordings) - 1)] for wordings in worded]
        shown = [look.say(look.named(keys.filled(words))) for words in said if words]
        line = f" {look.apart.join(shown)}"
        if len(line) < width:
            return narrow(line)
    while len(shown) > 1 and len(f" {look.apart.join(shown)}") >= width:
        shown.pop()
    return narrow(cut(f" {look.apart.join(shown)}", width))


def _wordings(part: Part, keys: Keys) -> tuple[str, ...]:
    """The wordings of a part, the longest first; none of a hint that the reader has no key for."""
    if isinstance(part, Hint):
        key = keys.first(part.command)
        return tuple(words and f"{key} {words}" for words in part.does) if key else ()
    return (part,) if isinstance(part, str) else part


def with_last_row(picture: Picture, parts: Parts, look: Look) -> Picture:
    """A picture with words in place of its last row."""
    if not picture.height:
        return picture
    canvas = look.canvas(picture.width, 1)
    canvas.text(0, 0, look.named(fitting(parts, picture.width, look)), "note")
    bottom = picture.height - 1
    marks = tuple(mark for mark in picture.marks if not mark.covers(mark.x, bottom))
    return picture._replace(rows=(*picture.rows[:-1], *canvas.picture().rows), marks=marks)
