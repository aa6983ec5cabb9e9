"""Masks against a plain evaluation, one flow at a time, that knows no numpy: it defines what a filter means."""

from __future__ import annotations

import operator
import re
from ipaddress import ip_address, ip_network
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS
from ratop_py.fields.texts import text_of
from ratop_py.filter import syntax
from ratop_py.filter.mask import Evaluation
from ratop_py.filter.parser import parse
from ratop_py.filter.words import WORDS
from ratop_py.flow.flows import Flows
from ratop_py.kinds import MISSING, Addresses, Text
from ratop_py.net import address
from tests.helpers.flowset import flows, row

NOW = 1_700_000_060.0
SIGNS = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
TRANSPORTS = {"tcp", "udp", "sctp", "dccp", "udplite"}


class Plain:
    """One flow, as Python values."""

    def __init__(self, one: Flows) -> None:
        self.one = one

    def word(self, name: str) -> str:
        return text_of(FIELDS[name].kind, FIELDS[name].get(self.one), 0)

    def value(self, name: str) -> Any:
        column = FIELDS[name].get(self.one)
        assert not isinstance(column, Text | Addresses)
        return column[0].item()

    def holds(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Everything():
                return True
            case syntax.Not(of):
                return not self.holds(of)
            case syntax.And(left, right):
                return self.holds(left) and self.holds(right)
            case syntax.Or(left, right):
                return self.holds(left) or self.holds(right)
            case syntax.Word(name, side):
                return bool(WORDS[name].test(self.one, side)[0])
            case syntax.Net(side, value, bits):
                return self.sided(side, lambda end: within(self.word(f"{end}addr"), value, bits))
            case syntax.Ports(side, low, high, proto):
                return self.ported(proto) and self.sided(side, lambda end: low <= int(self.word(f"{end}port")) <= high)
            case _:
                return self.compared(node)

    def ported(self, proto: str) -> bool:
        return self.word("proto") in ({proto} if proto else TRANSPORTS)

    def sided(self, side: str, test: Any) -> bool:
        source, destination = test("s"), test("d")
        return {
            "src": source,
            "dst": destination,
            syntax.ANY: source or destination,
            syntax.ALL: source and destination,
        }[side]

    def compared(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Protocol(number):
                return self.word("proto") == {1: "icmp", 6: "tcp", 17: "udp", 47: "gre"}.get(number, f"ip-{number}")
            case syntax.Ether(side, mac):
                return self.sided(side, lambda end: self.value(f"{end}mac") == mac)
            case syntax.Compare(field, sign, value, _):
                mine = self.value(field)
                return bool(mine != MISSING and SIGNS[sign](mine, value))
            case syntax.Within(field, value, bits, _, inside):
                there = bool(self.word(field))
                return there and within(self.word(field), value, bits) == inside
            case syntax.Pair(left, sign, right):
                one, two = self.value(left), self.value(right)
                return bool(MISSING not in (one, two) and SIGNS[sign](one, two))
            case _:
                return self.textual(node)

    def textual(self, node: syntax.Node) -> bool:
        match node:
            case syntax.Equals("why", words, same):
                return any(word in words for word in self.word("why").split()) == same
            case syntax.Equals(field, words, same):
                return (self.word(field) in words) == same
            case syntax.Like(field, pattern, found):
                return bool(re.search(pattern, self.word(field))) == found
            case syntax.Contains(text):
                owners = [owner for side in "sd" for owner in self.one.holders[self.one.notes[f"{side}_holder"][0]]]
                told = [word for each in owners for word in (each.program, each.user, each.exe, each.cmdline)]
                told += [self.word(name) for name in ("proto", "state", "owner", "ownerwhy", "level", "why", "inf")]
                return any(text.lower() in word.lower() for word in told)
        raise AssertionError(node)


def within(text: str, value: int, bits: int) -> bool:
    """Whether an address lies in a network of its own family."""
    if text.count(":") == 5 and "::" not in text:
        return False  # a MAC
    mapped = value >> 32 == 0xFFFF and bits >= 96
    network = f"{address.text(value, 4)}/{bits - 96}" if mapped else f"{address.text(value, 6)}/{bits}"
    return ip_address(text) in ip_network(network, strict=False)


ENDS = (
    st.sampled_from(["10.0.0.1", "10.0.0.2", "10.1.0.1", "192.168.1.5", "224.0.0.1"]),
    st.sampled_from(["[2001:db8::1]", "[2001:db8::2]", "[fe80::1]", "[::1]"]),
)
PORT = st.sampled_from([22, 53, 80, 443, 40000])


@st.composite
def rows(draw: Any) -> Any:
    ends = draw(st.sampled_from(ENDS))
    proto = draw(st.sampled_from([1, 6, 6, 17, 47, 132, 253]))
    return row(
        f"{draw(ends)}:{draw(PORT)}",
        f"{draw(ends)}:{draw(PORT)}",
        proto,
        pkts=(draw(st.integers(0, 5)), draw(st.integers(1, 5))),
        size=(draw(st.integers(0, 3000)), draw(st.integers(0, 3000))),
        seconds=draw(st.sampled_from([0.0, 0.5, 2.0, 90.0])),
        ttl=(draw(st.integers(0, 255)), draw(st.integers(0, 255))),
        vlan=draw(st.sampled_from([(0, 0), (100, 100), (0, 7)])),
        tcp_flags=(draw(st.integers(0, 255)), draw(st.integers(0, 255))),
        state=draw(st.integers(0, 7)) if proto == 6 else 0,
        marks=draw(st.integers(0, 65535)),
    )


@st.composite
def sets(draw: Any) -> Flows:
    several = draw(st.lists(rows(), min_size=1, max_size=6))
    each = {name: draw(st.lists(st.integers(0, most), min_size=len(several), max_size=len(several))) for name, most in
            {"s_holder": 2, "d_holder": 2, "s_match": 5, "way": 3, "risk": 100, "why": 2, "s_why": 9}.items()}  # fmt: skip
    return flows(*several, **each)


LEAVES = st.sampled_from(
    """tcp|udp|ip6|est|int|rsp|syn|src rst|vlan|frag|inbound|host 10.0.0.1|src host 10.0.0.2|dst net 10.0.0.0/8|net ::/0
    src and dst net 10/8|port 80|tcp dst port 443|src portrange 50-90|port 53 or 22|ip6 port 22|proto 47|proto 253|bytes > 1k
    src bytes <= 500|pkts != 3|dur >= 2s|dur < 500ms|stime > -61s|sttl != dttl|ttl < 64|src bytes > dst bytes|svid = 100
    vlan 7|user ada|user != ada|program ~ fire|program !~* SSH|user not in (root, x)|label ~ "usr=r"|saddr in 10.0.0.0/8
    daddr != 2001:db8::/32|risk >= medium|level low|why land|why != land|state = CON|state in (rst, fin)|owner ok|way in|fire
    pid = 4101|pid != 4101|proto = tcp|icmptype = 0|trans = 1|dir = "->"|multicast|sport = 80|peer = 10.0.0.1""".replace("\n", "|").split("|")
).map(str.strip)  # fmt: skip
QUESTIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda text: f"not ({text})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda each: f"({each[0]}) {each[1]} ({each[2]})"),
    ),
    max_leaves=4,
)


@given(sets(), QUESTIONS)
def test_a_mask_is_what_each_flow_alone_would_say(of: Flows, text: str) -> None:
    node = parse(text, NOW)
    mask = Evaluation(of).mask(node)
    assert mask.dtype == np.bool_
    assert mask.tolist() == [Plain(of.take(slice(at, at + 1))).holds(node) for at in range(len(of))]
