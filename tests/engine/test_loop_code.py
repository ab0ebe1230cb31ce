"""The source of the training loop: what it shares, and what it leaves out."""

from __future__ import annotations

import re

from tests.engine.setups import LECTURE
from tinynet_tui.engine.expressions import Name, add, apply, multiply
from tinynet_tui.engine.loop_code import (
    batches_source,
    one_sample_source,
    with_single_uses_put_in,
    with_terms_shared,
)
from tinynet_tui.networks.dense import Network, dense_model, dense_network


def test_terms_that_occur_twice_are_computed_once() -> None:
    """The error ŷ − y serves the loss and its derivative, βᵗ all parameters."""
    adam = dense_model(dense_network(LECTURE.model)._replace(optimizer="adam"))
    for source in (one_sample_source(adam), batches_source(adam, full_batch=True)):
        assert source.count("- y") == 1
        assert source.count("beta1 ** t") == source.count("beta2 ** t") == 1


def test_a_square_has_what_it_squares_twice() -> None:
    """Python has e * e for it, so that the error is computed before, once."""
    error = apply("subtract", Name("x1"), Name("y"))
    network = Network((1, 1), ("linear",))
    assert with_terms_shared([("L", apply("square", error))], dense_model(network)) == [
        ("_shared1", error),
        ("L", apply("square", Name("_shared1"))),
    ]


def test_terms_that_change_are_not_shared() -> None:
    """Between two uses of a parameter or of optimiser state it may have been assigned."""
    network = Network((1, 1), ("linear",), optimizer="momentum")
    velocity = multiply(Name("mu"), Name("v_w1"))
    fixed = multiply(Name("mu"), Name("eta"))
    lines = [("v_w1", add(velocity, fixed)), ("w1", add(velocity, fixed))]
    first, *rest = with_terms_shared(lines, dense_model(network))
    assert first == ("_shared1", fixed)
    assert rest == [(name, apply("add", velocity, Name("_shared1"))) for name, _ in lines]


def test_what_is_read_once_has_no_name_of_its_own() -> None:
    """As a person would write it: one line for each of what is used again, and for each parameter."""
    source = one_sample_source(LECTURE.model)
    names = re.findall(r"^ {8}(\w+) = ", source, re.MULTILINE)
    assert names == ["z1", "h1", "z2", "h2", "z3", "_shared1", "dL_dz3", "dL_dz1", "dL_dz2", "_recorded",
                     "w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3"]  # fmt: skip


def test_what_a_square_reads_is_read_twice() -> None:
    """Put in, it would be computed twice: Python has the argument of a square, and of a ReLU, there twice."""
    network = Network((1, 1), ("linear",))
    product = multiply(Name("x1"), Name("y"))
    for operation in ("square", "relu"):
        lines = [("a", product), ("recorded", apply(operation, Name("a")))]
        assert with_single_uses_put_in(lines, dense_model(network), kept={"recorded"}) == lines
    once = [("a", product), ("recorded", apply("negative", Name("a")))]
    assert with_single_uses_put_in(once, dense_model(network), kept={"recorded"}) == [
        ("recorded", apply("negative", product))
    ]


def test_what_may_have_changed_is_not_put_in() -> None:
    """A product of an old parameter keeps its name where it is read after the parameter was assigned."""
    network = Network((1, 1), ("linear",))
    old = multiply(Name("w1"), Name("x1"))
    early = [("a", old), ("b", add(Name("a"), Name("y"))), ("w1", Name("y")), ("b1", Name("b"))]
    late = [("a", old), ("w1", Name("y")), ("b1", add(Name("a"), Name("y")))]
    assert with_single_uses_put_in(early, dense_model(network), kept=set()) == [
        ("b", add(old, Name("y"))),
        ("w1", Name("y")),
        ("b1", Name("b")),
    ]
    assert with_single_uses_put_in(late, dense_model(network), kept=set()) == late


def test_what_nobody_reads_is_left_out() -> None:
    """Gradients of frozen biases, errors at the inputs, and local derivatives under names of their own."""
    frozen = dense_model(dense_network(LECTURE.model)._replace(train_biases=False))
    for source in (one_sample_source(frozen), batches_source(frozen, full_batch=False)):
        assert "dL_dz3 * h1" in source
        assert "dL_db" not in source
        assert "dz3_dw5" not in source
        assert "check" not in source
