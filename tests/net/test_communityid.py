"""Expected ids are those of the specification's own baseline (Corelight's community-id-spec, BSD-3-Clause)."""

from __future__ import annotations

import numpy as np
import pytest

from ratop_py.flow.layout import Family
from ratop_py.net.communityid import community_ids
from tests.helpers.flowset import row


def cid(*words: object, **facts: object) -> str:
    (found,) = community_ids(row(*words, **facts))  # type: ignore[arg-type]
    return found.decode()


@pytest.mark.parametrize(
    ("source", "target", "proto", "expected"),
    [
        ("128.232.110.120:34855", "66.35.250.204:80", 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("66.35.250.204:80", "128.232.110.120:34855", 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("192.168.1.52:54585", "8.8.8.8:53", 17, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
    ],
)
def test_both_directions_have_the_id_of_the_specification(source: str, target: str, proto: int, expected: str) -> None:
    assert cid(source, target, proto) == expected


def test_an_echo_pair_has_the_id_of_its_types() -> None:
    assert cid("192.168.0.89:77", "192.168.0.1:77", 1, icmp=8 << 8) == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="


def test_what_is_no_ip_has_none() -> None:
    assert cid("10.0.0.1:0", "10.0.0.2:0", 0, family=Family.ARP) == ""


def test_a_column_keeps_its_order() -> None:
    one, two = row("10.0.0.1:1", "10.0.0.2:2"), row("[2001:db8::1]:5", "[2001:db8::2]:6", 17)
    both = community_ids(np.concatenate([one, two, one]))
    assert list(both) == [*community_ids(one), *community_ids(two), *community_ids(one)]
