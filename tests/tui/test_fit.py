"""Text fills exactly its cells."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ratop_py.safetext import clean
from ratop_py.tui.fit import fit, last, wrap

HOSTILE = [
    "bad\x1b[31mname", "c1\x9b31m", "rtl\u202eevil", "zw\u200bsp", "e\u0301", "日本語", "\u115f", "\udce9", "tab\t",
    "\x00", "vs\ufe0f", "👨\u200d👩", "🇩🇪", "a" * 10_000, "", "ﷺ", "\u2028", "[red]markup[/]",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE)).map(clean)


@given(TEXTS, st.integers(0, 60), st.booleans(), st.booleans())
def test_every_clean_text_fits_every_width(text: str, size: int, right: bool, middle: bool) -> None:
    assert cell_len(fit(text, size, right, middle)) == size


def test_what_fits_is_only_padded() -> None:
    assert fit("ssh", 6) == "ssh   "
    assert fit("4101", 6, right=True) == "  4101"


def test_a_cut_at_the_end_says_so() -> None:
    assert fit("systemd-resolved", 9) == "systemd-…"


def test_a_cut_in_the_middle_keeps_head_and_tail() -> None:
    assert fit("cdn-3.video.example.net", 17, middle=True) == "cdn-3.v…ample.net"


def test_a_wide_character_is_never_halved() -> None:
    assert fit("日本語", 4) == "日 …"
    assert last("日本語", 3) == " 語"


@given(TEXTS, st.integers(1, 60))
def test_wrapped_lines_are_never_wider(text: str, size: int) -> None:
    lines = wrap(text, size)
    assert all(cell_len(line) <= max(size, 2) for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_breaks_between_words() -> None:
    assert wrap("down the hall, not far away", 10) == ["down the", "hall, not", "far away"]
