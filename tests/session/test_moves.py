"""Where steps, groups, phases and updates begin and end."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replaced

from tests.engine.setups import LECTURE as LECTURE_SETUP
from tests.examples import examples
from tests.session.random_lessons import LECTURE, lesson_of, places
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import dense_model, dense_network
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moves import group_starts, phase_starts
from tinynet_tui.session.session import Session

XOR_PHASES = (0, *(36 * sample + start for sample in range(4) for start in (1, 7, 8)), 145, 154, 163)
"""Four samples of 6 + 1 + 29 steps, then 9 joined gradients, 9 updates and the check, counted by hand."""


def starts_by_walking(lesson: Lesson, command: str) -> tuple[int, ...]:
    """The steps at which a command halts on its way through update 1."""
    session = start(lesson)
    halts = []
    while session.update == 1:
        halts.append(session.step)
        session = after(session, Command(command))
    assert (session.update, session.step) == (2, 0)
    return tuple(halts)


def test_the_lecture_has_46_steps_in_five_phases() -> None:
    """6 forward, 1 loss, 29 backward, 9 updates, 1 check."""
    program = program_of(start(LECTURE))
    assert len(program) == 46
    assert phase_starts(program) == starts_by_walking(LECTURE, "next-phase") == (0, 1, 7, 8, 37, 46)
    assert starts_by_walking(LECTURE, "next") == tuple(range(47))


def test_the_lectures_groups_are_neurons_the_loss_and_a_layers_updates() -> None:
    """Node 1, node 2 and out forward; the loss; out, node 1, node 2 backward; weights and biases by layer."""
    expected = (0, 1, 3, 5, 7, 8, 17, 27, 37, 41, 43, 45, 46)
    assert starts_by_walking(LECTURE, "next-group") == expected
    assert group_starts(program_of(start(LECTURE))) == expected


def test_each_sample_of_a_batch_has_phases_of_its_own() -> None:
    """And joined gradients, updates and the check close them all."""
    xor = shipped_lesson("xor")
    assert len(program_of(start(xor))) == 163
    assert starts_by_walking(xor, "next-phase") == XOR_PHASES


def test_back_into_an_update_of_more_samples() -> None:
    """Batches of 3 and of 1 in turn: from the start of the second, back to the last phase and group of the
    first, which are at its own end."""
    xor = shipped_lesson("xor")
    session = start(replaced(xor, training=replaced(xor.training, batch=3)))
    second = replace(session, update=2)
    assert len(program_of(second)) < len(program_of(session))
    for command in ("previous-phase", "previous-group"):
        there = after(second, Command(command))
        assert (there.update, there.step) == (1, len(program_of(session)))


def test_a_level_of_formulas_with_a_name_is_one_group() -> None:
    """A GPT block in 26 stops: nine levels, the loss, nine levels back, six groups of updates, the check.

    Each begins with the formula below its comment.
    """
    lesson = shipped_lesson("gpt-block")
    starts = starts_by_walking(lesson, "next-group")
    assert len(starts) == 1 + 9 + 1 + 9 + 6 + 1
    program = program_of(start(lesson))
    begins = [program.step(number).name for number in starts[1:10]]
    assert begins == ["x[1,1]", "m[1]", "q", "s[1]", "r[1]", "z[1]", "f[1]", "c[1]", "g[1]"]


def test_adam_keeps_its_state_between_gradient_and_update() -> None:
    """Each parameter has two states and one update, all in the update phase and in one group per layer."""
    network = dense_network(LECTURE_SETUP.model)._replace(optimizer="adam")
    lesson = lesson_of(replace(LECTURE_SETUP, model=dense_model(network)))
    assert len(program_of(start(lesson))) == 46 + 2 * 9
    assert starts_by_walking(lesson, "next-phase") == (0, 1, 7, 8, 37, 64)
    assert starts_by_walking(lesson, "next-group")[-5:] == (37, 49, 55, 61, 64)


def test_frozen_biases_have_no_update() -> None:
    """Mazur's network: 8 + 1 + backward + 8 weights + check."""
    mazur = shipped_lesson("mazur")
    steps = [step.name for step in program_of(start(mazur)).steps() if step.phase == "update"]
    assert steps == [f"w{number}" for number in range(1, 9)]


def test_a_short_last_batch_has_fewer_steps() -> None:
    """Three samples in batches of two: the second update has one, and a step too far is brought back."""
    setup = replace(
        LECTURE_SETUP, inputs=((1.0, 0.0), (2.0, 1.0), (0.0, 1.0)), targets=((2.0,), (6.0,), (1.0,)), batch=2
    )
    session = start(lesson_of(setup))
    lengths = [len(program_of(replace(session, update=update))) for update in (1, 2, 3, 4)]
    assert lengths == [36 * 2 + 9 + 9 + 1, 46, 91, 46]
    there = after(replace(session, step=80), Command("next-update"))
    assert (there.update, there.step) == (2, 46)
    assert after(there, Command("back")).step == 45
    # Back over the start of update 2, to the last step of update 1.
    assert after(replace(there, step=0), Command("back")).step == 91


@given(places(), st.sampled_from([("next", "back"), ("next-phase", "previous-phase"),
                                  ("next-group", "previous-group")]))  # fmt: skip
@examples(35)
def test_back_undoes_next_from_every_start(session: Session, pair: tuple[str, str]) -> None:
    """On and back again is where it began; back alone never goes on, and next alone never back."""
    forward, backward = pair
    ahead = after(session, Command(forward))
    assert (ahead.update, ahead.step) > (session.update, session.step)
    behind = after(ahead, Command(backward))
    if forward == "next" or session.step in _starts(session, forward):
        assert behind == session
    assert (behind.update, behind.step) <= (session.update, session.step)


def _starts(session: Session, command: str) -> tuple[int, ...]:
    starts = phase_starts if command == "next-phase" else group_starts
    return starts(program_of(session))


@given(places())
@examples(35)
def test_phases_and_groups_cover_every_step(session: Session) -> None:
    """Each phase begins where a group does. Within a phase of a sample the phase has one name."""
    program = program_of(session)
    phases, groups = phase_starts(program), group_starts(program)
    assert set(phases) <= set(groups)
    assert list(groups) == sorted(set(groups))
    steps = list(program.steps())
    for first, last in zip(phases[1:], (*phases[2:], len(program) + 1), strict=True):
        assert len({(step.phase, step.sample) for step in steps[first - 1 : last - 1]}) == 1
