"""`print --format pcapng`, from files and from the wire."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ratop_py.commands import packets
from ratop_py.commands.answering import plan
from ratop_py.commands.print import open_engine, run
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.sources import Sources
from ratop_py.errors import Exit, RatopError
from ratop_py.view import View

ROOT = Path(__file__).resolve().parents[2]
DEMO = str(ROOT / "ratop_py/assets/demo.pcap.gz")
FIELDS = ("proto", "saddr", "sport", "daddr", "dport", "spkts", "dpkts", "sbytes", "dbytes")


def printed(folder: Path, path: str, filter_: str = "", **more: Any) -> Counter[str]:
    """Lines of `ratop print`."""
    out = folder / f"{len(list(folder.iterdir()))}.jsonl"
    options = PrintOptions(Sources(files=(path,)), filter_, "jsonl", str(out), FIELDS, **more)
    with (folder / "unused").open("wb") as unused:
        assert run(options, unused, lambda words: None) is Exit.OK
    return Counter(out.read_text().splitlines())


def exported(folder: Path, filter_: str = "", **more: Any) -> str:
    out = str(folder / "out.pcapng")
    with (folder / "unused").open("wb") as unused:
        run(PrintOptions(Sources(files=(DEMO,)), filter_, "pcapng", out, **more), unused, lambda words: None)
        assert unused.tell() == 0
    return out


@pytest.mark.parametrize("filter_", ["", "udp", "tcp and port 443 and bytes > 10k"])
def test_the_file_holds_the_flows_that_are_printed(filter_: str, tmp_path: Path) -> None:
    assert printed(tmp_path, exported(tmp_path, filter_)) == printed(tmp_path, DEMO, filter_)


def test_so_many_flows_and_in_this_order_mean_the_same(tmp_path: Path) -> None:
    more: dict[str, Any] = {"count": 3, "sort": "bytes"}
    assert printed(tmp_path, exported(tmp_path, **more)) == printed(tmp_path, DEMO, **more)


def test_the_file_is_the_persons_own(tmp_path: Path) -> None:
    assert Path(exported(tmp_path)).stat().st_mode & 0o777 == 0o600


def test_what_is_there_is_not_overwritten_and_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "out.pcapng").write_text("mine")
    with pytest.raises(RatopError, match="is there already"):
        exported(tmp_path)
    assert (tmp_path / "out.pcapng").read_text() == "mine"


@pytest.mark.parametrize(
    ("sources", "words"), [(Sources(), "not kept"), (Sources(files=("-",)), "cannot be read twice")]
)
def test_without_packets_nothing_is_captured_and_no_file_is_left(sources: Sources, words: str, tmp_path: Path) -> None:
    options = PrintOptions(sources, format="pcapng", output=str(tmp_path / "out"))
    with pytest.raises(RatopError, match=words) as caught:
        packets.available(open_engine(options, View()))
    assert caught.value.exit_code is Exit.USAGE
    assert plan(options).write is None
    with (tmp_path / "unused").open("wb") as unused, pytest.raises(RatopError, match=words):
        run(options, unused, lambda words: None)
    assert not (tmp_path / "out").exists()


@pytest.mark.root
@pytest.mark.system
def test_of_a_live_capture_the_kept_packets_of_the_flows_are_written(tmp_path: Path) -> None:
    """On loopback: two conversations, of which one is asked for."""
    ends = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(4)]
    for end in ends:
        end.bind(("127.0.0.1", 0))
    port, other = ends[0].getsockname()[1], ends[2].getsockname()[1]
    command = [sys.executable, "-m", "ratop_py", "print", "-i", "lo", "--events", "none", "--keep-packets", "8M"]
    out = tmp_path / "out.pcapng"
    with subprocess.Popen(
        [
            *command,
            "--format",
            "pcapng",
            "-o",
            str(out),
            "--interval",
            "0.5s",
            "udp",
            "and",
            "bytes",
            ">",
            "1k",
            "and",
            "port",
            str(port),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
    ) as running:
        time.sleep(2.0)
        for _ in range(4):
            for number in range(5):
                ends[1].sendto(bytes([number]) * 3000, ("127.0.0.1", port))
                ends[3].sendto(b"no", ("127.0.0.1", other))
            time.sleep(0.3)
        time.sleep(1.0)
        running.send_signal(signal.SIGINT)
        _, words = running.communicate(timeout=30)
    for end in ends:
        end.close()
    assert running.returncode == 0, words
    (line,) = printed(tmp_path, str(out))
    told = json.loads(line)
    assert (told["dport"], told["spkts"], told["sbytes"]) == (port, 20, 20 * 3042)
    assert out.stat().st_size > 20 * 3042, "whole packets"
