"""Messages that only this link, or only a router, may send."""

from __future__ import annotations

import pytest

from tests.helpers import frames
from tests.helpers.wires import ME, ME6, MY_MAC, NEAR, NEAR_MAC, ROUTER, ROUTER6, ROUTER_MAC, STRANGER, Wire

NEAR6 = "fe80::7"


def redirect(mac: str, source: str) -> Wire:
    kind, proto = (137, 58) if ":" in source else (5, 1)
    to = ME6 if ":" in source else ME
    quoted = frames.ip4(frames.udp(b"x"), 17, ME, "198.51.100.9")
    return Wire().ip(0, source, to, mac, MY_MAC, proto, frames.icmp(kind, 1, payload=quoted), ttl=255)


@pytest.mark.parametrize("kind", [133, 134, 135, 136, 137])
@pytest.mark.parametrize("hops", [254, 64, 1])
def test_neighbour_discovery_that_was_routed_is_found_without_context(kind: int, hops: int) -> None:
    wire = Wire().ip(0, NEAR6, "ff02::1", NEAR_MAC, "33:33:00:00:00:01", 58, frames.icmp(kind), ttl=hops)
    assert f"hop limit {hops}" in wire.found("nd-hoplimit", STRANGER).sentence


@pytest.mark.parametrize("kind", [133, 134, 135, 136, 137])
def test_neighbour_discovery_from_this_link_is_right(kind: int) -> None:
    wire = Wire().ip(0, NEAR6, "ff02::1", NEAR_MAC, "33:33:00:00:00:01", 58, frames.icmp(kind), ttl=255)
    assert "nd-hoplimit" not in wire.codes(STRANGER)


@pytest.mark.parametrize("kind", [128, 1, 143])
def test_other_messages_may_be_routed(kind: int) -> None:
    assert not Wire().ip(0, NEAR6, ME6, NEAR_MAC, MY_MAC, 58, frames.icmp(kind), ttl=1).codes(STRANGER)


@pytest.mark.parametrize("source", [ROUTER, NEAR, ROUTER6])
def test_a_redirect_from_a_machine_that_is_no_router_is_found(source: str) -> None:
    finding = redirect(NEAR_MAC, source).found("icmp-redirect")
    assert finding.sentence.startswith(f"{NEAR_MAC} tells you, as {source}")


@pytest.mark.parametrize("source", [ROUTER, ROUTER6])
def test_the_router_may_redirect(source: str) -> None:
    assert not redirect(ROUTER_MAC, source).codes()


def test_where_no_router_is_known_the_rule_is_silent_and_says_so() -> None:
    judged = redirect(NEAR_MAC, ROUTER).judged(STRANGER)
    assert not judged.whys
    assert any(told.startswith("icmp-redirect") for told in judged.silent)
