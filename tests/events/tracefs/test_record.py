"""Records of perf's rings."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.tracefs.place import Layout
from ratop_py.events.tracefs.record import Changed, Execed, Exited, Forked, Lost, Reader, Record, Used, cut
from ratop_py.net.address import parse

STATE = Layout(
    100,
    {
        "skaddr": (8, 8), "oldstate": (16, 4), "newstate": (20, 4), "sport": (24, 2), "dport": (26, 2),
        "family": (28, 2), "protocol": (30, 2), "saddr": (32, 4), "daddr": (36, 4), "saddr_v6": (40, 16),
        "daddr_v6": (56, 16),
    },
)  # fmt: skip
USES = (Layout(101, {"sk": (8, 8)}), Layout(102, {"sk": (8, 8)}))
EXEC = Layout(103, {"filename": (8, 4), "pid": (12, 4)})
SK = 0xFFFF888012345678


@pytest.fixture
def reader() -> Reader:
    return Reader(STATE, USES, EXEC)


def record(kind: int, body: bytes) -> bytes:
    body = body.ljust((len(body) + 7) & ~7, b"\0")
    return struct.pack("=IHH", kind, 0, 8 + len(body)) + body


def sample(number: int, own: bytes, *, pid: int = 7, flags: int = 0) -> bytes:
    own = struct.pack("=HBBi", number, flags, 0, 70) + own
    return record(9, struct.pack("=IIQI", pid, 70, 5_000, len(own)) + own)


def state(old: int, new: int, *, family: int = 2, flags: int = 0) -> bytes:
    own = struct.pack("=QiiHHHH", SK, old, new, 4000, 80, family, 6)
    six = bytes(15) + b"\1", b"\xfe\x80" + bytes(13) + b"\2"
    return sample(100, own + b"\x0a\0\0\1" + b"\x0a\0\0\2" + b"".join(six), flags=flags)


def test_a_change_of_state_has_both_ends(reader: Reader) -> None:
    here, there = parse("10.0.0.1")[0], parse("10.0.0.2")[0]
    assert list(reader.records(state(2, 1))) == [Changed(5_000, 7, SK, 2, 1, here, 4000, there, 80)]


def test_ends_of_ipv6_are_told(reader: Reader) -> None:
    (found,) = reader.records(state(2, 1, family=10))
    assert isinstance(found, Changed)
    assert (found.local, found.remote) == (parse("::1")[0], parse("fe80::2")[0])


@pytest.mark.parametrize("flags", [0x8, 0x10], ids=["hard", "soft"])
def test_in_an_interrupt_whoever_runs_is_nobody(reader: Reader, flags: int) -> None:
    (found,) = reader.records(state(3, 1, flags=flags))
    assert isinstance(found, Changed)
    assert found.pid == 0


def test_a_use_is_a_socket_and_a_process(reader: Reader) -> None:
    data = sample(101, struct.pack("=QHHii", SK, 2, 6, 5, 0)) + sample(102, struct.pack("=QHHii", SK, 2, 6, 5, 0))
    assert list(reader.records(data)) == [Used(5_000, 7, SK)] * 2


def test_an_exec_has_its_path(reader: Reader) -> None:
    path = b"/usr/bin/curl\0"
    data = sample(103, struct.pack("=Iii", len(path) << 16 | 20, 7, 7) + path)
    assert list(reader.records(data)) == [Execed(5_000, 7, b"/usr/bin/curl")]


def test_processes_begin_and_end_and_threads_do_not_count(reader: Reader) -> None:
    lives = (4, 7, 1, 7, 1), (7, 8, 7, 8, 7), (7, 7, 7, 9, 7), (4, 7, 1, 9, 1)
    data = b"".join(record(kind, struct.pack("=IIIIQ", *words, 5_000)) for kind, *words in lives)
    assert list(reader.records(data)) == [Exited(5_000, 7), Forked(5_000, 8, 7)]


def test_what_was_lost_is_counted_and_dated(reader: Reader) -> None:
    assert list(reader.records(record(2, struct.pack("=QQIIQ", 1, 44, 7, 7, 5_000)))) == [Lost(5_000, 44)]


def test_other_records_are_passed_over(reader: Reader) -> None:
    (found,) = reader.records(record(3, b"comm") + sample(999, bytes(8)) + state(2, 1))
    assert found.at == 5_000


@given(st.binary(max_size=300), st.integers(0, 160), st.sampled_from([2, 4, 7, 9]))
def test_any_bytes_are_survived(noise: bytes, cut: int, kind: int) -> None:
    reader = Reader(STATE, USES, EXEC)
    for data in (
        noise,
        record(kind, noise),
        sample(103, noise),
        sample(101, noise),
        sample(100, noise),
        state(2, 1)[:cut] + noise,
    ):
        assert all(isinstance(each, Record) for each in reader.records(data))


def test_what_is_left_out_is_counted_and_nothing_is_cut_in_the_middle() -> None:
    use = sample(101, struct.pack("=QHHii", SK, 2, 6, 5, 0))
    lost = record(2, struct.pack("=QQIIQ", 1, 44, 7, 7, 5_000))
    assert cut(use * 3, 3 * len(use)) == (use * 3, 0)
    assert cut(use * 3, 3 * len(use) - 1) == (use * 2, 1)
    assert cut(use * 2 + lost + use, len(use) + 1) == (use, 1 + 44 + 1)


@given(st.binary(max_size=200), st.integers(0, 100))
def test_any_bytes_are_cut_without_a_trace(data: bytes, most: int) -> None:
    kept, left = cut(data, most)
    assert data.startswith(kept)
    assert left >= 0
