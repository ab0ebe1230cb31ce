"""Programs of formulas against judges of their own: differences of Python's own evaluation, and PyTorch."""

from __future__ import annotations

import json
import re
from array import array
from math import inf, nan
from random import Random

import pytest

from tests.examples import many
from tests.frameworks.one_process import answers, installed, replies
from tests.goldens import assert_golden
from tests.handouts.test_python import assert_agrees
from tests.networks.own_names import TRAININGS, setup_with
from tests.networks.random_programs import Program, loss_of, random_program
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.steps import sample_steps
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.handouts import formula_scripts
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.lessons.writing import lesson_text

PROGRAMS = [random_program(seed) for seed in many(200)]
_APART = 1e-5


def gradients(setup: Setup) -> dict[str, float]:
    """Ours, by parameter."""
    update = trace(setup, first_point(setup))
    return {name: update.gradient(name) for name in setup.model.parameter_names}


@pytest.mark.parametrize("seed", range(len(PROGRAMS)))
def test_loss_and_gradients_are_those_of_differences(seed: int) -> None:
    """Shared parameters, several paths, every function, and names that printed code has for its own."""
    program = PROGRAMS[seed]
    setup = setup_of(program.lesson())
    assert trace(setup, first_point(setup)).loss_before == pytest.approx(loss_of(program, {}), rel=1e-12)
    start = dict(zip(setup.model.parameter_names, setup.parameters, strict=True))
    for name, gradient in gradients(setup).items():
        up, down = (loss_of(program, {name: start[name] + by}) for by in (_APART, -_APART))
        assert gradient == pytest.approx((up - down) / (2 * _APART), rel=1e-5, abs=1e-6), name


@pytest.mark.parametrize("seed", range(0, len(PROGRAMS), 10))
@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum"])
def test_the_loop_does_what_the_steps_do(seed: int, optimizer: str) -> None:
    """To the last bit, whatever the quantities are called; and so does the script in Python."""
    lesson = PROGRAMS[seed].lesson(f'learning_rate = 0.001\noptimizer = "{optimizer}"')
    setup = setup_of(lesson)
    point = first_point(setup)
    for _ in range(3):
        point = point._replace(update=point.update, parameters=point.parameters)
        stepped = trace(setup, point).parameters_after
        point = trained(setup, point, 1)
        assert point.parameters == stepped
    assert_agrees(setup, 2)


def test_gradients_are_those_of_pytorch() -> None:
    """In double precision, of every program."""
    framework = installed("PyTorch")
    setups = [setup_of(program.lesson()) for program in PROGRAMS]
    for program, setup, answer in zip(PROGRAMS, setups, answers(framework, setups), strict=True):
        assert gradients(setup) == pytest.approx(answer.gradients, rel=1e-9, abs=1e-11), program


OF_FRAMEWORKS = {"PyTorch": formula_scripts.pytorch_lines, "JAX": formula_scripts.jax_lines}
SEVERAL = [
    setup_of(lesson)
    for lesson in (
        *(shipped_lesson(name) for name in ("recurrent", "attention", "valley")),
        *(
            PROGRAMS[number].lesson(f"learning_rate = 0.01\n{more}")
            for number, more in enumerate(
                (
                    'optimizer = "momentum"',
                    'optimizer = "adam"\nl2 = 0.25',
                    'optimizer = "rmsprop"',
                    'optimizer = "adamw"\nl1 = 0.125',
                )
            )
        ),
        parse_lesson(
            '[program]\nforward = "yhat = sample*w + t"\nloss = "(yhat - y)^2"\n'
            'frozen = ["t"]\n[program.parameters]\nw = 3\nt = 0.5\n'
            '[data]\ncolumns = ["sample", "y"]\nrows = [[2, 1], [-1, 0.5], [0.5, 0]]\n'
            "[training]\nlearning_rate = 0.01\nbatch = 2\n",
            "x.toml",
        ),
    )
]
"""Shared parameters, no samples at all, optimisers with memory, penalties, frozen parameters, two batches."""
SEVERAL += [
    setup_with(first, training, second)
    for first, second in (("p", "g"), ("i", "v"), ("m", "s"))
    for training in TRAININGS
]
"""Parameters that are called as scripts call things of their own, in every way to train."""


