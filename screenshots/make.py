"""Makes the pictures of this directory from the running app: `python screenshots/make.py`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.experiments import ExperimentsPage
from tinynet_tui.tui.page import Page

SCREENSHOTS: dict[str, tuple[str, tuple[str, ...], tuple[int, int], bool]] = {
    # file: (lesson, keys pressed, (columns, rows), whether in ASCII)
    "forward": ("lecture", ("right",) * 3, (80, 24), False),
    "backward": ("lecture", ("right_square_bracket",) * 3 + ("right",) * 10, (80, 24), False),
    "update": ("lecture", ("right_square_bracket",) * 4 + ("right",) * 4, (80, 24), False),
    "dead-neuron": ("dead-relu", ("right_square_bracket",) * 3 + ("right",) * 11, (80, 24), False),
    "ascii": ("lecture", ("right_square_bracket",) * 3 + ("right",) * 10, (80, 24), True),
    "predict": (
        "lecture",
        (*("right_square_bracket",) * 2, "p", "P", "0", "full_stop", "5", "enter"),
        (80, 24),
        False,
    ),
    "sheet": ("lecture", ("V", "t", *("left",) * 5), (80, 24), False),
    "learnt": ("xor", ("V", "V", "g", "4", "0", "0", "enter"), (80, 24), False),
    "wide": ("mazur", ("dollar_sign",), (140, 40), False),
    "wrong-variant": ("lecture", ("t", "v"), (80, 24), False),
    "figure-1": ("lecture", ("x",), (100, 30), False),
    "dead-relu": ("lecture", ("x", "3"), (80, 24), False),
    "sensitivity": ("lecture", ("x", "4", *("down",) * 4, *("plus",) * 3), (80, 24), False),
}


async def screenshot(name: str) -> str:
    """One picture, as SVG."""
    lesson, keys, size, ascii_mode = SCREENSHOTS[name]
    app = Stepper(Session(shipped_lesson(lesson)), Look(ascii_mode), theme_of("truecolor"), state=None)
    async with app.run_test(size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            await _done(app)
        await pilot.pause()
        assert isinstance(app.screen, Page)
        return app.screen.screenshot()


async def _done(app: Stepper) -> None:
    """Wait for the result of an experiment, if one is on screen."""
    while isinstance(app.screen, ExperimentsPage) and app.screen.is_working:
        await asyncio.sleep(0)


async def main() -> None:
    """Write every picture beside this file, and the one that moves."""
    from recording import FILE, recording

    FILE.write_text(await recording(), encoding="utf-8")
    for name in SCREENSHOTS:
        (Path(__file__).parent / f"{name}.svg").write_text(await screenshot(name), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
