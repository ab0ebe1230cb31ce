"""What terminals send, broken in every way: `python -m tests.campaigns.random_input --inputs 100000`.

Each input is made by the grammars of the protocols, whole, broken off and broken, and comes in pieces. After
a silence, keys have to be what they are, and little may have been kept. A failure prints the number of its
input, which repeats it.
"""

from __future__ import annotations

import argparse
import resource
import time
import traceback
from random import Random

from tests.terminal_input import in_pieces, random_input
from tinynet_tui.terminal.input import PASTE_LIMIT, Input
from tinynet_tui.terminal.input_events import Key, by_hand
from tinynet_tui.tui.keyboard import message_of

_LONGEST_HELD = 300
"""Characters that may be held back."""
_KEYS = (Key("q", "q"), Key("ctrl+c", "\x03"), Key("right"))


def check(terminal: Input, seed: int, number: int) -> int:
    """Send one input to a terminal's reader, and then keys; returns how many bytes it was.

    Raises: AssertionError where a key is lost, or too much is kept; and whatever the reader raises.
    """
    chance = Random(f"{seed}/{number}")
    sent = random_input(chance)
    for piece in in_pieces(sent, chance):
        for event in by_hand(terminal.feed(piece)):
            message_of(event)
        assert len(terminal._held) <= _LONGEST_HELD, "too much is held back"
        assert len(terminal._pasted or "") <= PASTE_LIMIT, "too much is kept of a paste"
        if chance.random() < 0.1:
            terminal.silence()
    silences = 0
    while terminal.patience is not None:
        terminal.silence()
        silences += 1
        assert silences <= 2, "it waits for ever"
    keys = terminal.feed(b"q\x03\x1b[C")
    assert keys == list(_KEYS), f"keys are taken for {keys}"
    return len(sent)


def main() -> int:
    """Run as the command line asks; returns the exit status."""
    parser = argparse.ArgumentParser(description="Send what terminals send, broken in every way.")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--input", type=int, help="only the input of this number, as a failure names it")
    arguments = parser.parse_args()
    numbers = range(arguments.inputs) if arguments.input is None else [arguments.input]
    terminal, sent, failures, started = Input(), 0, 0, time.monotonic()
    for number in numbers:
        try:
            sent += check(terminal, arguments.seed, number)
        except Exception:
            failures += 1
            traceback.print_exc(limit=-3)
            print(f"again: python -m tests.campaigns.random_input --seed {arguments.seed} --input {number}")
            terminal = Input()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{sent:,} bytes in {time.monotonic() - started:,.0f} s, {failures} failures, peak memory {peak} MB"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
