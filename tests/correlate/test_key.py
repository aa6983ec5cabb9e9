"""A socket's ends compare with a flow's row."""

from __future__ import annotations

import pytest

from ratop_py.correlate.key import key
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
