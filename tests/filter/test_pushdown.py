from __future__ import annotations

import pytest

from ratop_py.filter import compile_filter
from ratop_py.filter.pushdown import ALWAYS


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("host 10.0.0.1", "(net 10.0.0.1/32)"),
        ("src net 10/8", "(net 10.0.0.0/8)"),
        ("arp or host 2001:db8::1", "(arp or (net 2001:db8::1/128))"),
        ("host 10.0.0.1 and bytes > 5", "((net 10.0.0.1/32))"),
    ],
)
def test_hosts_nets_and_families_go_to_the_kernel(text: str, expression: str) -> None:
    assert compile_filter(text, 0.0).packet_level == f"{expression} or {ALWAYS}"


@pytest.mark.parametrize(
    "text", ["", "port 80", "not host 10.0.0.1", "bytes > 5", "host 10.0.0.1 or user ada", "vlan 5", "est"]
)
def test_what_would_lose_packets_of_a_matching_flow_stays_here(text: str) -> None:
    assert compile_filter(text, 0.0).packet_level is None
