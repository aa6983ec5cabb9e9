"""Fixed situations of the screen, for pictures: what the feed says, which keys are pressed, how large the window is."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import numpy as np
from textual.pilot import Pilot

from ratop_py.errors import Exit, RatopError
from ratop_py.tui.app import RatopApp
from ratop_py.tui.feed import Feed
from ratop_py.tui.options import Options
from ratop_py.view import SIGHTS, Coverage, EventMeter, Share, View
from tests.helpers.fakefeed import CLOCK, METERS, FakeFeed, hostile, story
from tests.helpers.piloted import NAMES, Clock, answered
from tests.helpers.recorded import Recorded, recorded

RX = [3, 4, 6, 5, 7, 8, 9, 7, 6, 5, 4, 3, 3, 4, 5, 3, 2, 3, 4, 6, 7, 5, 8, 9]
TX = [9, 9, 7, 7, 5, 5, 6, 4, 3, 3, 4, 2, 2, 3, 2, 2, 3, 2, 3, 4, 3, 5, 7, 8]
SERVICES = {443: "https", 22: "ssh", 53: "domain", 6379: "redis", 23: "telnet", 5432: "pgsql"}


def quiet() -> FakeFeed:
    """The story, and nothing changes."""
    return FakeFeed(story(), still=True)


def nothing() -> FakeFeed:
    """A source on which nothing is seen."""
    return FakeFeed(story().take(np.zeros(0, int)), still=True)


def refused() -> FakeFeed:
    """A source that may not be opened."""
    hint = "sudo setcap cap_net_raw,cap_net_admin+ep /usr/bin/python3.12"
    return FakeFeed(
        refusal=RatopError("no permission to capture on wlp2s0", hint=hint, exit_code=Exit.NOT_PERMITTED), still=True
    )


def overloaded() -> FakeFeed:
    """Losses, a broken event source, and the engine that is not compiled."""
    events = (EventMeter("packets", True, ""), EventMeter("lsof", False, "killed after 2 s"))
    meters = replace(METERS, counters={"kernel_drops": 1204, "full": 3}, events=events, compiled=False)
    return FakeFeed(story(), meters=meters, still=True)


COVERAGE = Coverage(
    found=(
        Share("cookie", "socket cookie", 1104, 4_400_000_000),
        Share("exact", "exact 5-tuple in time", 71, 21_000_000),
        Share("listener", "accepted from this listener", 12, 3_300_000),
        Share("port", "bound port, any address", 3, 9_100),
    ),
    missing=(
        Share("kernel", "No process speaks here: it is the kernel itself.", 33, 12_000),
        Share(
            "before start",
            "It began before the kernel was asked, and its socket was gone or has been silent since.",
            8,
            1_204_000,
            settled=False,
        ),
        Share("closed port", "It arrived at a port where nobody listened.", 5, 300),
        Share("too young", "Sockets were not listed since this flow began.", 4, 0, settled=False),
    ),
)
"""A minute of a machine that is well known."""


def covered() -> FakeFeed:
    """The kernel tells."""
    kernel = EventMeter("kernel", True, "14 eBPF hooks", told=48_211, cost=0.091)
    counters = dict.fromkeys(("kernel_drops", "full", "events_dropped", "owners_evicted"), 0)
    return FakeFeed(story(), meters=replace(METERS, coverage=COVERAGE, events=(kernel,), counters=counters), still=True)


def uncovered() -> FakeFeed:
    """A file without context."""
    meters = replace(METERS, source="story.pcap", state="done", coverage=Coverage(elsewhere=19, placed=False))
    return FakeFeed(story(), meters=replace(meters, owners={"unknown": 19}, events=()), still=True)


def deaf() -> FakeFeed:
    """A source below the best, which lost some of what it told."""
    diag = EventMeter("diag", False, "killed after 2 s", told=812, lost=12_043, failed=3, cost=1.2)
    kernel = EventMeter("kernel", False, "Operation not permitted: bpf() needs CAP_BPF", taken=False)
    counters = {"kernel_drops": 1204, "full": 3, "events_dropped": 12_043, "owners_evicted": 7}
    meters = replace(METERS, coverage=COVERAGE, events=(diag, kernel), counters=counters)
    return FakeFeed(story(), meters=meters, still=True)


def strangers() -> FakeFeed:
    """Names that try to leave their cell."""
    return FakeFeed(hostile(), still=True)


class Busy(FakeFeed):
    """An export never ends, and is always as far."""

    def export(self, view: View, path: str, format: str, rows: frozenset[int], going: Callable[[int], bool]) -> int:  # noqa: A002
        """Until it is stopped."""
        while going(131_072):
            time.sleep(0.01)
        raise RatopError("stopped; nothing was written")


def busy() -> FakeFeed:
    """A long export."""
    return Busy(story(), still=True)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture."""

    keys: str = ""
    """Keys, blank-separated; `'text` types."""
    feed: Callable[[], Feed] = quiet
    theme: str = "dark"
    options: Options = field(default_factory=lambda: Options(rate=0.25, command="ratop -i wlp2s0"))
    held: bool = False

    def app(self) -> RatopApp:
        """The screen, not running yet."""
        return RatopApp(self.feed(), self.options, self.theme, Clock())

    async def play(self, pilot: Pilot[int]) -> None:
        """Press the keys, and let time pass so that nothing is under way."""
        app = pilot.app
        assert isinstance(app, RatopApp)
        await settle(pilot)
        for word in self.keys.split():
            keys = [NAMES.get(char, char) for char in word[1:].replace("_", " ")] if word[0] == "'" else [word]
            await pilot.press(*keys)
            await settle(pilot)
        await pilot.pause(0.2)
        if not self.held:
            clock = app.clock
            assert isinstance(clock, Clock)
            clock.now += 2.0
        app.rx.clear()
        app.tx.clear()
        app.rx.extend(map(float, RX))
        app.tx.extend(map(float, TX))
        await settle(pilot)
        app.draw()
        await pilot.pause()

    def before(self) -> Callable[[Pilot[int]], Awaitable[None]]:
        """For `snap_compare`."""
        return self.play


