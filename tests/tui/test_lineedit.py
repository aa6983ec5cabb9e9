"""A line being typed."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ratop_py.tui.lineedit import EDITS, LONGEST, Typed, edit, insert, replace, show, typed
from tests.tui.test_fit import TEXTS

KEYS = st.one_of(st.sampled_from(sorted(EDITS)), st.characters())


@given(TEXTS, st.lists(KEYS, max_size=30))
def test_the_cursor_never_leaves_the_line(text: str, keys: list[str]) -> None:
    line = typed(text)
    for key in keys:
        line = edit(line, key, key if len(key) == 1 else None) or line
        assert 0 <= line.at <= len(line.text)
        assert line.text.isprintable()


@given(st.text(max_size=50))
def test_what_is_pasted_is_clean_and_on_one_line(text: str) -> None:
    line = insert(typed("a"), text)
    assert line.text.isprintable()
    assert "\n" not in line.text


def test_keys_edit_as_in_a_shell() -> None:
    line = typed("port = 443")
    assert edit(line, "ctrl+w", None) == Typed("port = ", 7)
    assert edit(line, "ctrl+u", None) == Typed("", 0)
    assert edit(Typed("port = 443", 4), "ctrl+k", None) == Typed("port", 4)
    assert edit(line, "backspace", None) == Typed("port = 44", 9)
    assert edit(Typed("port", 0), "delete", None) == Typed("ort", 0)
    assert edit(line, "ctrl+left", None) == Typed("port = 443", 7)
    assert edit(Typed("port = 443", 0), "ctrl+right", None) == Typed("port = 443", 4)


def test_a_key_that_is_no_edit_is_none() -> None:
    assert edit(typed("a"), "f5", None) is None


def test_a_line_has_an_end() -> None:
    assert len(insert(typed("x" * LONGEST), "more").text) == LONGEST


@given(TEXTS, st.integers(1, 40), st.data())
def test_the_cursor_is_always_seen(text: str, size: int, data: st.DataObject) -> None:
    line = Typed(text, data.draw(st.integers(0, len(text))))
    shown = show(line, size)
    assert shown.cursor <= max(size, 1)
    assert cell_len(shown.text) <= max(size, shown.cursor)
    assert line.text[shown.first :].startswith(shown.text)


def test_a_word_is_replaced_at_its_place() -> None:
    assert replace(typed("dprot = 4"), 0, 5, "dport") == Typed("dport = 4", 5)
