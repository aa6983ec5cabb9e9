"""Commands, carried out."""

import numpy as np

from ratop_py.tui import commands, orders
from ratop_py.view import Order
from tests.helpers.piloted import Played, playing
from tests.helpers.recorded import recorded


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


async def said(screen: Played, line: str) -> None:
    """A command."""
    await screen.type(":")
    await screen.paste(line)
    await screen.press("enter")


async def test_views_and_groups_are_commands() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        await said(screen, "view hosts")
        assert screen.app.look.sight == "hosts"
        await said(screen, "group proto, dport")
        assert screen.app.sight.group == ("proto", "dport")
        assert "by proto dport" in screen.text()
        await said(screen, "m state")
        assert [feed.asked[-1].group] == [("state",)]


async def test_a_group_of_a_persons_own_opens_into_its_flows() -> None:
    async with playing(recorded()) as screen:
        await said(screen, "group state")
        await screen.press("j")
        here = screen.app.table.here()
        assert here is not None
        wanted = int(np.asarray(here[0].columns["trans"])[here[1]])
        await screen.press("enter")
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == wanted


async def test_moments_are_commands_and_live_is_now() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        moments: list[float | None] = []
        for line in ("time -30s", "live", "t -30s", "time"):
            await said(screen, line)
            moments.append(feed.asked[-1].at)
        then = feed.meters.pulse[-1].at - 30
        assert moments == [then, None, then, None]


async def test_several_sort_keys_are_a_command() -> None:
    async with playing() as screen:
        await said(screen, "sort program,-bytes")
        assert screen.app.look.order == (Order("program", False), Order("bytes", False), Order("load"))
        assert screen.app.look.keys == 2
        assert "program↑" in screen.text()
        assert "↑²" in screen.lines()[3]


async def test_columns_that_are_no_fields_can_be_sorted_by() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        await screen.press("9", "s", "home", "right", "enter")
        assert screen.app.look.sort.field == "process"
        assert feed.asked[-1].order[0].field == "program"
