"""Copy as …"""

import json
from dataclasses import replace

import numpy as np
import pytest

from ratop_py.filter import compile_filter
from ratop_py.tui import copying
from ratop_py.tui.copying import as_json, expression
from ratop_py.tui.keymap import LIKE, Place, worn
from ratop_py.tui.menu import Menu
from ratop_py.view import Detail, View
from tests.helpers.fakefeed import DETAIL
from tests.helpers.piloted import Played, playing
from tests.helpers.recorded import recorded


def details() -> list[Detail]:
    """Of every flow of the recording."""
    feed = recorded()
    found = [feed.ask(View(detail=flow)).detail for flow in feed.ask(View()).ids.tolist()]
    return [each for each in found if each is not None]


DETAILS = details()


def other(**facts: str) -> Detail:
    """A flow of which only this is known."""
    return replace(DETAIL, facts=facts)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (
            {"proto": "tcp", "saddr": "10.0.0.1", "sport": "4000", "daddr": "10.0.0.2", "dport": "443 (https)"},
            "host 10.0.0.1 and host 10.0.0.2 and tcp port 4000 and tcp port 443",
        ),
        ({"proto": "udp", "saddr": "::1", "sport": "53", "daddr": "::1", "dport": "53"}, "host ::1 and udp port 53"),
        ({"proto": "icmp", "saddr": "10.0.0.1", "daddr": "10.0.0.2"}, "host 10.0.0.1 and host 10.0.0.2 and icmp"),
        ({"proto": "ipv6-icmp", "saddr": "fe80::1", "daddr": "ff02::1"}, "host fe80::1 and host ff02::1 and icmp6"),
        ({"proto": "llc", "saddr": "02:00:5e:10:00:01"}, "ether host 02:00:5e:10:00:01"),
        ({"proto": "tcp"}, "tcp"),
        ({}, ""),
    ],
)
def test_an_expression_is_what_tcpdump_takes(facts: dict[str, str], text: str) -> None:
    assert expression(other(**facts)) == text


def test_the_expression_of_every_flow_lets_it_through_and_hardly_another() -> None:
    feed = recorded()
    assert len(DETAILS) > 100
    for detail in DETAILS:
        text = expression(detail)
        compile_filter(text, 0.0)
        found = feed.ask(View(filter=text))
        assert np.uint64(detail.flow_id) in found.ids, text
        assert found.matched <= 4, text


def test_json_says_all_that_the_details_say() -> None:
    for detail in DETAILS:
        told = json.loads(as_json(detail))
        assert told["flow_id"] == detail.flow_id
        assert told["facts"] == dict(detail.facts)
        assert len(told["sides"]) == len(detail.sides)
        assert [each["sentence"] for each in told["findings"]] == [each.sentence for each in detail.findings]
        assert told["past"] == []


CHOICES = {
    "f": "proto = ",
    "t": "host ",
    "c": "1:",
    "J": "{\n",
    "d": "Flow",
}
"""Letter → how what is copied begins."""


async def copied(screen: Played, letter: str) -> str:
    """What a letter of the menu sends to the clipboard."""
    await screen.press("y")
    assert isinstance(screen.app.screen, Menu)
    await screen.type(letter)
    return screen.app.clipboard


async def test_every_way_copies_and_says_how_much() -> None:
    async with playing(recorded()) as screen:
        await screen.press("j")
        for letter, begin in CHOICES.items():
            text = await copied(screen, letter)
            assert text.startswith(begin)
            assert f"sent to the terminal's clipboard ({len(text.encode())} B)" in screen.text()


async def test_every_way_has_a_letter_of_its_own_that_is_no_key_of_the_menu() -> None:
    taken = {name for key in worn() if key.place in (Place.MENU, Place.ALL) for name in key.keys}
    async with playing(recorded()) as screen:
        await screen.press("j", "y")
        box = screen.app.screen
        assert isinstance(box, Menu)
        letters = [each.key for each in box.choices]
        assert letters == list(CHOICES)
        assert not taken & {*letters}


async def test_what_a_filter_copies_matches_the_flow_alone() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        await screen.press("j")
        text = await copied(screen, "f")
        assert feed.ask(View(filter=text)).ids.tolist() == [screen.app.table.cursor.flow]


async def test_of_several_flows_there_is_a_filter_only() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        await screen.press("2", "j")
        text = await copied(screen, "f")
        here = screen.app.table.here()
        assert here is not None
        assert feed.ask(View(filter=text)).matched == np.asarray(here[0].columns["trans"])[here[1]]
        await screen.press("y")
        box = screen.app.screen
        assert isinstance(box, Menu)
        assert [each.key for each in box.choices] == ["f"]


async def test_without_a_row_it_says_so() -> None:
    async with playing() as screen:
        await screen.press("y")
        assert "choose a row first" in screen.text()
        assert screen.app.screen is screen.app.stage
        await screen.type("Y")
        assert "choose a row first" in screen.text()
        assert screen.app.clipboard == ""


async def test_a_flow_that_has_none_and_one_that_is_gone_are_told_apart() -> None:
    async with playing() as screen:
        await screen.press("j")
        copying._of_detail(screen.app, lambda _: "")()
        await screen.settle()
        assert "this flow has none" in screen.text()
        screen.feed.data = screen.feed.data.take(np.flatnonzero(screen.feed.data.ids == 9))
        copying._of_detail(screen.app, expression)()
        await screen.settle()
        assert "this flow is gone" in screen.text()


def test_places_of_rows_know_the_keys_of_copying() -> None:
    assert {"copy", "copy-filter"} <= {key.deed for key in worn() if key.place in LIKE[Place.TREE]}
