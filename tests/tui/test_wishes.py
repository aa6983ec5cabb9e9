from __future__ import annotations

import pytest

from ratop_py.tui.wishes import ascends, filter_by, sort_by
from tests.helpers.piloted import playing


@pytest.mark.parametrize(
    ("name", "up"), [("program", True), ("saddr", True), ("dport", True), ("bytes", False), ("dur", False)]
)
def test_words_and_addresses_are_sorted_upwards_amounts_downwards(name: str, up: bool) -> None:
    assert ascends(name) is up


async def test_the_same_column_again_turns_the_order_and_a_filter_can_be_undone() -> None:
    async with playing() as screen:
        sort_by(screen.app, "bytes")
        assert (screen.app.look.sort.field, screen.app.look.sort.descending) == ("bytes", True)
        sort_by(screen.app, "bytes")
        assert not screen.app.look.sort.descending
        filter_by(screen.app, "tcp")
        assert screen.app.trail.now.filter == "tcp"
        await screen.press("u")
        assert screen.app.trail.now.filter == ""
