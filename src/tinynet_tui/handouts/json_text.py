"""Numbers and text in JSON, which has no inf and no nan: they are the strings "inf", "-inf" and "nan"."""

from __future__ import annotations

import json
from math import isfinite

from tinynet_tui.safety.foreign_text import escaped_in_json


class _OneLine(json.JSONEncoder):
    """Writes what cannot be seen as an escape, so that no terminal obeys it and no line ends in it."""

    def encode(self, o: object) -> str:
        """An object on one line."""
        return escaped_in_json(super().encode(o))


def json_encoder(ascii: bool) -> json.JSONEncoder:
    """The encoder of everything printed: one line, keys in the order in which they are written."""
    return _OneLine(ensure_ascii=ascii, allow_nan=False)


def json_number(number: float) -> float | str:
    """A number, −0 as 0, or its name where it is not finite."""
    return number + 0.0 if isfinite(number) else repr(number)
