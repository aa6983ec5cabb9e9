"""Text columns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.export import services, text
from ratop_py.export.text import CUT, Style, cells_of, fit, short
from ratop_py.view import Snapshot
from tests.helpers.tables import addresses, floats, numbers, rows_of, snapshot, story, words


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def known_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "read", lambda: {("tcp", 80): "http"})


def written(*snapshots: Snapshot, style: Style | None = None) -> list[str]:
    out = BytesIO()
    assert text.write(snapshots, out, style) == sum(map(len, snapshots))
    return out.getvalue().decode().splitlines()


def test_titles_stand_above_their_columns() -> None:
    titles, first, _ = written(story())
    assert titles.split()[0] == "StartTime"
    assert first.index("10.0.0.1") == titles.index("SrcAddr")
    assert first.index("4814") + 4 == titles.index("SrcBytes") + len("SrcBytes")


def test_times_are_the_local_time_of_day_with_microseconds() -> None:
    assert written(story())[1].split()[0] == "22:13:20.005000"


def test_times_may_be_seconds_since_the_epoch() -> None:
    assert written(story(), style=Style(epoch=True))[1].split()[0] == "1700000000.005000"


def test_decimals_of_times_can_be_chosen() -> None:
    assert written(story(), style=Style(decimals=0))[1].split()[:2] == ["22:13:20", "0"]
    assert written(story(), style=Style(decimals=2))[1].split()[:2] == ["22:13:20.00", "0.08"]


def test_ports_have_names_unless_numbers_are_asked_for() -> None:
    assert " http " in written(story())[1]
    assert " 80 " in written(story(), style=Style(numbers=True))[1]


def test_a_port_that_only_looks_like_a_service_stays_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "read", lambda: {("tcp", 8080): "http-alt", ("tcp", 22): "ssh"})
    table = snapshot({"proto": words("tcp", "tcp"), "sport": numbers(8080, 22), "dport": numbers(8080, 22)})
    assert [line.split() for line in written(table)[1:]] == [["tcp", "8080", "http-alt"], ["tcp", "ssh", "ssh"]]


def test_what_is_missing_is_blank() -> None:
    table = snapshot({"sport": numbers(-1), "stime": numbers(-1), "load": floats(float("nan")), "dport": numbers(7)})
    assert written(table)[1].split() == ["7"]


def test_columns_of_words_grow_to_fit_the_first_rows() -> None:
    table = snapshot({"daddr": addresses("2001:db8:1111:2222:3333:4444:5555:6666"), "dport": numbers(1)})
    assert "2001:db8:1111:2222:3333:4444:5555:6666" in written(table)[1]


def test_later_words_that_are_too_long_are_cut_with_a_sign() -> None:
    table = snapshot({"program": words("sh", "x" * 30)})
    last = written(rows_of(table, 0, 1), rows_of(table, 1, 2))[-1]
    assert last.endswith(CUT)
    assert len(last) < 30


def test_numbers_are_never_cut_unless_a_width_was_asked_for() -> None:
    table = snapshot({"sbytes": numbers(1, 123456789012)})
    assert written(rows_of(table, 0, 1), rows_of(table, 1, 2))[-1] == "123456789012"
    assert written(table, style=Style(widths={"sbytes": 4}))[-1] == "123" + CUT


def test_with_a_separator_nothing_is_padded() -> None:
    line = written(story(), style=Style(separator=";"))[1]
    assert line.startswith("22:13:20.005000;0.080002;tcp;10.0.0.1;42001;192.0.2.7;http;4814;0x0064;")


def test_a_value_that_holds_the_separator_is_quoted() -> None:
    assert '"a ""b"", c"' in written(story(), style=Style(separator=","))[1]


def test_titles_can_be_left_out_or_repeated() -> None:
    table = snapshot({"sbytes": numbers(1, 2, 3)})
    assert [line.strip() for line in written(table, style=Style(header=-1))] == ["1", "2", "3"]
    repeated = [line.strip() for line in written(table, style=Style(header=2))]
    assert repeated == ["SrcBytes", "1", "2", "SrcBytes", "3"]


def test_no_rows_still_have_titles() -> None:
    assert len(written(rows_of(story(), 0, 0))) == 1


def test_large_numbers_can_be_short() -> None:
    table = snapshot({"sbytes": numbers(4_814_000)})
    assert written(table, style=Style(abbreviate=True))[1].strip() == "4.81M"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1k"),
        (1234, "1.23k"),
        (999_900, "1M"),
        (1e6, "1M"),
        (-1, ""),
        (0.5, "0.5"),
        (2.5e10, "25G"),
    ],
)
def test_short_numbers_have_three_digits_and_a_letter(value: float, expected: str) -> None:
    assert short(value) == expected


@given(st.text(max_size=20), st.integers(1, 12))
def test_a_fitted_word_is_exactly_as_wide_as_asked(word: str, size: int) -> None:
    assert cells_of(fit(word, size)) == size


def test_wide_characters_take_two_cells() -> None:
    assert cells_of("日本") == 4
    assert fit("日本語", 4) == "日" + CUT + " "
