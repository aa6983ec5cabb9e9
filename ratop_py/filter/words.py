"""Words that are true or false of a flow: protocols, states, marks. Each with its meaning, for parser, help and docs.

Promise: `WORDS` is the only list of them; a test is vectorised over rows.
Does not know: grammar, fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields.facts import number
from ratop_py.fields.words import ETHERTYPES, PROTOCOLS
from ratop_py.flow.flows import Flows, sides
from ratop_py.flow.layout import Cause, Family, Life, Mark, SynOption
from ratop_py.flow.states import State

EVERYBODY = 0xFFFFFFFFFFFF
"""The MAC of a broadcast."""
Mask = NDArray[np.bool_]
Test = Callable[[Flows, str], Mask]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word says."""

    test: Test
    doc: str
    packet: str = ""
    """The tcpdump expression that every packet of such a flow fulfils; empty: there is none."""
    sided: bool = False
    """Whether src or dst may stand before it."""


def one_of(small: NDArray[Any], *numbers: int) -> Mask:
    """A column of bytes that holds one of these: asked of a table."""
    if len(numbers) == 1:
        return np.asarray(small == numbers[0])
    table = np.zeros(256, bool)
    table[list(numbers)] = True
    return np.asarray(table[small])


def is_ip(rows: NDArray[np.void]) -> Mask:
    """IPv4 and IPv6 flows: of the families only these two have this bit."""
    return rows["family"] & Family.IPV4 != 0


def protocol(*numbers: int) -> Test:
    """IP flows of one of these protocols; 0 is also written where there is none."""

    def test(flows: Flows, _: str) -> Mask:
        found = one_of(flows.rows["proto"], *numbers)
        return found & is_ip(flows.rows) if 0 in numbers else found

    return test


def _of_protocol(*numbers: int) -> Meaning:
    packet = " or ".join(f"ip proto {number} or ip6 proto {number}" for number in numbers)
    return Meaning(protocol(*numbers), f"IP protocol {' or '.join(map(str, numbers))}", f"({packet})")


def family(*which: int) -> Test:
    """Flows of these address families."""
    return lambda flows, _: one_of(flows.rows["family"], *which)


def ethertype(number: int) -> Test:
    """Frames that carry this instead of IP."""
    return lambda flows, _: (flows.rows["family"] == Family.ETHER) & (flows.rows["port_a"] == number)


def marks(bits: int) -> Test:
    """Flows with one of these marks."""
    return lambda flows, _: flows.rows["marks"] & bits != 0


def either(values: tuple[NDArray[Any], NDArray[Any]], side: str, bits: int) -> Mask:
    """A bit in the source's value, the destination's, or either."""
    source, destination = (value & bits != 0 for value in values)
    return source if side == "src" else destination if side == "dst" else source | destination


def tcp_flag(bits: int) -> Test:
    """TCP flows in which a side sent one of these flags."""

    def test(flows: Flows, side: str) -> Mask:
        rows = flows.rows
        if side in ("src", "dst"):
            return either(sides(rows, "tcp_flags"), side, bits) & (rows["proto"] == 6)
        both = rows["tcp_flags"].view(np.uint16)[:, 0]
        return (both & (bits << 8 | bits) != 0) & (rows["proto"] == 6)

    return test


def syn_option(bits: int) -> Test:
    """TCP flows whose SYN offered this."""

    def test(flows: Flows, side: str) -> Mask:
        return (flows.rows["proto"] == 6) & either(sides(flows.rows, "syn_opts"), side, bits)

    return test


def tcp_state(*which: int) -> Test:
    """TCP flows in these states."""
    return lambda flows, _: (flows.rows["proto"] == 6) & one_of(flows.rows["state"], *which)


def retrans(flows: Flows, side: str) -> Mask:
    """Something was sent again."""
    values = sides(flows.rows, "retrans")
    source, destination = values[0] > 0, values[1] > 0
    return source if side == "src" else destination if side == "dst" else source | destination


def answered(flows: Flows, _: str) -> Mask:
    """Both sides sent; TCP: established."""
    rows = flows.rows
    two_way = (rows["pkts"][:, 0] > 0) & (rows["pkts"][:, 1] > 0)
    return np.where(rows["proto"] == 6, one_of(rows["state"], State.CON, State.FIN, State.FINS, State.CLO), two_way)


def unanswered(flows: Flows, _: str) -> Mask:
    """Only the initiator sent, and it is no TCP."""
    out, back = (side > 0 for side in sides(flows.rows, "pkts"))
    return out & ~back & (flows.rows["proto"] != 6)


