from __future__ import annotations

import gzip
import os
import sys
import threading
import time
from pathlib import Path

import pytest
import zstandard

from ratop_py.capture.supply import Supply
from ratop_py.capture.unpack import open_supply
from ratop_py.errors import Exit, RatopError

DATA = bytes(range(256)) * 40


def everything(supply: Supply) -> bytes:
    """All of it."""
    while not supply.want(1 << 24, 5):
        pass
    found = bytes(supply.buffer)
    supply.close()
    return found


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.ZstdCompressor().compress])
def test_the_first_bytes_decide_how_it_is_unpacked(tmp_path: Path, pack: type[bytes]) -> None:
    path = tmp_path / "name.says.nothing"
    path.write_bytes(pack(DATA))
    assert everything(open_supply(str(path))) == DATA


@pytest.mark.parametrize("size", range(6))
def test_files_shorter_than_their_magic_are_read(tmp_path: Path, size: int) -> None:
    path = tmp_path / "short"
    path.write_bytes(DATA[:size])
    assert everything(open_supply(str(path))) == DATA[:size]


@pytest.mark.parametrize("data", [DATA, gzip.compress(DATA)], ids=["plain", "gzip"])
def test_a_pipe_that_gives_a_byte_at_a_time_is_recognised_all_the_same(data: bytes) -> None:
    reader, writer = os.pipe()

    def drip() -> None:
        with os.fdopen(writer, "wb", buffering=0) as out:
            for at in range(6):
                out.write(data[at : at + 1])
                time.sleep(0.002)
            out.write(data[6:])

    thread = threading.Thread(target=drip)
    thread.start()
    assert everything(open_supply(f"/dev/fd/{reader}")) == DATA
    thread.join()
    os.close(reader)


def test_what_is_in_a_pipe_comes_before_more_is_written() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"first bytes")
    supply = open_supply(f"/dev/fd/{reader}")
    assert any(supply.want(11, 5) for _ in range(3))  # the first bytes may come by themselves
    assert bytes(supply.peek(99)) == b"first bytes"
    assert not supply.want(12, 0.01)
    os.write(writer, b"!")
    assert supply.want(12, 5)
    for handle in (reader, writer):
        os.close(handle)
    supply.close()


def refused(name: str) -> RatopError:
    with pytest.raises(RatopError) as caught:
        open_supply(name)
    return caught.value


def test_a_misspelt_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "monday.pcap").write_bytes(b"")
    error = refused(str(tmp_path / "munday.pcap"))
    assert error.hint.endswith("monday.pcap")
    assert error.exit_code is Exit.NO_SOURCE
    assert refused(str(tmp_path / "no" / "such.pcap")).hint


def test_a_directory_and_a_name_that_is_none_are_refused(tmp_path: Path) -> None:
    assert "is a directory" in refused(str(tmp_path)).message
    assert refused("a\0b").exit_code is Exit.NO_SOURCE
    assert "\x1b" not in refused("no\x1b[31m").message


def test_what_may_not_be_read_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def never(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ratop_py.capture.unpack.io.FileIO", never)
    error = refused(str(tmp_path / "x.pcap"))
    assert error.exit_code is Exit.NOT_PERMITTED
    assert error.message.startswith("may not read")


def test_without_zstandard_it_says_how_to_do_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "x.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress(DATA))
    monkeypatch.setitem(sys.modules, "compression", None)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    assert "zstd -dc" in refused(str(path)).hint


def test_the_keyboard_is_no_capture(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyboard:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard())
    assert refused("-").exit_code is Exit.USAGE
    monkeypatch.setattr(sys, "stdin", None)
    assert refused("-").exit_code is Exit.USAGE
