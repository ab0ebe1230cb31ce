"""The constructors of expressions: what has no effect is left out, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.engine.expression_reading import derivative, letters, substituted, value
from tinynet_tui.engine.expressions import (
    ONE,
    ZERO,
    Apply,
    Expr,
    Name,
    Number,
    add,
    apply,
    divide,
    multiply,
    names_in,
    negative,
    subtract,
)

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (add(), "0"),
        (add(A), "a"),
        (add(A, ZERO, B), "a + b"),
        (add(A, negative(B)), "a − b"),
        (subtract(A, ZERO), "a"),
        (subtract(ZERO, A), "−a"),
        (multiply(), "1"),
        (multiply(ONE, A), "a"),
        (multiply(A, ZERO, B), "0"),
        (multiply(Number(2.0), A, Number(0.5)), "a"),
        (multiply(Number(1e200), A, Number(1e200), Number(2.0)), "2e+200 · a · 1e+200"),
        (divide(ONE, ZERO), "1 / 0"),
        (multiply(A, Number(2.0)), "2 · a"),
        (multiply(negative(A), negative(B)), "a · b"),
        (multiply(A, negative(B)), "−a · b"),
        (multiply(A, Number(-3.0)), "−3 · a"),
        (multiply(A, multiply(B, C)), "a · b · c"),
        (multiply(A, negative(multiply(Number(2.0), B))), "−2 · a · b"),
        (multiply(A, divide(ONE, B)), "a / b"),
        (divide(A, ONE), "a"),
        (divide(ZERO, A), "0"),
        (divide(negative(A), B), "−a / b"),
        (divide(Number(-1.0), A), "−1 / a"),
        (negative(negative(A)), "a"),
        (negative(ZERO), "0"),
        (negative(Number(2.0)), "−2"),
    ],
)
def test_constructors(expression: Expr, text: str) -> None:
    """Zeros, ones and double signs go; constants stand in front."""
    assert letters(expression) == text


def test_substitution_replaces_whole_parts_and_goes_no_further() -> None:
    """The outermost part first, nothing within what was put in, and a name of its own sample alone."""
    inner, outer = apply("multiply", A, B), apply("add", apply("multiply", A, B), A, Name("a", 2))
    assert substituted(outer, {inner: C, A: negative(A), B: ONE}) == apply(
        "add", C, negative(A), Name("a", 2)
    )
    assert substituted(outer, {}) == outer
    assert substituted(apply("multiply", A, B), {B: ONE}) == apply("multiply", A, ONE)


def _expressions() -> st.SearchStrategy[Expr]:
    leaves: st.SearchStrategy[Expr] = st.sampled_from(
        (A, B, C, ZERO, ONE, Number(2.0), Number(-0.5), negative(A))
    )

    def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        return st.one_of(
            st.builds(add, inner, inner, inner),
            st.builds(subtract, inner, inner),
            st.builds(multiply, inner, inner, inner),
            st.builds(negative, inner),
            inner.map(lambda e: apply("square", e)),
            inner.map(lambda e: apply("tanh", e)),
            inner.map(lambda e: divide(e, add(apply("square", A), ONE))),
        )

    return st.recursive(leaves, grown, max_leaves=8)


VALUES = {A: 0.7, B: -1.3, C: 0.4}


@given(_expressions(), _expressions())
def test_constructors_keep_the_value(left: Expr, right: Expr) -> None:
    """What is left out changes nothing but rounding."""
    x, y = value(left, VALUES.__getitem__), value(right, VALUES.__getitem__)
    for built, expected in (
        (add(left, right), x + y),
        (subtract(left, right), x - y),
        (multiply(left, right), x * y),
        (negative(left), -x),
        (divide(left, Number(3.0)), x / 3.0),
    ):
        assert value(built, VALUES.__getitem__) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(_expressions(), _expressions())
def test_a_product_is_flat(left: Expr, right: Expr) -> None:
    """No product and no sign stands within it."""
    match multiply(left, right):
        case Apply("multiply", factors) | Apply("negative", (Apply("multiply", factors),)):
            assert not any(isinstance(f, Apply) and f.operation in ("multiply", "negative") for f in factors)


@given(_expressions())
def test_derivatives_of_whole_formulas(expression: Expr) -> None:
    """The chain rule through sums, products, quotients and functions, against a central difference."""
    for name in (A, B, C):
        h = 1e-6
        above = value(expression, {**VALUES, name: VALUES[name] + h}.__getitem__)
        below = value(expression, {**VALUES, name: VALUES[name] - h}.__getitem__)
        derived = value(derivative(expression, name.name), VALUES.__getitem__)
        scale = 1 + abs(above)
        assert derived == pytest.approx((above - below) / (2 * h), rel=1e-5, abs=1e-6 * scale)


def test_names_are_read_once() -> None:
    """In the order of reading; a name of another sample is another name."""
    expression = add(multiply(A, B), A, Name("a", 2))
    assert names_in(expression) == (A, B, Name("a", 2))
