"""Made when the wheel is built: completion and the man page, where a shell and `man` look for them."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShellFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the files of `shell` to the wheel, as data that goes to PREFIX/share."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files from the parsers of these sources, whatever is installed."""
        sys.path[:0] = [self.root, str(Path(self.root) / "src")]
        from shell.completion import completions
        from shell.man_page import man_page

        files = {**completions(), "man/man1/tinynet-tui.1": man_page(self.metadata.version)}
        folder = Path(mkdtemp(prefix="tinynet-tui-shell-"))
        for place, text in files.items():
            path = folder / place
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(path)] = f"share/{place}"
        self._folder = folder

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        rmtree(self._folder)
