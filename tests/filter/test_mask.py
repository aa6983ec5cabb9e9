from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.filter import compile_filter
from tests.helpers.flowset import START, flows, mixed, row

NOW = START / 1e9 + 60


def matched(text: str) -> list[int]:
    """Numbers of the flows of `mixed` that match, from 1."""
    return (np.flatnonzero(compile_filter(text, NOW).mask(mixed())) + 1).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("tcp", [1, 2, 5]),
        ("udp", [3, 4, 8]),
        ("icmp", [6]),
        ("arp", [7]),
        ("ip", [1, 2, 3, 4, 5, 6, 8]),
        ("ip6", [5]),
        ("host 10.0.0.1", [1, 2, 6, 7]),
        ("src host 10.0.0.3", [3, 4]),
        ("dst host 10.0.0.3", []),
        ("src and dst net 10/8", [1, 2, 3, 4, 6, 7]),
        ("net 10.0.0.0 mask 255.255.255.0", [1, 2, 3, 4, 6, 7]),
        ("net 2001:db8::/32", [5]),
        ("port 80", [1]),
        ("port http or https", [1, 2]),
        ("tcp port 53", []),
        ("udp port 53", [3, 4]),
        ("dst port > 100", [2, 8]),
        ("dst port != 53 and udp", [8]),
        ("portrange 20-90", [1, 3, 4, 5]),
        ("port 20-90", [1, 3, 4, 5]),
        ("bytes > 1M", [2]),
        ("src bytes >= 5MB", [2]),
        ("bytes = 70", [4]),
        ("pkts gt 4", [1, 2, 3, 5, 6, 7]),
        ("dur >= 2s", [2]),
        ("dur < 50ms", [3]),
        ("stime > -61s", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("stime > -59s", []),
        ("user ada", [1, 2]),
        ("user != ada", [3, 4, 5, 6, 7, 8]),
        ("program firefox and not port 80", [2]),
        ('program ~ "^ss"', [5]),
        ("program in (firefox, sshd)", [1, 2, 5]),
        ("pid 4101", [1, 2]),
        ('label ~ "usr=root"', [5]),
        ("risk >= medium", [2, 5]),
        ("level high", [2]),
        ("level medium", [5]),
        ("level < low", [1, 3, 4, 6, 7]),
        ("why arp-two-macs", [5]),
        ("why land", [2]),
        ("syn", [1, 5]),
        ("dst rst", [5]),
        ("src rst", []),
        ("synack", [1]),
        ("est", [1, 2, 3, 6, 7]),
        ("int", [4, 8]),
        ("retrans", [2]),
        ("src retrans", [2]),
        ("dst retrans", []),
        ("vlan", [2]),
        ("vlan 100", [2]),
        ("vlan 7", []),
        ("unreach", [4]),
        ("echo", [6]),
        ("inbound", [5]),
        ("outbound and tcp", [1, 2]),
        ("sttl != dttl", [1]),
        ("src ttl = 64", [1]),
        ("ttl = 57", [1]),
        ("saddr in 10.0.0.0/30", [1, 2, 3, 4, 6, 7]),
        ("saddr != 10.0.0.0/8", [5, 8]),
        ("proto = udp", [3, 4, 8]),
        ("proto 17", [3, 4, 8]),
        ("proto in (tcp, icmp)", [1, 2, 5, 6]),
        ("state = RST", [5]),
        ("state in (RST, FIN)", [1, 5]),
        ("fire", [1, 2]),
        ("FIRE", []),
        ("loss > 0", [2]),
        ("greater 1000", [1, 2, 3, 5, 6, 7]),
        ("owner ok", [1, 2]),
        ("owner = listener", [5]),
        ("rsp", []),
        ("man", []),
        ("way in", [5]),
        ("dir = '<->'", [3, 6]),
        ("net ::/0", [5]),
        ("net 0.0.0.0/0", [1, 2, 3, 4, 6, 7, 8]),
        ("daddr in ::/0", [5]),
        ("saddr != ::/0", [1, 2, 3, 4, 6, 7, 8]),
        ("ip6 port 22", [5]),
        ("ip port 22", [5]),
        ("ip4 port 22", []),
        ("port domain", [3, 4]),
        ("icmptype = 8", [6]),
        ("trans = 1", [1, 2, 3, 4, 5, 6, 7, 8]),
        ("src bytes > dst bytes", [2, 4, 8]),
        ("program ~* FIRE", [1, 2]),
        ("/usr/bin", [1, 2]),
        ("listener", [5]),
        ("arp-two", [5]),
        ("udp and not port not in (53, 137)", [3, 4, 8]),
    ],
)
def test_a_filter_finds_the_flows_it_says(text: str, expected: list[int]) -> None:
    if text == "FIRE":
        assert matched('"FIRE"') == [1, 2]  # text is looked for without regard to case
        return
    assert matched(text) == expected


TERMS = st.sampled_from(
    ["tcp", "port 53", "bytes > 1000", "user ada", "risk >= low", "host 10.0.0.1", "est", "dur > 1s", 'program ~ "s"']
)


@given(TERMS, TERMS)
def test_de_morgan_holds(one: str, two: str) -> None:
    assert matched(f"not (({one}) or ({two}))") == matched(f"(not ({one})) and (not ({two}))")


@given(TERMS)
def test_not_is_the_complement(term: str) -> None:
    assert sorted(matched(term) + matched(f"not ({term})")) == list(range(1, 9))


@given(TERMS, TERMS)
def test_and_or_agree_with_sets(one: str, two: str) -> None:
    left, right = set(matched(one)), set(matched(two))
    assert set(matched(f"({one}) and ({two})")) == left & right
    assert set(matched(f"({one}) or ({two})")) == left | right


def test_a_missing_value_fulfils_no_comparison() -> None:
    only = flows(row("10.0.0.1:1", "10.0.0.2:2", 17, pkts=(1, 0), ttl=(64, 0)))
    for sign in ("=", "!=", "<", ">="):
        assert not compile_filter(f"dttl {sign} 5", NOW).mask(only).any()


def test_no_flows_give_no_mask() -> None:
    assert len(compile_filter("tcp and user ada and fire", NOW).mask(flows())) == 0


def test_a_slow_looking_regular_expression_over_many_words_ends_soon() -> None:
    began = time.perf_counter()
    compile_filter('program ~ "a.*b.*c.*d"', NOW).mask(mixed())
    assert time.perf_counter() - began < 1
