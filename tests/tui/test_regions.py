"""Rows of the window."""

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.regions import PLOT, PLOT_LEAST, PLOT_TABLE, TABLE, Regions, regions

SIZES = st.integers(1, 320), st.integers(1, 120), st.integers(0, 3)


@given(*SIZES, st.fixed_dictionaries(dict.fromkeys(("details", "zoom", "plot", "past"), st.booleans())))
def test_the_rows_add_up_to_the_window(width: int, height: int, prompt: int, wanted: dict[str, bool]) -> None:
    rows = regions(width, height, prompt=prompt, **wanted)
    if rows.room:
        assert rows.top + rows.tabs + rows.plot + rows.table + rows.details + rows.prompt + rows.footer == height
        assert rows.table >= TABLE or (rows.table == 0 and rows.details >= TABLE)


def test_a_large_window_has_everything() -> None:
    assert regions(160, 44, details=True, zoom=False, prompt=1) == Regions(2, 1, 24, 15, 1, 1)


def test_80_by_24_gives_half_to_the_details() -> None:
    assert regions(80, 24, details=True, zoom=False, prompt=0) == Regions(1, 1, 11, 10, 0, 1)


def test_below_24_rows_the_details_stand_in_the_tables_place() -> None:
    rows = regions(60, 16, details=True, zoom=False, prompt=0)
    assert (rows.table, rows.details) == (0, 13)


def test_zoom_gives_all_to_the_details() -> None:
    assert regions(160, 44, details=True, zoom=True, prompt=0).table == 0


def test_below_40_by_10_there_is_no_room() -> None:
    assert not regions(39, 24, details=False, zoom=False, prompt=0).room
    assert not regions(80, 9, details=False, zoom=False, prompt=0).room
    assert regions(40, 10, details=False, zoom=False, prompt=3).room


def test_the_plot_takes_what_the_table_can_spare() -> None:
    large = regions(160, 44, details=False, zoom=False, prompt=0, plot=True)
    assert (large.plot, large.table) == (PLOT, 44 - 4 - PLOT)
    assert regions(60, 16, details=False, zoom=False, prompt=0, plot=True).plot >= PLOT_LEAST


@given(*SIZES)
def test_a_plot_is_large_enough_to_read_or_not_there(width: int, height: int, prompt: int) -> None:
    rows = regions(width, height, details=False, zoom=False, prompt=prompt, plot=True)
    assert rows.plot == 0 or (PLOT_LEAST <= rows.plot <= PLOT and rows.table >= PLOT_TABLE)


def test_in_the_past_there_is_a_timeline_in_small_windows_too() -> None:
    assert regions(60, 16, details=False, zoom=False, prompt=0, past=True).top == 2
    assert regions(60, 16, details=False, zoom=False, prompt=0).top == 1
