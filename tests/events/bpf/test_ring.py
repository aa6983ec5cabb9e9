"""Records that a program wrote, read once and in order."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from ratop_py.events.bpf.assembler import Assembler, R
from ratop_py.events.bpf.call import MMAPABLE, MapKind, ProgramKind, attach_cgroup, create_map, load
from ratop_py.events.bpf.cgroup import MOUNTS, mounted
from ratop_py.events.bpf.ring import HEAD, Counter, Ring
from ratop_py.events.bpf.sockets import COOKIE
from ratop_py.events.bpf.writer import NO_WAKEUP, RING_OUTPUT
from tests.helpers.records import records

pytestmark = [pytest.mark.root, pytest.mark.system]


@pytest.fixture
def ring() -> Iterator[Ring]:
    """A ring into which each socket made by this process writes its cookie."""
    descriptor = create_map(MapKind.RINGBUF, 0, 0, 1 << 16, "test_ring")
    made = Ring(descriptor, 1 << 16)
    a = Assembler()
    a.call(COOKIE)
    a.store(8, R.FP, -8, R.R0)
    a.map(R.R1, descriptor)
    a.move(R.R2, R.FP, -8)
    a.put(R.R3, 8)
    a.put(R.R4, NO_WAKEUP)
    a.call(RING_OUTPUT)
    a.leave(1)
    root = next(mounted(MOUNTS.read_text()))
    group = root / "ratop-test-ring"
    group.mkdir()
    program = load(ProgramKind.CGROUP_SOCK, a.code(), "test_ring", attach_type=2)
    folder = os.open(group, os.O_RDONLY)
    link = attach_cgroup(program, folder, 2)
    home = next(line.split(":")[2] for line in Path("/proc/self/cgroup").read_text().splitlines() if line[:3] == "0::")
    (group / "cgroup.procs").write_text(str(os.getpid()))
    yield made
    (root / home.lstrip("/") / "cgroup.procs").write_text(str(os.getpid()))
    made.close()
    for each in (link, program, folder, descriptor):
        os.close(each)
    group.rmdir()


def cookies(ring: Ring) -> list[int]:
    return [struct.unpack("<Q", each)[0] for each in records(ring.runs(8))]


def made(count: int) -> list[int]:
    """The cookies of so many sockets, made and closed again."""
    found = []
    for _ in range(count):
        with socket.socket() as one:
            found.append(struct.unpack("<Q", one.getsockopt(socket.SOL_SOCKET, 57, 8))[0])  # SO_COOKIE
    return found


def test_records_come_once_and_in_order(ring: Ring) -> None:
    seen = [ring.empty]
    wanted = made(5)
    seen.append(ring.empty)
    assert cookies(ring) == wanted
    assert [*seen, ring.empty] == [True, False, True]
    assert cookies(ring) == []


def test_the_end_of_the_ring_breaks_no_record(ring: Ring) -> None:
    for _ in range(3):  # 3,000 records of 16 bytes go round a ring of 64 kB, not all at once
        wanted = made(2000)
        assert cookies(ring) == wanted


def test_records_of_one_size_are_read_together(ring: Ring) -> None:
    wanted = made(5)
    (piece,) = ring.runs(8)
    assert [struct.unpack_from("<Q", piece, at + HEAD)[0] for at in range(0, len(piece), HEAD + 8)] == wanted
    assert list(ring.runs(8)) == []


def test_records_of_another_size_come_alone(ring: Ring) -> None:
    wanted = made(3)
    pieces = [bytes(piece) for piece in ring.runs(16)]
    assert [struct.unpack_from("<Q", piece, HEAD)[0] for piece in pieces] == wanted


def test_the_end_of_the_ring_breaks_no_piece(ring: Ring) -> None:
    for _ in range(3):
        wanted = made(2000)
        found = [
            struct.unpack_from("<Q", each, at + HEAD)[0] for each in ring.runs(8) for at in range(0, len(each), 16)
        ]
        assert found == wanted


def test_a_counter_is_read_where_the_kernel_may_not_be_asked() -> None:
    descriptor = create_map(MapKind.ARRAY, 4, 8, 1, "test_counter", MMAPABLE)
    counter = Counter(descriptor)
    os.close(descriptor)
    assert int(counter) == 0
    counter.close()
