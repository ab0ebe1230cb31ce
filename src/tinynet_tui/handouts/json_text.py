"""Numbers in JSON, which has no inf and no nan: they are the strings "inf", "-inf" and "nan"."""

from __future__ import annotations

import json
from math import isfinite

from tinynet_tui.lessons.foreign_text import escaped_in_json


def json_encoder(ascii: bool) -> json.JSONEncoder:
    """The encoder of everything printed: one line, keys in the order in which they are written."""
    return _Encoder(ensure_ascii=ascii, allow_nan=False)


class _Encoder(json.JSONEncoder):
    """Escapes every character that would steer a terminal, not only those that JSON forbids."""

    def encode(self, value: object) -> str:
        """A value as JSON."""
        return escaped_in_json(super().encode(value))


def json_number(number: float) -> float | str:
    """A number, or its name where it is not finite."""
    return number if isfinite(number) else repr(number)