@pytest.mark.parametrize("name", OF_FRAMEWORKS)
def test_several_updates_in_a_framework_end_where_training_ends(name: str) -> None:
    """Five, by the script that is printed."""
    framework = installed(name)
    tasks: list[dict[str, object]] = [
        {
            "script": "\n".join(OF_FRAMEWORKS[name](setup, 5)),
            "wanted": [framework.attribute(setup.model, own) for own in setup.model.parameter_names],
        }
        for setup in SEVERAL
    ]
    for setup, reply in zip(SEVERAL, replies(tasks), strict=True):
        after = trained(setup, first_point(setup), 5).parameters
        assert json.loads(reply).get("values") == pytest.approx(list(after), rel=1e-9, abs=1e-12), reply


@pytest.mark.parametrize("name", OF_FRAMEWORKS)
@pytest.mark.parametrize("updates", [1, 3])
def test_scripts_of_formulas_are_python(name: str, updates: int) -> None:
    """They can be compiled where no framework is installed, and have no line of a single sign."""
    for setup in (*SEVERAL, *map(setup_of, (program.lesson() for program in PROGRAMS[:20]))):
        lines = list(OF_FRAMEWORKS[name](setup, updates))
        assert all(line.isascii() for line in lines[1:])
        assert all(len(line.strip()) > 1 or line.strip() in ("", "]", ")") for line in lines)
        compile("\n".join(lines), "<handout>", "exec")


def test_jax_s_script_of_an_attention_head_as_printed() -> None:
    """The formulas by level, under the names that the lesson gives them."""
    setup = setup_of(shipped_lesson("attention"))
    text = "\n".join(formula_scripts.jax_lines(setup, 1))
    assert_golden("handout-jax-attention.txt", f"{text}\n")


@pytest.mark.parametrize("name", ["python", "pytorch", "jax"])
def test_headings_of_a_script_keep_their_letters(name: str) -> None:
    """Or have them written out, where only ASCII can be shown."""
    request = Request(lesson("# Größe und λ\nyhat = w*x"), 1)
    assert "# Größe und λ" in "\n".join(FORMATS[name].lines(request, None)).replace("Forward: ", "")
    in_ascii = "\n".join(FORMATS[name].lines(request, to_ascii))
    assert in_ascii.isascii()
    assert "# Grosse und lambda" in in_ascii.replace("Forward: ", "")


def lesson(forward: str, loss: str = "(yhat - y)^2", parameters: str = "w = 0.5") -> Lesson:
    """A lesson of some formulas with data of x and y."""
    return parse_lesson(
        f'[program]\nforward = """\n{forward}\n"""\nloss = "{loss}"\n[program.parameters]\n{parameters}\n'
        '[data]\ncolumns = ["x", "y"]\nrows = [[2, 1]]\n[training]\nlearning_rate = 0.1\n',
        "x.toml",
    )


def test_one_weight_without_bias() -> None:
    """The case of an exercise sheet: ŷ = x · w, seven steps, ∂L/∂w = 20, w becomes 2.8."""
    text = """
[program]
forward = "yhat = x*w"
loss = "(yhat - y)^2"
[program.parameters]
w = 3
[data]
columns = ["x", "y"]
rows = [[2, 1]]
[training]
learning_rate = 0.01
"""
    setup = setup_of(parse_lesson(text, "x.toml"))
    update = trace(setup, first_point(setup))
    steps = {step.name: update.value(number) for number, step in enumerate(update.program.steps(), start=1)}
    assert len(update.program) == 7
    wanted = {"yhat": 6, "L": 25, "dL/dyhat": 10, "dyhat/dw": 2, "dL/dw": 20, "w": 2.8}
    assert {name: steps[name] for name in wanted} == pytest.approx(wanted)


