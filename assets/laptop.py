"""The laptop while it is recorded: who holds which socket when, calls made and taken, names looked up; what lsof says.

Promise: every conversation made through `call`, `visit`, `ask` has its socket listed as long as it lived, no longer.
Does not know: what the conversations are about.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from assets.cast import ME, ME6, RESOLVER, ROUTER, Place, Program
from assets.wire import End, Tap, Turn, answer, question

EVER = 1e9


@dataclass(frozen=True, slots=True)
class Socket:
    """One descriptor, from when to when, in seconds of the recording."""

    holder: Program
    proto: str
    six: bool
    name: str
    state: str = ""
    start: float = -EVER
    stop: float = EVER


@dataclass(slots=True)
class Laptop:
    """Its wire, its sockets, its resolver's cache."""

    tap: Tap
    rng: random.Random
    sockets: list[Socket] = field(default_factory=list)
    _port: int = 38200
    _known: set[str] = field(default_factory=set)

    def port(self) -> int:
        """A fresh ephemeral port."""
        self._port += self.rng.randrange(2, 90)
        return self._port

    def holds(self, who: Sequence[Program], proto: str, near: End, far: End, start: float, stop: float) -> None:
        """These programs had this connected socket."""
        state = "ESTABLISHED" if proto == "TCP" else ""
        name = f"{shown(near)}->{shown(far)}"
        self.sockets += (Socket(each, proto, ":" in near.address, name, state, start, stop) for each in who)

    def listens(self, who: Program, proto: str, port: int, address: str = "*", *, six: bool = False) -> None:
        """A socket that was there all the time and takes what comes."""
        self.sockets.append(Socket(who, proto, six, f"{address}:{port}", "LISTEN" if proto == "TCP" else ""))

    def call(
        self,
        t: float,
        who: Sequence[Program],
        far: End,
        turns: Sequence[Turn],
        *,
        opened: bool = True,
        end: str = "fin",
    ) -> None:
        """Call a server over TCP."""
        near = (ME6 if ":" in far.address else ME).at(self.port())
        stop = self.tap.tcp(t, near, far, turns, opened=opened, end=end)
        self.holds(who, "TCP", near, far, t if opened else -EVER, EVER if end == "open" else stop)

    def visit(
        self,
        t: float,
        far: End,
        who: Sequence[Program],
        port: int,
        turns: Sequence[Turn],
        *,
        opened: bool = True,
        end: str = "fin",
    ) -> None:
        """Be called over TCP."""
        stop = self.tap.tcp(t, far, ME.at(port), turns, opened=opened, end=end)
        self.holds(who, "TCP", ME.at(port), far, t if opened else -EVER, EVER if end == "open" else stop)

    def ask(self, t: float, who: Program, far: End, turns: Sequence[Turn], *, six: bool = False) -> float:
        """Call a server over UDP; the socket lives as long as the talk. Returns its end."""
        near = (ME6 if six else ME).at(self.port())
        stop = self.tap.udp(t, near, far, turns)
        self.holds((who,), "UDP", near, far, t, stop)
        return stop

    def look_up(self, t: float, name: str, *values: str) -> float:
        """Ask the resolver for a name's records; returns when the last answer is there."""
        talk: list[Turn] = []
        for value in values:
            kind = 12 if name.endswith(".arpa") else 28 if ":" in value else 1
            ident = self.rng.randrange(65536)
            talk.append(("c", question(ident, name, kind), 0.0))
            talk.append(("s", answer(ident, name, kind, value), self.rng.uniform(0.001, 0.03)))
        return self.ask(t, RESOLVER, ROUTER.at(53), talk)

    def find(self, t: float, where: Place) -> float:
        """Both addresses of a server, once: the resolver keeps the answer for five minutes."""
        if where.name in self._known:
            return t
        self._known.add(where.name)
        return self.look_up(t, where.name, where.four, where.six)


def shown(end: End) -> str:
    """As lsof writes an end."""
    return f"[{end.address}]:{end.port}" if ":" in end.address else f"{end.address}:{end.port}"


def listing(sockets: Sequence[Socket], when: float) -> str:
    """What `lsof -i -n -P +c0 -F pcRuLftPnT` would have printed at this time, run as root."""
    lines: list[str] = []
    alive = [each for each in sockets if each.start <= when <= each.stop]
    for holder in sorted({each.holder for each in alive}, key=lambda each: each.pid):
        lines += [f"p{holder.pid}", f"R{holder.parent}", f"c{holder.name}", f"u{holder.uid}", f"L{holder.user}"]
        for number, each in enumerate(one for one in alive if one.holder == holder):
            lines += [f"f{number + 3}", "tIPv6" if each.six else "tIPv4", f"P{each.proto}", f"n{each.name}"]
            lines += [f"TST={each.state}"] if each.state else []
    return "\n".join(lines) + "\n"
