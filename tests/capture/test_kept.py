"""Packets that are kept."""

from __future__ import annotations

import struct
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.capture.kept import Block, Frame, Kept, frames_of
from tests.helpers import frames as f

START = 1_700_000_000_123_456_789
ONE, TWO = f.ether(f.ip4(f.udp(b"one"), 17)), f.ether(f.ip4(f.udp(b"two, longer"), 17))
TIMED = [(START, ONE), (START + 1000, TWO)]


def kept(limit: int = 1 << 20, count: int = 1, **more: object) -> Kept:
    made = Kept(limit)
    block = f.ring_block(TIMED, **more)  # type: ignore[arg-type]
    for _ in range(count):
        made.add_block(block, 0, len(block), 1, 3, skip_outgoing=True)
    return made


def test_frames_come_back_as_they_were() -> None:
    assert list(kept().frames()) == [Frame(ts, len(data), data, 1, 3) for ts, data in TIMED]


def test_of_a_block_only_what_is_filled_is_copied() -> None:
    assert kept().size < 1000


def test_a_block_may_lie_anywhere_in_the_ring() -> None:
    block = f.ring_block(TIMED)
    made = Kept(1 << 20)
    made.add_block(bytearray(5000) + block, 5000, len(block), 1, 0, skip_outgoing=False)
    assert [frame.data for frame in made.frames()] == [ONE, TWO]


def test_a_tag_that_the_kernel_took_off_is_put_back() -> None:
    inner = f.ether(f.ip4(f.udp(b"one"), 17))
    made = Kept(1 << 20)
    block = f.ring_block([(START, inner)], tag=0x6005)
    made.add_block(block, 0, len(block), 1, 0, skip_outgoing=False)
    (frame,) = made.frames()
    assert frame.data == f.ether(f.vlan(inner[14:], 0x6005), 0x8100)
    assert frame.wire == len(inner) + 4


def test_copies_on_their_way_out_are_left_out_of_loopback() -> None:
    assert list(kept(outgoing=True).frames()) == []


def test_single_frames_are_kept_too() -> None:
    made = Kept(1 << 20)
    made.add_frame(memoryview(ONE), 1500, START, 1, 2)
    assert list(made.frames()) == [Frame(START, 1500, ONE, 1, 2)]


def test_the_oldest_leave_and_are_counted() -> None:
    made = kept(limit=2000, count=50)
    assert made.size <= 2000
    assert made.packets + made.gone == 100
    assert len(list(made.frames())) == made.packets < 20


def test_what_is_larger_than_the_limit_is_not_kept() -> None:
    made = kept(limit=10)
    assert (made.packets, made.gone, made.size) == (0, 2, 0)


def test_an_empty_block_takes_no_room() -> None:
    made = Kept(1 << 20)
    made.add_block(f.ring_block([]), 0, 1 << 16, 1, 0, skip_outgoing=False)
    assert made.size == 0


def test_readers_see_what_there_was_when_they_asked() -> None:
    made = kept()
    reading = made.frames()
    next(reading)
    thread = Thread(target=made.add_frame, args=(ONE, 1, START, 1, 0))
    thread.start()
    thread.join(5)
    assert len(list(reading)) == 1
    assert len(list(made.frames())) == 3


@pytest.mark.parametrize("step", [1, 40, 67, 1 << 31])
def test_a_block_that_contradicts_itself_ends_there(step: int) -> None:
    block = f.ring_block(TIMED)
    struct.pack_into("<I", block, 48, step)
    assert len(list(frames_of(Block(bytes(block), 2, 1, 0, False)))) <= 2


@given(st.binary(min_size=24, max_size=400), st.integers(0, 1000))
def test_any_bytes_are_frames_or_nothing(data: bytes, count: int) -> None:
    for frame in frames_of(Block(data, count, 1, 0, False)):
        assert len(frame.data) <= len(data) + 4
