"""A box over the screen."""

import pytest

from ratop_py.tui.ink import Ink
from ratop_py.tui.lines import Line
from ratop_py.tui.overlay import Overlay
from tests.helpers.piloted import playing


class Long(Overlay):
    """A box that does not fit."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink)
        self.lines_clicked: list[int] = []

    def content(self, width: int) -> list[Line]:
        return [[(f"line {number}".ljust(width), "text")] for number in range(200)]

    def clicked(self, line: int) -> None:
        self.lines_clicked.append(line)


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (160, 44)])
async def test_a_box_fits_the_window_and_scrolls(size: tuple[int, int]) -> None:
    async with playing(size=size) as screen:
        box = Long(Ink("dark"))
        screen.app.push_screen(box)
        await screen.settle()
        assert "line 0 " in screen.text()
        assert box.do("scroll-end")
        await screen.settle()
        assert "line 199" in screen.text()
        assert box.do("scroll-page-up")
        assert box.do("scroll-up")
        assert box.do("scroll-top")
        assert box.top == 0
        assert not box.do("no such deed")


async def test_the_screen_behind_has_no_keys() -> None:
    async with playing() as screen:
        screen.app.push_screen(Long(Ink("dark")))
        await screen.settle()
        await screen.press("v", "p", "/")
        assert screen.app.look.sort.descending
        assert not screen.app.paused
        assert screen.app.prompter.prompt is None
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage


async def test_a_box_follows_the_window() -> None:
    async with playing() as screen:
        screen.app.push_screen(Long(Ink("dark")))
        await screen.settle()
        await screen.pilot.resize_terminal(50, 14)
        await screen.settle()
        assert all(len(line) <= 50 for line in screen.lines())
        assert "line 0 " in screen.text()


async def test_a_click_is_on_the_line_that_is_seen_there_and_on_none_at_the_edge() -> None:
    async with playing(size=(80, 24)) as screen:
        box = Long(Ink("dark"))
        screen.app.push_screen(box)
        await screen.settle()
        box.do("scroll-page-down")
        await screen.settle()
        y, line = next((y, line) for y, line in enumerate(screen.lines()) if "line 30 " in line)
        await screen.pilot.click(offset=(line.index("line 30"), y))
        top = next(y for y, line in enumerate(screen.lines()) if "╭" in line)
        await screen.pilot.click(offset=(line.index("line 30"), top))
        await screen.settle()
        assert box.lines_clicked == [30]
