"""How the screen begins."""

from ratop_py.config import DEFAULTS
from ratop_py.tui.options import Options
from ratop_py.view import Order
from tests.helpers.piloted import playing


def test_the_rate_is_the_one_that_is_documented() -> None:
    assert Options().rate == DEFAULTS.rate


async def test_what_is_asked_for_is_what_the_screen_begins_with() -> None:
    options = Options(
        rate=0.5, filter="proto = udp", order=(Order("pid", False),), fields=("pid", "program"), ascii=True
    )
    async with playing(options=options) as screen:
        view = screen.feed.asked[-1]
        assert view.filter == "proto = udp"
        assert view.order == (Order("pid", False),)
        assert screen.app.table.names == ("pid", "program")
        assert screen.app.rate == 0.5
        assert screen.text().isascii()
