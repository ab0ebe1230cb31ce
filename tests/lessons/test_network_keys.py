"""What a network's lesson can say beyond shapes and numbers: published cases, and the faults of each key."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tinynet_tui.cli import main
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import evaluation, first_point, trained
from tinynet_tui.lessons.reading import LessonFault, open_lesson, parse_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.writing import lesson_text, write_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import lesson_now, moment

SOFTMAX = """
[network]
layers = [2, 2, 3]
activations = ["relu", "softmax"]
weights = [[[0.18, 0.1], [0.04, 0.22]], [[0.19, -0.02], [-0.1, -0.01], [0.1, 0.04]]]
bias = false
[data]
inputs = [[16, -6]]
classes = [3]
[training]
learning_rate = 0.1
loss = "cross_entropy"
"""
LINEAR = """
[network]
layers = [2, 1]
activations = ["linear"]
weights = [[[-5, -2]]]
bias = false
[data]
inputs = [[0.4472135954999579, 0], [0, 2]]
targets = [[0], [0]]
[training]
loss = "half_squared_error"
reduction = "sum"
"""
NETWORK = """
[network]
layers = [2, 2, 1]
activations = ["tanh", "linear"]
weights = [[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]]
biases = [[0, 0], [0]]
[data]
inputs = [[1, 0]]
targets = [[1]]
[training]
learning_rate = 0.1
loss = "squared_error"
"""


def setup(text: str) -> Setup:
    """The start of a lesson's training."""
    return setup_of(parse_lesson(text, "x"))


def first_update(text: str) -> Trace:
    """The first update of a lesson."""
    whole = setup(text)
    return trace(whole, first_point(whole))


def values(update: Trace) -> dict[str, float]:
    """What its steps give, by name."""
    return {step.name: update.value(number) for number, step in enumerate(update.program.steps(), start=1)}


def faults(text: str) -> tuple[str, ...]:
    """What is said of a lesson that cannot be used."""
    with pytest.raises(LessonFault) as raised:
        parse_lesson(text, "x")
    return raised.value.lines


def test_softmax_of_three_classes() -> None:
    """A published 2-2-3 network on (16, −6), class 3: its sums, probabilities, loss and gradients."""
    found = values(first_update(SOFTMAX))
    expected = {
        "z3": 0.4332, "z4": -0.228, "z5": 0.228,
        "yhat1": 0.4290527237144287, "yhat2": 0.2214905246525316, "yhat3": 0.34945675163303985,
        "L": 1.0513754685043635, "dL/dz3": 0.42905272371442865, "dL/dz5": -0.6505432483669601,
        "dL/dw5": 0.9782402100688973, "dL/dw9": -1.483238606276669, "dL/dz1": -0.005683359796207722,
        "dL/dw1": -0.09093375673932355, "dL/dw2": 0.03410015877724633,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-12)
    assert not any(name.startswith(("b", "dL/db")) for name in found)


def test_the_steps_of_a_softmax() -> None:
    """Two inputs and three classes: eleven steps forward, the shift with them, and forty back."""
    text = (
        SOFTMAX.replace("[2, 2, 3]", "[2, 3]")
        .replace('"relu", ', "")
        .replace("bias = false", "biases = [[0, 0, 0]]")
    )
    start_, end = text.index("weights"), text.index("biases")
    update = first_update(text[:start_] + "weights = [[[1, 2], [0.5, -1], [-1, 1]]]\n" + text[end:])
    names = [step.name for step in update.program.steps()]
    assert names[:11] == ["z1", "z2", "z3", "m", "e1", "e2", "e3", "S", "yhat1", "yhat2", "yhat3"]
    phases = [step.phase for step in update.program.steps()]
    assert (phases.count("forward"), phases.count("backward")) == (11, 40)
    assert not any("/dm" in name or name.startswith("dm") for name in names)


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0, 1e6])
def test_large_sums_of_a_softmax(shift: float) -> None:
    """What is added to all sums changes nothing: ln(e^a + e^b) by hand for sums that differ by 2."""
    text = (
        SOFTMAX.replace("[2, 2, 3]", "[1, 2]")
        .replace('"relu", ', "")
        .replace("classes = [3]", "classes = [2]")
    )
    begin, end = text.index("weights"), text.index("bias =")
    text = text[:begin] + f"weights = [[[{shift + 2}], [{shift}]]]\n" + text[end:]
    found = values(first_update(text.replace("[[16, -6]]", "[[1]]")))
    assert found["L"] == pytest.approx(math.log(1 + math.exp(2)), rel=1e-9)
    assert found["dL/dz1"] == pytest.approx(1 / (1 + math.exp(-2)), rel=1e-9)


