"""Where a marked text stands."""

import pytest

from ratop_py.tui.find import PIECE, matches, nearest
from ratop_py.view import Order, View
from tests.helpers.fakefeed import FakeFeed, many, story

VIEW = View(fields=("program", "pid", "saddr", "daddr", "rx"), order=(Order("bps"),))


def test_words_addresses_and_numbers_are_searched_in_any_case() -> None:
    shown = FakeFeed(story()).ask(VIEW)
    assert matches(shown, "FIREfox").sum() == 2
    assert matches(shown, "198.51.100.9").sum() == 1
    assert matches(shown, "4101").sum() == 2
    assert matches(shown, "no such thing").sum() == 0


def test_a_number_longer_than_any_value_is_nowhere() -> None:
    assert matches(FakeFeed(story()).ask(VIEW), "9" * 40).sum() == 0


@pytest.mark.parametrize("down", [True, False])
def test_the_search_goes_on_around_the_end(down: bool) -> None:
    feed = FakeFeed(story())
    ranks = [rank for rank, hit in enumerate(matches(feed.ask(VIEW), "firefox")) if hit]
    start = ranks[-1] if down else ranks[0]
    assert nearest(feed.ask, VIEW, "firefox", start, down=down) == (ranks[0] if down else ranks[-1])


def test_what_is_nowhere_is_not_found() -> None:
    assert nearest(FakeFeed(story()).ask, VIEW, "nowhere", 0, down=True) is None


def test_a_long_view_is_read_piece_by_piece_and_no_further_than_needed() -> None:
    feed = FakeFeed(many(3 * PIECE))
    assert nearest(feed.ask, VIEW, "postgres", -1, down=True) is not None
    assert len(feed.asked) == 1
    feed.asked.clear()
    assert nearest(feed.ask, VIEW, "nowhere", -1, down=True) is None
    assert [view.window for view in feed.asked] == [(0, PIECE), (PIECE, PIECE), (2 * PIECE, PIECE)]
