"""Packets of the flows shown, as a file: read back, it holds these flows."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from ratop_py.engine.again import Again
from ratop_py.engine.session import Engine
from ratop_py.engine.settings import Settings
from ratop_py.errors import RatopError
from ratop_py.export import packets
from ratop_py.export.wanted import Wanted, members
from ratop_py.flow.flows import Flows, empty
from ratop_py.view import View

DEMO = str(Path(__file__).resolve().parents[2] / "ratop_py/assets/demo.pcap.gz")


def shown(path: str, view: View) -> tuple[Engine, Flows]:
    engine = Engine(Settings(files=(path,), events="none"))
    engine.run_to_end()
    flows = next(members(engine.answer(view)), empty())
    return engine, flows


def facts(flows: Flows) -> list[Any]:
    """What must be the same: who, how much, when."""
    names = ("pkts", "bytes", "app", "first", "last")
    return sorted((row.tobytes()[:40], *(tuple(row[name]) for name in names)) for row in flows.rows)


@pytest.mark.parametrize("filter_", ["", "udp", "bytes > 100k", "proto = arp", "tcp and port 1"])
def test_read_back_it_holds_the_flows_that_were_shown(filter_: str, tmp_path: Path) -> None:
    engine, flows = shown(DEMO, View(filter=filter_))
    wanted = Wanted()
    wanted.add([flows])
    with (tmp_path / "out.pcapng").open("wb") as out:
        count = packets.write(wanted, Again(engine.settings, None, tuple), out, filter_)
    assert count == flows.rows["pkts"].sum()
    assert facts(shown(str(tmp_path / "out.pcapng"), View())[1]) == facts(flows)


def test_a_group_is_all_its_flows() -> None:
    grouped, single = (shown(DEMO, View(filter="udp", group=group))[1] for group in (("dport",), ()))
    assert facts(grouped) == facts(single)


def test_where_packets_are_not_kept_nothing_is_written() -> None:
    with pytest.raises(RatopError, match="not kept"):
        packets.write(Wanted(), Again(Settings(), None, tuple), io.BytesIO())