def test_six_weights_without_a_bias() -> None:
    """A published exercise: 2-2-1, f(z) = z, ½ squared error, rate 0.05; b stands nowhere."""
    text = NETWORK.replace('"tanh"', '"linear"').replace("biases = [[0, 0], [0]]", "bias = false")
    text = text.replace(
        "[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]", "[[0.11, 0.21], [0.12, 0.08]], [[0.14, 0.15]]"
    )
    text = (
        text.replace("[[1, 0]]", "[[2, 3]]")
        .replace("rate = 0.1", "rate = 0.05")
        .replace('"squared', '"half_squared')
    )
    update = first_update(text)
    assert update.parameters_after == pytest.approx(
        (0.121326, 0.226989, 0.132135, 0.0982025, 0.1743825, 0.169416), rel=1e-12
    )
    assert update.loss_after == pytest.approx(0.2769571713929189, rel=1e-12)
    assert not any("b" in update.formula(number) for number in range(1, len(update.program) + 1))


def test_cross_entropy_without_a_bias() -> None:
    """A published 2-2-1 sigmoid network on (1, 0), target 1."""
    text = NETWORK.replace('"tanh", "linear"', '"sigmoid", "sigmoid"').replace(
        "biases = [[0, 0], [0]]", "bias = false"
    )
    found = values(first_update(text.replace("squared_error", "binary_cross_entropy")))
    assert found["dL/dz3"] == pytest.approx(-0.35270843000538216, rel=1e-12)
    gradients = [found[f"dL/dw{number}"] for number in range(1, 7)]
    expected = [-0.043978515808697, 0.0, -0.0517335043909256, 0.0, -0.18516458500119812, -0.2026107182329806]
    assert gradients == pytest.approx(expected, rel=1e-12)


RMSPROP = [
    (-4.051321445330402, -1.0513167760653603), (-3.435197540710314, -0.5915234259160704),
    (-2.9589369293489804, -0.3294394049981622), (-2.5654628900149317, -0.1775648185723561),
    (-2.2292055237751307, -0.09163256127358103),
]  # fmt: skip
AVERAGE = [
    (-4.7, 0.3999999999999999), (-4.268, 1.12), (-3.79592, 0.136), (-3.3321248, -0.5192),
    (-2.900299712, -0.22376),
]  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('learning_rate = 0.3\noptimizer = "rmsprop"\nepsilon = 1e-6\nepsilon_inside = true', RMSPROP),
        ('learning_rate = 0.6\noptimizer = "momentum"\nmomentum = 0.5\nmomentum_form = "average"', AVERAGE),
    ],
)
def test_published_paths_of_optimizers(keys: str, expected: list[tuple[float, float]]) -> None:
    """0.1 w₁² + 2 w₂² from (−5, −2), five updates."""
    whole = setup(f"{LINEAR}{keys}\n")
    point = first_point(whole)
    for after in expected:
        point = trained(whole, point, 1)
        assert point.parameters == pytest.approx(after, rel=1e-12, abs=1e-15)


