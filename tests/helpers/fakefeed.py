"""A feed made of fixed columns: the story of `main-dark` with a clock that stands still, or as many rows as wanted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.errors import RatopError
from ratop_py.safetext import clean
from ratop_py.view import (
    Addresses,
    Column,
    Detail,
    EventMeter,
    FindingFacts,
    Meters,
    OwnerFacts,
    SideFacts,
    Snapshot,
    Text,
    View,
)

CLOCK = 1_785_618_847.0
"""The moment of the pictures."""
SECOND = 1_000_000_000

# program, pid, user, way, proto, saddr, sport, dir, daddr, dport, rx, tx, bytes, seconds, state, risk, owner, ownerwhy
STORY = """
firefox|4101|ada|out|udp|2001:db8:6:1::17|58211|->|2001:db8:40::80|443|14e6|220e3|394e6|402|CON|0|ok|
|-1||out|udp|192.0.2.17|60310|<->|198.51.100.7|51820|6.2e6|1.9e6|1.2e9|18660|CON|0|none|kernel
rclone|12077|ada|out|tcp|192.0.2.17|44020|->|198.51.100.20|443|71e3|4.4e6|621e6|1288|CON|0|ok|
firefox|4101|ada|out|tcp|2001:db8:6:1::17|40112|->|2001:db8:77::9|443|118e3|3.1e6|422e6|814|ACC|0|ok|
dockerd|980|root|out|tcp|192.0.2.17|38822|->|198.51.100.61|443|2.4e6|61e3|79e6|61|CON|0|ok|
agent|31010|www-data|out|tcp|192.0.2.17|52644|->|203.0.113.90|8443|9100|412e3|3.3e6|2458|CON|64|ok|
wiki.py|30417|www-data|in|tcp|203.0.113.90|51018|->|192.0.2.17|443|212e3|31e3|4.5e6|2461|CON|94|ok|
python3.12|15310|ada|in|tcp|192.0.2.23|39102|->|192.0.2.17|8080|4000|180e3|4.2e6|212|CON|0|listener|
postgres|1830|postgres|in|tcp|192.0.2.44|49811|->|192.0.2.17|5432|12e3|96e3|16e6|4980|CON|26|ok|
ssh|9120|ada|out|tcp|192.0.2.17|39944|->|192.0.2.70|22|28e3|34e3|41e6|18600|CON|0|ok|
nginx|812|www-data|in|tcp|198.51.100.61|50210|->|192.0.2.17|443|2000|48e3|229e3|12|CON|0|shared|
code|6644|ada|out|tcp|2001:db8:6:1::17|47100|->|2001:db8:3::5|443|44e3|2200|2.3e6|66|CON|0|ok|
|-1||out|tcp|2001:db8:6:1::17|52692|->|2001:db8:3::c|443|29e3|5800|371e3|0.2|FIN|0|unknown|exited
systemd-resolved|540|systemd-resolve|out|udp|192.0.2.17|46773|->|192.0.2.1|53|28e3|5700|13e3|22|CON|40|ok|
docker-proxy|2210|root|out|tcp|172.17.0.1|51200|->|172.17.0.2|6379|22e3|9000|14e6|4080|CON|0|ok|
|-1||in|tcp|203.0.113.201|44100|->|192.0.2.17|23|100|0|100|0|RST|0|none|closed port
|-1||out|udp|192.0.2.17|40771|->|198.51.100.9|53|400|2100|37e3|71|CON|52|none|no owner
ping|20011|ada|out|icmp|192.0.2.17|-1|<->|198.51.100.1|-1|700|700|82e3|900|ECO|0|ok|
curl|21877|ada|both|tcp|127.0.0.1|38000|->|127.0.0.1|8080|900|1100|18e3|3|CLO|0|ok|
"""
_NAMES = "program pid user way proto saddr sport dir daddr dport rx tx bytes dur state risk owner ownerwhy"
NAMES = _NAMES.split()
_WORDS = "program user way proto dir state owner ownerwhy flgs level why"
WORDS = frozenset(_WORDS.split())
OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}


@dataclass(eq=False)
class Data:
    """All flows there are, as columns."""

    ids: NDArray[np.uint64]
    columns: dict[str, Column]
    ended: NDArray[np.bool_]

    def take(self, index: NDArray[Any]) -> Data:
        """Some of them."""
        return Data(self.ids[index], {n: taken(c, index) for n, c in self.columns.items()}, self.ended[index])


def taken(column: Column, index: NDArray[Any]) -> Column:
    """Rows of a column."""
    if isinstance(column, Text):
        return Text(column.codes[index], column.words)
    if isinstance(column, Addresses):
        return Addresses(column.hi[index], column.lo[index], column.family[index])
    return np.asarray(column[index])


def words(values: list[str]) -> Text:
    """A column of words, cleaned as the engine does."""
    known: dict[str, int] = {"": 0}
    codes = [known.setdefault(clean(value), len(known)) for value in values]
    return Text(np.array(codes, np.int32), list(known))


def addresses(values: list[str]) -> Addresses:
    """A column of addresses."""
    from ipaddress import ip_address

    numbers = [(ip_address(value).version, int(ip_address(value))) for value in values]
    full = [number if version == 6 else number | 0xFFFF << 32 for version, number in numbers]
    return Addresses(
        np.array([n >> 64 for n in full], np.uint64),
        np.array([n & (1 << 64) - 1 for n in full], np.uint64),
        np.array([version for version, _ in numbers], np.uint8),
    )


def story() -> Data:
    """The flows of the pictures."""
    rows = [line.split("|") for line in STORY.strip().splitlines()]
    return data_of({name: [row[i] for row in rows] for i, name in enumerate(NAMES)})


def data_of(table: Mapping[str, list[str]]) -> Data:
    """Columns from texts."""
    columns: dict[str, Column] = {}
    for name, values in table.items():
        if name in WORDS:
            columns[name] = words(values)
        elif name in ("saddr", "daddr"):
            columns[name] = addresses(values)
        elif name in ("rx", "tx"):
            columns[name] = np.array([float(v) for v in values], np.float64)
        else:
            scale = SECOND if name == "dur" else 1
            columns[name] = np.array([int(float(v) * scale) for v in values], np.int64)
    return complete(columns)


def complete(columns: dict[str, Column]) -> Data:
    """With the columns that follow from others."""
    rx, tx, size, dur = (np.asarray(columns[name]) for name in ("rx", "tx", "bytes", "dur"))
    count = len(rx)
    columns |= {
        "bps": rx + tx,
        "stime": np.int64(CLOCK * SECOND) - dur,
        "ltime": np.full(count, np.int64(CLOCK * SECOND)),
        "pkts": size // 700 + 1,
        "flgs": words(["e"] * count),
    }
    ended = np.zeros(count, bool)
    way, source, target = columns["way"], columns["saddr"], columns["daddr"]
    assert isinstance(way, Text)
    assert isinstance(source, Addresses)
    assert isinstance(target, Addresses)
    inward = np.array([way.at(i) == "in" for i in range(count)], bool)
    columns["peer"] = Addresses(
        np.where(inward, source.hi, target.hi),
        np.where(inward, source.lo, target.lo),
        np.where(inward, source.family, target.family),
    )
    columns["load"] = columns["bps"]
    state = columns["state"]
    assert isinstance(state, Text)
    ended = np.array([state.at(i) in ("FIN", "RST", "CLO") for i in range(count)], bool)
    return Data(np.arange(1, count + 1, dtype=np.uint64), columns, ended)


HOSTILE = (
    "hostile", "bad\x1b[31mEVIL", "c1\x9b31mEVIL", "rtl\u202eEVIL", "zw\u200bsp", "e\u0301e", "日本語日本語日本語日本", "\u115f",
    "\udce9", "tab\there", "\x00nul", "vs\ufe0f", "👨\u200d👩", "[red]markup[/red]", "x" * 10_000, "\x1b]52;c;RVZJTA==\x07", "new\nline",
    "▲ 94", "? kernel",
)  # fmt: skip
"""Names that try to leave their cell."""


def hostile() -> Data:
    """The story with names that try to leave their cell."""
    rows = [line.split("|") for line in STORY.strip().splitlines()]
    table = {name: [row[i] for row in rows] for i, name in enumerate(NAMES)}
    for name in ("program", "user", "state", "ownerwhy", "proto"):
        table[name] = [HOSTILE[i % len(HOSTILE)] for i in range(len(rows))]
    return data_of(table)


def many(count: int, seed: int = 1) -> Data:
    """As many flows as wanted, drawn from the story's values."""
    draw = np.random.default_rng(seed)
    pick = draw.integers(0, 15, count)
    columns = dict(story().take(pick).columns)
    low = draw.integers(0, 1 << 16, count).astype(np.uint64) | np.uint64(0xFFFF_C633_0000)
    columns["daddr"] = Addresses(np.zeros(count, np.uint64), low, np.full(count, 4, np.uint8))
    columns["rx"] = 10 ** draw.uniform(1, 7, count)
    columns["tx"] = 10 ** draw.uniform(1, 6, count)
    columns["bytes"] = (10 ** draw.uniform(2, 9, count)).astype(np.int64)
    columns["sport"] = draw.integers(1024, 65_535, count)
    columns["risk"] = np.where(draw.random(count) < 0.02, draw.integers(36, 95, count), 0)
    return complete(columns)


