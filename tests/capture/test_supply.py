from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.capture import supply as module
from ratop_py.capture.supply import BEFORE, CHUNK, Supply


class Torn(io.BytesIO):
    """A stream that breaks after its bytes."""

    def readinto(self, place: object) -> int:
        got = super().readinto(place)  # type: ignore[arg-type]
        if not got:
            raise OSError("unplugged")
        return got


@given(st.lists(st.integers(0, 300_000), max_size=12), st.integers(0, 3 << 20))
def test_what_is_taken_is_what_the_stream_holds(sizes: list[int], length: int) -> None:
    data = bytes(length)
    supply = Supply(io.BytesIO(data))
    taken = [supply.take(size) for size in sizes]
    assert b"".join(taken) == data[: sum(map(len, taken))]
    assert all(len(part) == size for part, size in zip(taken, sizes, strict=True) if sum(sizes) <= length)
    supply.close()


def test_what_is_left_is_carried_over_even_when_it_is_large() -> None:
    data = bytes(range(256)) * (12 << 10)
    supply = Supply(io.BytesIO(data))
    assert supply.more()
    supply.at = CHUNK - BEFORE - 7
    assert supply.more()
    assert bytes(supply.buffer[supply.at :]) == data[CHUNK - BEFORE - 7 : 2 * CHUNK]
    supply.close()


def test_passing_over_more_than_there_is_says_so() -> None:
    supply = Supply(io.BytesIO(b"abcdef"))
    assert supply.skip(3)
    assert supply.take(1) == b"d"
    assert not supply.skip(99)
    supply.close()


def test_a_stream_that_breaks_gives_its_bytes_and_its_reason() -> None:
    supply = Supply(Torn(b"abc"))
    assert supply.take(9) == b"abc"
    assert supply.torn == "unplugged"
    supply.close()


def test_closing_early_ends_the_reading_thread() -> None:
    supply = Supply(io.BytesIO(bytes(64 << 20)))
    supply.more()
    ahead = supply._ahead
    assert ahead is not None
    supply.close()
    ahead._thread.join(2)
    assert not ahead._thread.is_alive()
    supply.close()
    assert module.STDIN == "-"
