"""How names are written for readers."""

from __future__ import annotations

import doctest

import pytest

from tinynet_tui.engine import names
from tinynet_tui.engine.names import identifier, latex, sample_mark, symbol


@pytest.mark.parametrize(
    ("name", "on_screen", "in_latex", "in_python"),
    [
        ("w5", "w₅", "w_{5}", "w5"),
        ("w12", "w₁₂", "w_{12}", "w12"),
        ("yhat", "ŷ", r"\hat{y}", "yhat"),
        ("yhat2", "ŷ₂", r"\hat{y}_{2}", "yhat2"),
        ("y", "y", "y", "y"),
        ("L", "L", "L", "L"),
        ("t", "t", "t", "t"),
        ("check", "check", r"\mathrm{check}", "check"),
        ("eta", "η", r"\eta", "eta"),
        ("mu", "μ", r"\mu", "mu"),
        ("beta1", "β₁", r"\beta_{1}", "beta1"),
        ("epsilon", "ε", r"\epsilon", "epsilon"),
        ("alpha", "α", r"\alpha", "alpha"),
        ("lambda", "λ", r"\lambda", "lambda_"),
        ("dL/dw5", "∂L/∂w₅", r"\frac{\partial L}{\partial w_{5}}", "dL_dw5"),
        ("dyhat/dz3", "∂ŷ/∂z₃", r"\frac{\partial \hat{y}}{\partial z_{3}}", "dyhat_dz3"),
        ("dL/dyhat1", "∂L/∂ŷ₁", r"\frac{\partial L}{\partial \hat{y}_{1}}", "dL_dyhat1"),
        ("m_w12", "m(w₁₂)", "m_{w_{12}}", "m_w12"),
        ("v_b1", "v(b₁)", "v_{b_{1}}", "v_b1"),
        ("w_q", "w_q", r"\mathrm{w\_q}", "w__q"),
        ("wq[1]", "wq₁", r"\mathrm{wq}_{1}", "wq_1"),
        ("x[2,1]", "x₂,₁", "x_{2,1}", "x_2_1"),
        ("m_x[2,1]", "m(x₂,₁)", "m_{x_{2,1}}", "m_x_2_1"),
        ("dL/dx[2,10]", "∂L/∂x₂,₁₀", r"\frac{\partial L}{\partial x_{2,10}}", "dL_dx_2_10"),
    ],
)
def test_names(name: str, on_screen: str, in_latex: str, in_python: str) -> None:
    """Signs, LaTeX and Python of each kind of quantity."""
    assert (symbol(name), latex(name), identifier(name)) == (on_screen, in_latex, in_python)
    assert identifier(name).isidentifier()


def test_samples() -> None:
    """The mark of a sample is raised and bracketed, as textbooks have it."""
    assert sample_mark(12) == "⁽¹²⁾"
    assert latex("L", 3) == "L^{(3)}"


def test_what_is_no_name() -> None:
    """A name that no quantity has is a fault that is said."""
    with pytest.raises(ValueError, match="not the name"):
        symbol("w_1.5")


def test_examples_in_the_documentation() -> None:
    """They give what they say."""
    result = doctest.testmod(names)
    assert result.attempted > 0
    assert result.failed == 0
