"""A screen over a fake feed, driven by a Pilot, with a clock that a test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from textual import events
from textual.pilot import Pilot

from ratop_py.tui.app import RatopApp
from ratop_py.tui.feed import Feed
from ratop_py.tui.messages import Done
from ratop_py.tui.options import Options
from tests.helpers.fakefeed import FakeFeed

PATIENCE = 30.0
"""Seconds after which an answer will not come any more."""


def so(fact: object) -> bool:
    """Whether it is so now: a type checker that remembers how it was is not asked."""
    return bool(fact)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Played:
    """The screen, its feed, its clock, and the keys."""

    app: RatopApp
    feed: FakeFeed
    """The usual one; a test that plays another holds that one itself."""
    clock: Clock
    pilot: Pilot[int]

    async def press(self, *keys: str) -> None:
        """Keys, and the answers to what they ask."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Letters."""
        await self.pilot.press(*(NAMES.get(char, char) for char in text))
        await self.settle()

    async def paste(self, text: str) -> None:
        """A longer text at once."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self, seconds: float = 0.0) -> None:
        """Until nothing is under way."""
        await self.pilot.pause(seconds)
        for _ in range(2):
            self.app.ask()
            await answered(self.pilot)

    async def tick(self, seconds: float = 2.0) -> None:
        """Time passes, and the order is no longer held."""
        self.clock.now += seconds
        await self.settle()

    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """What is on the screen, line by line."""
        width, height = self.app.size
        return ["".join(s.text for s in strip) for strip in self.app.screen._compositor.render_strips()][:height] or [
            " " * width
        ]


async def answered(pilot: Pilot[int]) -> None:
    """Until every question has its answer, and every answer is shown; however busy the machine is."""
    app = pilot.app
    assert isinstance(app, RatopApp)
    handled = asyncio.Event()
    async with asyncio.timeout(PATIENCE):
        while not app.reader.idle and app.is_running:
            await asyncio.sleep(0.002)
        there = app.post_message(Done(handled.set))  # stands behind the answers that were delivered
        while there and not handled.is_set() and app.is_running:
            await asyncio.sleep(0.002)
    await pilot.pause()


NAMES = {" ": "space", "=": "equals_sign", ">": "greater_than_sign", "<": "less_than_sign", "/": "slash"} | {
    ".": "full_stop",
    "-": "minus",
    "_": "underscore",
    "&": "ampersand",
    "!": "exclamation_mark",
    "*": "asterisk",
    "?": "question_mark",
    ":": "colon",
    "+": "plus",
    ",": "comma",
    "$": "dollar_sign",
    "\\": "backslash",
    "~": "tilde",
    '"': "quotation_mark",
    "#": "number_sign",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "@": "at",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
}


@asynccontextmanager
async def playing(
    feed: Feed | None = None,
    size: tuple[int, int] = (160, 44),
    options: Options | None = None,
    theme: str = "dark",
) -> AsyncIterator[Played]:
    """A running screen that has its first answer."""
    feed, clock = feed or FakeFeed(), Clock()
    app = RatopApp(feed, options or Options(rate=0.25), theme, clock)
    async with app.run_test(size=size) as pilot:
        played = Played(app, cast("FakeFeed", feed), clock, pilot)
        await played.settle(0.05)
        yield played
