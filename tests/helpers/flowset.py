"""Flows made by hand: what a test says of a row, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from ratop_py.flow.flows import Flows, Holders, Owner
from ratop_py.flow.layout import Encaps, Family, Life, note_dtype, row_dtype
from ratop_py.net.address import parse, parse_mac

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
ADA = Owner(4101, None, 1000, "ada", "firefox", "/usr/bin/firefox", "firefox --new", 1)
ROOT = Owner(702, None, 0, "root", "sshd")


def row(
    source: str,
    target: str,
    proto: int = 6,
    *,
    pkts: tuple[int, int] = (3, 2),
    size: tuple[int, int] = (300, 2000),
    app: tuple[int, int] = (100, 1500),
    first: float = 0.0,
    seconds: float = 1.0,
    number: int = 0,
    **facts: Any,
) -> np.ndarray[Any, Any]:
    """One row: `10.0.0.1:40000` began, `10.0.0.2:80` answered. Pairs in `facts` are (source, destination)."""
    (a, a_port), (b, b_port) = end(source), end(target)
    turned = (b[0], b_port) < (a[0], a_port)
    rows = np.zeros(1, row_dtype())
    one = rows[0]
    family = facts.pop("family", Family.IPV4 if a[1] == 4 else Family.IPV6)
    low, high = ((b, b_port), (a, a_port)) if turned else ((a, a_port), (b, b_port))
    one["addr_a"], one["addr_b"] = halves(low[0][0]), halves(high[0][0])
    one["port_a"], one["port_b"] = low[1], high[1]
    began = START + int(first * SECOND)
    pairs = {
        "pkts": pkts,
        "bytes": size,
        "app": app,
        "first": (began, began + 1000),
        "last": (began + int(seconds * SECOND),) * 2,
    }
    for name, value in {**pairs, **facts}.items():
        one[name] = value[::-1] if turned and isinstance(value, tuple) else value
    one["first"][one["pkts"] == 0] = 0
    one["last"][one["pkts"] == 0] = 0
    one["proto"], one["family"], one["init"] = proto, family, int(turned)
    one["id"], one["life"] = number, facts.get("life", Life.LIVE)
    one["encaps"] = facts.get("encaps", Encaps.ETHER)
    return rows


def end(text: str) -> tuple[tuple[int, int], int]:
    """(address, port) of `10.0.0.1:80` or `[2001:db8::1]:80`."""
    address, _, port = text.rpartition(":")
    return parse(address.strip("[]")), int(port)


def halves(value: int) -> tuple[int, int]:
    return value >> 64, value & (1 << 64) - 1


def macs(rows: np.ndarray[Any, Any], source: str = "", target: str = "") -> np.ndarray[Any, Any]:
    """Source MACs of both ends."""
    for text, side in ((source, int(rows["init"][0])), (target, 1 - int(rows["init"][0]))):
        if text:
            rows["mac_b" if side else "mac_a"][0] = list(parse_mac(text).to_bytes(6, "big"))
            rows["seen"] |= 16 << side
    return rows


def flows(*rows: np.ndarray[Any, Any], holders: tuple[Holders, ...] = ((), (ADA,), (ROOT,)), **notes: Any) -> Flows:
    """Flows of rows; each row gets an id; `notes` are columns."""
    table = np.concatenate(rows) if rows else np.zeros(0, row_dtype())
    if not table["id"].any():
        table["id"] = np.arange(1, len(table) + 1)
    note = np.zeros(len(table), note_dtype())
    note["id"] = table["id"]
    for name, values in notes.items():
        note[name] = values
    return Flows(table, note, holders=holders, whys=((), ("arp-two-macs",), ("martian-source", "land")))


def mixed() -> Flows:
    """Eight flows, each different."""
    return flows(
        row("10.0.0.1:40000", "10.0.0.2:80", tcp_flags=(2, 18), state=6, t_synack=START, seen=4, ttl=(64, 57)),
        row(
            "10.0.0.1:40001", "10.0.0.2:443", size=(5_000_000, 10), seconds=10, state=3, retrans=(4, 0), vlan=(100, 100)
        ),
        row("10.0.0.3:5000", "10.0.0.53:53", 17, seconds=0.02),
        row("10.0.0.3:5001", "10.0.0.53:53", 17, pkts=(1, 0), size=(70, 0), app=(30, 0), marks=8),
        row("[2001:db8::1]:40002", "[2001:db8::2]:22", tcp_flags=(2, 4), state=7),
        row("10.0.0.1:8", "10.0.0.9:8", 1, icmp=2048),
        row("10.0.0.1:0", "10.0.0.2:0", 0, family=Family.ARP),
        row("192.168.1.5:137", "192.168.1.255:137", 17, pkts=(2, 0), size=(200, 0), app=(100, 0)),
        s_holder=[1, 1, 0, 0, 0, 0, 0, 0],
        s_match=[7, 7, 0, 0, 0, 0, 0, 0],
        d_holder=[0, 0, 0, 0, 2, 0, 0, 0],
        d_match=[0, 0, 0, 0, 5, 0, 0, 0],
        way=[2, 2, 2, 2, 1, 2, 2, 0],
        risk=[0, 56, 0, 0, 40, 0, 10, 24],
        why=[0, 2, 0, 0, 1, 0, 0, 0],
    )