def test_dropout_with_a_given_mask() -> None:
    """Inverted dropout at ½: what is kept counts double, forwards and backwards (published numbers)."""
    text = """
[program]
forward = "o[i] = h[i]*mask[i]/(1 - 0.5) for i in 1..4"
loss = "0.1*o[1] + 0.2*o[2] + 0.3*o[3] + 0.4*o[4]"
[program.parameters]
h = [1, 2, 3, 4]
[data]
columns = ["mask[1]", "mask[2]", "mask[3]", "mask[4]"]
rows = [[1, 0, 1, 0]]
[training]
learning_rate = 0.1
"""
    setup = setup_of(parse_lesson(text, "x.toml"))
    update = trace(setup, first_point(setup))
    assert update.sample_values[0][:4] == (2, 0, 6, 0)
    assert list(gradients(setup).values()) == pytest.approx([0.2, 0, 0.6, 0])


def test_the_forward_pass_of_a_perceptron() -> None:
    """The sums of the published log of a perceptron: 0.5, −2.5, −1.5."""
    text = """
[program]
forward = "z = w[1] + w[2]*x[1] + w[3]*x[2]"
loss = "max(0, -y*z)"
[program.parameters]
w = [-1.5, 0, 2]
[data]
columns = ["x[1]", "x[2]", "y"]
rows = [[0, 1, -1]]
[training]
learning_rate = 1
"""
    setup = setup_of(parse_lesson(text, "x.toml"))
    update = trace(setup, first_point(setup))
    assert update.sample_values[0][0] == 0.5
    assert update.parameters_after == (-2.5, 0, 1)  # the rule subtracts the sample


def test_formulas_with_one_loop_that_read_each_other_are_done_together() -> None:
    """z[t] reads h[t-1], which the next formula assigns: a network in time, step by step."""
    made = lesson("h[0] = 0\n# step\nz[t] = w*x + h[t-1] for t in 1..3\nh[t] = tanh(z[t]) for t in 1..3\n"
                  "# out\nyhat = h[3]")  # fmt: skip
    model = setup_of(made).model
    order = ["h[0]", "z[1]", "h[1]", "z[2]", "h[2]", "z[3]", "h[3]", "yhat"]
    assert [line.name for line in model.forward.assignments] == order
    assert model.forward.level_titles == ("", "step 1", "step 2", "step 3", "out")


def test_blocks_are_neurons_where_formulas_have_the_same_loop() -> None:
    """A level of two neurons, each with its sum and its activation."""
    made = lesson(
        "# node\nz[i] = k[i]*x for i in 1..2\nh[i] = relu(z[i]) for i in 1..2\n# out\nyhat = w*(h[1] + h[2])",
        parameters="w = 0.5\nk = [1, 2]",
    )
    blocks = setup_of(made).model.forward.blocks
    assert [block.title for block in blocks] == ["node 1", "node 2", "out"]
    assert [line.name for line in blocks[0].assignments] == ["z[1]", "h[1]"]


@pytest.mark.parametrize("length", [150, 600, 1900])
@pytest.mark.parametrize("turn", ["-a[i-1]", "1 - (1 - a[i-1])", "abs(relu(a[i-1]))"])
def test_a_long_chain_is_trained(turn: str, length: int) -> None:
    """It hands w on, or −w where its length is odd: L is (w − 1)², and w goes 0.5, 0.5 + 0.2 · 0.5, 0.68."""
    setup = setup_of(lesson(f"a[0] = w\na[i] = {turn} for i in 1..{length}\nyhat = a[{length}]"))
    losses = array("d")
    point = trained(setup, first_point(setup), 2, losses)
    assert point.parameters == pytest.approx((0.68,))
    assert list(losses) == pytest.approx([0.25, 0.16])


