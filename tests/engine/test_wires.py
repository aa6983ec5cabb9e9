from __future__ import annotations

import json
from pathlib import Path

import pytest

from ratop_py.engine.settings import Settings
from ratop_py.engine.wires import World, open_world
from ratop_py.errors import RatopError
from ratop_py.events.poller import Silence
from ratop_py.events.socket import Listing
from ratop_py.net.host import HostNet
from tests.helpers import frames


def capture(folder: Path, name: str = "a.pcap") -> str:
    path = folder / name
    path.write_bytes(frames.pcap([(1, frames.ether(b""))]))
    return str(path)


def test_files_are_opened_in_turn_and_know_no_host(tmp_path: Path) -> None:
    world = open_world(Settings(files=(capture(tmp_path), capture(tmp_path, "b.pcap"))), lambda: 0)
    assert [source.name for source in world.sources] == ["a.pcap", "b.pcap"]
    assert not world.host(0).knows
    assert not world.live
    assert isinstance(world.events, Silence)
    for source in world.sources:
        source.close()


def test_a_listing_beside_a_file_may_have_no_time(tmp_path: Path) -> None:
    (tmp_path / "lsof.txt").write_text("sshd 1 root 3u IPv4 1 0t0 TCP *:22 (LISTEN)\n")
    (tmp_path / "host.json").write_text(json.dumps({"sockets": "lsof.txt"}))
    world = open_world(Settings(files=(capture(tmp_path),), context=str(tmp_path / "host.json")), lambda: 0)
    (listing,) = world.events.take()
    assert isinstance(listing, Listing)
    assert listing.sockets[0].lport == 22
    assert not listing.complete
    world.sources[0].close()


def test_a_listing_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "host.json").write_text(json.dumps({"sockets": "none.txt"}))
    with pytest.raises(RatopError, match=r"none\.txt"):
        open_world(Settings(files=(capture(tmp_path),), context=str(tmp_path / "host.json")), lambda: 0)


def test_if_one_file_cannot_be_opened_none_stays_open(tmp_path: Path) -> None:
    with pytest.raises(RatopError):
        open_world(Settings(files=(capture(tmp_path), str(tmp_path / "none"))), lambda: 0)


def test_a_live_host_is_read_again_now_and_then() -> None:
    reads: list[int] = []

    def read() -> HostNet:
        reads.append(1)
        return HostNet()

    world = World((), Silence(), read, live=True)
    for now in (1, 2, 11_000_000_000, 12_000_000_000):
        world.host(now)
    assert len(reads) == 2


@pytest.mark.parametrize(("keep", "snaplen"), [(0, Settings().snaplen), (1 << 20, 65_535)])
def test_packets_that_are_kept_are_captured_whole(keep: int, snaplen: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def opened(names: object, expression: object, snaplen: int, *rest: object) -> tuple[tuple[()], tuple[()]]:
        asked.append(snaplen)
        return (), ()

    monkeypatch.setattr("ratop_py.capture.open.open_interfaces", opened)
    open_world(Settings(events="none", keep_packets=keep), lambda: 0)
    assert asked == [snaplen]


@pytest.mark.parametrize(
    ("filter_", "names", "answers"), [("host 10.0.0.1", True, True), ("host 10.0.0.1", False, False), ("", True, False)]
)
def test_answers_with_names_pass_a_filter_in_the_kernel_too(
    filter_: str, names: bool, answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def opened(wanted: object, expression: str | None, *rest: object) -> tuple[tuple[()], tuple[()]]:
        asked.append(expression)
        return (), ()

    monkeypatch.setattr("ratop_py.capture.open.open_interfaces", opened)
    open_world(Settings(events="none", filter=filter_, names=names), lambda: 0)
    assert ("or udp port 53" in (asked[0] or "")) is answers


def test_how_much_is_read_is_told_of_all_files_together() -> None:
    told = [(10, 100), (0, 100)]
    world = World((), Silence("none"), HostNet, live=False, progress=lambda: told)
    assert world.position() == 0.05
    told[1] = (100, 100)
    assert world.position() == 0.55
    told.append((0, 0))  # a pipe
    assert world.position() is None


def test_a_wire_has_no_end() -> None:
    assert World((), Silence("none"), HostNet, live=True).position() is None
