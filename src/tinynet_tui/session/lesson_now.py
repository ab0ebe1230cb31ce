"""The lesson that a session has become: its numbers as they are at this moment."""

from __future__ import annotations

from msgspec.structs import replace

from tinynet_tui.lessons.schema import Lesson, laid_out
from tinynet_tui.networks.dense import nested_parameters, parameters_of
from tinynet_tui.session.moment import Moment


def lesson_now(moment: Moment) -> Lesson:
    """The session's lesson with the parameters, data and learning rate of this moment."""
    lesson, setup = moment.session.lesson, moment.setup
    values = tuple(moment.value(p.name) or 0.0 for p in parameters_of(setup.network))
    weights, biases = nested_parameters(setup.network, values)
    weights = laid_out(weights, lesson.network.weights_layout)
    return replace(
        lesson,
        about=f"Saved from “{lesson.title}” at update {moment.session.update}, step {moment.session.step}.",
        notes=(),
        network=replace(lesson.network, weights=weights, biases=biases, init=None),
        data=replace(lesson.data, inputs=setup.inputs, targets=setup.targets),
        training=replace(lesson.training, learning_rate=setup.hyperparameters.learning_rate),
    )
