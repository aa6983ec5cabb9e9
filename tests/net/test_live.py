from __future__ import annotations

import sys

import pytest

from ratop_py.net import live
from ratop_py.net.address import parse


def test_bytes_of_an_address_become_our_number() -> None:
    assert live.number(bytes([10, 0, 0, 1])) == parse("10.0.0.1")[0]
    assert live.number(bytes(15) + b"\1") == 1
    assert live.number(b"abc") is None


@pytest.mark.skipif(sys.platform != "linux", reason="rtnetlink is Linux's")
def test_this_host_has_loopback_and_a_name() -> None:
    host = live.read()
    lo = next(interface for interface in host.interfaces if interface.name == "lo")
    assert lo.kind == "loopback"
    assert host.srcid


def test_a_kernel_that_refuses_is_named_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(kind: int) -> list[netlink_message]:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("ratop_py.net.netlink.dump", refuse)
    monkeypatch.setattr("sys.platform", "linux")
    host = live.read()
    assert not host.knows
    assert "cannot be read" in host.unknown[0]


netlink_message = tuple[bytes, dict[int, bytes]]


def test_a_netmask_is_a_prefix_length() -> None:
    assert live._with_mask("10.0.0.5", "255.255.255.0").bits == 96 + 24
    assert live._with_mask("2001:db8::5", "ffff:ffff:ffff:ffff::").bits == 64
