"""Keys are carried out in the order in which they were pressed, on the rows that are looked at."""

from __future__ import annotations

from tests.helpers.piloted import NAMES, playing
from tests.helpers.recorded import recorded


async def test_what_is_pressed_after_a_row_was_wanted_waits_for_its_turn() -> None:
    async with playing(recorded()) as screen:
        await screen.pilot.press("2", "j", "enter", "u")
        await screen.settle()
        assert (screen.app.look.sight, screen.app.look.filter) == ("programs", "")
        assert screen.app.table.cursor.chosen


async def test_text_that_is_typed_meanwhile_arrives_whole() -> None:
    async with playing(recorded()) as screen:
        typed = [NAMES.get(char, char) for char in "tcp and port 443"]
        await screen.pilot.press("2", "j", "/", *typed, "enter", "3", "j", "enter")
        await screen.settle()
        assert screen.app.look.sight == "flows"
        assert screen.app.look.filter.startswith("tcp and port 443 and peer = ")


async def test_quitting_waits_for_nobody() -> None:
    async with playing(recorded()) as screen:
        await screen.pilot.press("2", "j", "q")
        assert not screen.app.is_running or screen.app._exit


async def test_what_waits_is_forgotten_when_there_are_no_such_rows() -> None:
    async with playing(recorded()) as screen:
        screen.app.keyboard._waiting.append(("j", "j"))
        screen.app.keyboard.forget()
        screen.app.keyboard.answered()
        assert not screen.app.table.cursor.chosen
