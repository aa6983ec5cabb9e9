"""Facts said shorter."""

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS
from ratop_py.tui.facts import said


def test_rates_sizes_and_lengths_are_said_as_in_the_bars() -> None:
    assert said("rx", "212000 bit/s") == "212 kb/s"
    assert said("sbytes", "4405123") == "4.4MB (4 405 123)"
    assert said("sbytes", "61") == "61 B"
    assert said("spkts", "4120") == "4 120"
    assert said("spkts", "0") == "0"
    assert said("tcprtt", "0.000410 s") == "0.41 ms"
    assert said("dur", "2461.128796 s") == "41m01"


def test_times_are_local() -> None:
    assert said("stime", "2026-08-01 20:33:05.871204")[2:12] == ":33:05.871"


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=20))
def test_what_is_not_understood_is_shown_as_it_came(name: str, text: str) -> None:
    assert said(name, "?" + text) == "?" + text


def test_a_name_that_is_no_field_is_left_alone() -> None:
    assert said("no field", "7") == "7"
