"""The cursor holds a flow."""

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import cursor
from ratop_py.tui.cursor import Cursor

HEIGHT = 20


def chosen(row: int, top: int = 0, flow: int = 7) -> Cursor:
    return Cursor(flow, row, row - top, top)


@given(st.lists(st.integers(0, 499), min_size=1, max_size=30), st.integers(0, 19))
def test_a_flow_keeps_its_line_through_any_orders(ranks: list[int], line: int) -> None:
    now = chosen(100 + line, top=100)
    for rank in ranks:
        now = cursor.follow(now, rank, 500, HEIGHT)
        assert now.row == rank
        at_an_end = now.top in (0, 500 - HEIGHT)
        assert now.row - now.top == line or at_an_end
        assert 0 <= now.row - now.top < HEIGHT


def test_after_an_end_it_returns_to_its_line() -> None:
    now = cursor.follow(chosen(105, top=100), 0, 500, HEIGHT)
    assert now.row - now.top == 0
    now = cursor.follow(now, 300, 500, HEIGHT)
    assert now.row - now.top == 5


def test_the_first_step_picks_the_top_line() -> None:
    now = cursor.move(Cursor(top=30), 1, 500, HEIGHT)
    assert (now.row, now.wanted) == (30, True)


def test_a_step_scrolls_only_as_far_as_it_must() -> None:
    now = cursor.move(chosen(119, top=100), 1, 500, HEIGHT)
    assert (now.row, now.top) == (120, 101)
    now = cursor.move(chosen(110, top=100), 1, 500, HEIGHT)
    assert now.top == 100


def test_what_was_scrolled_out_of_sight_is_not_pulled_back() -> None:
    now = cursor.scrolled(chosen(105, top=100), 300)
    now = cursor.follow(now, 50, 500, HEIGHT)
    assert (now.row, now.top) == (50, 300)


def test_any_step_brings_it_back_into_sight() -> None:
    now = cursor.move(cursor.scrolled(chosen(105, top=100), 300), 1, 500, HEIGHT)
    assert now.row == 106
    assert now.top <= 106 < now.top + HEIGHT


def test_a_flow_that_left_leaves_a_ghost_at_its_place() -> None:
    now = cursor.follow(chosen(105, top=100), None, 499, HEIGHT)
    assert now.gone
    assert now.row == 105
    assert cursor.rows(now, 499) == 500


def test_stepping_off_a_ghost_counts_no_row_twice() -> None:
    ghost = cursor.follow(chosen(105, top=100), None, 499, HEIGHT)
    assert cursor.move(ghost, 1, 499, HEIGHT).row == 105
    assert cursor.move(ghost, -1, 499, HEIGHT).row == 104


def test_a_ghost_that_comes_back_is_a_flow_again() -> None:
    ghost = cursor.follow(chosen(105, top=100), None, 499, HEIGHT)
    assert not cursor.follow(ghost, 9, 500, HEIGHT).gone


@given(st.integers(0, 60), st.integers(0, 500), st.integers(1, 40))
def test_rows_are_clamped_when_the_table_shrinks(total: int, row: int, height: int) -> None:
    for rank in (None, min(row, total - 1) if total else None):
        now = cursor.follow(chosen(row, top=max(0, row - 3)), rank, total, height)
        assert 0 <= now.row <= max(0, cursor.rows(now, total) - 1)
        assert 0 <= now.top <= max(0, cursor.rows(now, total) - height)


def test_moving_in_an_empty_table_chooses_nothing() -> None:
    assert not cursor.move(Cursor(), 1, 0, HEIGHT).chosen


def test_letting_go_shows_the_top() -> None:
    assert cursor.release(chosen(105, top=100)) == Cursor()
