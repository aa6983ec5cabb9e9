from __future__ import annotations

import bz2
import gzip
import os
import random
import struct
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ratop_py.capture.names import Names
from ratop_py.capture.pcapfile import PcapFile, looks_like
from ratop_py.errors import Exit, RatopError
from ratop_py.flow.table import Table
from tests.helpers import frames
from tests.helpers.boundsink import BoundSink

ONE = frames.ether(frames.ip4(frames.udp(b"hello"), 17))
FOUR = [(1_700_000_000 * 10**9 + n * 10**6, ONE) for n in range(4)]


def read(path: Path | str, most: int = 10_000) -> tuple[Table, PcapFile]:
    """Everything in a file; it must end within a number of steps that its size bounds."""
    table, source = Table(1024, seed=1), PcapFile(str(path))
    for _ in range(most):
        if not source.step(table.engine, 0):
            break
    else:
        raise AssertionError("it does not end")
    source.close()
    return table, source


def written(folder: Path, data: bytes, name: str = "x.pcap") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def packets(table: Table) -> int:
    return table.counters()["packets"]


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("nano", [False, True])
def test_both_byte_orders_and_resolutions_give_the_same_times(tmp_path: Path, big: bool, nano: bool) -> None:
    table, _ = read(written(tmp_path, frames.pcap(FOUR, big=big, nano=nano)))
    assert packets(table) == 4
    assert table.rows["last"].max() == FOUR[-1][0]


def test_a_short_last_record_is_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    table, source = read(written(tmp_path, frames.pcap(FOUR)[:-3]))
    assert packets(table) == 3
    assert source.losses().cut == 1


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_packed_files_are_unpacked_also_in_several_members(tmp_path: Path, pack: Any) -> None:
    data = frames.pcap(FOUR)
    table, source = read(written(tmp_path, pack(data[:100]) + pack(data[100:]), "x.pcap.packed"))
    assert packets(table) == 4
    assert source.losses().cut == 0


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_a_packed_file_that_is_cut_is_read_up_to_the_cut(tmp_path: Path, pack: Any) -> None:
    noise = os.urandom(1200)
    many = [(10**18 + n, frames.ether(frames.ip4(frames.udp(noise + bytes([n % 256])), 17))) for n in range(3000)]
    data = pack(frames.pcap(many))
    table, source = read(written(tmp_path, data[: len(data) * 2 // 3]))
    assert 0 < packets(table) < 3000
    assert source.losses().cut == 1


def test_a_bomb_costs_a_few_chunks_of_memory(tmp_path: Path) -> None:
    import resource

    head = frames.pcap([])
    bomb = gzip.compress(head + struct.pack("<IIII", 0, 0, 0, 0) * (16 << 20))  # 256 MB of empty records
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read(written(tmp_path, bomb))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_standard_input_is_a_file_like_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as out:
        out.write(frames.pcap(FOUR))
    with os.fdopen(reader) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        table, source = read("-")
    assert packets(table) == 4
    assert source.name == "standard input"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"saddr,daddr\n10.0.0.1,10.0.0.2\n", "looks like text"),
        (bytes.fromhex("83100020008000000000000000000000"), "Argus records, version 3"),
        (bytes.fromhex("85100020008000000000000000000000"), "Argus records, version 5"),
        (b"snoop\0\0\0" + bytes(30), "snoop"),
        (bz2.compress(b"x" * 100), "bzip2"),
        (bytes(range(200, 240)), "no format that ratop knows"),
        (frames.pcap([])[:20], "cut within its header"),
    ],
)
def test_what_is_no_capture_is_refused_with_what_it_looks_like(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(RatopError) as caught:
        read(written(tmp_path, data))
    assert words in caught.value.message
    assert caught.value.exit_code is Exit.BAD_DATA


def test_no_file_and_a_directory_are_told(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "none", "no such file"), (tmp_path, "is a directory")):
        with pytest.raises(RatopError) as caught:
            read(path)
        assert words in caught.value.message
        assert caught.value.exit_code is Exit.NO_SOURCE


def test_an_erf_capture_is_recognised(tmp_path: Path) -> None:
    record = struct.pack(">8xBBHHH", 2, 4, 16 + 2 + 60, 0, 60) + bytes(62)
    with pytest.raises(RatopError, match="ERF"):
        read(written(tmp_path, record))


def test_a_record_of_impossible_length_ends_the_reading_and_is_counted_once(tmp_path: Path) -> None:
    broken = struct.pack("<IIII", 0, 0, 1 << 30, 1 << 30)
    table, source = read(written(tmp_path, frames.pcap(FOUR) + broken + bytes(8 << 20)))
    assert packets(table) == 4
    assert table.counters()["broken"] == 1
    assert source.losses().cut == 1


def test_modified_pcap_has_longer_record_headers(tmp_path: Path) -> None:
    head = b"\x34\xcd\xb2\xa1" + frames.pcap([])[4:]
    record = struct.pack("<IIIIIHBB", 7, 0, len(ONE), len(ONE), 1, 0, 0, 0) + ONE
    table, source = read(written(tmp_path, head + record * 3))
    assert packets(table) == 3
    assert source.losses().cut == 0


