"""A short list to choose from."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.ink import Ink
from ratop_py.tui.lines import length
from ratop_py.tui.menu import Choice, Menu
from tests.helpers.piloted import Played, playing
from tests.tui.test_fit import TEXTS


class Asked:
    """A menu, and which of its lines were taken."""

    def __init__(self, texts: list[str] | None = None) -> None:
        self.taken: list[int] = []
        told = enumerate(texts or ["first", "second", "third"])
        self.menu = Menu(Ink("dark"), "Which?", [Choice(text, self.take(at), "abc"[at % 3]) for at, text in told])

    def take(self, number: int) -> Callable[[], None]:
        return lambda: self.taken.append(number)

    async def open(self, screen: Played) -> None:
        screen.app.push_screen(self.menu)
        await screen.settle()


@given(st.lists(TEXTS, min_size=1, max_size=9), TEXTS, st.integers(16, 146))
def test_every_line_is_exactly_as_wide_as_the_box(texts: list[str], title: str, width: int) -> None:
    menu = Menu(Ink("dark"), title, [Choice(text, lambda: None) for text in texts])
    assert 30 <= menu.widest <= 90
    assert [length(line) for line in menu.content(width)] == [width] * len(texts)


async def test_the_chosen_line_is_done_after_the_box_is_closed() -> None:
    async with playing() as screen:
        asked = Asked()
        await asked.open(screen)
        await screen.press("j", "enter")
        assert asked.taken == [1]
        assert screen.app.screen is screen.app.stage


async def test_the_list_goes_round() -> None:
    async with playing() as screen:
        asked = Asked()
        await asked.open(screen)
        await screen.press("k", "enter")
        assert asked.taken == [2]


async def test_a_letter_takes_its_line_and_another_does_nothing() -> None:
    async with playing() as screen:
        asked = Asked()
        await asked.open(screen)
        await screen.press("z")
        assert asked.taken == []
        await screen.press("b")
        assert asked.taken == [1]


async def test_a_click_takes_the_line_under_it() -> None:
    async with playing() as screen:
        asked = Asked()
        await asked.open(screen)
        y, line = next((y, line) for y, line in enumerate(screen.lines()) if "third" in line)
        await screen.pilot.click(offset=(line.index("third"), y))
        await screen.settle()
        assert asked.taken == [2]


async def test_escape_takes_nothing() -> None:
    async with playing() as screen:
        asked = Asked()
        await asked.open(screen)
        await screen.press("escape")
        assert asked.taken == []
        assert screen.app.screen is screen.app.stage


@pytest.mark.parametrize("size", [(160, 44), (40, 10)])
async def test_the_chosen_line_is_always_in_sight(size: tuple[int, int]) -> None:
    async with playing(size=size) as screen:
        asked = Asked([f"choice {number:02}" for number in range(30)])
        await asked.open(screen)
        for steps in (0, 1, 14, 14, 1):
            for _ in range(steps):
                asked.menu.do("scroll-down")
            await screen.pilot.pause()
            assert f"choice {asked.menu.at:02}" in screen.text()
        assert asked.menu.at == 0