def test_one_parameter_alone_is_trained() -> None:
    """A published 1-2-1 softplus network: b₃ by three updates, all else as it was."""
    text = NETWORK.replace("[2, 2, 1]", "[1, 2, 1]").replace('"tanh"', '"softplus"')
    text = text.replace("[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]", "[[3.34], [-3.53]], [[-1.22, -2.30]]")
    text = text.replace("[[0, 0], [0]]", '[[-1.43, 0.57], [0]]\ntrained = ["b3"]')
    text = text.replace("[[1, 0]]", "[[0], [0.5], [1]]").replace("[[1]]", "[[0], [1], [0]]")
    whole = setup(text + 'reduction = "sum"\n')
    point = first_point(whole)
    for b3, loss in (
        (0, 20.423597677589214),
        (1.565510838057775, 3.267828389054717),
        (2.191715173280885, 0.5229053028891979),
    ):
        assert point.parameters[-1] == pytest.approx(b3, rel=1e-12)
        assert evaluation(whole, point.parameters).loss == pytest.approx(loss, rel=1e-12)
        point = trained(whole, point, 1)
    assert point.parameters[:-1] == whole.parameters[:-1]


def test_a_state_goes_on_where_training_was() -> None:
    """Two updates of Adam at once, and the second alone with what the first left."""
    text = NETWORK.replace("[training]\n", '[training]\noptimizer = "adam"\n')
    whole = setup(text)
    one = trained(whole, first_point(whole), 1)
    names = whole.model.parameter_names
    m, v = ({name: one.state[2 * n + k] for n, name in enumerate(names)} for k in (0, 1))
    tables = (
        f"{{ {', '.join(f'{name} = {value!r}' for name, value in state.items())} }}" for state in (m, v)
    )
    lists = "state = {{ m = {}, v = {}, t = 1 }}\n".format(*tables)
    later = setup_of(lesson_at(parse_lesson(text + lists, "x"), one.parameters))
    assert trained(later, first_point(later), 1).parameters == pytest.approx(
        trained(whole, one, 1).parameters, rel=1e-14
    )


def lesson_at(lesson: Lesson, parameters: tuple[float, ...]) -> Lesson:
    """A lesson with other weights and biases."""
    from msgspec.structs import replace

    w1, w2, w3, w4, w5, w6, b1, b2, b3 = parameters
    network = replace(lesson.network, weights=(((w1, w2), (w3, w4)), ((w5, w6),)), biases=((b1, b2), (b3,)))
    return replace(lesson, network=network)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"linear"]', '"softmax"]', "training.loss: must be cross_entropy with softmax, not squared_error"),
        ('"tanh"', '"softmax"', "network.activations[0]: softmax must be the last activation"),
        (
            'biases = [[0, 0], [0]]',
            'bias = [false, true]\nbiases = [[0], [0]]',
            'network.biases[0]: must have 0',
        ),
        (
            'biases = [[0, 0], [0]]',
            'biases = [[0, 0], [0]]\nbias = false',
            'network.biases: does nothing with bias = false',
        ),
        (
            'biases = [[0, 0], [0]]',
            'bias = false\ntrain_biases = true',
            'network.train_biases: does nothing without',
        ),
        ("[data]", 'frozen = ["w7"]\n[data]', 'network.frozen[0]: no parameter is called "w7"'),
        (
            '[data]',
            'frozen = ["w1"]\ntrained = ["w2"]\n[data]',
            'network.frozen: must not be given with trained',
        ),
        (
            "[data]",
            'frozen = ["w1", "w1"]\n[data]',
            "network.frozen[1]: w1 is there twice; must be there once",
        ),
        ("[data]", "trained = []\n[data]", "network.trained: must leave a parameter to train"),
        ("targets = [[1]]", "classes = [1]", "data.classes: must be targets for one output"),
        (
            '[training]',
            '[training]\nmomentum_form = "sum"',
            'training.momentum_form: does nothing without',
        ),
        (
            '[training]',
            '[training]\nl2_biases = true',
            'training.l2_biases: does nothing without l2 above 0',
        ),
        ("[training]", "[training]\nhuber_delta = 2", "training.huber_delta: does nothing without loss"),
        (
            '[training]',
            '[training]\noptimizer = "momentum"\nstate = { m = { w1 = 1 } }',
            'training.state.m: does nothing with',
        ),
        (
            '[training]',
            '[training]\noptimizer = "momentum"\nstate = { v = { w9 = 1 } }',
            'training.state.v.w9: no parameter',
        ),
        (
            '[training]',
            '[training]\noptimizer = "rmsprop"\nstate = { s = { w1 = -1 } }',
            'training.state.s.w1: must be 0 or above: it is made of squares',
        ),
        ('[training]', '[training]\noptimizer = "momentum"\nstate = { v = { w1 = -1 } }', ""),
        ('[training]', '[training]\noptimizer = "adam"\nstate = { m = { w1 = -1 } }', ""),
        ('"squared_error"', '"hinge"', ""),
        ("[training]", "[training]\nbatch = 257", "training.batch: must be 256 at most, not 257"),
        (
            'targets = [[1]]',
            'file = "points.csv"\ntargets = [[1]]',
            'data.file: must not be given with inputs',
        ),
    ],
)  # fmt: skip
def test_faults_of_keys(old: str, new: str, fault: str) -> None:
    """One clear line each; hinge takes the target 1 as it is, and what is no square may be below 0."""
    text = NETWORK.replace(old, new)
    if not fault:
        assert parse_lesson(text, "x")
        return
    assert any(line.startswith(f"x: {fault}") for line in faults(text)), faults(text)


