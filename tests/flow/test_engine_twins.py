"""The two modes agree on whatever anybody sends; `make fuzz` asks the same for longer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.flow.table import Table
from tests.fuzz.__main__ import round_of
from tests.fuzz.packets import LINKTYPES, RARE
from tests.fuzz.twins import DisagreementError, Twins

needs_both = pytest.mark.skipif(not Table(1, pure=False).compiled, reason="the engine is not compiled here")


@needs_both
@pytest.mark.parametrize("seed", range(4))
def test_mutated_captures_leave_the_same_bytes_in_both_modes(seed: int) -> None:
    assert round_of(seed) > 100


@needs_both
@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(LINKTYPES + RARE), st.integers(0, 1 << 20), st.booleans())
def test_any_bytes_over_any_link_only_count(frame: bytes, linktype: int, more: int, inner: bool) -> None:
    twins = Twins(inner, 1)
    twins.call("feed_frame", frame, len(frame) + more, 5, linktype, 0)
    twins.compare()
    assert twins.both[0].counters()["packets"] == 1


@needs_both
@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 310), st.integers(0, 310), st.integers(0, 7))
def test_any_bytes_as_a_capture_only_count(data: bytes, off: int, limit: int, variant: int) -> None:
    twins = Twins(True, 1)
    twins.call("feed_pcap", data, off, limit, variant, 1, 0)
    twins.compare()


def test_a_difference_is_told() -> None:
    twins = Twins(False, 1)
    twins.both[0].engine.feed_frame(bytes(60), 60, 1, 1, 0)
    with pytest.raises(DisagreementError):
        twins.compare()
