"""The source of the training loop: what it shares, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace

from tests.engine.setups import LECTURE
from tinynet_tui.engine.expressions import Name, add, apply, multiply
from tinynet_tui.engine.loop_code import _shared, batches_source, one_sample_source
from tinynet_tui.engine.network import Network


def test_terms_that_occur_twice_are_computed_once() -> None:
    """The error ŷ − y serves the loss and its derivative, βᵗ all parameters."""
    adam = replace(LECTURE.network, optimizer="adam")
    for source in (one_sample_source(adam), batches_source(adam, full_batch=True)):
        assert source.count("yhat - y") == 1
        assert source.count("beta1 ** t") == source.count("beta2 ** t") == 1


def test_terms_that_change_are_not_shared() -> None:
    """Between two uses of a parameter or of optimizer state it may have been assigned."""
    network = Network((1, 1), ("linear",), optimizer="momentum")
    velocity = multiply(Name("mu"), Name("v_w1"))
    fixed = multiply(Name("mu"), Name("eta"))
    lines = [("v_w1", add(velocity, fixed)), ("w1", add(velocity, fixed))]
    first, *rest = _shared(lines, network)
    assert first == ("shared1", fixed)
    assert rest == [(name, apply("add", velocity, Name("shared1"))) for name, _ in lines]


def test_what_nobody_reads_is_left_out() -> None:
    """Gradients of frozen biases, errors at the inputs, and local derivatives under names of their own."""
    frozen = replace(LECTURE.network, train_biases=False)
    for source in (one_sample_source(frozen), batches_source(frozen, full_batch=False)):
        assert "dL_dw5 = " in source
        assert "dL_db" not in source
        assert "dz3_dw5" not in source
        assert "check" not in source
