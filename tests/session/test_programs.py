"""Sessions of programs that are no dense networks: keys, edits, words, chains and mistakes, at every step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

import pytest

from tests.engine.programs import PROGRAMS, model_of, setup_of
from tests.session.opened_programs import Opened
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.experiments.wrong_updates import judgement, wrong_update
from tinynet_tui.prediction.mistakes import mistakes
from tinynet_tui.session import history
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.teaching.chain import chain
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.teaching.step_in_moment import StepInMoment

every_program = pytest.mark.parametrize("name", PROGRAMS)


def _setups(name: str) -> list[Setup]:
    """Plain descent on one sample; Adam with L2 on a batch of two of three, one parameter frozen."""
    return [
        setup_of(model_of(name), name),
        setup_of(model_of(name, "adam", "mean", l2=True), name, 3, 2),
    ]


def _walked(session: Session) -> Iterator[Session]:
    """The session at every step of its update."""
    update = session.update
    while session.update == update:
        yield session
        session = after(session, Command("next"))


@every_program
def test_every_step_has_a_title_and_sentences(name: str, opened: Opened) -> None:
    """Whole sentences, in which no number is missing and no name of a dense network stands."""
    for setup in _setups(name):
        for session in _walked(opened(setup)):
            words = explanation(moment(session))
            assert words.title
            assert words.sentences
            for sentence in words.sentences:
                assert sentence.endswith((".", "?")), sentence
                assert "None" not in sentence
                assert "neuron" not in sentence


@every_program
def test_every_key_that_moves_goes_through_a_program(name: str, opened: Opened) -> None:
    """Forwards to the next update, and back to where it began."""
    for setup in _setups(name):
        begin = opened(setup)
        for of in ("", "-group", "-phase"):
            there, back = f"next{of}", f"previous{of}" if of else "back"
            session, places = begin, [begin]
            while session.update == 1:
                session = after(session, Command(there))
                places.append(session)
            for expected in reversed(places[:-1]):
                session = after(session, Command(back))
                assert (session.update, session.step) == (expected.update, expected.step)


@every_program
def test_the_paths_of_a_chain_add_up_to_the_gradient(name: str, opened: Opened) -> None:
    """Each is the product of its factors, for one sample and for all paths from the loss."""
    session = opened(_setups(name)[0])
    now = moment(replace(session, step=len(history.program_of(session)) - 1))
    for parameter in now.model.parameter_names:
        found = chain(now, f"dL/d{parameter}")
        assert len(found.paths) == found.count
        total = 0.0
        for path in found.paths:
            factors = [value for value in path.values if value is not None]
            assert len(factors) == len(path.factors)
            assert path.value == pytest.approx(prod(factors), rel=1e-12)
            total += prod(factors)
        assert total == pytest.approx(now.trace.gradient(parameter), rel=1e-12)


def test_how_many_paths_lead_to_shared_weights(opened: Opened) -> None:
    """Counted by hand: the recurrent w is read in three steps in time, u in two, v at the end alone."""
    expected = {"recurrent": {"w": 3, "u": 2, "v": 1}, "plain function": {"w1": 1}}
    for name, counts in expected.items():
        session = opened(_setups(name)[0])
        now = moment(session)
        assert {p: chain(now, f"dL/d{p}").count for p in counts} == counts


@every_program
def test_mistakes_and_wrong_ways(name: str, opened: Opened) -> None:
    """No mistake is the right value; every wrong way can be done, and differences of the loss judge it."""
    for setup in _setups(name):
        for session in _walked(opened(setup)):
            now = moment(session)
            if now.step is not None and now.step.role != "check":
                for mistake in mistakes(StepInMoment(now, now.step), 4):
                    assert mistake.words.endswith(".")
        trace, parameter = moment(opened(setup)).trace, setup.model.parameter_names[0]
        for variant in WRONG_WAYS:
            assert wrong_update(setup, trace.start, variant).values
            found = judgement(setup, trace.start, variant, parameter)
            assert found.right == pytest.approx(found.numeric, rel=1e-5, abs=1e-7)


@every_program
def test_an_edit_of_a_parameter_holds_from_its_update_on(name: str, opened: Opened) -> None:
    """The trace begins with the number; the update before does not know it."""
    for setup in _setups(name):
        parameter = setup.model.parameter_names[-1]
        session = after(replace(opened(setup), update=2), Command("edit", Edit(2, parameter, 0.125)))
        assert moment(session).given[parameter] == 0.125
        before = moment(replace(session, update=1))
        assert before.given[parameter] == setup.parameters[-1]
