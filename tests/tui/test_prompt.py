"""The line that is typed, drawn."""

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import prompt
from ratop_py.tui.lineedit import Typed, typed
from ratop_py.tui.lines import Line, length
from ratop_py.tui.prompt import LABEL, Prompt, Trouble
from tests.tui.test_fit import TEXTS


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


@given(TEXTS, st.integers(40, 200), st.data())
def test_the_first_line_is_as_wide_as_the_window(words: str, width: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words)))
    trouble = data.draw(st.none() | st.builds(Trouble, st.integers(0, 70), st.integers(0, 80), st.just("wrong")))
    lines = prompt.lines(Prompt("filter", Typed(words, at), trouble), 14, 343, width)
    assert length(lines[0]) == width
    assert len(lines) == prompt.height(Prompt("filter", Typed(words, at), trouble))


def test_a_right_filter_says_how_many_match() -> None:
    assert "✓ 14 of 343" in text(prompt.lines(Prompt("filter", typed("tcp")), 14, 343, 120)[0])


def test_a_filter_that_is_not_applied_yet_does_not_say_so() -> None:
    assert "✓" not in text(prompt.lines(Prompt("filter", typed("tcp"), applied=False), 14, 343, 120)[0])


def test_the_caret_stands_under_the_error() -> None:
    wrong = Prompt("filter", typed("tcp and dprt = 4"), Trouble(8, 12, "no such field", "dport"))
    first, caret, proposal = prompt.lines(wrong, 14, 343, 120)
    assert text(caret).index("▔") == text(first).index("dprt") == LABEL + 8
    assert text(caret).count("▔") == 4
    assert "no such field" in text(caret)
    assert "did you mean dport?   Tab takes it" in text(proposal)
    assert ("dprt", "wrong") in first


def test_without_a_proposal_it_says_that_the_table_stays() -> None:
    lines = prompt.lines(Prompt("filter", typed("("), Trouble(1, 2, "“)” is expected")), 1, 2, 120)
    assert "the table keeps" in text(lines[2])


def test_the_cursor_is_seen_at_the_end_of_a_long_line() -> None:
    line = prompt.lines(Prompt("filter", typed("port = 443 and " * 30)), 1, 2, 80)[0]
    assert any(tone == "caret" for _, tone in line)


def test_offers_show_which_is_chosen() -> None:
    lines = prompt.lines(Prompt("filter", typed("sa"), offers=("saddr", "sappbytes"), chosen=1), 1, 2, 80)
    assert ("sappbytes", "picked") in lines[1]
    assert ("saddr", "accent") in lines[1]


def test_many_offers_are_cut_and_say_so() -> None:
    lines = prompt.lines(Prompt("filter", typed(""), offers=tuple(f"field{i}" for i in range(50)), chosen=0), 1, 2, 60)
    assert text(lines[1]).endswith("…")
    assert length(lines[1]) <= 60


def test_nothing_typed_takes_no_rows() -> None:
    assert prompt.height(None) == 0


def test_the_sentence_stands_wherever_all_of_it_can_be_read() -> None:
    words = "an amount of bytes is expected, as 1500"
    right = prompt.lines(Prompt("filter", typed("bytes > x"), Trouble(8, 9, words)), 1, 2, 80)
    assert text(right[1]).strip() == f"▔ {words}"
    left = prompt.lines(Prompt("filter", typed("program = firefox and bytes > x"), Trouble(30, 31, words)), 1, 2, 60)
    assert text(left[2]).strip().startswith(words)
    long = prompt.lines(Prompt("filter", typed("a" * 44 + " x"), Trouble(45, 46, words)), 1, 2, 80)
    assert text(long[1]).strip() == f"{words} ▔"
    assert all(length(line) <= 80 for line in (right[1], left[1], long[1]))
