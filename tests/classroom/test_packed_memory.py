"""Memory packed before a fork: what functions do stays the same, what they are lies together."""

from __future__ import annotations

import subprocess
import sys

_PACKED = '''
import gc
from functools import cache
from tinynet_tui.classroom.packed_memory import pack

def outer(number, step=2):
    """About it."""
    def inner(*values):
        return [value * number + step for value in values]
    return inner

def counted():
    for number in range(3):
        yield "a number that is %d" % number

@cache
def kept():
    return object()

functions = [outer, counted]
for one in range(400):  # with much between them, as modules have it
    exec(f"def f{one}(): return 'of {one}', {one + 10_000}")
    functions.append(globals()[f"f{one}"])
    globals()[f"kept{one}"] = [bytes(size) for size in range(100, 480, 16)]
made, first = outer(3), kept()
hole = [bytes(100) for _ in range(5_000)]
del hole[::7]
pages = lambda: {id(one.__code__) >> 12 for one in functions}
before = pages()
code = [one.__code__ for one in functions]
drawn = []
pack(code, lambda: drawn.append(kept() is not first))
assert drawn == [True] and not code
assert len(pages()) < len(before) / 2, (len(pages()), len(before))
assert outer(3)(1, 2) == made(1, 2) == [5, 8] and outer.__doc__ == "About it."
assert [*counted()] == ["a number that is 0", "a number that is 1", "a number that is 2"]
assert [globals()[f"f{one}"]() for one in range(400)] == [(f"of {one}", one + 10_000) for one in range(400)]
held = {id(one) >> 14 for one in hole}
assert held.isdisjoint(id(one) >> 14 for one in [bytes(101 + one % 3) for one in range(300)])
'''


def test_what_is_packed_does_the_same_and_leaves_no_gap_for_what_is_new() -> None:
    """In a process of its own: it takes what every cache has, and moves code."""
    packed = subprocess.run([sys.executable, "-c", _PACKED], capture_output=True, text=True)
    assert (packed.returncode, packed.stderr) == (0, "")
