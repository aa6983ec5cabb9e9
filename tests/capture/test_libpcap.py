"""With a stand-in for scapy: the systems that need this module are not tested here."""

from __future__ import annotations

import os
import sys
import types
from typing import Any

import pytest

from ratop_py.capture.libpcap import Libpcap
from ratop_py.errors import Exit, RatopError
from ratop_py.flow.table import Table
from tests.helpers import frames

ONE = frames.ether(frames.ip4(frames.udp(b"hello"), 17))


class Wire:
    """What scapy's libpcap socket looks like to us."""

    refuse: BaseException | None = None

    def __init__(self, iface: str | None, filter: str | None) -> None:  # noqa: A002
        if Wire.refuse is not None:
            raise Wire.refuse
        reader, writer = os.pipe()
        os.write(writer, b"x")
        os.close(writer)
        self._reader = reader
        self.pcap_fd = self
        self._frames: list[tuple[float, bytes | None]] = [(1.5, ONE), (2.5, ONE), (0.0, None)]

    def datalink(self) -> int:
        return 1

    def next(self) -> tuple[float, bytes | None]:
        return self._frames.pop(0)

    def fileno(self) -> int:
        return self._reader

    def close(self) -> None:
        os.close(self._reader)


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


def test_frames_come_with_time_and_length() -> None:
    source, table = Libpcap("en0", None, 64), Table(16)
    assert source.step(table.engine, 0.1)
    source.close()
    assert table.counters()["packets"] == 2
    assert table.rows["last"].max() == 2_500_000_000
    assert table.rows["bytes"].sum() == 2 * len(ONE)


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (PermissionError(), Exit.NOT_PERMITTED),
        (OSError("no libpcap"), Exit.NO_SOURCE),
        (ValueError("odd"), Exit.NO_SOURCE),
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
