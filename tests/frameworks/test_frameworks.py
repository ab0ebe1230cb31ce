"""The scripts in the frameworks' own words: what the frameworks make of them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import product

import pytest

from tests.engine.setups import (
    ACTIVATIONS,
    LECTURE,
    LOSSES,
    OPTIMISER_NAMES,
    last_activation,
    rebuilt,
    setup_of,
)
from tests.engine.test_saturated import SEVERAL
from tests.frameworks.one_process import answers, installed, replies
from tests.goldens import assert_golden
from tests.session.random_lessons import NETWORKS
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.steps import state_names
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.frameworks.own_process import environment
from tinynet_tui.handouts import jax, keras, pytorch
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of as lesson_setup
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of

SCRIPTS = {"pytorch": pytorch.lines, "keras": keras.lines, "jax": jax.lines}
SHIPPED = {name: lesson_setup(shipped_lesson(name)) for name in NETWORKS}


def made(number: int, activation: str, loss: str, optimizer: str) -> Setup:
    """A 2-3-2 network; the number decides on the rest of what a lesson can say."""
    last = last_activation(loss, activation)
    network = Network(
        (2, 3, 2),
        (activation, last),
        loss,
        reduction="sum" if number % 2 else "mean",
        optimizer=optimizer,
        numbering="source" if number % 3 else "target",
        train_biases=number % 5 > 0,
        regularized=number % 7 > 1,
    )
    values = [0.31 * (-1) ** n * (1 + n % 5) / 2 for n in range(len(parameters_of(network)))]
    numbers = Hyperparameters(0.05, 0.1 if network.regularized else 0.0, of_rules=(("alpha", 0.2),))
    return setup_of(network, values, 1 + number % 4, hyperparameters=numbers, batch=1 + number % 3)


KINDS = [
    (*kinds, OPTIMISER_NAMES[n % len(OPTIMISER_NAMES)])
    for n, kinds in enumerate(product(ACTIVATIONS, LOSSES))
]
"""Every activation with every loss, one optimizer after another."""
MADE = [made(n, *kinds) for n, kinds in enumerate(KINDS)]
INSIDE = [
    lesson_setup(
        parse_lesson(
            lesson_text(shipped_lesson("lecture")).partition("[training]")[0]
            + f'[training]\nlearning_rate = 0.5\nloss = "squared_error"\noptimizer = "{optimizer}"\n'
            f"epsilon = 1e-3\nepsilon_inside = true\n{state}",
            "x",
        )
    )
    for optimizer, letter in (("rmsprop", "s"), ("adagrad", "s"), ("adam", "v"))
    for state in ("", f"state = {{ {letter} = {{ w1 = 0.5, b3 = 0.25 }} }}")
]
"""With epsilon inside the root, which is where some of the frameworks have it; also with a state."""


@pytest.mark.parametrize("name", ["PyTorch", "Keras", "JAX"])
def test_gradients_and_new_parameters_are_the_framework_s(name: str) -> None:
    """Of every shipped lesson, of every activation with every loss, of every optimizer, and of σ = 1."""
    setups = [*SHIPPED.values(), *MADE, *INSIDE, SEVERAL]
    for setup, answer in zip(setups, answers(installed(name), setups), strict=True):
        update = trace(setup, first_point(setup))
        names = list(setup.model.parameter_names)
        numbers = [update.program.number(f"dL/d{name}") for name in names]
        gradients = [update.value(number) for number in numbers if number is not None]
        assert gradients == pytest.approx(list(answer.gradients.values()), rel=1e-9, abs=1e-12), setup
        assert update.parameters_after == pytest.approx(
            list(answer.parameters.values()), rel=1e-9, abs=1e-12
        ), setup


@pytest.mark.parametrize(("name", "format"), [("PyTorch", "pytorch"), ("Keras", "keras"), ("JAX", "jax")])
def test_several_updates_end_where_training_ends(name: str, format: str) -> None:
    """Seven, over all batches, momentum and Adam's means included."""
    framework = installed(name)
    tasks: list[dict[str, object]] = []
    # JAX compiles each operation for each shape anew.
    setups = [*SHIPPED.values(), *(MADE[::4] if name == "JAX" else MADE)]
    for setup in setups:
        attributes = [
            framework.attribute(setup.model, p.name) for p in parameters_of(dense_network(setup.model))
        ]
        tasks.append({"script": "\n".join(SCRIPTS[format](setup, 7)), "wanted": attributes})
    for setup, reply in zip(setups, replies(tasks), strict=True):
        after = trained(setup, first_point(setup), 7).parameters
        assert json.loads(reply).get("values") == pytest.approx(list(after), rel=1e-8, abs=1e-11), (
            setup,
            reply,
        )


@pytest.mark.parametrize(("name", "format"), [("PyTorch", "pytorch"), ("Keras", "keras")])
def test_the_means_of_adam_are_where_they_are_said_to_be(name: str, format: str) -> None:
    """Of every weight and bias, after two updates."""
    framework = installed(name)
    setup = rebuilt(LECTURE, optimizer="adam")
    after = trace(setup, trained(setup, first_point(setup), 1))
    states = state_names(setup.model)
    attributes = [framework.attribute(setup.model, state) for state in states]
    (reply,) = replies([{"script": "\n".join(SCRIPTS[format](setup, 2)), "wanted": attributes}])
    numbers = [after.program.number(state) for state in states]
    values = [after.value(number) for number in numbers if number is not None]
    assert len(values) == 18
    assert json.loads(reply)["values"] == pytest.approx(values, rel=1e-9, abs=1e-15)


