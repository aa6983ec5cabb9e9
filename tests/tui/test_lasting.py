"""What the screen begins with, and what is remembered of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from ratop_py.tui.lasting import habit, looks
from ratop_py.tui.look import NAMES, Habit, Look
from ratop_py.tui.options import Options
from ratop_py.view import SIGHTS, Order
from tests.helpers.piloted import answered, playing

HABITS = st.dictionaries(
    st.sampled_from(["full", "octets", "port_numbers", "names", "else"]), st.booleans() | st.text(max_size=9)
)


class Memory:
    """What the screen told at its end."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def options(self, **more: Any) -> Options:
        return Options(rate=0.25, remember=self.told.append, **more)


async def left(*keys: str, size: tuple[int, int] = (160, 44), **more: Any) -> dict[str, Any]:
    """What is told after these keys; of `'/text` the first opens a line, into which the rest comes."""
    memory = Memory()
    async with playing(options=memory.options(**more), size=size) as screen:
        for key in keys:
            if not key.startswith("'"):
                await screen.press(key)
                continue
            await screen.type(key[1])
            screen.app.post_message(events.Paste(key[2:]))
            await answered(screen.pilot)
    assert len(memory.told) == 1
    return memory.told[0]


@given(HABITS)
def test_habits_that_make_no_sense_are_passed_over(told: dict[str, bool | str]) -> None:
    found = habit(told)
    assert found.names in NAMES
    assert found.full is (told.get("full") is True)
    assert found.mark == ""


def test_every_view_begins_in_its_own_order() -> None:
    found = looks(Options(order=(Order("pid"),)))
    assert set(found) == set(SIGHTS)
    assert found["flows"] == Look(order=(Order("pid"),))
    assert all(found[name] == Look(order=SIGHTS[name].order, sight=name) for name in SIGHTS if name != "flows")


def test_what_was_remembered_of_a_view_is_how_it_is_looked_at_first() -> None:
    found = looks(Options(orders={"hosts": (Order("risk"),)}, columns={"hosts": ("peer", "bytes")}))
    assert found["hosts"] == Look(order=(Order("risk"),), columns=("peer", "bytes"), sight="hosts")
    assert found["flows"].columns == ()


def test_columns_that_were_typed_are_those_of_the_view_that_is_shown_first() -> None:
    found = looks(Options(fields=("pid",), view="users"))
    assert found["users"].columns == ("pid",)
    assert found["flows"].columns == ()


async def test_what_is_told_are_plain_values() -> None:
    told = await left("2", "v", "a", "H", "'/proto = udp", "enter", "'*x", "enter")
    assert json.loads(json.dumps(told)) == told


async def test_nothing_changed_is_nothing_to_remember_but_the_view() -> None:
    told = await left()
    assert (told["view"], told["filter"], told["sort"], told["columns"], told["theme"]) == ("flows", "", {}, {}, "")


async def test_habits_are_remembered_and_restored() -> None:
    told = await left("a", "H", "B", "#")
    assert habit(told["habits"]) == Habit(full=True, octets=True, port_numbers=True, names=NAMES[1])


async def test_the_order_of_each_view_is_remembered() -> None:
    told = await left("v", "2", "v", "3")
    assert told["sort"] == {"flows": [["load", False]], "programs": [["bps", False], ["bytes", True]]}
    assert told["view"] == "hosts"


async def test_lines_filters_and_the_theme_are_remembered() -> None:
    told = await left("'/proto = udp", "enter", "':save dns", "enter", "':theme light", "enter", "'*fox", "enter")
    assert told["history"] == {"filter": ["proto = udp"], "command": ["save dns", "theme light"], "mark": ["fox"]}
    assert told["filters"] == {"dns": "proto = udp"}
    assert told["theme"] == "light"


async def test_what_was_remembered_before_stays() -> None:
    told = await left(filters={"web": "tcp"}, export={"format": "csv"}, history={"mark": ("fox",)})
    assert told["filters"] == {"web": "tcp"}
    assert told["export"] == {"format": "csv"}
    assert told["history"] == {"mark": ["fox"]}


async def test_a_view_of_a_persons_own_is_not_restored() -> None:
    told = await left("':group proto", "enter")
    assert told["view"] == "flows"
    assert "by proto" not in told["sort"]


@pytest.mark.parametrize(("keys", "rate"), [((), 0.25), (("'+",), 0.5)])
async def test_the_rate_is_remembered(keys: tuple[str, ...], rate: float) -> None:
    assert (await left(*keys))["rate"] == rate