def sortable(column: Column) -> list[NDArray[Any]]:
    """What a column sorts by, the most important last."""
    if isinstance(column, Text):
        order = {word: rank for rank, word in enumerate(sorted(column.words))}
        return [np.array([order[word] for word in column.words])[column.codes]]
    if isinstance(column, Addresses):
        return [column.lo, column.hi]
    return [column]


def usual() -> Meters:
    """An ordinary moment."""
    return METERS


@dataclass
class FakeFeed:
    """Answers views from its data; records what it was asked."""

    data: Data = field(default_factory=story)
    meters: Meters = field(default_factory=usual)
    refusal: RatopError | None = None
    failure: Exception | None = None
    still: bool = False
    """Every answer is of the same generation."""
    stray: str | None = None
    """Code that writes where it should not, at the first answer."""
    fails_at: int = 0
    """Number of the answer at which it breaks."""
    delay: float = 0.0
    wander: float = 0.0
    """Rates change by this much (standard deviation of the logarithm) at each answer."""
    seed: int = 3
    generation: int = 0
    asked: list[View] = field(default_factory=list)
    held: bool = False
    exported: list[tuple[View, str, str]] = field(default_factory=list)
    stopped: bool = False
    endless: bool = False
    """An export goes on until it is stopped."""
    kept: bool = False
    """There are packets…"""
    gone: str = ""
    """…and some are not there any more."""

    def __post_init__(self) -> None:
        self._draw = np.random.default_rng(self.seed)

    def start(self) -> None:
        """Open."""
        if self.refusal is not None:
            raise self.refusal

    def stop(self) -> None:
        """End."""
        self.stopped = True

    def hold(self, held: bool) -> None:
        """Pause."""
        self.held = held

    def ask(self, view: View) -> Snapshot:
        """Answer."""
        self.asked.append(view)
        if self.stray and len(self.asked) == 1:
            exec(self.stray)
        if self.delay:
            time.sleep(self.delay)
        if self.failure is not None:
            raise self.failure
        if self.fails_at and len(self.asked) >= self.fails_at:
            raise ValueError("the fake feed breaks here")
        if not self.held:
            self.generation += 0 if self.still else 1
            self._wander()
        matched = self._matched(view)
        ranked = self._ranked(matched, view)
        return self._snapshot(ranked, view)

    def _wander(self) -> None:
        if self.wander:
            columns = self.data.columns
            factor = np.exp(self._draw.normal(0, self.wander, len(self.data.ids)))
            columns["rx"] = np.asarray(columns["rx"]) * factor
            columns["bps"] = columns["rx"] + np.asarray(columns["tx"])

    def _matched(self, view: View) -> Data:
        keep = np.ones(len(self.data.ids), bool)
        for part in filter(None, view.filter.split(" and ")):
            keep &= self._condition(part.strip())
        return self.data.take(np.flatnonzero(keep))

    def _condition(self, part: str) -> NDArray[np.bool_]:
        if part.startswith("not "):
            return ~self._condition(part[4:])
        found = re.fullmatch(r"(\w+) *(>=|=|<|>) *(.+)", part)
        if not found:
            from ratop_py.filter import compile_filter

            compile_filter(part, 0.0)
            return np.ones(len(self.data.ids), bool)
        column, value = self.data.columns[found[1]], found[3].strip('"')
        if isinstance(column, Text):
            return np.array([word == value for word in column.words], bool)[column.codes]
        if isinstance(column, Addresses):
            wanted = addresses([value])
            return np.asarray((column.lo == wanted.lo[0]) & (column.hi == wanted.hi[0]))
        return np.asarray(OPERATORS[found[2]](column, float(value)))

    def _ranked(self, data: Data, view: View) -> Data:
        keys: list[NDArray[Any]] = [data.ids]
        for order in reversed(view.order):
            for key in sortable(data.columns[order.field]):
                keys.append(-key.astype(np.float64) if order.descending else key)
        return data.take(np.lexsort(keys))

    def _snapshot(self, data: Data, view: View) -> Snapshot:
        first, count = view.window or (0, len(data.ids))
        first = min(first, len(data.ids))
        window = data.take(np.arange(first, min(first + count, len(data.ids))))
        rank = np.flatnonzero(data.ids == view.anchor) if view.anchor is not None else np.zeros(0)
        return Snapshot(
            view=view,
            generation=self.generation,
            taken_at=CLOCK,
            first=first,
            matched=len(data.ids),
            total=len(self.data.ids),
            ids=window.ids,
            columns={name: window.columns[name] for name in view.fields if name in window.columns},
            ended=window.ended,
            anchor_rank=int(rank[0]) if rank.size else None,
            meters=replace(self.meters, flows=len(self.data.ids), state="paused" if self.held else self.meters.state),
            detail=self._detail(view.detail),
        )

    def _detail(self, flow: int | None) -> Detail | None:
        return replace(DETAIL, flow_id=flow) if flow is not None and flow in self.data.ids else None

    def reverse(self, address: str) -> tuple[str, bool]:
        """Everybody is called so."""
        return "host.example.net", False

    def pace(self, speed: float) -> None:
        """Remember the pace."""
        self.speed = speed

    def export(self, view: View, path: str, format: str, rows: frozenset[int], going: Callable[[int], bool]) -> int:  # noqa: A002
        """Write ids, as the real one writes rows; with `endless` until it is stopped."""
        self.exported.append((view, path, format))
        ids = [flow for flow in self._ranked(self._matched(view), view).ids.tolist() if not rows or flow in rows]
        done = 0
        while self.endless and going(done):
            done += 1000
            time.sleep(0.01)
        if self.endless:
            raise RatopError("stopped; nothing was written")
        self._new(path, "".join(f"{flow}\n" for flow in ids))
        return len(ids)

    def draw(self, picture: str, path: str) -> int:
        """Write a picture."""
        self._new(path, picture)
        return 1

    def packets(self) -> tuple[bool, str]:
        """Whether there are some."""
        return self.kept, self.gone if self.kept else "packets are not kept: begin with ratop --keep-packets 64M"

    def _new(self, path: str, text: str) -> None:
        try:
            with Path(path).open("x") as out:
                out.write(text)
        except FileExistsError:
            raise RatopError(f"{path} is there already", hint="choose another name; nothing is overwritten") from None


