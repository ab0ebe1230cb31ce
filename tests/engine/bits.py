"""Numbers compared to the last bit."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable


def bits(values: Iterable[float]) -> tuple[bytes, ...]:
    """The eight bytes of each number; every nan counts as the same."""
    return tuple(struct.pack(">d", math.nan if math.isnan(value) else value) for value in values)
