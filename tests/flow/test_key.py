"""A socket's ends compare with a flow's row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.flow.key import Ends, key, keys
from ratop_py.net.address import parse
from tests.helpers.flowset import flows, row


@pytest.mark.parametrize(
    ("here", "there"),
    [("10.0.0.1:5000", "10.0.0.2:53"), ("10.0.0.2:53", "10.0.0.1:5000"), ("[2001:db8::1]:1", "[2001:db8::2]:2")],
)
def test_the_key_is_the_row_s_first_bytes_and_the_socket_s_end(here: str, there: str) -> None:
    made = flows(row(here, there, 17)).rows
    ends = []
    for text in (here, there):
        address, _, port = text.rpartition(":")
        ends.append((parse(address)[0], int(port)))
    found = key(17, ends[0], ends[1])
    assert found[:40] == made.tobytes()[:40]
    assert found[40] == (ends[0] > ends[1])


def test_both_ends_of_a_connection_differ_in_the_last_byte_alone() -> None:
    one, other = (1, 2), (3, 4)
    assert key(6, one, other)[:-1] == key(6, other, one)[:-1]
    assert {key(6, one, other)[-1], key(6, other, one)[-1]} == {0, 1}


addresses = st.one_of(st.integers(0, 2**32 - 1).map(lambda low: 0xFFFF << 32 | low), st.integers(2**120, 2**120 + 9))
places = st.tuples(addresses, st.integers(0, 65535))


@given(st.lists(st.tuples(st.integers(0, 255), places, places), max_size=5))
def test_many_keys_are_those_of_each(several: list[tuple[int, tuple[int, int], tuple[int, int]]]) -> None:
    def ends(places: list[tuple[int, int]]) -> Ends:
        return Ends(
            np.array([address >> 64 for address, _ in places], np.uint64),
            np.array([address & (1 << 64) - 1 for address, _ in places], np.uint64),
            np.array([port for _, port in places], np.uint16),
        )

    several = [(proto, here, there) for proto, here, there in several if (here[0] >> 32) == (there[0] >> 32)]
    wanted = [key(proto, here, there) for proto, here, there in several]
    family = [4 if here[0] >> 32 == 0xFFFF else 6 for _, here, _ in several]
    found = keys(
        np.array([proto for proto, _, _ in several], np.uint8),
        np.array(family, np.uint8),
        ends([here for _, here, _ in several]),
        ends([there for _, _, there in several]),
    )
    assert found == wanted
