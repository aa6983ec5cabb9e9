"""With a stand-in for scapy; `tests/system/test_ring.py` opens the real one on Linux. Other systems are not tested."""

from __future__ import annotations

import os
import sys
import threading
import types
from typing import Any

import pytest

from ratop_py.capture.libpcap import Libpcap
from ratop_py.errors import Exit, RatopError
from ratop_py.flow.table import Table
from tests.helpers import frames

ONE = frames.ether(frames.ip4(frames.udp(b"hello"), 17))
TIMES = (1_700_000_000, 123_457)


class Pcap:
    """What scapy's wrapper of libpcap looks like to us."""

    def __init__(self) -> None:
        self.blocking = True
        self.frames: list[bytes | None] = [ONE, ONE, None]
        times = types.SimpleNamespace(tv_sec=TIMES[0], tv_usec=TIMES[1])
        self.header = types.SimpleNamespace(contents=types.SimpleNamespace(ts=times, len=1500, caplen=len(ONE)))

    def datalink(self) -> int:
        return 1

    def setnonblock(self, value: bool) -> None:
        self.blocking = not value

    def next(self) -> tuple[float, bytes | None]:
        assert not self.blocking, "it would hang on a silent wire"
        return 0.0, self.frames.pop(0) if self.frames else None


class Wire:
    """What scapy's libpcap socket looks like to us."""

    refuse: BaseException | None = None
    waitable = True

    def __init__(self, iface: str | None, filter: str | None, promisc: bool) -> None:  # noqa: A002
        if Wire.refuse is not None:
            raise Wire.refuse
        self._reader, self._writer = os.pipe()
        os.write(self._writer, b"x")
        self.iface, self.promisc, self.closed = iface or "en0", promisc, 0
        self.pcap_fd = Pcap()

    def fileno(self) -> int:
        return self._reader if Wire.waitable else -1

    def close(self) -> None:
        self.closed += 1
        os.close(self._reader)
        os.close(self._writer)


@pytest.fixture(autouse=True)
def scapy(monkeypatch: pytest.MonkeyPatch) -> None:
    config: Any = types.ModuleType("scapy.config")
    config.conf = types.SimpleNamespace(use_pcap=False)
    pcap: Any = types.ModuleType("scapy.arch.libpcap")
    pcap.L2pcapListenSocket = Wire
    for name, module in (
        ("scapy.config", config),
        ("scapy.arch.libpcap", pcap),
        ("scapy.arch", types.ModuleType("scapy.arch")),
    ):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(Wire, "refuse", None)
    monkeypatch.setattr(Wire, "waitable", True)


@pytest.mark.parametrize("waitable", [True, False])
def test_frames_come_with_exact_time_and_length_on_the_wire(monkeypatch: pytest.MonkeyPatch, waitable: bool) -> None:
    monkeypatch.setattr(Wire, "waitable", waitable)
    source, table = Libpcap("en0", None, 64), Table(16)
    assert source.step(table.engine, 0.1)
    source.close()
    assert table.counters()["packets"] == 2
    assert table.rows["last"].max() == TIMES[0] * 10**9 + TIMES[1] * 1000
    assert table.rows["bytes"].sum() == 2 * 1500


def test_without_a_name_it_is_called_as_the_system_calls_it() -> None:
    source = Libpcap(None, None, 64, promiscuous=True)
    assert (source.name, source.interfaces) == ("en0", ("en0",))
    source.close()


def test_closing_twice_closes_once_and_ends_the_steps() -> None:
    source, table = Libpcap("en0", None, 64), Table(16)
    closer = threading.Thread(target=source.close)
    closer.start()
    closer.join(2)
    source.close()
    assert source._wire.closed == 1
    assert not source.step(table.engine, 0.1)


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (PermissionError(), Exit.NOT_PERMITTED),
        (OSError("en0: You don't have permission"), Exit.NOT_PERMITTED),
        (OSError("no libpcap"), Exit.NO_SOURCE),
        (ValueError("odd \x1b[31m"), Exit.NO_SOURCE),
    ],
)
def test_what_scapy_raises_becomes_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, exit_code: Exit
) -> None:
    monkeypatch.setattr(Wire, "refuse", error)
    with pytest.raises(RatopError) as caught:
        Libpcap("en0", None, 64)
    assert caught.value.exit_code is exit_code
    assert caught.value.hint
    assert "\x1b" not in caught.value.message


def test_without_libpcap_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scapy.arch.libpcap", None)
    with pytest.raises(RatopError, match="libpcap cannot be used") as caught:
        Libpcap("en0", None, 64)
    assert caught.value.exit_code is Exit.NO_SOURCE
