"""The process that a framework works in: it runs a script and answers what the script's names stand for.

It reads lines {"script": …, "wanted": […]} from standard input and answers each with a line {"values": […]}
or {"fault": …}. What the scripts themselves print goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from tinynet_tui.frameworks.lifeline import hold_on_to


def main() -> None:
    """Answer every task."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        # At the level of the system: frameworks print from C++ too.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        for line in sys.stdin:
            print(json.dumps(_answer(json.loads(line))), file=answer, flush=True)


def _answer(task: dict[str, Any]) -> dict[str, object]:
    scope: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(task["script"], "<script>", "exec"), scope)
        values = [_plain(eval(wanted, scope)) for wanted in task["wanted"]]
    except (Exception, SystemExit) as error:
        return {"fault": " ".join(f"{type(error).__name__}: {error}".split())}
    return {"values": values}


def _plain(value: Any) -> float | str:
    """A version as it is, a number of the framework's own kind as a float."""
    return value if isinstance(value, str) else float(value)


if __name__ == "__main__":
    for lifeline in sys.argv[1:]:
        hold_on_to(int(lifeline))
    main()
