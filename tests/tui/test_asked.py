"""DNS is asked when a person asks, and the screen goes on meanwhile."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from ratop_py.errors import RatopError
from ratop_py.tui.asked import peer_at
from ratop_py.view import View, select
from tests.helpers.flowset import flows, row
from tests.helpers.piloted import playing

FIELDS = ("saddr", "daddr", "way")


def peer(way: int, source: str = "10.0.0.1:1", target: str = "192.0.2.9:2") -> str:
    return peer_at((select(flows(row(source, target), way=way), View(fields=FIELDS), 0.0), 0))


@pytest.mark.parametrize(("way", "wanted"), [(1, "10.0.0.1"), (2, "192.0.2.9")])
def test_the_end_that_is_not_this_machine_is_asked_for(way: int, wanted: str) -> None:
    assert peer(way) == wanted


def test_nobody_is_asked_for_without_an_address() -> None:
    snapshot = select(flows(row("10.0.0.1:1", "192.0.2.9:2")), View(fields=("way",)), 0.0)
    assert peer_at((snapshot, 0)) == ""


async def test_the_answer_says_that_it_is_only_a_claim() -> None:
    async with playing() as screen:
        await screen.press("j", "R")
        for _ in range(100):
            if "host.example.net" in screen.app.message[0]:
                break
            await screen.pilot.pause(0.02)
        assert "calls itself “host.example.net”: only a claim" in screen.app.message[0]


async def test_a_refusal_is_told_and_the_screen_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing() as screen:
        told = Event()

        def refuse(_: str) -> tuple[str, bool]:
            told.wait(10)
            raise RatopError("the resolver did not answer in time")

        monkeypatch.setattr(screen.app.feed, "reverse", refuse)
        await screen.press("j", "R")
        assert "asking DNS" in screen.app.message[0]
        told.set()
        for _ in range(100):
            if "did not answer" in screen.app.message[0]:
                break
            await screen.pilot.pause(0.02)
        assert "did not answer in time" in screen.app.message[0]


def test_a_link_address_is_not_asked_for() -> None:
    made = flows(row("10.0.0.1:1", "192.0.2.9:2", family=3), way=2)
    assert peer_at((select(made, View(fields=FIELDS), 0.0), 0)) == ""
    assert np.all(made.rows["family"] == 3)
