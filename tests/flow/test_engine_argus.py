"""The engine against argus: the same captures, and what real `ra` prints of them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from ratop_py.flow import letters
from ratop_py.flow.table import Table
from ratop_py.net import address

SAMPLES = ("dns", "ipv6", "mpls", "qinq_8100", "tcp_normal", "tcp_reset", "tcp_retrans", "udp", "vlan")
"""Captures without tunnels, of which TCP and UDP flows are compared."""
COLUMNS = (
    "SrcPkts", "DstPkts", "SrcBytes", "DstBytes", "SAppBytes", "DAppBytes", "State", "SrcLoss", "DstLoss", "SynAck",
    "AckDat", "SrcTCPBase", "sMaxPktSz", "sTtl", "Dir",
)  # fmt: skip


def seconds(later: int, earlier: int) -> str:
    """A difference as `ra -p 6` prints it."""
    return f"{(later - earlier) / 1e9 if later and earlier else 0:.6f}"


def told(row: Any, state: str, arrow: str) -> dict[str, str]:
    """A row in argus's columns."""
    s, d = int(row["init"]), 1 - int(row["init"])
    names = {"SrcPkts": "pkts", "SrcBytes": "bytes", "SAppBytes": "app", "SrcLoss": "retrans"}
    answers = {"SrcPkts": "DstPkts", "SrcBytes": "DstBytes", "SAppBytes": "DAppBytes", "SrcLoss": "DstLoss"}
    out = {name: str(row[column][s]) for name, column in names.items()}
    out |= {answers[name]: str(row[column][d]) for name, column in names.items()}
    out |= {"State": state, "Dir": arrow.strip(), "sTtl": str(row["ttl"][s]), "sMaxPktSz": str(row["maxsz"][s])}
    out |= {"SynAck": seconds(row["t_synack"], row["t_syn"]), "AckDat": seconds(row["t_ack"], row["t_synack"])}
    return out | {"SrcTCPBase": str(row["base_seq"][s]) if row["proto"] == 6 else ""}


def ended(rows: Any, side: str) -> list[str]:
    """Address and port of one side of each row."""
    high, low = rows[f"addr_{side}"].T
    return [f"{a} {p}" for a, p in zip(address.texts(high, low, rows["family"]), rows[f"port_{side}"], strict=True)]


def flows(capture: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """(source, port, destination, port) → columns."""
    data, table = capture.read_bytes(), Table(256, seed=1)
    table.engine.feed_pcap(data, 24, len(data), 0, 1, 0)
    rows, found = table.rows, dict[tuple[str, ...], dict[str, str]]()
    ends = [ended(rows, side) for side in "ab"]
    (states, words), (arrows, signs) = letters.states(rows), letters.directions(rows)
    for at, row in enumerate(rows):
        s = int(row["init"])
        found[ends[s][at], ends[1 - s][at]] = told(row, words[states[at]], signs[arrows[at]])
    return found


@pytest.mark.shared
@pytest.mark.parametrize("sample", SAMPLES)
def test_argus_counts_the_same(shared: Path, sample: str) -> None:
    folder = shared / "reference/argus-samples"
    ours = flows(folder / f"captures/{sample}.pcap")
    with (folder / f"v3/{sample}.csv").open(newline="") as lines:
        theirs = [row for row in csv.DictReader(lines) if row["Proto"] in ("tcp", "udp")]
    assert theirs
    for row in theirs:
        mine = ours[f"{row['SrcAddr']} {row['Sport']}", f"{row['DstAddr']} {row['Dport']}"]
        assert mine == {name: row[name].strip() for name in COLUMNS} | {
            name: row[name] or "0.000000" for name in ("SynAck", "AckDat")
        }
