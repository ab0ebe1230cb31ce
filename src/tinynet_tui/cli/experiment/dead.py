"""The experiment dead: the bias of a ReLU neuron swept, and the cliff where the neuron dies."""

from __future__ import annotations

from collections.abc import Sequence

from tinynet_tui.cli.experiment.common import add_format, add_scale, computed, write_result
from tinynet_tui.cli.lesson_argument import named_lesson, page_title
from tinynet_tui.cli.parser import Parser, parameter_name
from tinynet_tui.drawing.experiment_pages import bias_page
from tinynet_tui.experiments.dead_relu import DEFAULT_UPDATES, bias_sweep, relu_biases
from tinynet_tui.handouts import experiment_csv, experiment_jsonl
from tinynet_tui.lessons.schema import setup_of

_EXAMPLES = (
    "tinynet-tui experiment dead",
    "tinynet-tui experiment dead dead-output --parameter b3",
    "tinynet-tui experiment dead --parameter b2 --updates 100 --format csv",
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "experiment dead",
        "Sweep the bias of a ReLU neuron: where it dies, and what it then learns.",
        _EXAMPLES,
    )
    parser.add_lesson()
    parser.add_argument(
        "--parameter",
        type=parameter_name,
        metavar="NAME",
        help="the bias of a ReLU neuron, such as b1 (default: the first)",
    )
    parser.add_updates(DEFAULT_UPDATES)
    add_scale(parser)
    add_format(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Sweep the bias that a command line names, and write what became of the neuron."""
    its_parser = parser()
    arguments = its_parser.read(words)
    lesson = named_lesson(arguments.lesson)
    setup = setup_of(lesson)
    # Without a name it is the first that there is.
    name = arguments.parameter or next(iter(relu_biases(setup)), "")
    sweep = computed(its_parser, lambda watch: bias_sweep(setup, name, arguments.updates, watch))
    write_result(
        arguments,
        lambda: experiment_csv.bias_lines(sweep),
        lambda: experiment_jsonl.bias_lines(sweep),
        lambda ascii: bias_page(page_title(lesson), sweep, ascii, arguments.logarithmic),
    )
    return 0
