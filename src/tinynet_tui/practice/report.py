"""A record for others: lines of text, CSV, statements as xAPI has them, a receipt that can be verified."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from tinynet_tui.handouts.records import csv_line
from tinynet_tui.practice.course import Course, Parts, how_far, parts
from tinynet_tui.practice.record import PracticeAnswer, standings
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.session.saved_session import DAMAGED

_COLUMNS = (
    *("name", "when", "course", "source", "seed", "practice", "step", "kind", "right"),
    *("result", "tries", "hints", "mistake", "seconds"),
)
"""By which others read the CSV, whatever a record keeps in which order."""
BY_KIND = ("By kind of step", "in all courses and lessons:")
"""The head of `progress_lines`, in the two columns of a list."""


def progress_lines(answers: Sequence[PracticeAnswer], now: float) -> Iterator[str]:
    """How far a person is with each kind of step, and when it comes back."""
    if not answers:
        yield "Nothing has been practised yet."
        return
    width = max(map(len, KINDS))
    for kind, each in standings(answers).items():
        right = sum(answer.kind == kind and answer.is_unaided for answer in answers)
        due = "due now" if each.due <= now else f"comes back {_day(each.due)}"
        state = f"mastered, {due}" if each.level else f"{each.in_a_row} in a row"
        tried = f"{right} of {each.answered} right at once, {state}" if each.answered else "not tried yet"
        yield f"{kind:{width}}  {tried}"


def course_lines(course: Course, answers: Sequence[PracticeAnswer]) -> Iterator[str]:
    """How far a person is with a course, and with each of its parts."""
    found = parts(course, answers)
    yield f"{course.title}: {how_far(found)}."
    for goal, (count, right) in zip(course.goals, found, strict=True):
        yield f"  {goal.title}: {count} of {right} right"


def csv_lines(name: str, answers: Sequence[PracticeAnswer]) -> Iterator[str]:
    """A row for each answer, under a head."""
    yield csv_line(_COLUMNS)
    for answer in answers:
        row = msgspec.structs.asdict(answer)
        row |= {"name": name, "when": _time(answer.when), "right": int(answer.is_right)}
        yield csv_line([row[column] for column in _COLUMNS])


_ACTIVITY = "urn:tinynet-tui"


def xapi_lines(name: str, answers: Sequence[PracticeAnswer]) -> Iterator[str]:
    """A statement for each answer, in the shape of xAPI 1.0.3, as JSON Lines."""
    for answer in answers:
        yield msgspec.json.encode(_statement(name, answer)).decode()


def _statement(name: str, answer: PracticeAnswer) -> Mapping[str, object]:
    when = _time(answer.when)
    return {
        "actor": {
            "objectType": "Agent",
            "name": name or "anonymous",
            "account": {"homePage": _ACTIVITY, "name": name or "anonymous"},
        },
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}},
        "object": {
            "objectType": "Activity",
            "id": f"{_ACTIVITY}:{answer.source}:{answer.seed}:{answer.step}",
            "definition": {
                "name": {"en": answer.step},
                "description": {"en": KINDS[answer.kind].about},
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            },
        },
        "result": {
            "success": answer.is_right,
            "completion": True,
            "duration": f"PT{answer.seconds:.1f}S",
            "extensions": {
                f"{_ACTIVITY}:kind": answer.kind,
                f"{_ACTIVITY}:tries": answer.tries,
                f"{_ACTIVITY}:hints": answer.hints,
                f"{_ACTIVITY}:mistake": answer.mistake,
            },
        },
        "context": {"extensions": {f"{_ACTIVITY}:course": answer.course}},
        **({"timestamp": when} if when else {}),
    }


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a learner hands in: how far a course is, the answers, a digest that only the class code gives."""

    receipt: int
    """The version of the format: 1."""
    name: str
    course: str
    seed: int
    answers: tuple[PracticeAnswer, ...]
    parts: Parts | msgspec.UnsetType = msgspec.UNSET
    """How far the course is; earlier receipts did not say."""
    digest: str = ""
    """HMAC-SHA256 of all that stands before it, in hexadecimal digits."""


class ReceiptFault(Exception):
    """A text that is no receipt; says why, in one line."""


_VERSION = 1


def receipt_text(name: str, course: Course, seed: int, answers: Sequence[PracticeAnswer], code: str) -> str:
    """A receipt of a course, as one line of JSON."""
    own = Receipt(_VERSION, name, course.name, seed, tuple(answers), parts(course, answers))
    return msgspec.json.encode(msgspec.structs.replace(own, digest=_digest(own, code))).decode()


def receipt_in(text: bytes) -> Receipt:
    """The receipt in a text. Raises: ReceiptFault when it holds none."""
    try:
        found = msgspec.json.decode(text, type=Receipt)
    except DAMAGED:
        raise ReceiptFault("is no receipt; `tinynet-tui practise --receipt` prints one") from None
    if found.receipt != _VERSION:
        raise ReceiptFault("is a receipt of a newer version")
    return found


def is_genuine(receipt: Receipt, code: str) -> bool:
    """Whether nothing in a receipt was changed since it was made with a class code."""
    return hmac.compare_digest(_digest(receipt, code).encode(), receipt.digest.encode())


def _digest(receipt: Receipt, code: str) -> str:
    told = msgspec.json.encode(msgspec.structs.replace(receipt, digest=""))
    return hmac.new(code.encode(), told, hashlib.sha256).hexdigest()


def _time(when: float) -> str:
    try:
        return datetime.fromtimestamp(when, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""  # of a clock that was wrong


def _day(when: float) -> str:
    return _time(when).partition("T")[0]
