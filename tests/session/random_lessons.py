"""Lessons and sessions for tests: shipped ones, and random ones over everything that a lesson can say."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.engine.setups import setups
from tests.lessons.made import with_own_numbers, without_idle_keys
from tinynet_tui.engine.model import Setup
from tinynet_tui.lessons.schema import DataTable, Lesson, NetworkTable, Note, TrainingTable
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.networks.dense import dense_network
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.session.commands import BY_NAME, Command, after, start
from tinynet_tui.session.history import editable_names, initial_setup, program_of
from tinynet_tui.session.session import LEARNING_RATE, Edit, Session

NETWORKS = tuple(name for name in SHIPPED_NAMES if shipped_lesson(name).program is None)
"""The shipped lessons of networks."""
LECTURE = shipped_lesson("lecture")


def lesson_of(setup: Setup, title: str = "any", notes: tuple[Note, ...] = ()) -> Lesson:
    """A lesson that starts from a setup."""
    network, steering = dense_network(setup.model), setup.hyperparameters
    weights, biases = nested_parameters(setup.model, setup.parameters)
    lesson = Lesson(
        title,
        NetworkTable(
            network.layers,
            network.activations,
            weights=weights,
            biases=biases,
            numbering=network.numbering,
            train_biases=network.train_biases,
        ),
        DataTable(setup.inputs, setup.targets),
        TrainingTable(
            steering.learning_rate,
            network.loss,
            batch=setup.batch,
            reduction=network.reduction,
            optimizer=network.optimizer,
            l2=steering.l2,
        ),
        notes=notes,
    )
    return without_idle_keys(with_own_numbers(lesson, dict(steering.of_rules)))


def lessons() -> st.SearchStrategy[Lesson]:
    """Random lessons, and shipped ones."""
    noted = setups().map(lambda setup: lesson_of(setup, "any lesson", (Note("L", "The loss: ½ of it?"),)))
    return st.one_of(noted, st.sampled_from(SHIPPED_NAMES).map(shipped_lesson))


@st.composite
def commands(draw: st.DrawFn, session: Session) -> Command:
    """A command that the front end could give to a session now."""
    name = draw(st.sampled_from([entry.name for entry in BY_NAME.values() if entry.change]))
    match name:
        case "goto":
            return Command(name, (draw(st.integers(0, 40)), draw(st.integers(0, 60))))
        case "select":
            names = editable_names(initial_setup(session).model)
            return Command(name, draw(st.sampled_from((*names, "w99"))))
        case "edit":
            return Command(name, draw(edits(session)))
        case "rate":
            return Command(name, draw(st.sampled_from((0.001, 0.25, 1.5))))
        case "try-rate":
            return Command(name, (draw(st.sampled_from((0.005, 0.25))), draw(st.integers(0, 30))))
        case "answer":
            text = draw(st.sampled_from(("1", "−3/2", "0")))
            return Command(name, (text, draw(st.sampled_from(("right", "wrong", "shown")))))
        case "ask-again":
            return Command(name, (draw(st.integers(0, 40)), draw(st.integers(0, 60))))
        case "open":
            return Command(name, shipped_lesson(draw(st.sampled_from(SHIPPED_NAMES))))
    return Command(name)


@st.composite
def edits(draw: st.DrawFn, session: Session) -> Edit:
    """An edit of the session's present update."""
    setup = initial_setup(session)
    name = draw(st.sampled_from((LEARNING_RATE, *editable_names(setup.model))))
    if name == LEARNING_RATE:
        return Edit(session.update, name, draw(st.sampled_from((0.002, 0.5))))
    sample = (
        draw(st.integers(1, len(setup.inputs)))
        if name in (*setup.model.inputs, *setup.model.targets)
        else None
    )
    value = draw(st.sampled_from((-1.5, 0.0, 0.25, 1.0)))
    is_share = setup.model.loss == "binary_cross_entropy" and name in setup.model.targets
    in_range = abs(value) if is_share else value
    return Edit(session.update, name, min(in_range, 1.0), sample)


@st.composite
def sessions(draw: st.DrawFn, most: int = 12) -> Session:
    """A session after some commands."""
    session = start(draw(lessons()))
    for _ in range(draw(st.integers(0, most))):
        session = after(session, draw(commands(session)))
    return session


@st.composite
def places(draw: st.DrawFn) -> Session:
    """A session of any lesson at any step of one of its first updates."""
    session = replace(start(draw(lessons())), update=draw(st.integers(1, 6)))
    return replace(session, step=draw(st.integers(0, len(program_of(session)))))
