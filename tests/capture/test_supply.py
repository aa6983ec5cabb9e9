from __future__ import annotations

import io
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.capture.supply import BEFORE, CHUNK, Supply

SOON = 5.0


class Torn(io.BytesIO):
    """A stream that breaks after its bytes."""

    def readinto(self, place: object) -> int:
        got = super().readinto(place)  # type: ignore[arg-type]
        if not got:
            raise OSError("unplugged")
        return got


class Slow(io.BytesIO):
    """A pipe in which nothing is, until it is let go."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.go = threading.Event()

    def readinto1(self, place: object) -> int:
        self.go.wait(SOON)
        return super().readinto1(place)  # type: ignore[arg-type]


def take(supply: Supply, size: int) -> bytes:
    """So many bytes, fewer at the end."""
    while not supply.want(size, SOON):
        pass
    found = bytes(supply.peek(size))
    supply.skip(len(found))
    return found


@given(st.integers(0, 40), st.lists(st.integers(0, 300_000), max_size=12), st.integers(0, 3 << 20))
def test_what_is_taken_is_what_the_stream_holds(head: int, sizes: list[int], length: int) -> None:
    data = bytes(range(251)) * (length // 251)
    supply = Supply(io.BytesIO(data))
    assert supply.head(head) == data[:head]
    taken = [take(supply, size) for size in sizes]
    assert b"".join(taken) == data[: sum(map(len, taken))]
    assert all(len(part) == size for part, size in zip(taken, sizes, strict=True) if sum(sizes) <= len(data))
    supply.close()


@given(st.lists(st.tuples(st.integers(1, 2 << 20), st.integers(1, 9)), max_size=5))
def test_what_is_passed_over_is_exactly_as_long_as_asked(steps: list[tuple[int, int]]) -> None:
    data = bytes(range(251)) * ((3 << 20) // 251)
    supply, at = Supply(io.BytesIO(data)), 0
    for far, near in steps:
        supply.skip(far)
        at += far
        assert take(supply, near) == data[at : at + near]
        at += near
    supply.close()


def test_what_is_left_is_carried_over_even_when_it_is_large() -> None:
    data = bytes(range(256)) * (12 << 10)
    supply = Supply(io.BytesIO(data))
    assert supply.want(CHUNK, SOON)
    supply.skip(CHUNK - BEFORE - 7)
    while not supply.want(CHUNK + BEFORE, SOON):
        pass
    assert bytes(supply.buffer[supply.at :]) == data[CHUNK - BEFORE - 7 : 2 * CHUNK]
    supply.close()


def test_passing_over_more_than_there_is_leaves_a_debt() -> None:
    supply = Supply(io.BytesIO(b"abcdef"))
    supply.skip(3)
    assert take(supply, 1) == b"d"
    supply.skip(99)
    assert take(supply, 1) == b""
    assert (supply.over, supply.owed) == (True, 97)
    supply.close()


def test_a_stream_that_breaks_gives_its_bytes_and_its_reason() -> None:
    supply = Supply(Torn(b"abc"))
    assert take(supply, 9) == b"abc"
    assert supply.torn == "unplugged"
    supply.close()


def test_a_stream_that_breaks_at_its_head_says_so_too() -> None:
    supply = Supply(Torn(b"abc"))
    assert supply.head(9) == b"abc"
    assert supply.torn == "unplugged"
    supply.close()


def test_nobody_waits_longer_than_asked_for_a_pipe() -> None:
    slow = Slow(b"abc")
    supply = Supply(slow, flowing=True)
    assert not supply.want(1, 0.01)
    assert not supply.want(1, 0)
    slow.go.set()
    assert supply.want(3, SOON)
    assert bytes(supply.peek(9)) == b"abc"
    supply.close()


def test_nothing_is_read_before_it_is_wanted() -> None:
    stream = io.BytesIO(b"abc")
    supply = Supply(stream)
    assert stream.tell() == 0
    supply.close()
    assert stream.closed


@pytest.mark.parametrize("begun", [False, True])
def test_closing_early_ends_the_reading_thread_and_closes_the_file(begun: bool) -> None:
    stream, below = io.BytesIO(bytes(64 << 20)), io.BytesIO()
    supply = Supply(stream, below)
    thread = None
    if begun:
        supply.want(1, SOON)
        assert supply._ahead is not None
        thread = supply._ahead._thread
    supply.close()
    if thread is not None:
        thread.join(2)
        assert not thread.is_alive()
    assert stream.closed
    assert below.closed
    supply.close()
