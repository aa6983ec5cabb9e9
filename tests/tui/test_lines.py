"""Lines of spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ratop_py.tui.ink import TONES, Ink
from ratop_py.tui.lines import Line, cut, fill, fold, join, length, paint, spread
from tests.helpers.piloted import playing
from tests.tui.test_fit import TEXTS

SPANS = st.lists(st.tuples(TEXTS, st.sampled_from(TONES)), max_size=6)


@given(SPANS, st.integers(0, 120))
def test_a_line_is_filled_to_exactly_its_width(line: Line, size: int) -> None:
    assert length(fill(line, size)) == size


@given(SPANS, SPANS, st.integers(0, 120))
def test_left_and_right_share_exactly_the_width(left: Line, right: Line, size: int) -> None:
    assert length(spread(left, right, size)) == size


@given(st.lists(st.tuples(st.text(max_size=40), st.sampled_from(TONES)), max_size=5), st.integers(0, 90))
def test_what_is_painted_is_exact_and_printable(line: Line, size: int) -> None:
    strip = paint(line, size, Ink("dark"))
    assert sum(cell_len(segment.text) for segment in strip) == size
    assert all(segment.text.isprintable() for segment in strip)


@given(SPANS, st.integers(24, 90), st.integers(0, 10))
def test_folded_lines_fit_where_words_do(line: Line, size: int, indent: int) -> None:
    longest = max((cell_len(word) for text, _ in line for word in text.split(" ")), default=0)
    for row in fold(line, size, indent):
        assert length(row) <= max(size, longest * len(line) + indent)


def test_folding_indents_what_follows() -> None:
    rows = fold([("why  ", "dim"), ("down the hall and back", "text")], 14, 5)
    assert ["".join(text for text, _ in row) for row in rows] == ["why  down the", "     hall and", "     back"]


def test_a_cut_line_says_so() -> None:
    assert cut([("firefox", "text"), (" 4101", "dim")], 4) == [("fir…", "text")]


def test_empty_parts_leave_no_gap() -> None:
    assert join([[("a", "text")], [], [("b", "text")]]) == [("a", "text"), ("  ", "text"), ("b", "text")]


async def test_lines_have_no_colours_where_none_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with playing() as screen:
        colours = {
            segment.style.color.get_truecolor()
            for strip in screen.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None and segment.style.color is not None
        }
        assert "risk" in screen.text()
        assert colours
        assert all(red == green == blue for red, green, blue in colours)
