"""Rings of perf's."""

from __future__ import annotations

import mmap
import os
import platform
import subprocess
import time
from collections.abc import Iterator

import pytest

from ratop_py.events.tracefs.place import Place
from ratop_py.events.tracefs.rings import COUNTER, HEAD, PAGE, TAIL, Ring, Rings, Tap, processors


@pytest.mark.parametrize(("text", "found"), [("0-3,5\n", [0, 1, 2, 3, 5]), ("0", [0]), ("7-7", [7])])
def test_processors_are_told_as_ranges(text: str, found: list[int]) -> None:
    assert processors(text) == found


class TestTake:
    """Of a ring as large as a page."""

    @pytest.fixture
    def ring(self) -> Iterator[Ring]:
        made = Ring.__new__(Ring)
        made.descriptors, made.memory = [], mmap.mmap(-1, 2 * PAGE)
        made.memory[PAGE:] = bytes(at & 0xFF for at in range(PAGE))
        yield made
        made.close()

    def put(self, ring: Ring, head: int, tail: int) -> None:
        assert ring.memory is not None
        COUNTER.pack_into(ring.memory, HEAD, head)
        COUNTER.pack_into(ring.memory, TAIL, tail)

    def test_what_was_written_since_is_taken_once(self, ring: Ring) -> None:
        self.put(ring, 24, 8)
        assert ring.take() == bytes(range(8, 24))
        assert ring.take() == b""

    def test_what_runs_over_the_end_is_whole(self, ring: Ring) -> None:
        self.put(ring, PAGE + 8, PAGE - 8)
        assert ring.take() == bytes((*range(0xF8, 0x100), *range(8)))


def test_a_machine_that_is_not_known_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "pdp11")
    with pytest.raises(OSError, match="not known on pdp11"):
        Ring(0, (Tap(1),), 16, lives=True)


@pytest.mark.root
@pytest.mark.system
class TestHere:
    """On the kernel that runs here."""

    @pytest.fixture
    def tap(self) -> Tap:
        place = Place()
        number = place.layout("sched/sched_process_exec", ()).number
        place.close()
        return Tap(number)

    def test_what_happens_is_written(self, tap: Tap) -> None:
        rings = Rings((tap,), ())
        subprocess.run(["/bin/true"], check=True)
        time.sleep(0.05)
        data = b"".join(ring.take() for ring in rings.lives)
        rings.close()
        assert b"/bin/true\0" in data

    def test_closed_nothing_is_left(self, tap: Tap) -> None:
        before = len(os.listdir("/proc/self/fd"))
        Rings((tap,), (tap,)).close()
        assert len(os.listdir("/proc/self/fd")) == before

    def test_a_tracepoint_that_there_is_not_is_an_error_and_nothing_is_left(self, tap: Tap) -> None:
        before = len(os.listdir("/proc/self/fd"))
        with pytest.raises(OSError, match="perf_event_open"):
            Rings((tap, Tap(999_999)), ())
        with pytest.raises(OSError, match="no filter"):
            Rings((Tap(tap.number, "nosuch == 1"),), ())
        assert len(os.listdir("/proc/self/fd")) == before

    def test_with_less_memory_it_makes_do(self, tap: Tap, monkeypatch: pytest.MonkeyPatch) -> None:
        allowed = mmap.mmap

        def little(descriptor: int, size: int) -> mmap.mmap:
            if size > 33 * PAGE:
                raise PermissionError(1, "Operation not permitted")
            return allowed(descriptor, size)

        monkeypatch.setattr(mmap, "mmap", little)
        rings = Rings((tap,), ())
        assert [len(ring.memory or b"") for ring in rings.lives] == [33 * PAGE] * len(rings.lives)
        rings.close()
