"""The screen and `print --view` answer the same question with the same rows."""

from __future__ import annotations

import pytest

from ratop_py.commands.answering import plan
from ratop_py.commands.print_options import PrintOptions
from ratop_py.config import VIEWS
from ratop_py.tui import asking
from ratop_py.tui.app import RatopApp
from ratop_py.tui.options import Options
from ratop_py.view import select
from tests.helpers.piloted import answered
from tests.helpers.recorded import recorded, recording


@pytest.mark.parametrize("filter_text", ["", "tcp and not user root", "risk >= low or udp"])
@pytest.mark.parametrize("name", VIEWS)
async def test_a_view_and_a_filter_mean_the_same_rows_on_screen_and_paper(name: str, filter_text: str) -> None:
    flows, meters = recording()
    app = RatopApp(recorded(), Options(rate=0.25, view=name, filter=filter_text), "none")
    async with app.run_test(size=(160, 44)) as pilot:
        await answered(pilot)
        on_screen = select(flows, asking.view(app), meters.clock)
    on_paper = select(flows, plan(PrintOptions(view=name, filter=filter_text)).view, meters.clock)
    assert len(on_paper) > 0
    assert on_screen.matched == len(on_paper)
    assert on_screen.ids.tolist() == on_paper.ids.tolist()[: len(on_screen)]
