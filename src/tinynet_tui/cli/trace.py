"""The verb trace: every step of the first updates."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from msgspec.structs import replace

from tinynet_tui.cli.output import data_in_ascii, text_in_ascii, write_lines
from tinynet_tui.cli.parser import Parser, count, named_lesson, one_of, parameter_name, student_name
from tinynet_tui.cli.progress import progress_of_output
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.engine.expression_reading import DIGITS
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.request import Diagram, Request, StepFilter
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.lessons.setup import setup_of

_EXAMPLES = (
    "tinynet-tui trace",
    "tinynet-tui trace mazur --updates 3 > mazur.txt",
    "tinynet-tui trace lecture --format json | head -1",
    "tinynet-tui trace --format python > by_hand.py && python by_hand.py",
    "tinynet-tui trace xor --format latex > xor.tex && pdflatex xor",
    'tinynet-tui trace --format html --blank --name "Ada Lovelace" > ada.html',
    "tinynet-tui trace xor --phase backward --parameter w5 --sample 2",
    "tinynet-tui trace - < my-lesson.toml",
)

_OF_STEPS = ", ".join(name for name, format in FORMATS.items() if format.shows_steps)
_FOR_PAPER = ", ".join(name for name, format in FORMATS.items() if format.is_for_paper)
_OF_FORMULAS = ", ".join(name for name, format in FORMATS.items() if format.says_formulas)

# Why an option does not go with a format.
_NOT_PAPER = f"is not for paper; the formats that are: {_FOR_PAPER}"
_NO_STEPS = f"is a script; the formats that list steps: {_OF_STEPS}"
_IN_FULL = f"has every number in full; --decimals is for {_FOR_PAPER}"


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("trace", "Print every step of a lesson's first updates.", _EXAMPLES)
    parser.add_lesson()
    parser.add_updates(1)
    parser.add_format({name: format.about for name, format in FORMATS.items()})
    blanks = parser.add_mutually_exclusive_group()
    blanks.add_argument(
        "--blank",
        action="store_const",
        const=1,
        dest="blank_every",
        help=f"leave every result out: a worksheet ({_FOR_PAPER})",
    )
    blanks.add_argument(
        "--blank-every",
        type=count(1),
        dest="blank_every",
        metavar="N",
        help="leave out the result of every N-th step; the numbering stays",
    )
    picked = parser.add_argument_group("which steps", f"each may be given several times ({_OF_STEPS})")
    picked.add_argument(
        "--phase", type=one_of(PHASES[1:]), action="append", metavar="PHASE", help=", ".join(PHASES[1:])
    )
    picked.add_argument(
        "--parameter",
        type=parameter_name,
        action="append",
        metavar="NAME",
        help="the whole chain of a weight or bias, such as w5: each derivative from the loss to its "
        "gradient, on every path, and its update",
    )
    picked.add_argument(
        "--sample",
        type=count(1, LIMITS.samples),
        action="append",
        metavar="N",
        help="the steps of a sample, not those of a whole batch",
    )
    parser.add_argument("--name", type=student_name, metavar="NAME", help="put a student's name on it")
    parser.add_decimals()
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Print the trace that a command line asks for."""
    own = parser()
    arguments = own.read(words)
    format = FORMATS[arguments.format]
    for option, value, fits, why in (
        ("--blank and --blank-every", arguments.blank_every, format.is_for_paper, _NOT_PAPER),
        ("--name", arguments.name, format.is_for_paper, _NOT_PAPER),
        ("--phase", arguments.phase, format.shows_steps, _NO_STEPS),
        ("--parameter", arguments.parameter, format.shows_steps, _NO_STEPS),
        ("--sample", arguments.sample, format.shows_steps, _NO_STEPS),
        ("--decimals", arguments.decimals, format.is_for_paper, _IN_FULL),
    ):
        if value is not None and not fits:
            own.error(f"{option}: {arguments.format} {why}")
    lesson = named_lesson(arguments.lesson)
    if not format.says_formulas and lesson.program is not None:
        from tinynet_tui.handouts.framework import WHY_NO_FORMULAS

        own.error(
            f"--format: {arguments.format} {WHY_NO_FORMULAS}; the formats that say them: {_OF_FORMULAS}"
        )
    shown = _shown(own, arguments, setup_of(lesson))
    ascii = (data_in_ascii if format.kind == "data" else text_in_ascii)(arguments.ascii)
    with progress_of_output() as (watch, while_read):
        request = Request(
            lesson,
            arguments.updates,
            arguments.blank_every,
            arguments.name or "",
            shown,
            arguments.decimals or DIGITS,
            _diagram(lesson, ascii) if format.has_diagram else None,
            watch=watch,
        )
        write_lines(while_read(format.lines(request, to_ascii if ascii else None)))
    return 0


def _diagram(lesson: Lesson, ascii: bool) -> Diagram | None:
    """The diagram of a lesson; drawing is loaded only for a format that has it."""
    from tinynet_tui.drawing.handout_diagram import diagram_of
    from tinynet_tui.session.history import first_session
    from tinynet_tui.session.moment import moment

    return diagram_of(moment(first_session(lesson)), ascii)


def _shown(own: Parser, arguments: Namespace, setup: Setup) -> StepFilter:
    """The steps that are asked for; that there are none is a fault, told with what there is."""
    named, samples = tuple(arguments.parameter or ()), tuple(arguments.sample or ())
    shown = StepFilter(tuple(arguments.phase or ()), named, samples)
    if shown.is_open:
        return shown
    # Only these options need them: a trace is on screen sooner without.
    from tinynet_tui.experiments.gradients import position_of
    from tinynet_tui.session.places import no_such_sample, parameter_of

    program = Program(setup.model, (1,))
    shown = replace(shown, parameters=tuple(parameter_of(program, name) for name in named))
    for name in shown.parameters:
        try:
            position_of(setup, name)
        except ValueError as error:
            own.error(f"--parameter: {error}")
    for sample in shown.samples:
        if fault := no_such_sample(len(setup.inputs), sample):
            own.error(f"--sample: {fault}")
        first = (sample - 1) // setup.batch + 1
        if first > arguments.updates:
            own.error(f"--sample: sample {sample} comes in update {first}; add --updates {first}")
    if shown.is_empty(setup, arguments.updates):
        own.error("no step matches --phase, --parameter and --sample together")
    return shown
