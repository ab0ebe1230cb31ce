"""The command tinynet-tui, also as `python -m tinynet_tui`."""

import os
import sys
from signal import SIGINT, default_int_handler, getsignal, signal

# Until a verb is there to answer Ctrl+C, it ends the process at once: an exception would go through modules
# that are half loaded, and be told by whatever started this. In a shell's background it may be ignored.
_IS_HEARD = getsignal(SIGINT) is default_int_handler
if _IS_HEARD:
    signal(SIGINT, lambda _signum, _frame: os._exit(130))


def main() -> int:
    """Do what the command line asks for; returns the exit status."""
    from tinynet_tui.cli import loaded, main

    loaded(sys.argv[1:])
    if _IS_HEARD:
        signal(SIGINT, default_int_handler)
    return main()


if __name__ == "__main__":
    sys.exit(main())
