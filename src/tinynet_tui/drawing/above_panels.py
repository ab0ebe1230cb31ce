"""What stands above the panels: the diagram or graph, the sheet, or the picture. Each draws any moment in
any room."""

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.networks.dense import is_dense
from tinynet_tui.session.history import has_picture
from tinynet_tui.session.session import View

_LEAST_GRAPH = 100
"""Cells of a screen on which a graph reads better than a sheet: below, its boxes stand too close."""


class Drawing(NamedTuple):
    """A way to draw a program, in the room that it is given."""

    rows: Callable[[Scene, int, int], int]
    """How many of some rows it can use, in a width."""
    draw: Callable[[Scene, int, int], Picture]
    names: Callable[[Scene, int, int], frozenset[str]]
    """The quantities whose values are in sight for sure."""


MOST_BOXED = 200
"""Assignments: a graph of more of them is whole on no screen, and it takes long to see that."""


def view_of(scene: Scene, width: int, height: int) -> View:
    """The view that is shown: the chosen one, or else the one that reads better.

    That is the diagram of a dense network; of another program the graph, where it is whole, has more than
    the loss to show, and boxes that are not too narrow; else the sheet.
    """
    session = scene.moment.session
    # While steps are predicted, the picture would tell what is asked for.
    if session.view is not None and not (session.view == "picture" and session.stage != "off"):
        return session.view
    if is_dense(scene.moment.model):
        return "diagram"
    if len(scene.moment.model.forward.assignments) > MOST_BOXED:
        return "sheet"
    from tinynet_tui.drawing.graph import fits_whole

    reads_well = width >= _LEAST_GRAPH and scene.moment.model.forward.assignments
    return "diagram" if reads_well and fits_whole(scene, width, height) else "sheet"


def drawing_of(scene: Scene, width: int, height: int) -> Drawing:
    """What draws the view that is shown."""
    view = view_of(scene, width, height)
    if view == "picture" and has_picture(scene.moment.model):
        from tinynet_tui.drawing.learnt_picture import learnt

        return Drawing(lambda _scene, _width, height: height, learnt, lambda *_room: frozenset())
    if view == "sheet":
        from tinynet_tui.drawing import sheet

        return Drawing(sheet.sheet_rows, sheet.sheet, sheet.names_on_sheet)
    if is_dense(scene.moment.model):
        from tinynet_tui.drawing import diagram

        return Drawing(diagram.rows_of_diagram, diagram.diagram, diagram.names_on_diagram)
    from tinynet_tui.drawing import graph

    return Drawing(graph.graph_rows, graph.graph, graph.names_on_graph)