@pytest.mark.parametrize(
    ("formula", "value", "slope"),
    [
        ("w/0", inf, inf),
        ("x*w/0.0", inf, inf),
        ("w/(0/1)", inf, inf),
        ("w^2/0", inf, inf),
        ("sin(w/0)", nan, nan),
        ("w*(1e200*1e200)", inf, inf),
        ("-1e308*1e308*w", -inf, -inf),
        ("1e200*w^2*1e200", inf, inf),
        ("1/(1/w)", 0.5, 1.0),
        ("relu(w)^(1^tanh(w))", 0.5, 1.0),
    ],
)
def test_a_formula_may_come_to_anything(formula: str, value: float, slope: float) -> None:
    """As IEEE 754 has it: what is divided by 0 or is too large is infinite, and nothing raises."""
    setup = setup_of(lesson(f"yhat = {formula}"))
    update = trace(setup, first_point(setup))
    numbers = {step.name: update.value(place) for place, step in enumerate(update.program.steps(), 1)}
    found = numbers["yhat"], numbers["dyhat/dw"]
    assert found == pytest.approx((value, slope), nan_ok=True)
    assert_same_update(setup)


def test_levels_follow_from_what_reads_what() -> None:
    """Without comments."""
    levels = setup_of(lesson("a = w*x\nb = w + 1\nyhat = a*b")).model.forward.levels
    assert [[line.name for block in level for line in block.assignments] for level in levels] == [
        ["a", "b"],
        ["yhat"],
    ]


_FAR_NUMBERS = ("0", "0.0", "-1", "1e308", "-1e308", "1e-308", "1e10", "1e200")


@pytest.mark.parametrize("seed", many(200))
def test_a_program_with_any_numbers_can_be_trained(seed: int) -> None:
    """With numbers changed and put in, the loop does what the steps do."""
    chance = Random(seed)
    begin, forward, end = lesson_text(PROGRAMS[seed % len(PROGRAMS)].lesson()).split('"""', 2)
    forward = re.sub(
        r"(?<![\w.\[,])\d+(\.\d+)?(?![\w\].])",
        lambda found: chance.choice((found[0], *_FAR_NUMBERS)),
        forward,
    )
    forward = re.sub(
        r"\)",
        lambda _: ")" + chance.choice(("", "", f"{chance.choice('*/^')}{chance.choice(_FAR_NUMBERS)}")),
        forward,
    )
    assert_same_update(setup_of(parse_lesson('"""'.join((begin, forward, end)), "x.toml")))


def assert_same_update(setup: Setup) -> None:
    """An update of the loop gives what its steps give, bit for bit, nan as well."""
    point = first_point(setup)
    assert repr(trained(setup, point, 1).parameters) == repr(trace(setup, point).parameters_after)


def test_the_text_stays_as_it_was() -> None:
    """Comments, blanks and all, written and read again."""
    made = lesson('# a   "quoted" \\\\ comment\n\nyhat  =  w * x     # behind\n')
    assert parse_lesson(lesson_text(made), "x.toml") == parse_lesson(lesson_text(made), "y.toml")
    assert parse_lesson(lesson_text(made), "x.toml").program == made.program


def test_recipes_draw_what_formulas_read() -> None:
    """A pattern stands for all names that nothing gives, as large as they are read; a seed gives the same."""
    text = """
[program]
forward = "yhat = sum(w[1,j]*x + b[j] for j in 1..3)"
loss = "(yhat - y)^2"
[program.init]
"w*" = { init = "uniform", value = 0.5, seed = 1 }
b = { init = "same", value = 2, shape = [4] }
[data]
columns = ["x", "y"]
rows = [[1, 2]]
[training]
learning_rate = 0.1
"""
    setup = setup_of(parse_lesson(text, "x.toml"))
    chance = Random(1)
    drawn = tuple(chance.uniform(-0.5, 0.5) for _ in range(3))
    assert setup.model.parameter_names == ("w[1,1]", "w[1,2]", "w[1,3]", "b[1]", "b[2]", "b[3]", "b[4]")
    assert setup.parameters == (*drawn, 2, 2, 2, 2)