def only_answered(flows: Flows, _: str) -> Mask:
    """Only the other end sent, and it is no TCP."""
    out, back = (side > 0 for side in sides(flows.rows, "pkts"))
    return ~out & back & (flows.rows["proto"] != 6)


def multicast(flows: Flows, _: str) -> Mask:
    """The destination is a group address (224/4, ff00::/8)."""
    return _destination(flows, lambda hi, lo, four: np.where(four, (lo >> 28) & 0xF == 0xE, hi >> 56 == 0xFF))


def broadcast(flows: Flows, _: str) -> Mask:
    """The destination is 255.255.255.255, or the frame's is all ones."""
    to_all = (number(flows.rows["mac_to_b"]) == EVERYBODY) | (number(flows.rows["mac_to_a"]) == EVERYBODY)
    return to_all | _destination(flows, lambda _, lo, four: four & (lo & 0xFFFFFFFF == 0xFFFFFFFF))


def _destination(flows: Flows, test: Callable[[Any, Any, Any], Any]) -> Mask:
    rows = flows.rows
    to = np.where((rows["init"] == 0)[:, None], rows["addr_b"], rows["addr_a"])
    return np.asarray(test(to[:, 0], to[:, 1], rows["family"] == Family.IPV4) & is_ip(rows))


def icmp_kind(four: tuple[int, ...], six: tuple[int, ...], mark: int = 0) -> Test:
    """ICMP of these types; with a mark also flows that such a message quoted."""

    def test(flows: Flows, _: str) -> Mask:
        rows, kind = flows.rows, flows.rows["icmp"] >> 8
        found = (rows["proto"] == 1) & one_of(kind, *four) | (rows["proto"] == 58) & one_of(kind, *six)
        return found | (rows["marks"] & mark != 0)

    return test


def pair_is(name: str) -> Test:
    """A side's value of a pair column is not zero."""

    def test(flows: Flows, side: str) -> Mask:
        source, destination = (value != 0 for value in sides(flows.rows, name))
        return source if side == "src" else destination if side == "dst" else source | destination

    return test


def note_is(name: str, *which: int) -> Test:
    """A note has one of these values."""
    return lambda flows, _: one_of(flows.notes[name], *which)


def row_is(name: str, *which: int) -> Test:
    """A row's column has one of these values."""
    return lambda flows, _: one_of(flows.rows[name], *which)


def ecn(flows: Flows, side: str) -> Mask:
    """Congestion was marked on the way."""
    values = sides(flows.rows, "tos")
    return either((values[0] & 3 == 3, values[1] & 3 == 3), side, 1)


_ICMP = Mark.ICMP_UNREACH | Mark.ICMP_REDIRECT | Mark.ICMP_TIMEX | Mark.ICMP_OTHER
_FLAGS = {"push": 8, "urg": 32, "ece": 64, "cwr": 128, "rst": 4, "reset": 4, "fin": 1}
_FLAG_NAMES = {1: "a FIN", 4: "an RST", 8: "a PSH", 32: "an URG", 64: "an ECE", 128: "a CWR"}
_OPTIONS = {
    "mss": SynOption.MSS, "wscale": SynOption.WSCALE, "selackok": SynOption.SACK, "tcptimestamp": SynOption.TIMESTAMP,
}  # fmt: skip

