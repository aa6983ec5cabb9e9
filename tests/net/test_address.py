from __future__ import annotations

import ipaddress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.net.address import mac_text, parse, parse_mac, text, texts


@given(st.ip_addresses())
def test_text_and_parse_are_inverse(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    value, family = parse(str(address))
    assert ipaddress.ip_address(text(value, family)) == (getattr(address, "ipv4_mapped", None) or address)


def test_ipv4_is_v4_mapped_and_a_mapped_address_is_ipv4() -> None:
    assert parse("10.0.0.1") == parse("::ffff:10.0.0.1") == (0xFFFF0A000001, 4)


def test_a_zone_and_brackets_are_dropped() -> None:
    assert parse("[fe80::1%eth0]") == parse("fe80::1")


def test_ipv6_is_written_as_rfc_5952_says() -> None:
    assert text(parse("2001:0DB8:0:0:1:0:0:1")[0], 6) == "2001:db8::1:0:0:1"


def test_no_family_is_no_text_and_other_families_are_macs() -> None:
    assert text(5, 0) == ""
    assert text(0x020000000001, 3) == "02:00:00:00:00:01"


@given(st.integers(0, 2**48 - 1))
def test_macs_are_read_back(value: int) -> None:
    assert parse_mac(mac_text(value)) == value


@pytest.mark.parametrize("form", ["02-00-00-00-00-01", "0200.0000.0001", "2:0:0:0:0:1", "020000000001"])
def test_macs_may_be_written_in_other_ways(form: str) -> None:
    assert parse_mac(form) == 0x020000000001


@pytest.mark.parametrize("wrong", ["", "02:00", "zz:00:00:00:00:01", "02:00:00:00:00:001:1", "x" * 200])
def test_what_is_no_mac_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no MAC"):
        parse_mac(wrong)


def test_a_column_is_written_row_by_row() -> None:
    hi, lo, family = (
        np.array([0, 1 << 63, 0], np.uint64),
        np.array([0xFFFF0A000001, 1, 7], np.uint64),
        np.array([4, 6, 0]),
    )
    assert texts(hi, lo, family) == ["10.0.0.1", "8000::1", ""]
    assert texts(hi[:0], lo[:0], family[:0]) == []
