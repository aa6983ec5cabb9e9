"""The row of a flow: one table that yields the engine's column numbers, the numpy dtype and the docs.

Promise: `ROW` is the only place that says where a fact of a flow lies. `number(name)` is its column in the view of
its item size (what the compiled engine indexes), `ROW_DTYPE` the same as a numpy structured type, `COUNTERS` the
engine's counters by number. `NOTE` is the same for what Python adds to a row (owner, risk, rates).
Does not know: packets, formulas, titles (`fields.py` has those).

A row has two *sides*: A has the smaller (address, port), B the larger, so both directions meet in one row. A pair
column holds A's value, then B's: "what A sent". `init` says which side began (0 A, 1 B); readers turn A/B to src/dst.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

SIZES = {"u64": 8, "i64": 8, "f64": 8, "u32": 4, "i32": 4, "f32": 4, "u16": 2, "u8": 1}


@dataclass(frozen=True, slots=True)
class Fact:
    """One column of a row."""

    name: str
    type: str
    """u64 i64 f64 u32 i32 f32 u16 u8"""
    count: int
    """1, or 2 for a pair (A, B), or the length of an array."""
    doc: str


ROW = (
    Fact(
        "addr_a",
        "u64",
        2,
        "A's address, high and low half; IPv4 is v4-mapped (::ffff:a.b.c.d), a MAC lies in the low half",
    ),
    Fact("addr_b", "u64", 2, "B's address"),
    Fact(
        "port_a",
        "u16",
        1,
        "A's port; ICMP echo: identifier; other ICMP: type*256+code; non-IP: ethertype (below 1536: LLC SAPs); "
        "ARP: VLAN id, folded with the inner one",
    ),
    Fact("port_b", "u16", 1, "B's port; for ICMP and non-IP the same as port_a"),
    Fact("proto", "u8", 1, "IP protocol number; 0 for ARP and non-IP"),
    Fact("family", "u8", 1, "`Family`: 4, 6, 1 ARP, 2 RARP, 3 non-IP Ethernet"),
    Fact("depth", "u8", 1, "0 for what the wire carried, 1… for flows inside tunnels"),
    Fact(
        "spare_key",
        "u8",
        1,
        "1 for an ICMP flow whose port is type and code, so that it never meets an echo flow; else 0",
    ),
    Fact("pkts", "u64", 2, "packets"),
    Fact("bytes", "u64", 2, "bytes of the frames as on the wire, link header on, no FCS"),
    Fact("app", "u64", 2, "bytes of payload above the transport header, by the IP length, not the captured length"),
    Fact("first", "i64", 2, "time of the first packet, ns since the epoch; 0: none"),
    Fact("last", "i64", 2, "time of the last packet, ns; 0: none"),
    Fact("ipt2", "f64", 2, "sum of the squared times between packets, s²: jitter comes from it"),
    Fact("t_syn", "i64", 1, "time of the first SYN, ns; 0: not seen"),
    Fact("t_synack", "i64", 1, "time of the first SYN+ACK, ns"),
    Fact("t_ack", "i64", 1, "time of the initiator's first ACK after it, ns"),
    Fact("rec_first", "i64", 1, "time of the first packet since the last record was taken, ns; 0: none"),
    Fact("id", "u64", 1, "the flow's id: counts from 1, never used twice in a session"),
    Fact("epoch", "u32", 1, "the engine's epoch at the last packet: what changed since"),
    Fact("retrans", "u32", 2, "TCP segments that repeat sequence space already seen"),
    Fact(
        "next_seq",
        "u32",
        2,
        "next expected TCP sequence number; not TCP: when the socket was over, ms since the epoch (low 32 bits)",
    ),
    Fact("base_seq", "u32", 2, "first TCP sequence number seen"),
    Fact("mpls", "u32", 2, "top MPLS label + 1; 0: none"),
    Fact("win", "u16", 2, "last TCP window, unscaled"),
    Fact("vlan", "u16", 2, "outer 802.1Q tag control word (priority and id); 0: none"),
    Fact("vlan2", "u16", 2, "inner tag control word of QinQ"),
    Fact("ipid", "u16", 2, "last IPv4 identification"),
    Fact("mss", "u16", 2, "MSS option of the SYN; 0: none"),
    Fact("maxsz", "u16", 2, "largest frame, bytes; 65535 stands for more too"),
    Fact("iface", "u16", 1, "number of the interface (live: position in -i; pcapng: its own number)"),
    Fact("encaps", "u16", 1, "`Encaps` bits seen"),
    Fact("marks", "u16", 1, "`Mark` bits"),
    Fact("icmp", "u16", 1, "type*256+code of the first ICMP packet"),
    Fact("ttl_min", "u8", 2, "smallest TTL or hop limit"),
    Fact("ttl_max", "u8", 2, "largest"),
    Fact("ttl", "u8", 2, "last"),
    Fact("tos", "u8", 2, "last TOS / traffic class"),
    Fact("tcp_flags", "u8", 2, "TCP flags seen, ORed (RFC 9293; CWR and ECE are the top two bits)"),
    Fact("wscale", "u8", 2, "window scale option of the SYN + 1; 0: none"),
    Fact("syn_opts", "u8", 2, "`SynOption` bits of the SYN"),
    Fact("mac_a", "u8", 6, "source MAC of A's first frame"),
    Fact("mac_b", "u8", 6, "source MAC of B's first frame"),
    Fact("mac_to_a", "u8", 6, "destination MAC of B's first frame: where packets for A were handed to"),
    Fact("mac_to_b", "u8", 6, "destination MAC of A's first frame"),
    Fact("state", "u8", 1, "`flow.states` TCP state; 0 for other protocols"),
    Fact("init", "u8", 1, "side that began: 0 A, 1 B"),
    Fact(
        "fins",
        "u8",
        1,
        "bit 0, 1: A, B sent FIN; bit 2, 3: A's, B's FIN was acknowledged; bit 4, 5: A's, B's MAC changed; "
        "bit 6: one that had changed came back",
    ),
    Fact(
        "seen",
        "u8",
        1,
        "bit 0, 1: next_seq of A, B is valid; bit 2: a SYN or SYN+ACK was seen; bit 4, 5: A, B have a MAC; "
        "bit 6, 7: A's, B's sequence space had a hole; not TCP: A's, B's socket is over (`SIDE_OVER`)",
    ),
    Fact("life", "u8", 1, "`Life`: 0 free, 1 live, 2 ended"),
    Fact("cause", "u8", 1, "`Cause` of the end"),
)

NOTE = (
    Fact("id", "u64", 1, "id of the flow these notes are about: another id in the row means they are stale"),
    Fact("s_bytes", "u64", 1, "bytes at the last rate tick"),
    Fact("d_bytes", "u64", 1, "same for the destination"),
    Fact("ended", "i64", 1, "when the flow ended, ns; 0: it lives"),
    Fact("s_holder", "u32", 1, "number into `Flows.holders`; 0: nobody"),
    Fact("d_holder", "u32", 1, "same for the destination"),
    Fact("s_dist", "f32", 1, "seconds between the flow and the sighting of its socket; 0: within"),
    Fact("d_dist", "f32", 1, "same for the destination"),
    Fact("why", "u32", 1, "number into `Flows.whys`: tuple of evidence codes"),
    Fact("s_name", "u32", 1, "number into `Flows.names`: what the source is called; 0: no name was heard"),
    Fact("d_name", "u32", 1, "same for the destination"),
    Fact("sni", "u32", 1, "number into `Flows.names`: what the client called the server"),
    Fact("s_bps", "f32", 1, "bits/s the source sends, 3 s mean"),
    Fact("d_bps", "f32", 1, "bits/s the destination sends, 3 s mean"),
    Fact("way", "u8", 1, "`Way`: 0 neither end is this machine, 1 in, 2 out, 3 both ends are"),
    Fact("s_match", "u8", 1, "`Match` of the source's owner"),
    Fact("d_match", "u8", 1, "`Match` of the destination's owner"),
    Fact("s_source", "u8", 1, "event source that told, number into `Flows.sources`"),
    Fact("d_source", "u8", 1, "same for the destination"),
    Fact("s_why", "u8", 1, "`Why` there is no owner, or it is doubtful"),
    Fact("d_why", "u8", 1, "same for the destination"),
    Fact("risk", "u8", 1, "0…100, from the sum of evidence"),
)

COUNTERS = (
    ("packets", "frames given to the engine"),
    ("bytes", "their bytes as on the wire"),
    ("nonip", "frames that carry neither IP nor ARP (they are flows too)"),
    ("truncated", "frames too short, by the snap length, for a header that was needed"),
    ("malformed", "frames whose headers contradict themselves"),
    ("full", "packets of new flows refused because the table was full"),
    ("unlinked", "frames of a link type that is not understood"),
    ("deep", "headers nested deeper than the decoder follows"),
    ("inner", "packets found inside tunnels"),
    ("created", "flows begun"),
    ("ended", "flows ended"),
    ("orphans", "later fragments whose first was not seen"),
    ("broken", "blocks or records whose lengths contradict themselves"),
    ("names_missed", "payloads that may have carried a name, not looked at because there were too many"),
)

HEARD_BYTES = 1 << 22
"""Room for payloads that may carry a name; a chunk of a file (4 MB) has no more of them."""
HEARD = (
    Fact("flow", "u64", 1, "id of the flow"),
    Fact("at", "i64", 1, "time of the packet, ns"),
    Fact("row", "u32", 1, "its row at that time"),
    Fact("kind", "u8", 1, "`Hint`: what the payload may be"),
    Fact("side", "u8", 1, "bit 0: the sender's side; bit 1: the other side had sent something before"),
    Fact("size", "u16", 1, "bytes of payload that follow, at most 2,048; then padding to 8"),
)
"""Head of a payload that was kept because it may carry a name (`Engine.take_heard`)."""


class Hint:
    """What a payload that was kept may be."""

    DNS, MDNS, LLMNR, DNS_TCP, TLS, TLS_MORE, QUIC = range(1, 8)


SIDE_OVER = 1 << 6
"""Bit of `seen` of a flow that is not TCP: A's socket is over; B's is the next higher one."""

ROW_BYTES = 288
"""Size of a row: 36 words of 8 bytes, all used."""


class Family:
    """What a flow's addresses are."""

    ARP, RARP, ETHER, IPV4, IPV6 = 1, 2, 3, 4, 6


