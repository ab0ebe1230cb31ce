"""Text that fits a grid of cells."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import replace

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace as replaced
from rich.cells import get_character_cell_size
from wcwidth import wcswidth, wcwidth

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.signs import UNSHOWABLE, clean, narrow, shorten, to_ascii, wide, wrap
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.sentences import explanation


@given(st.text())
def test_clean_text_has_one_cell_per_character(text: str) -> None:
    """An independent table of widths agrees, of each character and of all together."""
    cleaned = clean(text)
    assert [character for character in cleaned if wcwidth(character) != 1] == []
    assert wcswidth(cleaned) == len(cleaned)


def test_no_character_of_unicode_takes_another_number_of_cells() -> None:
    """By three tables: of terminals, of Textual's own library for cells, and of an emulator."""
    kept = [cleaned for code in range(sys.maxunicode + 1) if (cleaned := clean(chr(code))).strip()]
    assert len(set(kept)) > 20_000
    for cells in (wcwidth, get_character_cell_size, pyte.screens.wcwidth):
        assert [f"U+{ord(sign):04X}" for text in kept for sign in text if cells(sign) != 1] == []


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_what_the_app_itself_writes_waits_for_no_table(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The widths of foreign characters are looked up for lessons that have some: start-up goes without."""
    monkeypatch.setitem(sys.modules, "wcwidth", None)
    clean.cache_clear()
    lesson = shipped_lesson(name)
    words = explanation(moment(start(lesson)))
    for text in (lesson.title, lesson.about, words.title, *words.sentences):
        assert UNSHOWABLE not in clean(text)
    with pytest.raises(ImportError):
        clean("表")


@pytest.mark.parametrize(
    "pair",
    [
        "🇩🇪",
        "1\N{COMBINING ENCLOSING KEYCAP}",
        "❤\ufe0f",
        "☰",
        "👩\u200d🚀",
        "\u1100\u1161\u11a8",
        "กำ",
        "क्ष",
    ],
)
def test_what_characters_make_together_is_as_wide_as_they_are(pair: str) -> None:
    """Flags, keycaps, emoji of several, syllables: terminals that join them must not gain or lose a cell."""
    cleaned = clean(f"a{pair}b")
    assert wcswidth(cleaned) == len(cleaned)
    screen = pyte.Screen(20, 1)
    pyte.Stream(screen).feed(cleaned)
    assert screen.cursor.x == len(cleaned)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b]0;owned\x07title", "]0;ownedtitle"),
        ("\x9b31mred", "31mred"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("zero\u200bwidth\u2060", "zerowidth"),
        ("a\tb\r\nc", "a b  c"),
        ("cafe\u0301", "café"),
        ("表 👍🏽", "□ □□"),
        ("☯ ☰ ䷀ 🇩", "☯ □ □ □"),
        ("a\u2028b\u3000c\xa0d", "a b c\xa0d"),
        ("ŷ ∂L/∂w₁", "ŷ ∂L/∂w₁"),
    ],
)
def test_clean_takes_out_what_a_terminal_would_obey(text: str, cleaned: str) -> None:
    """Escapes, marks of direction and joiners go; wide characters are replaced; signs stay."""
    assert clean(text) == cleaned


@given(st.text(), st.integers(-2, 40))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    """No line is longer than asked, and no character other than white space is lost."""
    lines = wrap(text, width)
    assert all(len(line) <= width for line in lines)
    if width > 0:
        assert "".join("".join(lines).split()) == "".join("".join(map(clean, text.splitlines())).split())


def test_wrap_keeps_paragraphs() -> None:
    """A line break in the text is one in the lines, and an empty line stays empty."""
    assert wrap("one two\n\nthree", 5) == ("one", "two", "", "three")


@given(st.text(), st.integers(-2, 12), st.booleans())
def test_shortened_text_fits(text: str, width: int, ascii: bool) -> None:
    """The result fits, and is the whole text where that fits."""
    short = shorten(text, width, ascii)
    assert len(short) <= max(width, 0)
    whole = to_ascii(text, letters=True) if ascii else clean(text)
    assert short == whole or len(whole) > width


@pytest.mark.parametrize(
    ("text", "width", "ascii", "short"),
    [
        ("how z₃ changes with w₅: by h₁", 28, False, "how z₃ changes with w₅: by…"),
        ("how z₃ changes with w₅: by h₁", 26, False, "how z₃ changes with w₅…"),
        ("XOR · 2-2-1 sigmoid", 10, False, "XOR…"),
        ("Lecture, row 2", 13, True, "Lecture..."),
        ("a straightforward title", 12, False, "a straightf…"),  # a letter alone says less than half a word
        ("straightforward", 9, True, "straig..."),
    ],
)
def test_text_is_cut_between_words(text: str, width: int, ascii: bool, short: str) -> None:
    """Without the comma or the dot before what is missing; a word is cut where little else would be left."""
    assert shorten(text, width, ascii) == short


_HOSTILE = st.text(st.sampled_from("表雛Ａa \u200b\u200d\x1b\x9b\x07\u202e\n\u0301[31m"))


@given(_HOSTILE)
@example("表\x1b[31m\x9b2Ja\u200b")
def test_a_mark_of_a_letter_lets_nothing_else_through(text: str) -> None:
    """A stranger's text may have marks like our own, beside what a terminal would obey."""
    for shown in (clean(text), to_ascii(text, letters=True)):
        assert all(unicodedata.category(sign) not in ("Cc", "Cf") for sign in narrow(shown))
        assert wcswidth(narrow(shown)) == len(shown)


@given(_HOSTILE)
@example("雛\u200b2J")
def test_a_marked_letter_of_a_stranger_is_not_shown_in_ascii(text: str) -> None:
    """A byte of its UTF-8 can be CSI to a terminal of 8 bits: 雛 is E9 9B 9B."""
    canvas, written = Look(ascii=True).canvas(40, 1), to_ascii(text)
    canvas.text(0, 0, shorten(text, 30, ascii=True))
    assert written.isascii()
    assert written == to_ascii(narrow(text))
    assert canvas.picture().text().isascii()


def test_a_name_keeps_its_letters_where_signs_alone_are_ascii() -> None:
    """Also when it is cut."""
    look = Look(ascii=True, letters=True)
    canvas = look.canvas(20, 1)
    canvas.text(0, 0, shorten(look.say(look.named("山田花子 → 1")), 9, ascii=True))
    assert canvas.picture().text() == "山田花..."
    assert look.say(wide("表")) == wide("表")


@given(st.text())
def test_ascii_is_ascii(text: str) -> None:
    """Whatever goes in, what comes out can be sent to any terminal."""
    written = to_ascii(text)
    assert written.isascii()
    assert written == "" or written.isprintable()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("∂L/∂h₁ = ∂L/∂z₃ · ∂z₃/∂h₁", "dL/dh1 = dL/dz3 * dz3/dh1"),
        ("ŷ₂ − y", "yhat2 - y"),
        ("w₁ ← w₁ − η · ∂L/∂w₁", "w1 <- w1 - eta * dL/dw1"),
        ("−η‖∇L‖²", "-eta||grad L||^2"),
        ("½·l2·Σw²", "1/2*l2*sum w^2"),
        ("10⁻³", "10^-3"),
        ("z⁽¹⁾", "z(1)"),
        ("relu′(0) ≈ 0 …", "relu'(0) ~ 0 ..."),
        ("“Größe” — ok", '"Grosse" -- ok'),
        ("表", "?"),
        ("√(v) ≤ λ", "sqrt(v) <= lambda"),
        ("→ next ↑↓", "-> next ^v"),
        ("╭─╮ ▸ █", "+-+ > #"),
    ],
)
def test_signs_have_names(text: str, written: str) -> None:
    """The signs of the app are written as people write them in plain text."""
    assert to_ascii(text) == written


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum"])
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_no_arrow_becomes_a_letter_in_a_sentence(name: str, optimizer: str) -> None:
    """Where ↓ and ↑ are v and ^ the words alone say which way a parameter goes."""
    lesson = shipped_lesson(name)
    session = start(replaced(lesson, training=replaced(lesson.training, optimizer=optimizer)))
    said = [
        to_ascii(sentence)
        for step in range(len(program_of(session)) + 1)
        for sentence in explanation(moment(replace(session, step=step))).sentences
    ]
    arrows = "^" if "v" in moment(session).model.parameter_names else "v^"
    assert [sentence for sentence in said if re.search(rf"(^| )[{re.escape(arrows)}]\W", sentence)] == []
    assert any(re.search(r" (falls by|grows by|stays) ", sentence) for sentence in said)


def test_a_formula_is_broken_before_a_sign_between_spaces() -> None:
    """Before =, ≈, ← or +, never within a product or a difference; where even that is too long, anywhere."""
    text = "z = 0.5 · 2 + (−1.5) · 4 ≈ 7"
    for width in range(13, 30):
        for line in wrap(text, width):
            assert len(line) <= width
            assert line[0] in "z=≈+"
            assert line[-1] not in "=≈+·"
    assert wrap("w ← 1 − 0.01 · 5", 14) == ("w", "← 1 − 0.01 · 5")
    assert wrap("on to L. ? explains words.", 18) == ("on to L.", "? explains words.")
    assert wrap("0.5 · 0.25 · 0.125", 8) == ("0.5 ·", "0.25 ·", "0.125")
