"""`python -m tinynet_tui` is the command tinynet-tui."""

import sys

from tinynet_tui.cli import main

sys.exit(main())