WORDS: Mapping[str, Meaning] = {
    "all": Meaning(lambda flows, _: np.ones(len(flows), bool), "every flow"),
    "ip": Meaning(family(4, 6), "IPv4 and IPv6, as Argus has it", "(ip or ip6)"),
    "ip4": Meaning(family(4), "IPv4", "ip"),
    "ipv4": Meaning(family(4), "IPv4", "ip"),
    "ip6": Meaning(family(6), "IPv6", "ip6"),
    "ipv6": Meaning(family(6), "IPv6", "ip6"),
    "arp": Meaning(family(1), "ARP", "arp"),
    "rarp": Meaning(family(2), "reverse ARP", "rarp"),
    "ether": Meaning(family(3), "frames that carry neither IP nor ARP"),
    "icmp6": Meaning(protocol(58), "ICMPv6", "icmp6"),
    "icmpv6": Meaning(protocol(58), "ICMPv6", "icmp6"),
    **{
        name: _of_protocol(*(number for number, each in PROTOCOLS.items() if each == name))
        for name in PROTOCOLS.values()
        if name not in {"ipv6", "mpls-in-ip"}
    },
    **{
        name: Meaning(ethertype(number), f"frames of type {name}")
        for number, name in ETHERTYPES.items()
        if name not in {"rarp", "mpls", "loopback"}
    },
    "syn": Meaning(tcp_flag(2), "TCP with a SYN; `src syn`: from the source", sided=True),
    "synack": Meaning(lambda flows, _: flows.rows["t_synack"] > 0, "TCP with a SYN+ACK"),
    "ack": Meaning(tcp_flag(16), "TCP with an ACK", sided=True),
    **{name: Meaning(tcp_flag(bit), f"TCP with {_FLAG_NAMES[bit]}", sided=True) for name, bit in _FLAGS.items()},
    "finack": Meaning(lambda flows, _: flows.rows["fins"] & 12 != 0, "TCP with an acknowledged FIN"),
    **{name: Meaning(syn_option(bit), "TCP whose SYN offers it", sided=True) for name, bit in _OPTIONS.items()},
    "con": Meaning(answered, "both sides sent; TCP: established"),
    "est": Meaning(answered, "both sides sent; TCP: established"),
    "req": Meaning(tcp_state(State.REQ), "TCP: only a SYN so far"),
    "acc": Meaning(tcp_state(State.ACC), "TCP: SYN+ACK seen, not yet established"),
    "clo": Meaning(tcp_state(State.CLO), "TCP: closed by both"),
    "closed": Meaning(tcp_state(State.CLO, State.RST), "TCP: closed or reset"),
    "normal": Meaning(tcp_state(State.CLO), "TCP: closed by both"),
    "wait": Meaning(tcp_state(State.FIN, State.FINS), "TCP: closing"),
    "int": Meaning(unanswered, "nobody answered (not TCP)"),
    "rsp": Meaning(only_answered, "only the destination sent (not TCP)"),
    "timeout": Meaning(row_is("cause", Cause.IDLE), "ended because it was idle"),
    "stop": Meaning(row_is("cause", Cause.CLOSED, Cause.REUSED), "ended because it was closed"),
    "shut": Meaning(row_is("cause", Cause.SHUTDOWN), "ended because the program was stopped"),
    "status": Meaning(row_is("cause", Cause.NONE), "goes on"),
    "retrans": Meaning(retrans, "TCP segments were sent again", sided=True),
    "drop": Meaning(retrans, "the same", sided=True),
    "outoforder": Meaning(marks(Mark.OUT_OF_ORDER), "TCP segments overtook each other"),
    "ooo": Meaning(marks(Mark.OUT_OF_ORDER), "the same"),
    "winshut": Meaning(marks(Mark.ZERO_WINDOW), "a TCP window was closed"),
    "ecn": Meaning(ecn, "congestion was marked", sided=True),
    "midstream": Meaning(marks(Mark.MIDSTREAM), "TCP whose beginning was not seen"),
    "frag": Meaning(marks(Mark.FRAG | Mark.FRAG_ONLY), "fragments"),
    "fragonly": Meaning(marks(Mark.FRAG_ONLY), "fragments whose first was not seen"),
    "echo": Meaning(icmp_kind((0, 8), (128, 129)), "ICMP echo"),
    "unreach": Meaning(icmp_kind((3,), (1,), Mark.ICMP_UNREACH), "ICMP unreachable, and the flows it is about"),
    "redirect": Meaning(icmp_kind((5,), (137,), Mark.ICMP_REDIRECT), "ICMP redirect, and the flows it is about"),
    "timexed": Meaning(icmp_kind((11,), (3,), Mark.ICMP_TIMEX), "ICMP time exceeded, and the flows it is about"),
    "icmpmap": Meaning(marks(_ICMP), "flows that an ICMP error is about"),
    "multicast": Meaning(multicast, "to a group address"),
    "broadcast": Meaning(broadcast, "to everybody"),
    "vlan": Meaning(pair_is("vlan"), "with an 802.1Q tag; `vlan 100`: with this id", sided=True),
    "mpls": Meaning(pair_is("mpls"), "with an MPLS label; `mpls 1001`: with this label", sided=True),
    "tunnel": Meaning(marks(Mark.TUNNEL), "carries other flows"),
    "inner": Meaning(lambda flows, _: flows.rows["depth"] > 0, "was found inside a tunnel"),
    "inbound": Meaning(note_is("way", 1), "a peer began it"),
    "outbound": Meaning(note_is("way", 2), "this machine began it"),
    "local": Meaning(note_is("way", 3), "both ends are this machine"),
    "live": Meaning(row_is("life", Life.LIVE), "has not ended"),
    "ended": Meaning(row_is("life", Life.ENDED), "has ended"),
    "man": Meaning(lambda flows, _: np.zeros(len(flows), bool), "Argus's management records: here there are none"),
}
"""Every word, with its test and its meaning."""
