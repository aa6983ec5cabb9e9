"""What the screen asks."""

from dataclasses import replace

from ratop_py.fields import FIELDS
from ratop_py.tui import asking
from ratop_py.tui.asking import which_rows
from ratop_py.tui.columns import SPARKS
from ratop_py.tui.feed import MARGIN
from ratop_py.tui.options import Options
from ratop_py.view import Order, View
from tests.helpers.fakefeed import FakeFeed, many
from tests.helpers.piloted import playing
from tests.helpers.recorded import recorded


async def test_only_what_is_seen_and_a_margin_is_asked_for() -> None:
    async with playing(FakeFeed(many(5000))) as screen:
        view = asking.view(screen.app)
        assert view.window == (0, screen.app.table.height + 2 * MARGIN)
        assert set(view.fields) <= set(FIELDS)
        await screen.press("G")
        first, count = asking.view(screen.app).window or (0, 0)
        assert first <= 4999 - screen.app.table.height
        assert first + count >= 4999


async def test_the_bar_is_ordered_by_the_rate_that_it_shows() -> None:
    async with playing() as screen:
        assert asking.view(screen.app).order == (Order("bps"),)


async def test_the_chosen_flow_is_followed_and_its_details_only_asked_for_when_seen() -> None:
    async with playing() as screen:
        assert asking.view(screen.app).anchor is None
        assert asking.question(screen.app).keep is None
        await screen.press("j", "j")
        view = asking.view(screen.app)
        assert view.anchor == screen.app.table.cursor.flow
        assert view.detail is None
        assert asking.question(screen.app).keep == 1
        await screen.press("enter")
        assert asking.view(screen.app).detail == view.anchor


async def test_views_ask_for_groups_the_tree_and_past_rates_only_where_they_are_seen() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        assert (feed.asked[-1].group, feed.asked[-1].tree, feed.asked[-1].sparks) == ((), False, 0)
        await screen.press("3")
        assert (feed.asked[-1].group, feed.asked[-1].sparks) == (("peer",), SPARKS)
        await screen.press("9")
        assert (feed.asked[-1].group, feed.asked[-1].tree) == ((), True)


async def test_a_saved_filter_is_asked_for_by_what_it_means() -> None:
    feed = recorded()
    options = Options(filter="@web or udp", filters={"web": "tcp and port 443"}, rate=0.25)
    async with playing(feed, options=options):
        assert feed.asked[-1].filter == "(tcp and port 443) or udp"


async def test_what_is_done_with_a_row_waits_for_the_rows_that_are_looked_at() -> None:
    async with playing(recorded()) as screen:
        await screen.pilot.press("3", "j", "enter")
        await screen.settle()
        assert screen.app.look.sight == "flows"
        assert screen.app.look.filter.startswith("peer = ")
        assert not asking.awaited(screen.app)


def test_another_order_or_other_columns_are_the_same_rows() -> None:
    view = View(filter="tcp")
    assert which_rows(view) == which_rows(replace(view, order=(Order("pid"),), fields=("pid",), window=(5, 9)))
    for other in (View(), replace(view, group=("pid",)), replace(view, tree=True), replace(view, at=1.0)):
        assert which_rows(view) != which_rows(other)