class Life:
    """Whether a row is in use."""

    FREE, LIVE, ENDED = 0, 1, 2


class Cause:
    """Why a flow ended; Argus's record causes are made from it."""

    NONE, IDLE, CLOSED, REUSED, EVICTED, SHUTDOWN = range(6)


class Encaps:
    """Bits of `encaps`: what stood between the wire and the network header (Argus's letters in `fields.py`)."""

    ETHER, VLAN, QINQ, MPLS, PPPOE, PPP, LLC, SNAP, SLL, WIFI, RAW, LOOP, IPIP, GRE, UDPTUN, OTHER = (
        1 << i for i in range(16)
    )


class Mark:
    """Bits of `marks`."""

    (
        FRAG,
        FRAG_ONLY,
        IP_OPTIONS,
        ICMP_UNREACH,
        ICMP_REDIRECT,
        ICMP_TIMEX,
        ICMP_OTHER,
        MIDSTREAM,
        MAC_CHANGED,
        VLAN_CHANGED,
        OUT_OF_ORDER,
        ZERO_WINDOW,
        TUNNEL,
        CE,
        FRAG_OVERLAP,
        TRUNCATED,
    ) = (1 << i for i in range(16))


class SynOption:
    """Bits of `syn_opts` (RFC 9293, 7323, 2018, 3168)."""

    MSS, WSCALE, SACK, TIMESTAMP, ECN, FASTOPEN = (1 << i for i in range(6))


