"""Every key of the map, pressed in its place: something is seen of it. A key without a check fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from textual import events

from ratop_py.errors import Exit, RatopError
from ratop_py.tui import columns, coverage, deeds, help, lasting, moments, palette, save  # noqa: A004
from ratop_py.tui.chooser import Chooser
from ratop_py.tui.cursor import Cursor
from ratop_py.tui.keymap import KEYS, Key, Place
from ratop_py.tui.look import Habit, Look, Trail
from ratop_py.tui.menu import Menu
from ratop_py.tui.options import Options
from ratop_py.tui.overlay import Overlay
from ratop_py.tui.values import word
from ratop_py.view import SIGHTS, Order
from tests.helpers.fakefeed import FakeFeed
from tests.helpers.piloted import NAMES, Played, answered, playing
from tests.helpers.recorded import Recorded, recorded

START = 60
"""The row that is chosen before a key is pressed: half way down."""
REFUSED = RatopError("not permitted", hint="sudo setcap cap_net_raw+ep python3", exit_code=Exit.NOT_PERMITTED)
PULSES = recorded().meters.pulse
NEWEST, ALARM = PULSES[-1].at, next(each.at for each in PULSES if each.alarms)


@dataclass
class Bench:
    """A screen, what it did to the terminal, and how it was before the key."""

    screen: Played
    folder: Path
    feed: Any
    done: list[str] = field(default_factory=list)
    row: int = 0
    look: Look = field(default_factory=Look)
    shift: int = 0
    at: int = 0
    top: int = 0

    @property
    def app(self) -> Any:
        """The screen itself."""
        return self.screen.app

    @property
    def box(self) -> Any:
        """The box over it."""
        return self.app.screen

    @property
    def table(self) -> Any:
        """The rows."""
        return self.app.table

    @property
    def details(self) -> Any:
        """The details."""
        return self.app.details

    @property
    def step(self) -> int:
        """Rows that the cursor went."""
        return int(self.table.cursor.row) - self.row

    @property
    def typed(self) -> str:
        """The line that is typed."""
        prompt = self.app.prompter.prompt
        return prompt.line.text if prompt is not None else "<nothing is typed>"

    @property
    def said(self) -> str:
        """The last line."""
        return self.screen.lines()[-1]

    def remember(self) -> None:
        """How it is before the key."""
        self.row, self.look, self.shift = self.table.cursor.row, self.app.look, self.table.shift
        self.at, self.top = getattr(self.box, "at", 0), getattr(self.box, "top", 0)

    async def fresh(self) -> None:
        """As at the start."""
        app = self.screen.app
        while app.screen is not app.stage:
            cast("Overlay", app.screen).dismiss()
            await self.screen.pilot.pause()
        app.prompter.prompt = app.at = app.paused_at = None
        app.prompter.history.clear()
        app.details.open = app.details.zoomed = False
        app.details.page = app.details.top = 0
        app.habit, app.ticked, app.message = Habit(), frozenset(), ("", "text")
        app.table.tick(app.ticked)
        app.table.pick, app.table.shift, app.table.pick_in_row = "", 0, False
        app.kept = lasting.Kept(app.options)
        app.trail, app.trying = Trail(app.kept.left[app.options.view]), None
        app.set_rate(app.options.rate)
        app.copy_to_clipboard("")
        self.done.clear()
        if isinstance(self.feed, Recorded):
            self.feed.meters, self.feed.speed = recorded().meters, 0.0
        if isinstance(self.feed, FakeFeed):
            self.feed.exported.clear()
        app.table.cursor = Cursor()
        app.present()
        await answered(self.screen.pilot)

    async def press(self, *keys: str) -> None:
        """Keys as the map writes them, and the answer to what they ask."""
        await self.screen.pilot.press(*(NAMES.get(key, key) for key in keys))
        if not self.app.reader.idle:
            await answered(self.screen.pilot)

    async def type(self, text: str) -> None:
        """A line, all at once."""
        self.app.post_message(events.Paste(text))
        await answered(self.screen.pilot)  # and taken before the next key


@dataclass(frozen=True)
class Check:
    """What comes before a key, and what is seen after it."""

    sees: Callable[[Bench], object]
    before: str = ""
    """Keys, blank-separated; `'text` is typed."""
    arrange: Callable[[Bench], object] | None = None


def _neighbour(bench: Bench, step: int) -> str:
    names = bench.table.names
    return str(names[(names.index(bench.look.sort.field) + step) % len(names)])


def _program(bench: Bench) -> str:
    here = bench.table.here()
    return word(here[0], "program", here[1]) if here else ""


def _page(bench: Bench) -> int:
    return int(bench.table.height) - 1


def _box(kind: type[Overlay], then: Callable[[Any], object] = lambda _: True) -> Callable[[Bench], object]:
    return lambda bench: isinstance(bench.box, kind) and then(bench.box)


def _closed(then: Callable[[Bench], object] = lambda _: True) -> Callable[[Bench], object]:
    return lambda bench: bench.box is bench.app.stage and then(bench)


def _view(name: str) -> Check:
    return Check(lambda bench: bench.app.look.sight == name, "4" if name != "users" else "3")


def _typing(kind: str) -> Check:
    return Check(lambda bench: bench.app.prompter.prompt.kind == kind)


def _by(step: Callable[[Bench], int]) -> Check:
    return Check(lambda bench: bench.step == step(bench))


def _done(name: str) -> Check:
    return Check(lambda bench: bench.done == [name])


def _goes(step: int) -> Callable[[Bench], object]:
    return lambda bench: bench.box.at == bench.at + step


def _scrolls(deed: str) -> Check:
    """A box that shows more than fits."""
    steps = {
        "scroll-down": lambda bench: bench.box.top == bench.top + 1,
        "scroll-up": lambda bench: bench.box.top == bench.top - 1,
        "scroll-page-down": lambda bench: bench.box.top == bench.top + bench.box.inner_height - 1,
        "scroll-page-up": lambda bench: bench.box.top == bench.top - bench.box.inner_height + 1,
        "scroll-top": lambda bench: bench.box.top == 0,
        "scroll-end": lambda bench: bench.box.top == len(bench.box.rows) - bench.box.inner_height > bench.top,
    }
    lower = deed in ("scroll-up", "scroll-page-up", "scroll-top")
    return Check(steps[deed], "end" if lower else "")


SCROLLS = ("scroll-down", "scroll-up", "scroll-page-down", "scroll-page-up", "scroll-top", "scroll-end")
FLOWS = {
    **{f"view-{name}": _view(name) for name in SIGHTS},
    "home": Check(lambda b: b.app.look.sight == "programs", "2 3"),
    "onward": Check(lambda b: b.app.look.sight == "hosts", "2 3 backspace"),
    "down": _by(lambda _: 1),
    "up": _by(lambda _: -1),
    "first": _by(lambda bench: -bench.row),
    "last": _by(lambda bench: bench.table.page.total - 1 - bench.row),
    "page-down": _by(_page),
    "page-up": _by(lambda bench: -_page(bench)),
    "half-down": _by(lambda bench: bench.table.height // 2),
    "half-up": _by(lambda bench: -(bench.table.height // 2)),
    "shift-left": Check(lambda b: b.table.shift == b.shift - 1 >= 0, "right right"),
    "shift-right": Check(lambda b: b.table.shift == b.shift + 1),
    "shift-first": Check(lambda b: (b.table.shift, b.shift) == (0, 2), "right right"),
    "shift-last": Check(lambda b: b.table.shift == columns.most_shift(b.table.names)),
    "back": Check(lambda b: not b.details.open, "enter"),
    "filter": _typing("filter"),
    "command": _typing("command"),
    "mark": _typing("mark"),
    "go-to": _typing("time"),
    "only": Check(lambda b: b.table.pick_in_row and b.app.picked_for == "only"),
    "without": Check(lambda b: b.table.pick_in_row and b.app.picked_for == "without"),
    "undo": Check(lambda b: b.app.look.sort == Order("load") != b.look.sort, "v"),
    "redo": Check(lambda b: not b.app.look.sort.descending and b.look.sort.descending, "v u"),
    "next-mark": Check(lambda b: b.step > 0 and _program(b) == "firefox", "* 'firefox enter"),
    "previous-mark": Check(lambda b: b.step < 0 and _program(b) == "firefox", "* 'firefox enter n n"),
    "sort": Check(lambda b: b.table.pick == "load" and not b.table.pick_in_row),
    "reverse": Check(lambda b: b.app.look.sort == Order("load", descending=False)),
    "sort-left": Check(lambda b: b.app.look.sort.field == _neighbour(b, -1)),
    "sort-right": Check(lambda b: b.app.look.sort.field == _neighbour(b, 1)),
    "fields": Check(_box(Chooser)),
    "names": Check(lambda b: b.app.habit.names == "addresses"),
    "ports": Check(lambda b: b.app.habit.port_numbers),
    "full": Check(lambda b: b.app.habit.full),
    "bytes": Check(lambda b: b.app.habit.octets),
    "details": Check(lambda b: b.details.open),
    "why": Check(lambda b: b.details.open and b.details.page in (1, 2)),
    "coverage": Check(_box(coverage.CoverageBox)),
    "next-pane": Check(lambda b: b.details.page == 1, "enter"),
    "previous-pane": Check(lambda b: b.details.page == 2, "enter"),
    "details-down": Check(lambda b: b.details.top == 3, "enter"),
    "details-up": Check(lambda b: b.details.top == 0, "enter J"),
    "unfilter": Check(lambda b: b.app.look.filter == "" != b.look.filter, "/ 'udp enter"),
    "siblings": Check(lambda b: b.app.look.filter.startswith("pid = "), arrange=lambda b: b.table.go(1)),
    "zoom": Check(lambda b: b.details.zoomed and b.details.open),
    "pause": Check(lambda b: b.app.paused and b.feed.held),
    "step-back": Check(lambda b: b.app.at == NEWEST - moments.STEP),
    "step-on": Check(lambda b: b.app.at == NEWEST - moments.STEP, "[ ["),
    "alarm-back": Check(lambda b: b.app.at == ALARM),
    "alarm-on": Check(lambda b: b.app.at == ALARM, "t '-115s enter"),
    "live": Check(lambda b: b.app.at is None and b.feed.asked[-1].at is None, "["),
    "play-slower": Check(lambda b: b.feed.speed == 0.5, arrange=lambda b: b.feed.pace(1.0)),
    "play-faster": Check(lambda b: b.feed.speed == 2.0, arrange=lambda b: b.feed.pace(1.0)),
    "faster": Check(lambda b: b.app.rate == 0.5),
    "slower": Check(lambda b: b.app.rate == 0.5, arrange=lambda b: b.app.set_rate(1.0)),
    "export": Check(_box(save.Save)),
    "mark-row": Check(lambda b: len(b.app.ticked) == 1 and b.step == 1),
    "unmark-rows": Check(lambda b: not b.app.ticked, "m m"),
    "copy": Check(_box(Menu, lambda box: box.heading() == "Copy this row as")),
    "copy-filter": Check(lambda b: b.app.clipboard.startswith("proto = ")),
    "menu": Check(_box(Menu, lambda box: box.heading() == "program of this row")),
    "reverse-name": Check(lambda b: "host.example.net" in b.said),
}
ALL = {
    "palette": Check(_box(palette.Palette)),
    "help": Check(_box(help.Help, lambda box: not box.full)),
    "redraw": _done("redraw"),
    "suspend": _done("suspend"),
    "quit": _done("exit"),
    "stop": _done("exit"),
}
PICK = {
    "pick-left": Check(lambda b: b.table.pick == _neighbour(b, -1)),
    "pick-right": Check(lambda b: b.table.pick == _neighbour(b, 1)),
    "pick-first": Check(lambda b: b.table.pick == b.table.names[0]),
    "pick-last": Check(lambda b: b.table.pick == b.table.names[-1]),
    "pick-reverse": Check(lambda b: (b.table.pick, b.app.look.sort) == ("", Order("load", descending=False))),
    "pick-take": Check(lambda b: (b.table.pick, b.app.look.sort.field) == ("", _neighbour(b, 1)), "right"),
    "pick-also": Check(
        lambda b: [key.field for key in b.app.look.order] == ["load", _neighbour(b, 1)] and b.app.look.keys == 2,
        "right",
    ),
    "pick-drop": Check(lambda b: (b.table.pick, b.app.look) == ("", b.look), "right"),
}
PROMPT = {
    "prompt-take": Check(lambda b: b.app.trail.now.filter == "udp" and b.app.place is Place.FLOWS, "'udp"),
    "prompt-complete": Check(lambda b: b.typed == "saddr", "'sadd"),
    "prompt-before": Check(lambda b: b.typed == "udp", "'udp enter /"),
    "prompt-after": Check(lambda b: b.typed == "tcp", "'udp enter / ctrl+u 'tcp up"),
    "prompt-drop": Check(lambda b: b.app.look.filter == "" and b.app.place is Place.FLOWS, "'udp"),
    "prompt-help": Check(_box(help.Help, lambda box: box.full)),
    "stop": _done("exit"),
}
FIELDS = {
    "scroll-down": Check(_goes(1)),
    "scroll-up": Check(_goes(-1), "end"),
    "scroll-page-down": Check(_goes(10)),
    "scroll-page-up": Check(_goes(-10), "end"),
    "scroll-top": Check(lambda b: b.box.at == 0 < b.at, "end"),
    "scroll-end": Check(lambda b: b.box.at == len(b.box.names) - 1 > b.at),
    "tick": Check(lambda b: b.box.chosen[0] != "risk"),
    "find": Check(lambda b: b.box.place is Place.FIND),
    "earlier": Check(lambda b: b.box.chosen[:2] == ["program", "risk"], "j"),
    "later": Check(lambda b: b.box.chosen[:2] == ["program", "risk"]),
    "defaults": Check(lambda b: b.box.chosen == list(b.table.names), "space"),
    "take": Check(_closed(lambda b: b.app.look.columns[:1] == ("program",)), "space"),
    "close": Check(_closed(lambda b: b.app.look.columns == ()), "space"),
}
FIND = {
    "find-take": Check(lambda b: b.box.place is Place.FIELDS and b.box.names[b.box.at] == "sttl", "s t t l"),
    "find-drop": Check(lambda b: b.box.place is Place.FIELDS and b.box.sought is None, "s t t l"),
    "scroll-down": Check(_goes(1)),
    "scroll-up": Check(_goes(-1), "down"),
    "stop": _done("exit"),
}
EXPORT = {
    "take": Check(lambda b: (b.folder / "a.csv").exists(), arrange=lambda b: _named(b, "a.csv")),
    "next-format": Check(lambda b: b.box.format == "jsonl"),
    "previous-format": Check(lambda b: b.box.format == "svg"),
    "next-rows": Check(lambda b: b.box.choice.rows == "all"),
    "all-fields": Check(lambda b: b.box.choice.all_fields),
    "close": Check(_closed(lambda b: b.feed.exported == [])),
    "stop": _done("exit"),
}
PALETTE = {
    "take": Check(_closed(lambda b: b.app.paused), "'pause"),
    "scroll-down": Check(_goes(1)),
    "scroll-up": Check(_goes(-1), "down"),
    "close": Check(_closed()),
    "stop": _done("exit"),
}
MENU = {
    "scroll-down": Check(_goes(1)),
    "scroll-up": Check(_goes(-1), "down"),
    "take": Check(_closed(lambda b: b.app.clipboard.startswith("host ")), "down"),
    "close": Check(_closed(lambda b: b.app.clipboard == "")),
}
CHECKS: dict[Place, dict[str, Check]] = {
    Place.ALL: ALL,
    Place.FLOWS: FLOWS,
    Place.GROUPS: {"open": Check(lambda b: b.app.look.sight == "flows" and b.app.look.filter)},
    Place.TREE: {
        "fold": Check(lambda b: len(b.app.look.folded) == 1),
        "unfold": Check(lambda b: not b.app.look.folded and b.look.folded, "left"),
    },
    Place.PICK: PICK,
    Place.PROMPT: PROMPT,
    Place.HELP: {
        **{deed: _scrolls(deed) for deed in SCROLLS},
        "help-more": Check(lambda b: b.box.full),
        "close": Check(_closed()),
    },
    Place.COVERAGE: {**{deed: _scrolls(deed) for deed in SCROLLS}, "close": Check(_closed())},
    Place.FIELDS: FIELDS,
    Place.FIND: FIND,
    Place.EXPORT: EXPORT,
    Place.PALETTE: PALETTE,
    Place.MENU: MENU,
    Place.REFUSED: {
        "again": Check(lambda b: b.app.refusal is None and b.app.snapshot),
        "copy-command": Check(lambda b: b.app.clipboard == "sudo ratop"),
    },
}


def _named(bench: Bench, name: str) -> None:
    """The file that the box will write."""
    from ratop_py.tui.lineedit import typed

    (bench.folder / name).unlink(missing_ok=True)
    bench.box.line = typed(str(bench.folder / name))


@dataclass(frozen=True)
class Where:
    """How one comes to a place."""

    keys: str = ""
    feed: Callable[[], Any] = recorded
    size: tuple[int, int] = (100, 30)
    view: str = "flows"
    row: int = START


WHERE = {
    Place.FLOWS: Where(),
    Place.ALL: Where(),
    Place.GROUPS: Where(view="hosts", row=3),
    Place.TREE: Where(view="tree", row=0),
    Place.PICK: Where("s"),
    Place.PROMPT: Where("/"),
    Place.HELP: Where("?", size=(60, 16)),
    Place.COVERAGE: Where("i", size=(60, 12)),
    Place.FIELDS: Where("f"),
    Place.FIND: Where("f /"),
    Place.EXPORT: Where("e", feed=FakeFeed, row=0),
    Place.PALETTE: Where("ctrl+p"),
    Place.MENU: Where("y"),
    Place.REFUSED: Where(feed=lambda: FakeFeed(refusal=REFUSED)),
}


def test_every_key_of_the_map_has_a_check_and_every_place_a_way_to_it() -> None:
    assert {(place, deed) for place, checks in CHECKS.items() for deed in checks} == {(k.place, k.deed) for k in KEYS}
    assert set(WHERE) == set(Place)


def _watched(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a key does to the terminal is noted, not done."""
    for name in ("redraw", "suspend", "exit"):
        owner, method = {
            "redraw": (bench.app.stage, "redraw"),
            "suspend": (bench.app, "action_suspend_process"),
            "exit": (bench.app, "exit"),
        }[name]
        monkeypatch.setattr(owner, method, lambda *_, told=name: bench.done.append(told))


