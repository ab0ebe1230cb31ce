"""What stands above the panels: the diagram, or the sheet. Each draws any moment in any room."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.networks.dense import Network
from tinynet_tui.session.session import View


class Drawing(NamedTuple):
    """A way to draw a program, in the room that it is given."""

    rows: Callable[[Scene, int, int], int]
    """How many of some rows it can use, in a width."""
    draw: Callable[[Scene, int, int], Picture]
    names: Callable[[Scene, int, int], frozenset[str]]
    """The quantities whose values are in sight for sure."""


def view_of(scene: Scene, width: int, height: int) -> View:
    """The view that is shown: the chosen one, or else the diagram where it is whole, or the sheet."""
    if scene.moment.session.view is not None:
        return scene.moment.session.view
    if isinstance(scene.moment.model.source, Network):
        return "diagram"
    from tinynet_tui.drawing.graph import fits_whole

    return "diagram" if fits_whole(scene, width, height) else "sheet"


def drawing_of(scene: Scene, width: int, height: int) -> Drawing:
    """What draws the view that is shown."""
    if view_of(scene, width, height) == "sheet":
        from tinynet_tui.drawing import sheet

        return Drawing(sheet.sheet_rows, sheet.sheet, sheet.names_on_sheet)
    if isinstance(scene.moment.model.source, Network):
        from tinynet_tui.drawing import diagram

        return Drawing(diagram.rows_of_diagram, diagram.diagram, diagram.names_on_diagram)
    from tinynet_tui.drawing import graph

    return Drawing(graph.graph_rows, graph.graph, graph.names_on_graph)
