"""A filter's tree over flows: one boolean a flow.

Promise: vectorised; a column is computed once a filter. Tests of words run over the words of a column, not its rows.
Does not know: text, grammar.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields import FIELDS
from ratop_py.fields.facts import PORTLESS_IP
from ratop_py.filter import syntax
from ratop_py.filter.pattern import found as found_in
from ratop_py.filter.vocabulary import could_hold
from ratop_py.filter.words import WORDS, Mask, protocol
from ratop_py.flow.flows import Flows, Owner, Rows
from ratop_py.flow.layout import Family
from ratop_py.kinds import MISSING, Addresses, Column, Kind, Text

SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SEARCHED = ("proto", "state", "owner", "ownerwhy", "level", "why", "inf")
"""Fields that a bare word is looked for in, beside all owners of both ends."""
WITH_PORTS = {"tcp": 6, "udp": 17, "sctp": 132, "dccp": 33}
PORTED = ~PORTLESS_IP & ~np.isin(np.arange(256), (1, 58))
"""IP protocols with ports. All are greater than 0, which rows without IP have."""
M64 = (1 << 64) - 1


class Evaluation:
    """One filter over one set of flows."""

    def __init__(self, flows: Flows) -> None:
        self.flows = flows
        self._columns: dict[str, Column] = {}

    def column(self, name: str) -> Column:
        """A field's column, computed once."""
        if name not in self._columns:
            self._columns[name] = FIELDS[name].get(self.flows)
        return self._columns[name]

    def mask(self, node: syntax.Node) -> Mask:
        """True where the flow fulfils the node."""
        match node:
            case syntax.Everything():
                return np.ones(len(self.flows), bool)
            case syntax.Not(of):
                return ~self.mask(of)
            case syntax.And(left, right):
                return self.mask(left) & self.mask(right)
            case syntax.Or(left, right):
                return self.mask(left) | self.mask(right)
            case syntax.Word(name, side):
                return np.asarray(WORDS[name].test(self.flows, side), bool)
            case _:
                return self._end(node)

    def _end(self, node: syntax.Node) -> Mask:
        rows = self.flows.rows
        match node:
            case syntax.Net(side, value, bits):
                return in_network(rows, side, value, bits)
            case syntax.Ports(side, low, high, proto):
                return both_ways(rows, side, lambda end: in_range(rows[f"port_{end}"], low, high)) & ported(rows, proto)
            case syntax.Protocol(number):
                return np.asarray(protocol(number)(self.flows, ""))
            case syntax.Ether(side, mac):
                return either_side(side, lambda name: self.column(f"{name}mac") == mac)
            case _:
                return self._field(node)

    def _field(self, node: syntax.Node) -> Mask:
        match node:
            case syntax.Compare(field, sign, value, _):
                return compared(self.column(field), FIELDS[field].kind, sign, value)
            case syntax.Within(field, value, bits, _, inside, ether):
                column = self.column(field)
                assert isinstance(column, Addresses)
                there = column.family != 0
                of = column.family == Family.ETHER if ether else of_family(column.family, value, bits)
                found = in_prefix(column.hi, column.lo, value, bits) & of
                return there & (found if inside else ~found)
            case syntax.Equals(field, words, same):
                found = self._words(field, lambda word: _is_one_of(word, words, FIELDS[field].kind))
                return found if same else ~found
            case syntax.Like(field, pattern, sought):
                matching = self._words(field, lambda word: found_in(pattern, word))
                return matching if sought else ~matching
            case syntax.Pair(left, sign, right):
                return paired(self.column(left), sign, self.column(right))
            case syntax.Contains(text):
                return self._contains(text)
        raise AssertionError(node)

    def _words(self, field: str, test: Callable[[str], bool]) -> Mask:
        """A test of words, done once a word."""
        column = self.column(field)
        if isinstance(column, Text):
            table = np.fromiter((test(word) for word in column.words), bool, len(column.words))
            return table[column.codes]
        assert not isinstance(column, Addresses)
        words, codes = np.unique(column, return_inverse=True)
        table = np.fromiter((test(word.decode("ascii", "replace")) for word in words), bool, len(words))
        return table[codes.reshape(-1)]

    def _contains(self, text: str) -> Mask:
        folded, flows = text.casefold(), self.flows
        holds = [any(folded in told.casefold() for owner in each for told in texts_of(owner)) for each in flows.holders]
        of_holders = np.array(holds, bool)
        found = of_holders[flows.notes["s_holder"]] | of_holders[flows.notes["d_holder"]]
        for name in SEARCHED:
            if could_hold(name, folded):
                found |= self._words(name, lambda word: folded in word.casefold())
        return found