def printed_of_the_lecture(format: str) -> dict[str, object]:
    """What the script of an update of the lecture prints, by what stands before the =."""
    script = "\n".join(SCRIPTS[format](LECTURE, 1))
    done = subprocess.run(
        (sys.executable, "-c", script), capture_output=True, text=True, env=environment(), check=True
    )
    printed = (line.split(" = ") for line in done.stdout.splitlines())
    return {name: json.loads(value) for name, value in printed}


def test_what_pytorch_prints_of_the_lecture() -> None:
    """The gradients of the lecture's notebook, its parameters after the update, and the loss after it."""
    installed("PyTorch")
    assert printed_of_the_lecture("pytorch") == {
        "loss": 0.25,
        "layer1.weight.grad": [[1, 0], [1, 0]],
        "layer1.bias.grad": [1, 1],
        "layer2.weight.grad": [[1.5, 0.5]],
        "layer2.bias.grad": [1],
        "layer1.weight": [[0.99, 1], [0.49, -0.5]],
        "layer1.bias": [0.49, -0.01],
        "layer2.weight": [[0.985, 0.995]],
        "layer2.bias": [0.49],
        "loss after": pytest.approx(0.18096516),
    }


@pytest.mark.parametrize("train_biases", [True, False])
def test_weight_decay_of_pytorch_does_what_its_script_says(train_biases: bool) -> None:
    """The weights end as with L2 in the loss, the biases only if frozen; .grad is without L2."""
    installed("PyTorch")
    network = dense_network(LECTURE.model)._replace(train_biases=train_biases, regularized=True)
    setup = replace(LECTURE, model=dense_model(network), hyperparameters=Hyperparameters(l2=0.5))
    script = "\n".join(SCRIPTS["pytorch"](setup, 1))
    said = "this to the biases too" if train_biases else "the same"
    assert f"weight_decay would do {said}, unseen in .grad." in script
    decaying = script.replace(" + penalty", "").replace("lr=", "weight_decay=0.5, lr=")
    wanted = ["layer1.weight[0, 0]", "layer1.bias[0]", "layer1.weight.grad[0, 0]"]
    own, decayed = (
        json.loads(reply)["values"]
        for reply in replies({"script": text, "wanted": wanted} for text in (script, decaying))
    )
    assert own[0] == pytest.approx(decayed[0], rel=1e-12)
    # 0.01 · 0.5 · b1, and ∂L/∂w1 = 1 without L2.
    assert own[1] - decayed[1] == pytest.approx(0.0025 if train_biases else 0.0, rel=1e-9)
    assert (own[2], decayed[2]) == (1.5, 1.0)


def test_what_keras_prints_of_the_lecture() -> None:
    """The same numbers; a kernel is a weight matrix with its rows for columns."""
    installed("Keras")
    printed = printed_of_the_lecture("keras")
    assert {name.replace("sequential/", ""): value for name, value in printed.items()} == {
        "loss": 0.25,
        "gradient of layer1/kernel": [[1, 1], [0, 0]],
        "gradient of layer1/bias": [1, 1],
        "gradient of layer2/kernel": [[1.5], [0.5]],
        "gradient of layer2/bias": [1],
        "layer1/kernel": [[0.99, 0.49], [1, -0.5]],
        "layer1/bias": [0.49, -0.01],
        "layer2/kernel": [[0.985], [0.995]],
        "layer2/bias": [0.49],
        "loss after": pytest.approx(0.18096516),
    }


def test_what_jax_prints_of_the_lecture() -> None:
    """The same numbers, by layer from 0."""
    installed("JAX")
    assert printed_of_the_lecture("jax") == {
        "loss": 0.25,
        "gradient of weights[0]": [[1, 0], [1, 0]],
        "gradient of biases[0]": [1, 1],
        "gradient of weights[1]": [[1.5, 0.5]],
        "gradient of biases[1]": [1],
        "weights[0]": [[0.99, 1], [0.49, -0.5]],
        "biases[0]": [0.49, -0.01],
        "weights[1]": [[0.985, 0.995]],
        "biases[1]": [0.49],
        "loss after": pytest.approx(0.18096516),
    }


_EVERYTHING = replace(
    made(0, "leaky_relu", "binary_cross_entropy", "adam"),
    model=dense_model(
        Network(
            (2, 3, 2),
            ("leaky_relu", "sigmoid"),
            "binary_cross_entropy",
            "mean",
            "adam",
            train_biases=False,
            regularized=True,
        )
    ),
    hyperparameters=Hyperparameters(l2=0.1),
    inputs=((0.5, 1.0), (-0.25, 0.25), (-1.0, -0.5)),
    targets=((0.0, 0.25), (0.25, 0.5), (0.5, 0.75)),
    batch=2,
)


@pytest.mark.parametrize(
    ("name", "setup", "updates"),
    [("lecture", LECTURE, 1), ("mazur", SHIPPED["mazur"], 1), ("everything", _EVERYTHING, 4)],
)
@pytest.mark.parametrize("format", SCRIPTS)
def test_as_printed(format: str, name: str, setup: Setup, updates: int) -> None:
    """The lecture and Mazur's example; and L2, Adam, batches and biases that stay as they are."""
    text = "\n".join(SCRIPTS[format](setup, updates))
    assert_golden(f"handout-{format}-{name}.txt", f"{text}\n")


@pytest.mark.parametrize("format", SCRIPTS)
def test_scripts_are_python_in_ascii(format: str) -> None:
    """Whatever the lesson; they can be compiled where no framework is installed."""
    for setup in (*SHIPPED.values(), *MADE):
        text = "\n".join(SCRIPTS[format](setup, 2))
        assert text.isascii()
        compile(text, "<handout>", "exec")