FAULTS = [
    ("yhat = h*x\nh = w", 1, 8, "h is read before it is assigned; put its line above this one"),
    ("k[i] = w*x for i in 1..2\nyhat = k[3]", 2, 8, "k[3]: i goes to 2"),
    ("yhat = tan(w)", 1, 8, "tan is no function here; there are sqrt, exp, ln, relu, leaky_relu, sigmoid"),
    ("yhat = w*e^x", 1, 10, "e is not known; write exp(x) for e^x"),
    ("yhat = w*xx", 1, 10, "xx is not known; did you mean x?"),
    ("yhat = w*x\nyhat = x", 2, 1, "yhat is assigned a second time, after line 1 of forward"),
    ("w = x\nyhat = w", 1, 1, "w is a parameter; choose another name"),
    ("yhat = w x", 1, 10, "a sign is missing between w and x, such as *"),
    ("yhat = 2w", 1, 9, "a sign is missing between 2 and w, such as *"),
    ("yhat = w*(x", 1, 10, "this ( is not closed"),
    ("yhat = w)", 1, 9, "this ) closes nothing"),
    ("yhat = w*", 1, 9, "the formula ends too early"),
    ("yhat = ", 1, 6, "there is nothing behind this ="),
    ("yhat", 1, 1, "this assigns nothing; must be name = formula"),
    ("yhat = w.real", 1, 9, ". has no meaning in a formula"),
    ("yhat = __import__('os')", 1, 19, "' has no meaning in a formula"),
    ("yhat = w if x else y", 1, 10, "if is a word of Python's and can be no name here; choose another"),
    ("yhat = lambda*x", 1, 8, "lambda is a word of Python's and can be no name here; choose another"),
    ("yhat = w·x", 1, 9, "· has no meaning in a formula; write *"),
    ("yhat = k[i]", 1, 10, "i has no range; add for i in 1..2"),
    ("k[i] = x for i in 2..1\nyhat = w", 1, 19, "2..1 has no number in it"),
    ("yhat = sum(w)", 1, 8, "sum wants a range: sum(x[i] for i in 1..2)"),
    ("yhat = max(w)", 1, 8, "max is a function of 2, not of 1"),
    ("yhat = 1e999*w", 1, 8, "this number is too large; must be finite"),
    ("yhat = w*" + "9" * 5000, 1, 10, "a number of over 1,000 digits; must be shorter"),
    ("yhat = w*0." + "0" * 1000 + "1", 1, 10, "a number of over 1,000 digits; must be shorter"),
    ("L = w\nyhat = L", 1, 1, "L is the loss itself; choose another name"),
    ("eta = w\nyhat = eta", 1, 1, "eta is the learning rate; choose another name"),
    ("m_w = w\nyhat = m_w", 1, 1, "m_ begins what an optimiser keeps for a parameter; choose another name"),
    ("yhat = w*x[1]", 1, 10, "x[1]: x has no index"),
    ("h[t] = h[t-1] + w for t in 1..2", 1, 8, "h[0]: t begins at 1; give it a number, such as h[0] = 0"),
    ("yhat = " + "(" * 65 + "w" + ")" * 65, 1, 72, "more than 64 brackets in each other; at most"),
    ("z[i] = w for i in 1..3000\nyhat = z[1]", 1, 1, "more than 2,000 assignments; at most 2,000 are taken"),
    ("y1 = w for i in 1..4000 for j in 1..4000 for k in 1..0*j", 1, 34, "more than 100,000 turns"),
    ("yhat = w + sum(sum(sum(w for k in 1..0*i) for j in 1..4000) for i in 1..4000)", 1, 52,
     "more than 100,000 turns of loops, names and numbers; at most 100,000 are taken"),
    (f"z[i] = {'+'.join(['w'] * 990)} for i in 1..1999\nyhat = w", 1, 1806, "more than 100,000 turns"),
    ("yhat = w" + "-x" * 900, 1, 8, "over 128 operations in each other; must be split into several"),
    ("yhat = w" + "/x" * 900, 1, 8, "over 128 operations in each other; must be split into several"),
    ("yhat = " + "-" * 400 + "w", 1, 137, "over 128 operations in each other; must be split into several"),
    ("yhat = " + "^".join(["w"] * 300), 1, 264, "over 128 operations in each other; must be split"),
    ("yhat = " + "+".join(["w"] * 2000), 1, 2008, "over 1,000 names and numbers in one formula; must be"),
    ("yhat = x[" + "*".join(["999999999"] * 500) + "]", 1, 10, "more than 16 signs in an index; at most"),
    ("yhat = x[" + "-" * 500 + "1]", 1, 27, "more than 16 signs in an index; at most"),
    ("yhat = x[999999999*2]", 1, 10, "an index of over 999,999,999; must be smaller"),
    ("y1 = 1/0\nyhat = w", 1, 6, "this is inf; a constant must be finite"),
    ("y1 = ln(0)\nyhat = w", 1, 6, "this is −inf; a constant must be finite"),
    ("y1 = exp(1000)\nyhat = w", 1, 6, "this is inf; a constant must be finite"),
    ("k[i] = 2^(1000*i) for i in 1..2\nyhat = w", 1, 8, "this is inf; a constant must be finite"),
    ("k = 0/0\nyhat = w", 1, 5, "this is nan; a constant must be finite"),
]  # fmt: skip