METERS: Meters = Meters(
    source="wlp2s0",
    state="live",
    clock=CLOCK,
    began=CLOCK - 14,
    packets=1_234_567,
    rx_bps=24_600_000,
    tx_bps=9_900_000,
    counters={"kernel_drops": 0, "full": 0},
    attributed=0.96,
    owners={"ok": 278, "listener": 41, "shared": 10, "none": 10, "unknown": 4},
    levels={"high": 3, "medium": 2, "low": 1, "none": 337},
    events=(EventMeter("packets", True, ""), EventMeter("lsof", True, "every 2 s")),
)
DETAIL = Detail(
    flow_id=7,
    facts={
        "stime": "2026-08-01 20:33:05.871204",
        "dur": "2461.128796 s",
        "proto": "tcp",
        "flgs": "e",
        "state": "CON",
        "saddr": "203.0.113.90",
        "sport": "51018",
        "daddr": "192.0.2.17",
        "dport": "443",
        "program": "wiki.py",
        "rx": "212000 bit/s",
        "tx": "31000 bit/s",
        "sbytes": "4405123",
        "dbytes": "61204",
        "spkts": "4120",
        "dpkts": "2204",
        "tcprtt": "0.000410 s",
        "sttl": "53",
        "dttl": "64",
        "smac": "02:5e:10:00:00:9c",
        "dmac": "02:42:ac:11:00:17",
        "cid": "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    },
    sides=(
        SideFacts("src", False, "", "", "", 0.0, "", ()),
        SideFacts(
            "dst",
            True,
            "ok",
            "exact 5-tuple",
            "lsof",
            0.0,
            "The socket with exactly these addresses and ports was held by this process while the flow lived.",
            (
                OwnerFacts(30417, CLOCK - 11_400, "www-data", 33, "wiki.py", "/usr/bin/python3.12",
                           "python3 /srv/wiki/wiki.py --port 443", 1),
                OwnerFacts(30995, CLOCK - 2400, "www-data", 33, "sh", "/bin/dash", "sh -c 'cd /tmp/.x && ./helper'",
                           30417),
            ),
        ),
    ),
    risk=94,
    level="high",
    findings=(
        FindingFacts("offlink-neighbour-mac", "P", 28, "203.0.113.90 claims to be far away, but the frame came from "
                     "02:5e:10:00:00:9c, which is 192.0.2.61 lab-desk.lan: down the hall."),
        FindingFacts("rtt-below-wan", "S", 19,
                     "It claims 11 hops, others that far need 31 ms; this one answered in 0.41 ms."),
    ),
    silent=("denied-by-site: only one site is watched.",),
)  # fmt: skip
