from __future__ import annotations

import bz2
import gzip
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ratop_py.capture.pcapfile import PcapFile, looks_like
from ratop_py.errors import Exit, RatopError
from ratop_py.flow.table import Table
from tests.helpers import frames

ONE = frames.ether(frames.ip4(frames.udp(b"hello"), 17))
FOUR = [(1_700_000_000 * 10**9 + n * 10**6, ONE) for n in range(4)]


def read(path: Path | str) -> tuple[Table, PcapFile]:
    """Everything in a file; it must end within a number of steps that its size bounds."""
    table, source = Table(1024, seed=1), PcapFile(str(path))
    for _ in range(10_000):
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_behind_a_true_header_are_survived(tmp_path: Path, data: bytes) -> None:
    read(written(tmp_path, frames.pcap([]) + data))