@pytest.mark.parametrize(
    ("network", "training", "fault"),
    [
        ("bias = false", "l2 = 1\nl2_biases = true", "training.l2_biases: does nothing with bias = false; "),
        ('biases = [[0, 0], [0]]\nfrozen = ["w1"]', 'optimizer = "adam"\nstate = { m = { w2 = 1, w1 = 1 } }',
         "training.state.m.w1: does nothing, as w1 is frozen; "),
        ('biases = [[0, 0], [0]]\ntrained = ["w1"]', 'optimizer = "adam"\nstate = { v = { w1 = 1, b3 = 1 } }',
         "training.state.v.b3: does nothing, as b3 is frozen; "),
        ("biases = [[0, 0], [0]]\ntrain_biases = false", 'optimizer = "momentum"\nstate = { v = { b1 = 1 } }',
         "training.state.v.b1: does nothing, as b1 is frozen; "),
    ],
)  # fmt: skip
def test_a_number_of_what_is_not_trained_does_nothing(network: str, training: str, fault: str) -> None:
    """What is remembered of a frozen parameter, and L2 on biases that there are not; at its place."""
    text = NETWORK.replace("biases = [[0, 0], [0]]", network).replace("[training]", f"[training]\n{training}")
    assert faults(text) == (f"x: {fault}leave this out",)


@pytest.mark.parametrize("biases", ["[]", "[[], []]", "[[0, 0], [0]]"])
def test_biases_where_no_layer_has_any_have_one_fault(biases: str) -> None:
    """Not also that there must be more of them, or fewer."""
    text = NETWORK.replace("biases = [[0, 0], [0]]", f"biases = {biases}\nbias = false")
    assert faults(text) == ("x: network.biases: does nothing with bias = false; leave this out",)


def test_numpy_s_order_of_weights_is_told() -> None:
    """Two rows of three for 2-3-2."""
    text = (
        NETWORK.replace("[2, 2, 1]", "[2, 3, 2]")
        .replace("[[1]]", "[[1, 0]]")
        .replace("[[0, 0], [0]]", "[[0, 0, 0], [0, 0]]")
    )
    text = text.replace(
        "[[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]]", "[[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4], [5, 6]]"
    )
    (line,) = faults(text)
    assert 'weights_layout = "inputs_by_neurons" turns it' in line


