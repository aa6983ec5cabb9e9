"""What the screen asks."""

from ratop_py.fields import FIELDS
from ratop_py.tui import asking
from ratop_py.tui.feed import MARGIN
from ratop_py.view import Order
from tests.helpers.fakefeed import FakeFeed, many
from tests.helpers.piloted import playing


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
