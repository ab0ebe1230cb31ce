"""Lines of the diagram lead from their source to their target, or are not drawn: in any network and room."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tests.drawing.test_selection import session_of
from tests.examples import examples
from tinynet_tui.drawing.diagram import diagram, plan_of
from tinynet_tui.drawing.diagram_layout import NeuronBox
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import dense_network, parameters_of
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import editable_names, program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session


def assert_lines_lead_where_they_say(session: Session, width: int, rows: int, look: Look) -> None:
    """As an eye follows them: along a row from a weight's number, and from one neuron to the other."""
    scene = Scene(moment(session), look)
    picture, plan = diagram(scene, width, rows), plan_of(scene, width, rows)
    if plan.is_cut:
        return
    text = picture.text().splitlines()
    weights = {p.name: p for p in parameters_of(dense_network(scene.moment.model)) if p.is_weight}
    own = {label.parameter.name for label in plan.edge_labels}

    def is_at(box: NeuronBox, row: int) -> bool:
        return box.y <= row < box.y + box.height

    for mark in picture.marks:
        weight = weights.get(mark.name)
        if weight is None or weight.name in own:
            continue
        assert weight.input is not None
        source, target = plan.box(weight.layer - 1, weight.input), plan.box(weight.layer, weight.neuron)
        line = text[mark.y].ljust(width)
        before = line[source.x + source.width : mark.x]
        after = line[mark.x + mark.width + 1 : target.x]
        assert is_at(source, mark.y) or " " in before or not before, (weight.name, picture.text())
        assert is_at(target, mark.y) or " " in after or not after, (weight.name, picture.text())
    taking_part = scene.highlights.edges if scene.path is None else scene.path.on_edges
    for weight in weights.values():
        assert weight.input is not None
        source, target = plan.box(weight.layer - 1, weight.input), plan.box(weight.layer, weight.neuron)
        columns = [[box for box in plan.boxes if box.layer == at] for at in (weight.layer - 1, weight.layer)]
        is_narrow = any(b.middle - a.middle < 2 for column in columns for a, b in pairwise(column))
        between = text[source.middle].ljust(width)[source.x + source.width : target.x]
        if is_narrow and source.middle == target.middle and " " not in between:
            assert weight.name in {*taking_part, session.selected}, (weight.name, picture.text())


shapes = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple)


@given(
    shapes,
    st.integers(60, 120),
    st.integers(3, 12),
    st.booleans(),
    st.integers(0, 10**4),
    st.integers(0, 200),
    st.booleans(),
)
@example((2, 3, 3), 80, 4, True, 0, 30, True)
@examples(60)
def test_of_any_network(
    shape: tuple[int, ...], width: int, rows: int, ascii: bool, place: int, step: int, is_chain: bool
) -> None:
    """At any step, with any weight selected, whether its way is lit or not."""
    session = session_of(shape)
    names = editable_names(moment(session).model)
    now = replace(session, selected=names[place % len(names)], step=step % (len(program_of(session)) + 1))
    now = replace(now, panel="chain" if is_chain else "step")
    assert_lines_lead_where_they_say(now, width, rows, Look(ascii))


def test_softmax_in_three_rows() -> None:
    """Its w₂ goes from x₂ to the first output, and was drawn to the second; every output keeps its name."""
    session = start(shipped_lesson("softmax-3"))
    for step in range(len(program_of(session)) + 1):
        for selected in ("w1", "w2", "w5"):
            for ascii in (True, False):
                now = replace(session, step=step, selected=selected, panel="chain")
                assert_lines_lead_where_they_say(now, 80, 4, Look(ascii))
                text = diagram(Scene(moment(now), Look(ascii)), 80, 4).text()
                assert all(Look(ascii).symbol(name) in text for name in ("yhat1", "yhat2", "yhat3"))