async def settle(pilot: Pilot[int]) -> None:
    """The answers to everything that was asked."""
    app = pilot.app
    assert isinstance(app, RatopApp)
    for _ in range(2):
        await answered(pilot)
        if app.refusal is None:
            app.ask()
    await answered(pilot)


def played() -> Recorded:
    """The recording, while it is played."""
    feed = recorded()
    feed.meters = replace(feed.meters, state="replay", source="demo.pcap.gz", speed=4.0, position=0.35)
    return feed


def found(view: str, filter_text: str = "", **more: object) -> Options:
    """Options that begin with a view."""
    return Options(rate=0.25, command="ratop -i wlp2s0", view=view, filter=filter_text, **more)  # type: ignore[arg-type]


VIEWS = {
    f"view-{name}": Scene("j j" if name != "interfaces" else "j", feed=recorded, options=found(name)) for name in SIGHTS
}
"""Every view, on the recording."""
SAVED = {"web": "tcp and port 443", "odd": "risk >= 36"}
SCENES = {
    "flows": Scene("j j"),
    "light": Scene("j j", theme="light"),
    "ansi": Scene("j j", theme="ansi"),
    "none": Scene("j j", theme="none"),
    "sort": Scene("s Home enter j".replace("Home", "home")),
    "choose": Scene("j s left", held=True),
    "details": Scene("j j j j j j j enter"),
    "why": Scene("j j j j j j j w"),
    "filter": Scene("'/program_=_firefox"),
    "filter-error": Scene("'/program_=_firefox_and_bytes_>_x"),
    "filter-empty": Scene("'/risk_>_99 enter"),
    "only": Scene("j j j '&", held=True),
    "mark": Scene("'*firefox enter"),
    "paused": Scene("p"),
    "help": Scene("'?"),
    "coverage": Scene("i", feed=covered),
    "coverage-light": Scene("i", feed=covered, theme="light"),
    "coverage-ansi": Scene("i", feed=covered, theme="ansi"),
    "coverage-none": Scene("i", feed=covered, theme="none"),
    "coverage-empty": Scene("i", feed=uncovered),
    "coverage-lost": Scene("i", feed=deaf),
    "events-lost": Scene(feed=deaf),
    "fields": Scene("f j j"),
    "export": Scene("e"),
    "export-light": Scene("e", theme="light"),
    "export-packets": Scene("e shift+tab shift+tab"),
    "export-taken": Scene("e ctrl+u '/dev/null enter"),
    "export-writing": Scene("e enter", feed=busy),
    "command": Scene("': 'sort_by tab"),
    "palette": Scene("ctrl+p 'sort"),
    "idle": Scene(feed=nothing),
    "refused": Scene(feed=refused),
    "overload": Scene(feed=overloaded),
    "hostile": Scene("j", feed=strangers),
    **VIEWS,
    "tree-light": Scene("j j", feed=recorded, options=found("tree"), theme="light"),
    "tree-ansi": Scene("j j", feed=recorded, options=found("tree"), theme="ansi"),
    "tree-none": Scene("j j", feed=recorded, options=found("tree"), theme="none"),
    "rates-light": Scene("j j", feed=recorded, options=found("rates"), theme="light"),
    "rates-ansi": Scene("j j", feed=recorded, options=found("rates"), theme="ansi"),
    "rates-none": Scene("j j", feed=recorded, options=found("rates"), theme="none"),
    "rates-ascii": Scene("'[", feed=recorded, options=found("rates", ascii=True)),
    "by": Scene("': 'group_proto,state enter j", feed=recorded),
    "history": Scene("'[[[", feed=recorded),
    "history-rates": Scene("'{", feed=recorded, options=found("rates")),
    "played": Scene(feed=played),
    "marked": Scene("j m m j m x", feed=recorded),
    "copy": Scene("j y", feed=recorded),
    "find": Scene("f '/ttl"),
    "saved": Scene("'/@ tab", feed=recorded, options=found("flows", filters=SAVED)),
    "facts": Scene(
        "j enter",
        feed=recorded,
        options=found("flows", "program = firefox and dport = 443 and dname !~ '^$'".replace("'", '"')),
    ),
    "facts-large": Scene("j enter z", feed=recorded, options=found("flows", "risk >= 50")),
}
SIZES = {"160x44": (160, 44), "80x24": (80, 24), "60x16": (60, 16)}
MOMENT = CLOCK
