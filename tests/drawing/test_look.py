"""How drawings write numbers, in Unicode and in ASCII."""

from __future__ import annotations

from tinynet_tui.drawing.look import Look
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.teaching.numbers import CELL


def test_what_is_not_known_is_no_operation_in_ascii() -> None:
    """A product of values that are not known yet is no row of stars."""
    look = Look(ascii=True)
    signs = {look.say(operation.forms.plain.template).strip() for operation in OPERATIONS.values()}
    assert look.number(None, CELL).strip() not in signs


def test_a_value_that_is_not_known_keeps_its_cell() -> None:
    """So that nothing jumps when it comes."""
    for look in (Look(), Look(ascii=True)):
        assert len(look.number(None, CELL)) == len(look.number(0.5, CELL)) == CELL
