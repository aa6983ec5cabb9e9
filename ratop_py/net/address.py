"""Addresses as 128-bit numbers, IPv4 as v4-mapped (::ffff:a.b.c.d), MACs as 48 bits; and as text.

Promise: `parse` and `text` are inverse; IPv6 is written as RFC 5952 says.
Does not know: prefixes, hosts, what an address is for.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import numpy as np
from numpy.typing import NDArray

V4MAP = 0xFFFF00000000
"""The high bits of a v4-mapped address (RFC 4291 §2.5.5.2)."""
M64 = (1 << 64) - 1
IPV4, IPV6, ETHER = 4, 6, 3
"""As `flow.layout.Family`; every family but these two IP ones and ARP is written as a MAC."""
_AS_IPV4 = frozenset({1, 2, 4})  # ARP and RARP rows carry IPv4 addresses


def parse(text: str) -> tuple[int, int]:
    """(number, 4 or 6) of an address; a zone (%eth0) is dropped. ValueError: it is none."""
    found = ipaddress.ip_address(text.strip().strip("[]").partition("%")[0])
    if found.version == 4:
        return V4MAP | int(found), IPV4
    return (int(found), IPV4) if found.ipv4_mapped else (int(found), IPV6)


def text(value: int, family: int) -> str:
    """An address as people write it; empty where there is none (family 0)."""
    if family == 0:
        return ""
    if family in _AS_IPV4:
        low = value & 0xFFFFFFFF
        return f"{low >> 24}.{low >> 16 & 255}.{low >> 8 & 255}.{low & 255}"
    return str(ipaddress.IPv6Address(value)) if family == IPV6 else mac_text(value)


def texts(hi: NDArray[Any], lo: NDArray[Any], family: NDArray[Any]) -> list[str]:
    """A column of addresses as text; each distinct address is written once."""
    if not len(lo):
        return []
    table = np.empty(len(lo), [("family", "u1"), ("hi", "<u8"), ("lo", "<u8")])
    table["family"], table["hi"], table["lo"] = family, hi, lo
    distinct, places = np.unique(table, return_inverse=True)
    words = [text(h << 64 | low, f) for f, h, low in distinct.tolist()]
    return [words[place] for place in places.tolist()]


def parse_mac(text: str) -> int:
    """A MAC as a number; `:` `-` `.` between, or nothing. ValueError: it is none."""
    groups = text.strip().replace("-", ":").split(":")
    digits = "".join(group.zfill(2) for group in groups) if len(groups) == 6 else text.replace(".", "")
    if len(digits) != 12 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise ValueError(f"no MAC address: {text[:40]!r}")
    return int(digits, 16)


def mac_text(value: int) -> str:
    """A MAC as people write it."""
    return ":".join(f"{value >> shift & 255:02x}" for shift in range(40, -8, -8))
