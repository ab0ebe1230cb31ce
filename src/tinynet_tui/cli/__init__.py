"""The command tinynet-tui."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from tinynet_tui.cli.faults import INTERRUPTED, PROGRAM, Fault, OutputClosed
from tinynet_tui.safety.refusal import Refusal

VERBS = {
    "tour": "see in ten minutes what a gradient is, by doing",
    "lessons": "list the shipped lessons, or print one",
    "trace": "print every step",
    "walk": "go through the steps line by line, without a screen",
    "train": "run many updates",
    "check": "check the gradients numerically, and against other frameworks",
    "mark": "mark a filled worksheet, or lines such as dL/dw5 = 1.5",
    "practise": "practise the steps of an update with pencil and paper, with hints",
    "receipt": "verify what a student hands in of practise",
    "experiment": "try learning rates, initial weights, dead ReLUs, sensitivity",
    "lead": "lead a class: everyone sees what you do, at their own screen size",
    "follow": "follow a class that somebody leads",
    "serve": "lead a class over SSH, for students who have nothing else",
    "desk": "see who is in your class, and where",
    "settings": "show your settings, and where each comes from",
    "schema": "print the JSON Schema of a kind of file, for editors",
    "doctor": "say what this terminal and machine can do",
    "replay": "walk through a recorded class",
}
"""What each verb does; each is a module of this package with a function `run`."""
_ON_TERMINALS = ("tour", "lead", "follow", "serve", "desk")
"""Verbs whose modules load what only systems with terminals have."""


class Verb(Protocol):
    """What the module of a verb has, and that of the stepper, which is opened without one."""

    def run(self, words: Sequence[str]) -> int:
        """Do what the words after the verb ask for; returns the exit status."""


def main(words: Sequence[str] | None = None) -> int:
    """Do what a command line asks for; returns the exit status."""
    given = sys.argv[1:] if words is None else words
    try:
        return _status(given)
    except Refusal as refusal:
        from tinynet_tui.cli.output import say

        first, *others = refusal.lines
        say(first if refusal.is_whole else f"{' '.join((PROGRAM, *given[:1]))}: {first}", *others)
        return refusal.status
    except OutputClosed:
        return 0
    except KeyboardInterrupt:  # while modules are still being loaded
        return INTERRUPTED


def _status(words: Sequence[str]) -> int:
    from tinynet_tui.cli.output import finish_output

    try:
        verb = loaded(words)
        status = verb.run(words[1:] if _has_verb(words) else words)
    except SystemExit as leaving:
        # argparse leaves like this when it has printed a help.
        status = leaving.code if isinstance(leaving.code, int) else 0
    except KeyboardInterrupt:
        with contextlib.suppress(Fault, OutputClosed):
            finish_output()
        return INTERRUPTED
    finish_output()
    return status


def _has_verb(words: Sequence[str]) -> bool:
    return bool(words) and words[0] in VERBS


def loaded(words: Sequence[str]) -> Verb:
    """What does what a command line asks for. Nothing of it is garbage, so nobody looks for any there."""
    if words and words[0] in _ON_TERMINALS:
        from tinynet_tui.terminal.abilities import ON_WINDOWS, has_terminals

        if not has_terminals():
            raise Fault(ON_WINDOWS)
    gc.disable()
    try:
        return cast(Verb, import_module(f"{__name__}.{words[0] if _has_verb(words) else 'stepper'}"))
    finally:
        gc.freeze()
        gc.enable()
