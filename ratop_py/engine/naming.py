"""What flows' ends are called: from payloads that were kept aside to numbers in notes.

Promise: a flow gets its names when it is first looked at, and again when an address is given a name that nobody had
given it: what was heard before the flow began stands before it. How much is read is bounded by the engine, how much is
kept by `names.book`. A set of names has one number; `compact` forgets those that no row points to.
Does not know: the table's lock, who reads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ratop_py.engine.due import began
from ratop_py.flow.flows import Index, Name, Names, Rows
from ratop_py.flow.layout import Family, Hint, Life
from ratop_py.names import book, dns
from ratop_py.names.book import Book
from ratop_py.names.heard import Heard, heard
from ratop_py.names.hellos import Hellos
from ratop_py.names.tls import Hello
from ratop_py.net.address import parse
from ratop_py.net.host import HostNet, one_of

SECOND = 1e9
SPARE = 10_000
"""Sets of names that may lie unused before the table of them is made anew."""
ASKED = 3600
"""Seconds that a name holds which a person asked for."""
NOTED = ("s_name", "d_name", "sni")
SIDES = ("addr_a", "addr_b")
M64 = (1 << 64) - 1
LOOPBACK4, LOOPBACK6 = 0xFFFF7F, 1
"""127/8 without its last 24 bits, and ::1."""
ANSWERS = (Hint.DNS, Hint.DNS_TCP, Hint.LLMNR, Hint.MDNS)
CLAIMS = {Hint.MDNS: book.MDNS, Hint.LLMNR: book.LLMNR}


class Naming:
    """Names of addresses, and the table of sets that notes point into."""

    def __init__(self) -> None:
        self.book = Book()
        self.sets: list[Names] = [()]
        self._hellos = Hellos()
        self._numbers: dict[Names, int] = {(): 0}
        self._touched: set[int] = set()
        """Addresses with a name that is new."""
        self._claimed: set[int] = set()
        """Rows whose client named the server."""

    # -- what is heard -------------------------------------------------------------------------------------------------

    def learn(self, kept: bytes, rows: Rows, host: HostNet) -> tuple[Index, NDArray[np.uint32]]:
        """Read what `Engine.take_heard` gave. (Rows whose client named the server, the number of that name.)"""
        own = host.own_addresses
        told: dict[int, int] = {}
        for each in heard(kept):
            if each.row >= len(rows) or int(rows["id"][each.row]) != each.flow:
                continue  # the flow is gone
            hello = self._hello(each)
            if hello is not None:
                if int(rows["init"][each.row]) == each.side:
                    told[each.row] = self._number((Name(hello.name, _how(hello, each.kind), 0.0),))
            elif each.kind in ANSWERS:
                self._answer(each, for_us=each.asked and _is_own(_receiver(rows, each), own))
        self._claimed.update(told)
        return np.fromiter(told, np.intp, len(told)), np.fromiter(told.values(), np.uint32, len(told))

    def _hello(self, each: Heard) -> Hello | None:
        if each.kind == Hint.QUIC:
            return self._hellos.datagram(each.flow, each.data)
        if each.kind in (Hint.TLS, Hint.TLS_MORE):
            return self._hellos.segment(each.flow, each.data, more=each.kind == Hint.TLS_MORE)
        return None

    def _answer(self, each: Heard, *, for_us: bool) -> None:
        """`for_us`: this machine had asked; in answers to all, or of the neighbours, it would still be a claim."""
        how = CLAIMS.get(each.kind, book.DNS if for_us else book.DNS_OTHER)
        data = each.data[2:] if each.kind == Hint.DNS_TCP else each.data
        for one in dns.multicast(data) if each.kind == Hint.MDNS else dns.answers(data):
            if one.name and self.book.learn(one.address, one.name, book.PTR if one.reverse else how, each.at, one.ttl):
                self._touched.add(one.address)

    def told(self, address: str, name: str, at: int, *, sure: bool) -> None:
        """A person asked; `sure`: the name leads back to the address."""
        value, _ = parse(address)
        if self.book.learn(value, name, book.DNS if sure else book.PTR, at, ASKED):
            self._touched.add(value)

    # -- what flows are called -----------------------------------------------------------------------------------------

    def name(self, fresh: Index, rows: Rows, notes: NDArray[np.void]) -> Index:
        """Write the names of these rows, and of those that a name heard since the last time may tell something of.
        Returns all of them."""
        if not len(self.book) and len(self.sets) == 1:
            return fresh
        index = np.union1d(fresh, self._again(rows, notes))
        index = index[rows["family"][index] != Family.ETHER]
        init, since = rows["init"][index], began(rows, index).tolist()
        source, target = (_addresses(rows, index, side) for side in (init, 1 - init))
        claims = [self.sets[number] for number in notes["sni"][index].tolist()]
        nobody: list[Names] = [()] * len(claims)
        for column, ends, said in (("s_name", source, nobody), ("d_name", target, claims)):
            numbers = np.zeros(len(ends), np.uint32)
            for place, address in enumerate(ends):
                if address in self.book or said[place]:
                    numbers[place] = self._called(address, since[place], said[place])
            changed = numbers != notes[column][index]  # of rows without a name nothing is touched
            notes[column][index[changed]] = numbers[changed]
        return index

    def _again(self, rows: Rows, notes: NDArray[np.void]) -> Index:
        """Rows in use with an address, or a client, that got or gave a name since the last time."""
        claimed = np.fromiter(self._claimed, np.intp, len(self._claimed))
        lows = [address & M64 for address in self._touched]
        self._touched.clear()
        self._claimed.clear()
        if not lows:
            return claimed
        found = one_of(rows["addr_a"][:, 1], lows) | one_of(rows["addr_b"][:, 1], lows)
        used = (rows["life"] != Life.FREE) & (notes["id"][: len(rows)] == rows["id"])
        return np.union1d(claimed, np.flatnonzero(found & used))

    def _called(self, address: int, since: int, said: Names) -> int:
        """The number of an end's names; `said`: by the client, of the server."""
        known = self.book.names(address, since)
        if not known:
            return self._number(said)
        names = [*(Name(each.name, each.how, each.first / SECOND) for each in known), *said]
        if said:
            names.sort(key=lambda each: (book.RANK[each.how], each.text != said[0].text))
        return self._number(tuple(names))

    def _number(self, names: Names) -> int:
        found = self._numbers.get(names)
        if found is None:
            found = self._numbers[names] = len(self.sets)
            self.sets.append(names)
        return found

    def compact(self, notes: NDArray[np.void]) -> None:
        """Forget sets that no row points to, once there are many. `notes`: of all rows in use."""
        if len(self.sets) < SPARE + 2 * len(notes):
            return
        used = np.unique(np.concatenate([notes[name] for name in NOTED]))
        before, self.sets, self._numbers = self.sets, [()], {(): 0}
        table = np.zeros(len(before), np.uint32)
        for old in used.tolist():
            table[old] = self._number(before[old])
        for name in NOTED:
            notes[name] = table[notes[name]]


def _how(hello: Hello, kind: int) -> str:
    if hello.hidden:
        return book.HIDDEN
    return book.QUIC if kind == Hint.QUIC else book.SNI


def _addresses(rows: Rows, index: Index, side: NDArray[np.uint8]) -> list[int]:
    """Addresses of one end of rows, as 128-bit numbers."""
    pairs = np.where((side == 0)[:, None], rows["addr_a"][index], rows["addr_b"][index])
    return [high << 64 | low for high, low in pairs.tolist()]


def _receiver(rows: Rows, each: Heard) -> int:
    high, low = rows[SIDES[1 - each.side]][each.row].tolist()
    return int(high) << 64 | int(low)


def _is_own(address: int, own: frozenset[int]) -> bool:
    """As `HostNet.is_own`: where nothing is known of this machine, nothing is its own."""
    return bool(own) and (address in own or address >> 24 == LOOPBACK4 or address == LOOPBACK6)
