"""The chain rule for programs that are no dense networks: several paths, shared parameters, no inputs."""

from __future__ import annotations

import pytest

from tests.engine.programs import PROGRAMS, Numbers, block, program, softmax, squared_error, times
from tinynet_tui.engine.chain_rule import Derivative, backward
from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.forward import Forward, Subject


def loss_of(forward: Forward, given: Numbers) -> float:
    """The loss, every assignment computed in turn."""
    return computed(forward, given)["L"]


def computed(forward: Forward, given: Numbers) -> dict[str, float]:
    """The numbers of a forward pass, the loss as L."""
    known = dict(given)
    for line in forward.assignments:
        known[line.name] = value(line.expression, lambda name: known[name.name])
    known["L"] = value(forward.loss, lambda name: known[name.name])
    return known


def gradients(forward: Forward, given: Numbers) -> dict[str, float]:
    """The numbers of a backward pass, each step from those before it alone."""
    known = computed(forward, given)
    for step in backward(forward):
        known[step.name] = value(step.expression, lambda name: known[name.name])
    return known


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients_are_differences_of_the_loss(name: str) -> None:
    """Of every parameter, by a difference of fourth order."""
    forward, given = PROGRAMS[name]
    found, h = gradients(forward, given), 1e-3

    def moved(parameter: str, by: float) -> float:
        return loss_of(forward, {**given, parameter: given[parameter] + by})

    for p in (found.name for found in forward.parameters):
        near, far = moved(p, h) - moved(p, -h), moved(p, 2 * h) - moved(p, -2 * h)
        assert found[f"dL/d{p}"] == pytest.approx((8 * near - far) / (12 * h), rel=1e-9, abs=1e-10), p


@pytest.mark.parametrize(
    ("name", "forward_steps", "backward_steps"),
    [("softmax", 10, 40), ("recurrent", 7, 28), ("attention", 15, 51), ("plain function", 0, 2)],
)
def test_how_many_steps(name: str, forward_steps: int, backward_steps: int) -> None:
    """A step for each assignment; back, one for each reader of a name, and one for each sum."""
    forward, _ = PROGRAMS[name]
    assert len(forward.assignments) == forward_steps
    assert len(list(backward(forward))) == backward_steps


def test_a_shared_parameter_has_one_gradient_after_all_that_it_needs() -> None:
    """The recurrent weight is read three times: three local derivatives, then their sum, at the first z."""
    steps = list(backward(PROGRAMS["recurrent"][0]))
    names = [step.name for step in steps]
    assert [name for name in names if name.endswith("/dw")] == ["dz1/dw", "dz2/dw", "dz3/dw", "dL/dw"]
    assert names.index("dL/dz1") < names.index("dz1/dw")
    # v belongs to the output alone, and comes first.
    assert names[:3] == ["dL/dyhat", "dyhat/dv", "dL/dv"]


def test_softmax_has_its_published_gradients() -> None:
    """The scores of a worked example, with the loss and the shares as a program apart from this one has them.

    That program has softmax and −ln of the share as they are defined; ŷ − y at each z is the known result for
    softmax with cross-entropy (Bishop 2006, eq. 4.109).
    """
    forward, _ = softmax()
    # Scores as they come out of the hidden layer: only the biases carry them here.
    scores = {"b1": 0.4332, "b2": -0.228, "b3": 0.228}
    given = {
        **{f"w{n}": 0.0 for n in range(1, 7)},
        **scores,
        "x1": 0.0,
        "x2": 0.0,
        "y1": 0.0,
        "y2": 0.0,
        "y3": 1.0,
    }
    found = gradients(forward, given)
    assert found["L"] == pytest.approx(1.0513754685043635, rel=1e-12)
    shares = [0.4290527237144287, 0.2214905246525316, 0.34945675163303985]
    assert [found[f"yhat{k}"] for k in (1, 2, 3)] == pytest.approx(shares, rel=1e-12)
    wanted = [0.42905272371442865, 0.22149052465253158, -0.6505432483669601]
    assert [found[f"dL/dz{k}"] for k in (1, 2, 3)] == pytest.approx(wanted, rel=1e-12)


def test_a_parameter_that_both_a_block_and_the_loss_read() -> None:
    """Its gradient has the loss's own derivative beside the path through the block: L = w · (w · x)."""
    forward, given = program([[block(z=times("w", "x"))]], times("w", "z"), {"w": 3.0}, {"x": 2.0})
    assert [(step.name, step.role) for step in backward(forward)] == [
        ("dL/dz", "gradient"),
        ("dz/dw", "local"),
        ("dL/dw", "gradient"),
    ]
    assert gradients(forward, given)["dL/dw"] == 12.0  # d(2w²)/dw


def test_what_nothing_reads_has_the_gradient_0() -> None:
    """A quantity may be there to be seen alone."""
    blocks = [[block(seen=times("w", "x"), yhat=times("w", "x"))]]
    forward, given = program(blocks, squared_error(), {"w": 3.0}, {"x": 2.0, "y": 5.0})
    found = gradients(forward, given)
    assert (found["dL/dseen"], found["dL/dw"]) == (0.0, 4.0)


def test_roles() -> None:
    """∂u/∂v is local, ∂L/∂v a gradient, and both are about v."""
    local, gradient = list(backward(PROGRAMS["recurrent"][0]))[1:3]
    assert isinstance(local, Derivative)
    assert (local.role, gradient.role) == ("local", "gradient")
    assert local.of == gradient.of == Subject("parameter", name="v")
