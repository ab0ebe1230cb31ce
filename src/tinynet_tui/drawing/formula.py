"""A formula in two rows, letters above numbers, each number below its letter."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Line, cells_of
from tinynet_tui.engine.expression_reading import Piece
from tinynet_tui.teaching.step_line import StepLine


class Column(NamedTuple):
    """A part of a formula that stays together: text above text, and how each looks."""

    above: Line
    below: Line
    least: int = 0
    """Cells that it takes at least, so that it stands below another one."""

    @property
    def width(self) -> int:
        """Cells of the wider text."""
        return max(cells_of(self.above), cells_of(self.below), self.least)

    @property
    def rows(self) -> tuple[Line, Line]:
        """Above and below."""
        return self.above, self.below

    @property
    def sign(self) -> str:
        """Its text, if it has one in one row alone, or the same in both."""
        return (_text(self.above) or _text(self.below)).strip()


def column(above: str, below: str = "", above_role: str = "", below_role: str = "") -> Column:
    """A column of one text above another."""
    return Column(((above, above_role),), ((below, below_role),))


def _text(line: Line) -> str:
    return "".join(text for text, _ in line)


def step_columns(
    line: StepLine, parts: Sequence[tuple[Piece, Piece]], role_of: Callable[[str], str], look: Look
) -> list[Column]:
    """A step: its name and its formula above, the same in numbers and the result below.

    parts: those of the formula, in letters and in numbers; role_of: the role of a quantity, by its name.
    """
    say = look.say
    name, value = column(say(line.name), "", "strong"), say(line.value)
    assigns, reads, equals = (say(f" {sign} ") for sign in (line.assigns, line.reads, line.equals))
    if line.letters is None:
        return [name, column(equals), column(value, "", "written")]
    if line.numbers is None:
        # A lone letter, and what comes to itself in numbers: −q at q = 1.5.
        return [name, column(assigns, equals), column(say(line.letters), value, "", "written")]
    words = _words(_part(above, below, role_of, look) for above, below in parts)
    return [name, column(assigns, reads), *words, column("", equals), column("", value, "", "written")]


def _part(above: Piece, below: Piece, role_of: Callable[[str], str], look: Look) -> Column:
    name = above.name
    role = role_of(name.name) if name is not None and name.sample is None else ""
    if role == "written":
        role = "read"  # an update reads the old value of what it writes
    return column(look.say(above.text), look.say(below.text), role and "strong", role)


def _words(parts: Iterable[Column]) -> Iterator[Column]:
    """The parts of a formula, those that no blank is between as one: ReLU(z₃) above ReLU(2).

    So there is no gap between a bracket and what is in it, where that is wider above or below.
    """
    word: list[Column] = []
    for part in parts:
        text = _text(part.above)
        if text != _text(part.below) or " " not in text:
            word.append(part)
            continue
        # Signs, such as ") · (": brackets go with the words before and after.
        before, after = text[: text.index(" ")], text[text.rindex(" ") + 1 :]
        yield from _joined([*word, column(before, before)] if before else word)
        middle = text[len(before) : len(text) - len(after)]
        yield column(middle, middle)
        word = [column(after, after)] if after else []
    yield from _joined(word)


def _joined(word: Sequence[Column]) -> Iterator[Column]:
    """A word as one column; what fills it up is outside of its brackets."""
    if not word:
        return
    above = tuple(part for column in word for part in column.above)
    below = tuple(part for column in word for part in column.below)
    opened = _text(above).count("(") - _text(above).count(")")
    width = max(cells_of(above), cells_of(below))
    yield Column(_filled_up(above, width, opened), _filled_up(below, width, opened))


def _filled_up(line: Line, width: int, opened: int) -> Line:
    """A line filled up to a width: on the left where it opens a bracket, on the right where it closes one."""
    free = width - cells_of(line)
    if not free:
        return line
    left = free if opened > 0 else 0 if opened < 0 else free // 2
    return (" " * left, ""), *line, (" " * (free - left), "")


def draw_rows(canvas: Canvas, rows: Sequence[Line]) -> int:
    """Write rows below each other from the top of a panel; return how many they are."""
    for y, row in enumerate(rows):
        canvas.line_of_text(1, y, row)
    return len(rows)


def formula_rows(columns: Sequence[Column], room: int, look: Look, most: int | None = None) -> list[Line]:
    """Columns in rows of `room` cells, letters above numbers: in at most `most` rows, if that is given.

    Where terms do not fit, or the factors of a product that is alone, an ellipsis says how many are missing;
    the last two columns, the result, stay.
    """
    result = list(columns[-2:])
    kept = _terms(columns[:-2])
    rows = _rows_of(_filled([*kept, result], room))
    terms = len(kept)
    while most is not None and len(rows) > most and len(kept) > 1:
        if terms == len(kept) == 2:
            for shorter in _shorter_products(kept[1], most * room // _LEAST_FACTOR, look):
                rows = _rows_of(_filled([kept[0], shorter, result], room))
                if len(rows) <= most:
                    return rows
        kept = kept[:-1]
        more = look.say(f" + … {terms - len(kept)} more") if kept else ""
        rows = _rows_of(_filled([*kept, [column(more, more)], result], room))
    return rows


_LEAST_FACTOR = 8
"""Cells of the shortest factor, above and below, with its sign: it bounds how many factors some rows hold."""


def _shorter_products(term: list[Column], most: int, look: Look) -> Iterator[list[Column]]:
    """A product cut to fewer and fewer of its factors, `most` at first, with how many are missing; nothing
    where factors stand in brackets."""
    signs = [place for place, part in enumerate(term) if part.sign in _TIMES]
    if any(text in _text(part.above) for part in term for text in "()"):
        return
    for kept in range(min(len(signs), most), 0, -1):
        more = look.say(f" · … {len(signs) - kept + 1} more")
        yield [*term[: signs[kept - 1]], column(more, more)]


def _rows_of(lines: list[list[Column]]) -> list[Line]:
    """Two rows for each line, but one where a line, such as that of the result, has nothing in the other."""
    rows = []
    for line in lines:
        for texts in zip(*(column.rows for column in line), strict=True):
            if any(map(cells_of, texts)) or len(lines) == 1:
                centred = (
                    _filled_up(text, column.width, 0) for text, column in zip(texts, line, strict=True)
                )
                rows.append(tuple(part for parts in centred for part in parts))
    return rows


_LEADS = ("=", "≈", "~", "←", "<-", "+")
"""What a line may begin with: it is broken before these signs, not in the middle of a product."""


_TIMES = ("·", "*")


def _terms(columns: Sequence[Column]) -> list[list[Column]]:
    """Columns that stay on one line, where there is room for them."""
    terms: list[list[Column]] = [[]]
    for column in columns:
        leads = column.sign in _LEADS
        if leads and terms[-1]:
            terms.append([])
        terms[-1].append(column)
    return terms


def _filled(terms: list[list[Column]], room: int) -> list[list[Column]]:
    """Terms in lines of `room` cells; a term that is wider than a line is broken between its factors.

    The last, the result, stands below the sign of equality where it has a line of its own.
    """
    indent = terms[0][0].width
    lines: list[list[Column]] = [[]]
    used = 0
    for term in terms:
        width = sum(part.width for part in term)
        if used + width > room and lines[-1]:
            lines.append([])
            used = 0
            if term is terms[-1] and indent + width <= room:
                lines[-1].append(column("", " " * indent))
        for part, after in zip_longest(term, term[1:]):
            # A factor takes the sign before it along.
            wanted = part.width + (after.width if after and part.sign in _TIMES else 0)
            if used + wanted > room and lines[-1]:
                lines.append([])
                used = 0
            lines[-1].append(part)
            used += part.width
    return lines
