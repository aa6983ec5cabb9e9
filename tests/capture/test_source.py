from __future__ import annotations

from ratop_py.capture.libpcap import Libpcap
from ratop_py.capture.pcapfile import PcapFile
from ratop_py.capture.ring import Ring
from ratop_py.capture.source import Losses, Sink
from ratop_py.engine.sinks import LockedSink, PacedSink
from ratop_py.flow.table import Table


def test_every_sink_takes_every_kind_of_block() -> None:
    names = [name for name in vars(Sink) if name.startswith("feed_")]
    assert names
    for sink in (LockedSink, PacedSink, type(Table(1).engine)):
        assert all(callable(getattr(sink, name)) for name in names)


def test_every_source_can_be_stepped_asked_and_closed() -> None:
    for source in (PcapFile, Ring, Libpcap):
        assert all(callable(getattr(source, name)) for name in ("step", "losses", "close"))
    assert (PcapFile.live, Ring.live, Libpcap.live) == (False, True, True)


def test_nothing_is_lost_at_first() -> None:
    assert Losses() == Losses(0, 0, 0, 0)