def test_a_pipe_with_nothing_in_it_delays_nobody() -> None:
    reader, writer = os.pipe()
    os.write(writer, frames.pcap(FOUR[:2]))
    table, source = Table(16), PcapFile(f"/dev/fd/{reader}")
    began = time.monotonic()
    while packets(table) < 2 and time.monotonic() - began < 5:
        assert source.step(table.engine, 0.05)
    assert source.step(table.engine, 0.05)
    assert time.monotonic() - began < 2
    os.close(writer)
    while source.step(table.engine, 0.05):
        pass
    assert (packets(table), source.losses().cut) == (2, 0)
    os.close(reader)


def test_many_files_cost_no_threads_before_they_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, frames.pcap(FOUR))
    before = threading.active_count()
    sources = [PcapFile(str(path)) for _ in range(50)]
    assert threading.active_count() <= before  # a thread of an earlier test may end meanwhile
    for source in sources:
        source.close()


def test_a_packed_file_broken_at_its_head_says_so(tmp_path: Path) -> None:
    with pytest.raises(RatopError, match="cannot be read"):
        read(written(tmp_path, b"\x1f\x8b\x08\x00broken"))


def test_why_a_file_ended_early_is_told(tmp_path: Path) -> None:
    _, source = read(written(tmp_path, gzip.compress(frames.pcap(FOUR))[:-9]))
    assert source.trouble


def test_files_read_together_share_the_numbers_of_their_interfaces(tmp_path: Path) -> None:
    names, table = Names(), Table(64)
    paths = [written(tmp_path, frames.pcap(FOUR[:1]), f"{at}.pcap") for at in range(3)]
    sources = [PcapFile(str(path), names) for path in paths]
    for source in sources:
        while source.step(table.engine, 0):
            pass
    assert sources[0].interfaces == ("", "", "")
    assert table.rows["iface"].tolist() == [0]


def test_every_kind_of_first_bytes_has_a_word() -> None:
    assert looks_like(b"\x7fELF....") == "it looks like a program"


def mutated(data: bytes, changes: Sequence[tuple[int, int]], cut: int) -> bytes:
    made = bytearray(data)
    for place, value in changes:
        made[place % len(made)] = value
    return bytes(made[: max(1, len(made) - cut)])


CHANGES = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(CHANGES, st.integers(0, 200))
def test_a_damaged_file_ends_with_packets_or_an_error(tmp_path: Path, changes: list[tuple[int, int]], cut: int) -> None:
    try:
        read(written(tmp_path, mutated(frames.pcap(FOUR), changes, cut)))
    except RatopError as error:
        assert error.message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(CHANGES, st.integers(0, 200), st.booleans(), st.data())
def test_the_engine_is_given_nothing_outside_the_buffer(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int, big: bool, data: st.DataObject
) -> None:
    sink = BoundSink(lambda off, end: data.draw(st.integers(off, end)))
    try:
        source = PcapFile(str(written(tmp_path, mutated(frames.pcap(FOUR, big=big), changes, cut))))
    except RatopError:
        return
    for _ in range(1000):
        if not source.step(sink, 0):
            return
    raise AssertionError("it does not end")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_behind_a_true_header_are_survived(tmp_path: Path, data: bytes) -> None:
    read(written(tmp_path, frames.pcap([]) + data))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_how_far_a_file_is_read_is_told_of_its_bytes_as_they_lie(tmp_path: Path, pack: Any) -> None:
    noise = random.Random(1)  # nothing that can be packed
    taken = [(FOUR[0][0] + n, frames.ether(frames.ip4(frames.udp(noise.randbytes(1400)), 17))) for n in range(2000)]
    path = written(tmp_path, pack(frames.pcap(taken)))
    table, source = Table(1024, seed=1), PcapFile(str(path))
    size, told = path.stat().st_size, [source.progress()[0]]
    while source.step(table.engine, 1.0):
        told.append(source.progress()[0])
    assert told == sorted(told)
    assert told[0] == 0
    assert any(0.1 * size < each < 0.9 * size for each in told)
    assert source.progress() == (size, size)
    source.close()


def test_within_a_chunk_it_is_told_in_proportion(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(frames.pcap(FOUR * 100)))
    table, source = Table(1024, seed=1), PcapFile(str(path))

    class Slow:
        """Takes one record at a time."""

        def feed_pcap(self, buf: Any, off: int, limit: int, *more: int) -> int:
            return int(table.engine.feed_pcap(buf, off, off + 1, *more))

    shares = []
    while source.step(Slow(), 1.0):  # type: ignore[arg-type]
        shares.append(source.progress()[0] / path.stat().st_size)
    source.close()
    assert shares == sorted(shares)
    assert len({round(share, 1) for share in shares}) == 11


def test_nobody_knows_how_far_a_pipe_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(frames.pcap(FOUR),))
    writer.start()
    table, source = read(pipe)
    writer.join()
    assert packets(table) == 4
    assert source.progress() == (0, 0)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_of_a_packed_file_that_is_torn_all_that_can_be_unpacked_is_read(tmp_path: Path, pack: Any) -> None:
    draw = random.Random(5)  # bytes that do not pack well
    many = [(at, frames.ether(frames.ip4(frames.udp(draw.randbytes(400)), 17))) for at in range(1_000)]
    packed = pack(frames.pcap(many))
    table, source = read(written(tmp_path, packed[: len(packed) // 2]))
    assert packets(table) > 200
    assert source.losses().cut == 1