def _is_one_of(word: str, words: tuple[str, ...], kind: Kind) -> bool:
    return any(each in words for each in word.split()) if kind is Kind.LIST else word in words


def texts_of(owner: Owner) -> tuple[str, ...]:
    """What is told of an owner in words."""
    return (owner.program, owner.user, owner.exe, owner.cmdline)


def in_network(rows: Rows, side: str, value: int, bits: int) -> Mask:
    """Flows with an end in a network; frames that carry no addresses have none."""
    family = rows["family"].copy()
    network = of_family(family, value, bits) & (family != Family.ETHER)
    ends = {end: rows[f"addr_{end}"] for end in "ab"}
    return network & both_ways(rows, side, lambda end: in_prefix(ends[end][:, 0], ends[end][:, 1], value, bits))


def of_family(family: NDArray[Any], value: int, bits: int) -> Mask:
    """Addresses that a network can hold: `::/0` holds no IPv4."""
    return (family != Family.IPV6) if is_mapped(value, bits) else (family == Family.IPV6)


def is_mapped(value: int, bits: int) -> bool:
    """Whether a network is one of IPv4."""
    return value >> 32 == 0xFFFF and bits >= 96


def both_ways(rows: Rows, side: str, test: Callable[[str], Mask]) -> Mask:
    """A test of the ends a, b, as the side asks: source, destination, either, both."""
    of_a, of_b = test("a"), test("b")
    if side == syntax.ANY:
        return of_a | of_b
    if side == syntax.ALL:
        return of_a & of_b
    first = rows["init"] == (0 if side == syntax.SRC else 1)
    return np.where(first, of_a, of_b)


def either_side(side: str, test: Callable[[str], Any]) -> Mask:
    """A test of source and destination columns."""
    if side == syntax.SRC:
        return np.asarray(test("s"))
    if side == syntax.DST:
        return np.asarray(test("d"))
    one, two = test("s"), test("d")
    return np.asarray(one & two if side == syntax.ALL else one | two)


def ported(rows: Rows, proto: str) -> Mask:
    """Flows that have ports, of this protocol if one is named."""
    return np.asarray(rows["proto"] == WITH_PORTS[proto] if proto else PORTED[rows["proto"]])


def in_prefix(hi: NDArray[Any], lo: NDArray[Any], value: int, bits: int) -> Mask:
    """Addresses of the right family (two halves) whose first `bits` are those of `value`. Only halves that can differ
    are looked at: of IPv4 the lower one, of short IPv6 prefixes the upper one."""
    mask = (1 << 128) - (1 << (128 - bits))
    upper, lower = (hi, value >> 64, mask >> 64), (lo, value & M64, mask & M64)
    halves = [lower] if is_mapped(value, bits) else [upper, lower][: 2 if bits > 64 else 1]
    return reduce(operator.and_, ((half ^ np.uint64(want)) & np.uint64(part) == 0 for half, want, part in halves))


def in_range(port: NDArray[Any], low: int, high: int) -> Mask:
    """Ports from low to high."""
    return port == low if low == high else (port >= low) & (port <= high)


def compared(column: Column, kind: Kind, sign: str, value: float) -> Mask:
    """A column of numbers against a number; what is missing fulfils nothing, not even `!=`."""
    assert not isinstance(column, Text | Addresses)
    there = ~np.isnan(column) if column.dtype.kind == "f" else column != MISSING
    if kind in (Kind.PERCENT, Kind.NUMBER) and sign in ("=", "!="):
        close = np.isclose(column, value)
        return there & (close if sign == "=" else ~close)
    return there & np.asarray(SIGNS[sign](column, value))


def paired(left: Column, sign: str, right: Column) -> Mask:
    """Two columns against each other, row by row."""
    if isinstance(left, Addresses) and isinstance(right, Addresses):
        same = (left.hi == right.hi) & (left.lo == right.lo) & (left.family == right.family)
        return same if sign == "=" else ~same
    assert not isinstance(left, Text | Addresses)
    assert not isinstance(right, Text | Addresses)
    return compared(left, Kind.COUNT, ">=", -(1 << 62)) & compared(right, Kind.COUNT, sign_turned(sign), left)  # type: ignore[arg-type]


def sign_turned(sign: str) -> str:
    """A < b is b > a."""
    return {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign)