@pytest.mark.parametrize(("forward", "line", "column", "words"), FAULTS)
def test_a_fault_is_one_line_with_its_place(forward: str, line: int, column: int, words: str) -> None:
    """Line and column of the formula, what is wrong, and what would be right."""
    with pytest.raises(LessonFault) as raised:
        lesson(forward)
    first = raised.value.lines[0]
    assert first.startswith(f"x.toml: program.forward, line {line}, column {column}: {words}")
    assert first.isprintable()


_SIGNS = "+-*/^()[]=.,#'\\\"{}@!&|<>~%:; \t\n0123456789abwxyhΣ·−\x1b"


@pytest.mark.parametrize("seed", many(200))
def test_a_broken_formula_is_told_or_is_a_formula_still(seed: int) -> None:
    """Characters dropped, changed or put in: never an exception of another kind, never a long story."""
    chance = Random(seed)
    program: Program = PROGRAMS[seed % len(PROGRAMS)]
    text = list(lesson_text(program.lesson()).partition("loss =")[0].partition('"""\n')[2])
    at = chance.randrange(len(text))
    for _ in range(chance.randint(1, 3)):
        match chance.randrange(3):
            case 0:
                del text[at : at + chance.randint(1, 4)]
            case 1:
                text.insert(at, chance.choice(_SIGNS))
            case _:
                text[at : at + 1] = chance.choice(_SIGNS) * chance.randint(1, 2)
        at = chance.randrange(max(len(text), 1))
    broken = "".join(text).replace('"', "").replace("\\", "").replace("\x1b", "\\u001b")
    whole = lesson_text(program.lesson())
    before, _, rest = whole.partition('"""\n')
    after = rest.partition('"""\n')[2]
    told = _told(f'{before}"""\n{broken}"""\n{after}')
    assert len(told) <= 7
    assert all(line.isprintable() and len(line) < 250 for line in told), told


def _told(text: str) -> tuple[str, ...]:
    """The lines about a broken lesson; none about one that can be used still."""
    try:
        made = parse_lesson(text, "x.toml")
    except LessonFault as fault:
        return fault.lines
    assert sample_steps(setup_of(made).model)
    return ()