def offsets(facts: tuple[Fact, ...]) -> dict[str, int]:
    """Byte offset of every fact; naturally aligned, refused otherwise."""
    found: dict[str, int] = {}
    at = 0
    for fact in facts:
        assert at % SIZES[fact.type] == 0, f"{fact.name} would not be aligned"
        found[fact.name] = at
        at += SIZES[fact.type] * fact.count
    found[""] = at
    return found


ROW_OFFSETS = offsets(ROW)
_TYPES = {fact.name: fact.type for fact in ROW}


def number(name: str) -> int:
    """Column number of a fact in the view of its item size."""
    return ROW_OFFSETS[name] // SIZES[_TYPES[name]]


@cache
def row_dtype() -> np.dtype[np.void]:
    """`ROW` as a numpy structured type of `ROW_BYTES`."""
    return _dtype(ROW, ROW_BYTES)


@cache
def note_dtype() -> np.dtype[np.void]:
    """`NOTE` as a numpy structured type."""
    size = offsets(NOTE)[""]
    return _dtype(NOTE, -(-size // 8) * 8)


def _dtype(facts: tuple[Fact, ...], size: int) -> np.dtype[np.void]:
    import numpy as np

    at = offsets(facts)
    kinds = {
        "u64": "<u8",
        "i64": "<i8",
        "f64": "<f8",
        "u32": "<u4",
        "i32": "<i4",
        "f32": "<f4",
        "u16": "<u2",
        "u8": "u1",
    }
    return np.dtype(
        {
            "names": [f.name for f in facts],
            "formats": [kinds[f.type] if f.count == 1 else (kinds[f.type], (f.count,)) for f in facts],
            "offsets": [at[f.name] for f in facts],
            "itemsize": size,
        }
    )
