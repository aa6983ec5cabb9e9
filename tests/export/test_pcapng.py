"""The pcapng writer, read back by our own reader."""

from __future__ import annotations

import io
from pathlib import Path

from ratop_py.capture.kept import Frame
from ratop_py.capture.pcapfile import PcapFile
from ratop_py.capture.pcapng import options
from ratop_py.export.pcapng import Writer
from ratop_py.flow.table import Table
from tests.helpers import frames as f

START = 1_700_000_000_123_456_789
ONE = f.ether(f.ip4(f.udp(b"hello"), 17))


def written(path: Path, *sent: tuple[Frame, str], comment: str = "") -> Path:
    with path.open("wb") as out:
        writer = Writer(out, comment)
        for frame, interface in sent:
            writer.write(frame, interface)
        assert writer.packets == len(sent)
    return path


def read(path: Path) -> tuple[Table, PcapFile]:
    table, source = Table(100), PcapFile(str(path))
    while source.step(table.engine, 0):
        pass
    return table, source


def test_time_length_and_bytes_come_back(tmp_path: Path) -> None:
    table, source = read(written(tmp_path / "out", (Frame(START, 9000, ONE, 1, 0), "eth0")))
    (row,) = table.rows
    assert row["first"].max() == START
    assert row["bytes"].max() == 9000
    assert source.losses().cut == 0


def test_interfaces_are_told_by_name_and_link(tmp_path: Path) -> None:
    raw = ONE[14:]
    table, source = read(
        written(
            tmp_path / "out",
            (Frame(START, 47, ONE, 1, 0), "eth0"),
            (Frame(START, 33, raw, 101, 1), "tun0"),
            (Frame(START, 47, ONE, 1, 0), "eth0"),
        )
    )
    assert source.interfaces == ("eth0", "tun0")
    assert table.rows["pkts"].sum() == 3


def test_a_file_without_packets_is_a_capture(tmp_path: Path) -> None:
    table, source = read(written(tmp_path / "out"))
    assert len(table.rows) == 0
    assert source.losses().cut == 0


def test_the_comment_says_what_was_asked(tmp_path: Path) -> None:
    raw = written(tmp_path / "out", comment="tcp and port 443\x1b[31m").read_bytes()
    told = dict(options(raw[24 : int.from_bytes(raw[4:8], "little") - 4], "<"))
    assert told == {1: "tcp and port 443·[31m".encode(), 4: b"ratop"}


def test_every_length_is_filled_to_words() -> None:
    for size in range(60, 68):
        out = io.BytesIO()
        Writer(out).write(Frame(START, size, bytes(size), 1, 0), "")
        assert len(out.getvalue()) % 4 == 0
