"""Commands, carried out."""

from ratop_py.tui import commands, orders
from ratop_py.view import Order
from tests.helpers.piloted import playing


async def test_commands_do_what_they_say() -> None:
    async with playing() as screen:
        for line in ("sort -bytes,pid", "fields host", "rate 4", "theme light", "filter proto = tcp"):
            await screen.type(":")
            await screen.paste(line)
            await screen.press("enter")
        assert screen.app.look.order == (Order("bytes", False), Order("pid", False), Order("load"))
        assert screen.app.rate == 4
        assert screen.app.theme == "ratop-light"
        assert screen.app.look.filter == "proto = tcp"
        await screen.type(":clear")
        await screen.press("enter")
        assert screen.app.look.filter == ""


async def test_a_wrong_command_says_what_is_wrong() -> None:
    async with playing() as screen:
        await screen.type(":sort byts")
        assert "there is no field “byts”" in screen.text()
        await screen.press("tab")
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.line.text == "sort bytes"


def test_every_command_can_be_carried_out() -> None:
    assert set(orders.COMMANDS) == {command.name for command in commands.COMMANDS}


async def test_fields_are_added_and_taken_away() -> None:
    async with playing() as screen:
        await screen.paste("x")
        for line in ("fields peer", "fields +cmdline -user", "fields"):
            await screen.type(":")
            await screen.paste(line)
            await screen.press("enter")
            if "+" in line:
                assert "cmdline" in screen.app.look.columns
                assert "user" not in screen.app.look.columns
        assert screen.app.look.columns == ()


async def test_seconds_between_refreshes_are_a_rate() -> None:
    async with playing() as screen:
        await screen.type(":")
        await screen.paste("update 2")
        await screen.press("enter")
        assert screen.app.rate == 0.5
