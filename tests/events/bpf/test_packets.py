"""The program on packets as text; what it tells is seen where it is attached."""

from __future__ import annotations

import pytest

from ratop_py.events.bpf.packets import packet
from ratop_py.events.bpf.writer import Writer

PASSING = bytes.fromhex("b700000001000000") + bytes.fromhex("9500000000000000")
"""return 1"""


@pytest.mark.parametrize("sent", [True, False])
def test_every_packet_passes(sent: bool) -> None:
    assert packet(Writer(3, 4, 5, None), sent=sent)[-16:] == PASSING


def test_an_older_kernel_is_not_asked_for_the_namespace() -> None:
    writer = Writer(3, 4, 5, None)
    whole = packet(writer, sent=True)
    writer.spaces = False
    assert len(packet(writer, sent=True)) < len(whole)
