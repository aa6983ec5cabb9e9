"""Columns of words: protocol, state, arrow, flags, cause, encapsulation, level, way, evidence codes.

Promise: code 0 is the empty word; equal words have one code where the vocabulary is small.
Does not know: owners (`fields.owners`), titles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow import letters
from ratop_py.flow.flows import Flows, Rows, sides
from ratop_py.flow.layout import Cause, Family, Life
from ratop_py.kinds import Text
from ratop_py.net.communityid import community_ids

PROTOCOLS = {
    0: "hopopt", 1: "icmp", 2: "igmp", 4: "ipip", 6: "tcp", 8: "egp", 9: "igp", 17: "udp", 27: "rdp", 33: "dccp", 41:
    "ipv6", 46: "rsvp", 47: "gre", 50: "esp", 51: "ah", 58: "ipv6-icmp", 88: "eigrp", 89: "ospf", 94: "ipip", 97:
    "etherip", 103: "pim", 108: "ipcomp", 112: "vrrp", 113: "pgm", 115: "l2tp", 132: "sctp", 136: "udplite", 137:
    "mpls-in-ip", }  # fmt: skip
"""IP protocol numbers (IANA) that have a name here; others are `ip-N`."""
ETHERTYPES = {
    0x0027: "llc", 0x0042: "stp", 0x00FE: "isis", 0x00E0: "ipx", 0x00F0: "netbios", 0x22F0: "avtp", 0x6003: "decnet",
    0x8035: "rarp", 0x80F3: "aarp", 0x809B: "appletalk", 0x8137: "ipx", 0x8808: "pause", 0x8809: "lacp", 0x8847: "mpls",
    0x8848: "mpls", 0x8863: "pppoed", 0x8864: "pppoe", 0x888E: "eapol", 0x8892: "profinet", 0x88A2: "aoe", 0x88CC:
    "lldp", 0x88E5: "macsec", 0x88F7: "ptp", 0x8902: "cfm", 0x8906: "fcoe", 0x9000: "loopback",
}  # fmt: skip
"""Ethertypes (IANA, IEEE) and LLC SAPs that have a name here; others are `ether-0x…`."""
CAUSES = {
    Cause.NONE: "status",
    Cause.IDLE: "timeout",
    Cause.CLOSED: "stop",
    Cause.REUSED: "stop",
    Cause.EVICTED: "evicted",
    Cause.SHUTDOWN: "shutdown",
}
WAYS = ("", "in", "out", "both")
LEVELS = ("none", "info", "low", "medium", "high")
LEVEL_FROM = np.array([12, 24, 36, 50])
"""Risk from which a level begins."""

Words = Callable[[Flows], Text]


def text(pair: tuple[NDArray[Any], Sequence[str]]) -> Text:
    """Codes and words as a column."""
    return Text(np.asarray(pair[0], np.int32), pair[1])


def packed(values: NDArray[Any], name: Callable[[int], str]) -> Text:
    """A word for each distinct number."""
    distinct, codes = numbered(values)
    return Text(codes + 1, ["", *(name(int(each)) for each in distinct)])


SMALL = 1 << 19
"""Numbers below this are counted in a table instead of being sorted."""


def numbered(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """(distinct values, the place of each value among them), as np.unique does; fast where all are small."""
    if not len(values) or values.min() < 0 or values.max() >= SMALL:
        distinct, codes = np.unique(values, return_inverse=True)
        return distinct, codes.reshape(-1).astype(np.int32)
    seen = np.zeros(int(values.max()) + 1, bool)
    seen[values] = True
    distinct = np.flatnonzero(seen)
    place = np.zeros(len(seen), np.int32)
    place[distinct] = np.arange(len(distinct), dtype=np.int32)
    return distinct, place[values]


def proto(flows: Flows) -> Text:
    """Protocol."""
    rows = flows.rows
    family = rows["family"].astype(np.int64)
    what = np.where(family == Family.ETHER, rows["port_a"], rows["proto"]).astype(np.int64)
    return packed(family << 16 | what, _protocol)


@cache
def _protocol(key: int) -> str:
    family, number = key >> 16, key & 0xFFFF
    if family == Family.ARP:
        return "arp"
    if family == Family.RARP:
        return "rarp"
    if family == Family.ETHER:
        return ETHERTYPES.get(number, f"ether-0x{number:04x}")
    return PROTOCOLS.get(number, f"ip-{number}")


def of_rows(get: Callable[[Rows], tuple[NDArray[np.int32], list[str]]]) -> Words:
    """A column whose words `flow.letters` makes."""
    return lambda flows: text(get(flows.rows))


def cause(flows: Flows) -> Text:
    """Why the record ends here: Argus's status, stop, timeout …"""
    return packed(flows.rows["cause"].astype(np.int64), lambda code: CAUSES.get(code, "status"))


def encaps(flows: Flows) -> Text:
    """All encapsulation letters."""
    return packed(flows.rows["encaps"].astype(np.int64), letters.encapsulations)


def tcpopt(side: int | None) -> Words:
    """Letters of a SYN's options, as Argus writes them: M mss, w window scale, s selective ack, T time stamp, E ECN,
    F fast open. None: of both SYNs."""

    def get(flows: Flows) -> Text:
        pair = flows.rows["syn_opts"]
        bits = pair[:, 0] | pair[:, 1] if side is None else sides(flows.rows, "syn_opts")[side]
        return packed(bits.astype(np.int64), lambda code: spelled("MwsTEF", code))

    return get


def tcpflags(side: int) -> Words:
    """TCP flags seen from one side: FSRPAUEC."""

    def get(flows: Flows) -> Text:
        bits = sides(flows.rows, "tcp_flags")[side].astype(np.int64)
        return packed(bits, lambda code: spelled("FSRPAUEC", code))

    return get


def spelled(alphabet: str, bits: int) -> str:
    """The letters whose bits are set."""
    return "".join(letter for at, letter in enumerate(alphabet) if bits >> at & 1)


def way(flows: Flows) -> Text:
    """Who began, seen from this machine."""
    return Text(flows.notes["way"].astype(np.int32), WAYS)


def level(flows: Flows) -> Text:
    """Level of suspicion."""
    return Text(np.searchsorted(LEVEL_FROM, flows.notes["risk"], side="right").astype(np.int32) + 1, ("", *LEVELS))


def why(flows: Flows) -> Text:
    """Evidence codes, strongest first."""
    return packed(flows.notes["why"].astype(np.int64), lambda number: " ".join(flows.whys[number]))


def topwhy(flows: Flows) -> Text:
    """The strongest code alone."""
    return packed(flows.notes["why"].astype(np.int64), lambda number: next(iter(flows.whys[number]), ""))


def cid(flows: Flows) -> NDArray[np.bytes_]:
    """Community ID."""
    return np.array(community_ids(flows.rows), dtype="S30")


def interface(flows: Flows) -> Text:
    """Name of the interface."""
    names = flows.interfaces
    return packed(flows.rows["iface"].astype(np.int64), lambda at: names[at] if at < len(names) else str(at))


def srcid(flows: Flows) -> Text:
    """The sensor's name."""
    return Text(np.ones(len(flows), np.int32), ("", flows.srcid))


def ended(flows: Flows) -> NDArray[np.int64]:
    """1 where the flow has ended."""
    return (flows.rows["life"] == Life.ENDED).astype(np.int64)


def nothing(flows: Flows) -> Text:
    """No word: of a flow there is none."""
    return Text(np.zeros(len(flows), np.int32), ("",))
