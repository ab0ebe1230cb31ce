"""What others get of a record: CSV for a spreadsheet, statements, receipts that cannot be changed unseen."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json

import msgspec
import pytest

from tests.practice.test_record import answer
from tinynet_tui.practice.course import how_far, shipped_course
from tinynet_tui.practice.report import (
    ReceiptFault,
    course_lines,
    csv_lines,
    is_genuine,
    progress_lines,
    receipt_in,
    receipt_text,
    xapi_lines,
)
from tinynet_tui.prediction.kinds import KINDS

COURSE = shipped_course("update")
ANSWERS = (answer("sum"), answer("product", result="wrong", tries=2), answer("update", hints=1))


def test_csv_has_a_row_for_each_answer() -> None:
    """With the name, which may have commas."""
    lines = list(csv_lines("Lovelace, Ada", ANSWERS))
    assert lines[0].strip() == (
        "name,when,course,source,seed,practice,step,kind,right,result,tries,hints,mistake,seconds"
    )
    rows = list(csv.DictReader(lines))
    assert [(row["name"], row["kind"], row["right"], row["tries"]) for row in rows] == [
        ("Lovelace, Ada", "sum", "1", "1"),
        ("Lovelace, Ada", "product", "0", "2"),
        ("Lovelace, Ada", "update", "1", "1"),
    ]
    assert rows[0]["when"] == "1970-01-01T00:00:00+00:00"


def test_statements_have_what_xapi_asks_for() -> None:
    """Actor, verb and object, each with its identifier; a duration as ISO 8601 writes it."""
    [first, second, third] = map(json.loads, xapi_lines("Ada", ANSWERS))
    assert first["actor"]["account"]["name"] == "Ada"
    assert first["verb"]["id"] == "http://adlnet.gov/expapi/verbs/answered"
    assert first["object"]["id"] == "urn:tinynet-tui:relu:1:z1"
    assert first["object"]["definition"]["description"]["en"] == KINDS["sum"].about
    assert first["timestamp"] == "1970-01-01T00:00:00+00:00"
    own = "urn:tinynet-tui"
    assert first["result"] == {
        "success": True, "completion": True, "duration": "PT3.0S",
        "extensions": {f"{own}:kind": "sum", f"{own}:tries": 1, f"{own}:hints": 0, f"{own}:mistake": ""},
    }  # fmt: skip
    assert second["result"]["success"] is False
    assert second["result"]["extensions"][f"{own}:tries"] == 2
    assert third["result"]["extensions"][f"{own}:hints"] == 1


def test_a_statement_never_has_what_xapi_does_not_take() -> None:
    """A duration is without an exponent (ISO 8601), however long; a time that is none is left out."""
    long = msgspec.structs.replace(answer(), seconds=1_234_567.8, when=float("inf"), mistake="Its sign.")
    [said] = map(json.loads, xapi_lines("Ada", [long]))
    assert said["result"]["duration"] == "PT1234567.8S"
    assert "timestamp" not in said
    assert said["result"]["extensions"]["urn:tinynet-tui:mistake"] == "Its sign."


def test_a_receipt_is_genuine_with_its_code_alone() -> None:
    """Its digest is HMAC-SHA256 of the text without it, as anybody can work out."""
    text = receipt_text("Ada", COURSE, 7, ANSWERS, "SPRING")
    receipt = receipt_in(text.encode())
    assert is_genuine(receipt, "SPRING")
    assert not is_genuine(receipt, "AUTUMN")
    told = text.replace(receipt.digest, "")
    assert hmac.new(b"SPRING", told.encode(), hashlib.sha256).hexdigest() == receipt.digest
    forged = text.replace('"wrong"', '"right"')
    assert forged != text
    assert not is_genuine(receipt_in(forged.encode()), "SPRING")


def test_a_receipt_says_how_far_the_course_is() -> None:
    """Two right answers to its first part, of which it asks for more; an earlier receipt says nothing."""
    counted = [msgspec.structs.replace(answer("sum"), source=COURSE.goals[0].source)] * 2
    receipt = receipt_in(receipt_text("Ada", COURSE, 7, counted, "SPRING").encode())
    asked = sum(goal.right for goal in COURSE.goals)
    assert isinstance(receipt.parts, tuple)
    assert how_far(receipt.parts) == f"2 of {asked} right, 0 of {len(COURSE.goals)} parts done"
    earlier = '{"receipt":1,"name":"Ada","course":"update","seed":7,"answers":[],"digest":"%s"}'
    digest = hmac.new(b"SPRING", (earlier % "").encode(), hashlib.sha256).hexdigest()
    old = receipt_in((earlier % digest).encode())
    assert is_genuine(old, "SPRING")
    assert old.parts is msgspec.UNSET


def test_how_far_a_course_is_is_told_part_by_part() -> None:
    """Its answers alone count: those of another course do not."""
    first = COURSE.goals[0]
    counted = [msgspec.structs.replace(answer(first.kinds[0]), source=first.source)] * first.right
    other = [msgspec.structs.replace(row, course="attention") for row in counted]
    whole, part, *_ = course_lines(COURSE, counted)
    assert f"{first.right} of " in whole
    assert whole.endswith(f"1 of {len(COURSE.goals)} parts done.")
    assert part == f"  {first.title}: {first.right} of {first.right} right"
    assert next(course_lines(COURSE, other)).endswith(f"0 of {len(COURSE.goals)} parts done.")


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"receipt":2}'])
def test_what_is_no_receipt_is_said(text: bytes) -> None:
    """In one line."""
    with pytest.raises(ReceiptFault, match="is no receipt"):
        receipt_in(text)


def test_a_receipt_of_a_newer_version_is_said() -> None:
    """It is not taken for a forged one."""
    text = receipt_text("Ada", COURSE, 7, ANSWERS, "SPRING").replace('"receipt":1', '"receipt":2')
    with pytest.raises(ReceiptFault, match="newer version"):
        receipt_in(text.encode())


def test_progress_says_when_a_kind_comes_back() -> None:
    """A line for each kind."""
    lines = list(progress_lines([answer("sum", when=0.0)] * 3, 10.0))
    assert lines[0].split("  ")[0] == "sum"
    assert lines[0].endswith("3 of 3 right at once, mastered, comes back 1970-01-02")
    assert lines[1].endswith("not tried yet")
    assert list(progress_lines([], 0.0)) == ["Nothing has been practised yet."]