async def _played(bench: Bench, words: str) -> None:
    for each in words.split():
        await (bench.type(each[1:]) if each[0] == "'" and len(each) > 1 else bench.press(each))


async def _checked(bench: Bench, where: Where, key: Key, name: str) -> None:
    """Come to the place, press the key, look."""
    check = CHECKS[key.place][key.deed]
    if key.place is Place.REFUSED:
        bench.feed.refusal = REFUSED
        bench.app.snapshot = None
        bench.app.open_source()
        await bench.screen.settle()
    else:
        await bench.fresh()
        bench.table.go(where.row)
    await _played(bench, f"{where.keys} {check.before}")
    if check.arrange is not None:
        check.arrange(bench)
        bench.app.ask()
        await answered(bench.screen.pilot)
    bench.remember()
    if key.deed == "again":
        bench.feed.refusal = None
    await bench.press(name)
    for _ in range(50):
        if check.sees(bench):
            return
        await asyncio.sleep(0.01)
        await bench.screen.pilot.pause()
    raise AssertionError(f"{name} in {key.place}: nothing is seen of “{key.does}”\n{bench.screen.text()}")


@pytest.mark.parametrize("place", list(WHERE))
async def test_every_key_does_in_its_place_what_the_map_says(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    where = WHERE[place]
    feed = where.feed()
    async with playing(feed, where.size, Options(rate=0.1, view=where.view)) as screen:
        bench = Bench(screen, tmp_path, feed)
        with monkeypatch.context() as patched:
            _watched(bench, patched)
            for key in KEYS:
                for name in key.keys if key.place is place else ():
                    await _checked(bench, where, key, name)


def test_a_deed_of_the_map_that_nobody_can_do_would_be_seen() -> None:
    known = {*deeds.DEEDS}
    rows = {Place.FLOWS, Place.GROUPS, Place.TREE, Place.ALL, Place.PICK, Place.REFUSED}
    assert {key.deed for key in KEYS if key.place in rows} <= known
    assert replace(KEYS[0], deed="no such deed").deed not in known
