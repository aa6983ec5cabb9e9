"""One value of a snapshot."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.values import address, mac, number, service, word
from tests.helpers.tables import addresses, floats, numbers, snapshot, words

MADE = snapshot(
    {
        "program": words("ssh", ""),
        "saddr": addresses("192.0.2.1", "2001:db8::1"),
        "pid": numbers(7, -1),
        "rx": floats(1.5, float("nan")),
    }
)


def test_missing_is_none_whatever_the_kind() -> None:
    assert number(MADE, "pid", 0) == 7
    assert number(MADE, "pid", 1) is None
    assert number(MADE, "rx", 1) is None
    assert number(MADE, "no such column", 0) is None
    assert word(MADE, "program", 1) == ""
    assert word(MADE, "no such column", 0) == ""


def test_addresses_are_words() -> None:
    assert word(MADE, "saddr", 0) == "192.0.2.1"
    assert word(MADE, "saddr", 1) == "2001:db8::1"
    assert number(MADE, "saddr", 0) is None


@given(st.integers(0, (1 << 128) - 1))
def test_ipv6_is_written_as_rfc_5952_says(value: int) -> None:
    assert address(value >> 64, value & (1 << 64) - 1, 6) == str(ip_address(value.to_bytes(16)))


@given(st.integers(0, (1 << 32) - 1))
def test_ipv4_is_written_as_ipv4(value: int) -> None:
    assert address(0, value | 0xFFFF << 32, 4) == str(ip_address(value))


def test_link_addresses_have_colons() -> None:
    assert address(0, 0x025E1000009C, 3) == "02:5e:10:00:00:9c" == mac(0x025E1000009C)
    assert address(0, 0, 0) == ""


@pytest.mark.parametrize("port", [-1, 0, 50_000, 70_000])
def test_ports_given_out_at_random_have_no_name(port: int) -> None:
    assert service(port, "tcp") == ""


def test_a_name_of_a_protocol_that_is_unknown_is_none() -> None:
    assert service(443, "no such protocol") == ""
