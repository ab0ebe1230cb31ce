"""The memory of a process that is forked, packed: what forks touch lies together, what they make apart.

CPython counts references within objects. So a fork gets a copy of its own of every page with an object that
it only looks at, and of every page with a gap that something new fits into.
"""

from __future__ import annotations

import ctypes
import gc
import marshal
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import _lru_cache_wrapper
from types import CodeType, FunctionType

_IN_USE = re.compile(rb"^ *\d+ +(\d+) +\d+ +\d+ +(\d+)$", re.M)
"""A line of what Python tells of its small blocks: (their size, the free ones among others)."""
_OF_BYTES = sys.getsizeof(b"")
"""Bytes of an object of no bytes."""
_LARGE = (*(1 << power for power in range(16, 10, -1)), 768, 640, 544)
"""Sizes of blocks that the system's allocator is asked for, and Python's own is not."""
_MOST_LARGE = 20_000
_kept: list[object] = []
"""What fills the gaps."""


class _Mallinfo(ctypes.Structure):
    """What glibc tells of its memory: the last number is what lies free at the end of it."""

    _fields_ = [(f"of_{number}", ctypes.c_size_t) for number in range(9)] + [("last", ctypes.c_size_t)]


def pack(code: list[CodeType], draw: Callable[[], object]) -> None:
    """Pack the memory of this process.

    code: what forks will run, which is taken out of the list; draw: makes again what caches are to have:
    all of them are emptied.
    """
    for cache in [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]:
        cache.cache_clear()
    gc.collect()
    _fill()
    _move_together(code)
    code.clear()
    draw()
    gc.collect()
    _fill()


def _move_together(code: list[CodeType]) -> None:
    """Have functions run copies of their code that lie side by side, with the constants in it."""
    copies = dict(zip(code, marshal.loads(marshal.dumps(code)), strict=True))
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and function.__code__ in copies:
            function.__code__ = copies[function.__code__]


def _fill() -> None:
    """Leave no gap between what there is."""
    for size, count in _free_blocks():
        _kept.append([_block(size) for _ in range(count)])
    with suppress(OSError, AttributeError):  # only glibc tells
        _fill_large()


def _free_blocks() -> list[tuple[int, int]]:
    """(size, how many) of Python's small blocks that are free on pages with others."""
    told, before = os.memfd_create("told"), os.dup(2)
    os.dup2(told, 2)
    sys._debugmallocstats()
    os.dup2(before, 2)
    os.close(before)
    with open(told, "rb") as file:
        file.seek(0)
        return [(int(size), int(count)) for size, count in _IN_USE.findall(file.read())]


def _block(size: int) -> object:
    """An object that takes this many bytes."""
    if size < _OF_BYTES:
        return object() if size == sys.getsizeof(object()) else float(size)
    return bytes(size - _OF_BYTES)


def _fill_large() -> None:
    system = ctypes.CDLL(None)
    system.sbrk.restype, system.mallinfo2.restype = ctypes.c_void_p, _Mallinfo
    kept: list[object] = [None] * _MOST_LARGE
    places = iter(range(_MOST_LARGE))
    for size in _LARGE:
        end = system.sbrk(0) - system.mallinfo2().last
        for place in places:
            kept[place] = bytes(size)
            if id(kept[place]) >= end:  # there is no gap of that size any more
                kept[place] = None
                break
    _kept.append(kept)
