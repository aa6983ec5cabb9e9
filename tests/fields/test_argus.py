"""Fields against argus: the same captures, and what real `ra` prints of them (tests/flow/test_engine_argus.py: rows)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from ratop_py.fields import FIELDS
from ratop_py.fields.texts import text_of
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Life, note_dtype
from ratop_py.flow.table import Table
from ratop_py.kinds import MISSING, Column, Kind

pytestmark = pytest.mark.shared

NAMES = {
    "StartTime": "stime", "LastTime": "ltime", "Dur": "dur", "Proto": "proto", "SrcAddr": "saddr", "Sport": "sport",
    "Dir": "dir", "DstAddr": "daddr", "Dport": "dport", "SrcPkts": "spkts", "DstPkts": "dpkts", "SrcBytes": "sbytes",
    "DstBytes": "dbytes", "SAppBytes": "sappbytes", "DAppBytes": "dappbytes", "State": "state", "sTtl": "sttl",
    "dTtl": "dttl", "sTos": "stos", "SrcMac": "smac", "DstMac": "dmac", "sVid": "svid", "dVid": "dvid", "sMpls": "smpls",
    "SIntPkt": "sintpkt", "SrcJitter": "sjit", "SrcLoss": "sloss", "DstLoss": "dloss", "SrcTCPBase": "stcpb",
    "DstTCPBase": "dtcpb", "SrcWin": "swin", "DstWin": "dwin", "TcpOpt": "tcpopt", "sMaxPktSz": "smaxsz",
    "dMaxPktSz": "dmaxsz", "Flgs": "flgs",
}  # fmt: skip
OTHERWISE: Mapping[str, frozenset[str]] = {
    "arp_l2": frozenset({"SAppBytes", "DAppBytes"}),  # argus counts ARP's body in part
    "icmp_unreach": frozenset({"LastTime", "Dur", "SrcWin"}),  # argus lets the error prolong the flow that it quotes
    "qinq_8100": frozenset({"sVid", "dVid"}),  # argus tells the inner tag, ratop the outer
    "tcp_reset": frozenset({"SrcWin", "DstTCPBase"}),  # argus scales one-sidedly; a lone RST is no base
}
"""Columns in which ratop means something else, and why."""
SAMPLES = (
    "arp_l2",
    "dns",
    "icmp_unreach",
    "ipv6",
    "mpls",
    "qinq_8100",
    "tcp_normal",
    "tcp_reset",
    "tcp_retrans",
    "udp",
    "vlan",
)
PROTOCOLS = ("tcp", "udp", "arp")
"""Frames without IP and ICMP have other ends in argus, or other flows."""


def told(name: str, column: Column, at: int) -> str:
    """A value as `ra -u -p 6` prints it."""
    kind = FIELDS[name].kind
    if kind not in (Kind.TIME, Kind.DURATION):
        return text_of(kind, column, at).strip()
    assert isinstance(column, np.ndarray)
    value = int(column[at])
    if value == MISSING:
        return ""
    unit = 10**6 if name in ("sintpkt", "sjit") else 10**9  # ra has milliseconds there
    return f"{value / unit:.6f}" if kind is Kind.DURATION else f"{value // 10**9}.{value % 10**9 // 1000:06d}"


def ours(capture: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """(source, port, destination, port) → argus's name → value."""
    data, table = capture.read_bytes(), Table(256, seed=1)
    table.engine.feed_pcap(data, 24, len(data), 0, 1, 0)
    rows = table.rows[table.rows["life"] != Life.FREE].copy()
    flows = Flows(rows, np.zeros(len(rows), note_dtype()))
    columns = {name: FIELDS[name].get(flows) for name in NAMES.values()}
    all_rows = [{name: told(name, column, at) for name, column in columns.items()} for at in range(len(flows))]
    return {
        tuple(row[name] for name in ("saddr", "sport", "daddr", "dport")): {a: row[n] for a, n in NAMES.items()}
        for row in all_rows
    }


@pytest.mark.parametrize("sample", SAMPLES)
def test_fields_say_what_argus_says(shared: Path, sample: str) -> None:
    folder = shared / "reference/argus-samples"
    mine = ours(folder / f"captures/{sample}.pcap")
    with (folder / f"v3/{sample}.csv").open(newline="") as lines:
        theirs = [row for row in csv.DictReader(lines) if row["Proto"] in PROTOCOLS]
    assert theirs
    compared = [name for name in NAMES if name not in OTHERWISE.get(sample, frozenset())]
    for row in theirs:
        flow = mine[row["SrcAddr"], row["Sport"], row["DstAddr"], row["Dport"]]
        wanted = {name: row[name].strip() for name in compared}
        wanted["TcpOpt"] = wanted["TcpOpt"].replace(" ", "")
        for name in ("SIntPkt", "SrcJitter"):  # argus sums whole microseconds, in single precision
            one, two = wanted.pop(name), flow.pop(name)
            assert one == two == "" or float(two) == pytest.approx(float(one), abs=2e-6), name
        assert {name: flow[name] for name in wanted} == wanted