def test_samples_from_a_file(tmp_path: Path) -> None:
    """By name, in any order; then by position; more than 256 need a batch, and are kept whole."""
    lesson = tmp_path / "l.toml"
    lesson.write_text(NETWORK.replace("inputs = [[1, 0]]\ntargets = [[1]]", 'file = "d.csv"'))
    (tmp_path / "d.csv").write_text("id,y,x2,x1\n1,3,2,1\n\n2,6,5,4\n")
    data = open_lesson(str(lesson)).data
    assert (data.inputs, data.targets) == (((1.0, 2.0), (4.0, 5.0)), ((3.0,), (6.0,)))
    (tmp_path / "d.csv").write_text("a;b;c\n" + "1;2;3\n" * 300)
    with pytest.raises(LessonFault, match=r"training\.batch: must be .* such as batch = 32"):
        open_lesson(str(lesson))
    lesson.write_text(lesson.read_text() + "batch = 32\n")
    opened = open_lesson(str(lesson))
    assert len(opened.data.inputs) == 300
    kept = parse_lesson(lesson_text(opened), "x", is_kept=True)
    assert setup_of(kept) == setup_of(opened)
    write_lesson(opened, tmp_path / "saved.toml")
    assert setup_of(open_lesson(str(tmp_path / "saved.toml"))) == setup_of(opened)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1,2,3\n", "line 1: must be a header row"),
        ("x1,x2,y\n1,2\n", "line 2: must have 3 columns"),
        ("x1,x2,y\n1,a,3\n", 'line 2, column x2: must be a finite number, not "a"'),
        ("x1;x2;y\n1;0,5;3\n", "decimals are written with a point"),
        ("x1,x2\n1,2\n", "line 1: must have a column y beside x1, x2"),
        ("x1,x2,y\n", "has no samples"),
        ("", "is empty"),
        ("a,b\n1,2\n", "line 1: must have 3 columns, 2 inputs and the target, not 2"),
        ("x1,x2,y\n1,2,nan\n", "must be a finite number"),
        (",".join(f"c{n}" for n in range(150_000)) + "\n1\n", "line 1: must have 3 columns, 2 inputs and"),
    ],
)
def test_faults_of_a_file(tmp_path: Path, text: str, fault: str) -> None:
    """At their line and column, under the lesson's name."""
    lesson = tmp_path / "l.toml"
    lesson.write_text(NETWORK.replace("inputs = [[1, 0]]\ntargets = [[1]]", 'file = "d.csv"'))
    (tmp_path / "d.csv").write_text(text)
    with pytest.raises(LessonFault) as raised:
        open_lesson(str(lesson))
    assert all(line.startswith(f"{lesson}: data.file: d.csv: ") for line in raised.value.lines)
    assert fault in raised.value.lines[0]


@pytest.mark.parametrize("name", ["../d.csv", "/etc/passwd", "a/b.csv", ".."])
def test_only_a_file_beside_the_lesson_is_read(tmp_path: Path, name: str) -> None:
    """And none at all where there is no folder."""
    text = NETWORK.replace("inputs = [[1, 0]]\ntargets = [[1]]", f'file = "{name}"')
    (tmp_path / "l.toml").write_text(text)
    with pytest.raises(LessonFault, match="beside the lesson"):
        open_lesson(str(tmp_path / "l.toml"))
    assert faults(text) == ("x: data.file: no file is read here; must be inputs and targets",)


def test_what_is_saved_keeps_classes_and_has_no_bias() -> None:
    """Read back, it trains as it did."""
    session = start(parse_lesson(SOFTMAX, "x"))
    saved = lesson_now(moment(session))
    assert (saved.data.classes, saved.data.targets, saved.network.biases) == ((3,), (), None)
    assert setup_of(parse_lesson(lesson_text(saved), "x")) == setup_of(session.lesson)


def test_expectations_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0: as expected; 1: not; 2: no lesson."""
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(SOFTMAX + '[[expect]]\nstep = "dL/dw5"\nvalue = 0.9782\n')
    bad.write_text(SOFTMAX + '[[expect]]\nstep = "dL/dw5"\nvalue = 0.98\n[[expect]]\nstep = "L"\nvalue = 2\n')
    assert main(["lessons", "--check", str(good)]) == 0
    assert "as expected at 1 step" in capsys.readouterr().out
    assert main(["lessons", "--check", str(good), str(bad)]) == 1
    assert "expect[1]: L in update 1 is 1.0513754685043635, expected 2" in capsys.readouterr().out
    bad.write_text("[network]\n")
    assert main(["lessons", "--check", str(bad)]) == 2
