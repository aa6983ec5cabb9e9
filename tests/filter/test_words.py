from __future__ import annotations

import numpy as np
import pytest

from ratop_py.filter.words import WORDS
from tests.helpers.flowset import flows, mixed, row


@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_word_has_a_meaning_and_a_mask_of_the_right_length(name: str) -> None:
    assert WORDS[name].doc
    for side in ("", "src", "dst") if WORDS[name].sided else ("",):
        mask = np.asarray(WORDS[name].test(mixed(), side), bool)
        assert mask.shape == (8,)
        assert len(WORDS[name].test(flows(), side)) == 0


def test_multicast_and_broadcast_look_at_the_destination() -> None:
    group = flows(row("10.0.0.1:5353", "224.0.0.251:5353", 17), row("10.0.0.1:1", "255.255.255.255:67", 17))
    assert WORDS["multicast"].test(group, "").tolist() == [True, False]
    assert WORDS["broadcast"].test(group, "").tolist() == [False, True]


def test_a_name_of_two_protocols_means_both() -> None:
    tunnels = flows(
        row("10.0.0.1:0", "10.0.0.2:0", 4), row("10.0.0.1:0", "10.0.0.2:0", 94), row("10.0.0.1:0", "10.0.0.2:0", 41)
    )
    assert WORDS["ipip"].test(tunnels, "").tolist() == [True, True, False]
    assert "ip proto 4 or" in WORDS["ipip"].packet
    assert "ip proto 94 or" in WORDS["ipip"].packet
