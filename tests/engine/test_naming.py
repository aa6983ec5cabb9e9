from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.engine import naming as module
from ratop_py.engine.naming import Naming
from ratop_py.engine.session import Engine
from ratop_py.engine.settings import Settings
from ratop_py.fields import FIELDS
from ratop_py.fields.texts import text_of
from ratop_py.flow.flows import Name
from ratop_py.flow.layout import note_dtype
from ratop_py.flow.table import Table
from ratop_py.net.address import parse
from ratop_py.net.host import HostNet, Interface, Prefix
from ratop_py.view import View
from tests.helpers import frames as f
from tests.helpers import talk as t

ME, RESOLVER, WEB, OTHER = "10.0.0.1", "10.0.0.53", "192.0.2.80", "10.0.0.9"
HOST = HostNet(interfaces=(Interface("eth0", 5, (Prefix(parse(ME)[0], 120),)),))
S = 1_000_000_000
START = 1_700_000_000 * S


class Wire:
    """Frames go in, names come out: as the tick does it."""

    def __init__(self, host: HostNet = HOST) -> None:
        self.table, self.naming, self.host = Table(64, seed=1), Naming(), host
        self.table.engine.listen(100)
        self.notes = np.zeros(64, note_dtype())
        self.now = START

    def feed(self, *frames: bytes) -> None:
        for frame in frames:
            self.now += S
            self.table.engine.feed_frame(frame, len(frame), self.now, 1, 0)

    def look(self) -> None:
        rows = self.table.rows
        index, names = self.naming.learn(self.table.engine.take_heard(), rows, self.host)
        self.notes["sni"][index] = names
        fresh = np.flatnonzero(self.notes["id"][: len(rows)] != rows["id"])
        self.notes["id"][fresh] = rows["id"][fresh]
        self.naming.name(fresh, rows, self.notes)

    def names(self, number: int, column: str = "d_name") -> list[tuple[str, str]]:
        """(name, how) of the flow with this number."""
        return [(each.text, each.how) for each in self.naming.sets[self.notes[column][number - 1]]]


def asked(name: str, *records: bytes, by: str = ME, at: str = RESOLVER, port: int = 5000) -> tuple[bytes, bytes]:
    """A question and its answer."""
    return (
        f.ether(f.ip4(f.udp(t.query(name), port, 53), 17, by, at)),
        f.ether(f.ip4(f.udp(t.answer(name, *records), 53, port), 17, at, by)),
    )


def connects(to: str = WEB, hello: bytes = b"", *, port: int = 40_000, by: str = ME) -> list[bytes]:
    """A SYN, and perhaps a hello in as many segments as there are."""
    frames = [f.ether(f.ip4(f.tcp(f.SYN, 100, sport=port, dport=443), 6, by, to))]
    for at in range(0, len(hello), 1400):
        segment = f.tcp(f.ACK, 101 + at, 1, hello[at : at + 1400], sport=port, dport=443)
        frames.append(f.ether(f.ip4(segment, 6, by, to)))
    return frames


def test_a_name_that_this_machine_asked_for_is_more_than_a_claim() -> None:
    wire = Wire()
    wire.feed(*asked("www.example.com", t.address(WEB)), *connects())
    wire.look()
    assert wire.names(2) == [("www.example.com", "dns")]
    assert wire.names(2, "s_name") == []


def test_what_a_client_says_is_a_claim_beside_it_and_the_name_that_agrees_comes_first() -> None:
    wire = Wire()
    for number, name in enumerate(("www.example.com", "cdn.example.net")):
        wire.feed(*asked(name, t.address(WEB), port=5000 + number))
    wire.feed(*connects(hello=t.hello("www.example.com")))
    wire.look()
    assert wire.names(3) == [("www.example.com", "dns"), ("cdn.example.net", "dns"), ("www.example.com", "sni")]
    assert wire.names(3, "sni") == [("www.example.com", "sni")]


def test_a_claim_does_not_stand_before_what_was_asked_for() -> None:
    wire = Wire()
    wire.feed(*asked("evil.example", t.address(WEB)), *connects(hello=t.hello("bank.example")))
    wire.look()
    assert wire.names(2) == [("evil.example", "dns"), ("bank.example", "sni")]


def test_an_answer_that_nobody_asked_for_is_a_claim() -> None:
    wire = Wire()
    wire.feed(asked("bank.example", t.address(WEB))[1], *connects())
    wire.look()
    assert wire.names(2) == [("bank.example", "dns-other")]


def test_what_another_machine_was_told_is_a_claim() -> None:
    wire = Wire()
    wire.feed(*asked("www.example.com", t.address(WEB), by=OTHER), *connects())
    wire.look()
    assert wire.names(2) == [("www.example.com", "dns-other")]


def test_where_this_machine_is_not_known_all_are_claims() -> None:
    wire = Wire(HostNet())
    wire.feed(*asked("www.example.com", t.address(WEB)), *connects())
    wire.look()
    assert wire.names(2) == [("www.example.com", "dns-other")]


def test_the_own_resolver_on_loopback_is_asked_by_this_machine() -> None:
    wire = Wire()
    wire.feed(*asked("www.example.com", t.address(WEB), by="127.0.0.1", at="127.0.0.53"), *connects())
    wire.look()
    assert wire.names(2) == [("www.example.com", "dns")]


def test_a_name_heard_later_names_the_flow_that_goes_on() -> None:
    wire = Wire()
    wire.feed(*connects())
    wire.look()
    assert wire.names(1) == []
    wire.feed(*asked("www.example.com", t.address(WEB)))
    wire.look()
    assert wire.names(1) == [("www.example.com", "dns")]
    wire.feed(*asked("late.example", t.address(WEB), port=5001))
    wire.look()
    assert wire.names(1) == [("www.example.com", "dns"), ("late.example", "dns")]


def test_a_hello_heard_later_names_the_flow_that_goes_on() -> None:
    wire = Wire()
    syn, hello = connects(hello=t.hello("www.example.com"))
    for frame in (syn, hello):
        wire.feed(frame)
        wire.look()
    assert wire.names(1) == [("www.example.com", "sni")]


def test_a_hello_in_two_segments_is_read() -> None:
    wire = Wire()
    wire.feed(*connects(hello=t.tls_records(t.client_hello(b"www.example.com", before=1500))))
    wire.look()
    assert wire.names(1) == [("www.example.com", "sni")]


def test_a_hidden_hello_says_that_it_is_one() -> None:
    wire = Wire()
    wire.feed(*connects(hello=t.tls_records(t.client_hello(b"public.example", hidden=True))))
    wire.look()
    assert wire.names(1) == [("public.example", "ech")]


def test_a_quic_client_names_the_server() -> None:
    wire = Wire()
    message = t.client_hello(b"www.example.com", before=1500)
    for number in (0, 1):
        piece = t.initial(t.crypto(1000 * number, message[1000 * number :][:1000]), number=number)
        wire.feed(f.ether(f.ip4(f.udp(piece, 4000, 443), 17, ME, WEB)))
    wire.look()
    assert wire.names(1) == [("www.example.com", "quic")]


def test_neighbours_and_holders_of_addresses_claim_names() -> None:
    wire = Wire()
    local = t.answer("printer.local", t.address("10.0.0.7"), flags=0x8400)
    wire.feed(f.ether(f.ip4(f.udp(local, 5353, 5353), 17, "10.0.0.7", "224.0.0.251")))
    wire.feed(f.ether(f.ip4(f.udp(t.answer("nas", t.address("10.0.0.8")), 5355, 4000), 17, "10.0.0.8", ME)))
    pointer = t.record(t.WHO, t.PTR, t.qname("host.example"))
    wire.feed(*asked("80.2.0.192.in-addr.arpa", pointer))
    wire.feed(
        *(frame for number, to in enumerate(("10.0.0.7", "10.0.0.8", WEB)) for frame in connects(to, port=number + 1))
    )
    wire.look()
    assert [wire.names(number) for number in (4, 5, 6)] == [
        [("printer.local", "mdns")],
        [("nas", "llmnr")],
        [("host.example", "ptr")],
    ]


def test_an_answer_over_tcp_is_read() -> None:
    wire = Wire()
    message = t.answer("www.example.com", t.address(WEB))
    talk = [
        (f.SYN, 5000, 53, ME, RESOLVER, b""),
        (f.ACK, 53, 5000, RESOLVER, ME, len(message).to_bytes(2, "big") + message),
    ]
    for flags, sport, dport, source, target, data in talk:
        wire.feed(f.ether(f.ip4(f.tcp(flags, 1, 1, data, sport=sport, dport=dport), 6, source, target)))
    wire.feed(*connects())
    wire.look()
    assert wire.names(2) == [("www.example.com", "dns")]


def test_what_is_heard_of_a_flow_that_is_gone_is_left() -> None:
    wire = Wire()
    wire.feed(*connects(hello=t.hello("www.example.com")))
    wire.table.engine.end(0, 1)
    wire.table.engine.release(0)
    wire.feed(*connects(port=7))
    wire.look()
    assert wire.names(1) == []


def test_sets_that_no_row_points_to_are_forgotten_once_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SPARE", 2)
    wire = Wire()
    wire.feed(*(frame for n in range(8) for frame in connects(port=n + 1, hello=t.hello(f"n{n}.example"))))
    wire.look()
    wire.notes[:7] = np.zeros((), note_dtype())
    wire.naming.compact(wire.notes[7:8])
    assert wire.naming.sets == [(), (Name("n7.example", "sni", 0.0),)]
    assert wire.notes["d_name"][7] == wire.notes["sni"][7] == 1


@pytest.mark.parametrize("pure", ["", "1"])
def test_a_capture_is_named_from_its_answer_to_its_hello(
    tmp_path: Path, pure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RATOP_PURE", pure)
    talk = [*asked("www.example.com", t.address(WEB)), *connects(hello=t.hello("www.example.com"))]
    talk += connects("192.0.2.81", t.hello("other.example"), port=40_001)
    (tmp_path / "x.pcap").write_bytes(f.pcap((START + n * S, frame) for n, frame in enumerate(talk)))
    (tmp_path / "h.json").write_text(json.dumps({"interfaces": [{"name": "eth0", "addresses": [f"{ME}/24"]}]}))
    engine = Engine(Settings(files=(str(tmp_path / "x.pcap"),), context=str(tmp_path / "h.json")))
    engine.run_to_end()
    wanted = ("peername", "dnamehow", "sni")
    shown = engine.ask(View(fields=wanted, filter="tcp"))
    engine.stop()
    assert [[text_of(FIELDS[name].kind, shown.columns[name], row) for name in wanted] for row in (0, 1)] == [
        ["www.example.com", "dns", "www.example.com?"],
        ["other.example?", "sni", "other.example?"],
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(("dns", "mdns", "llmnr", "tcp", "tls", "quic")), st.binary(max_size=80)), max_size=8
    )
)
def test_whatever_is_heard_no_look_fails(heard: list[tuple[str, bytes]]) -> None:
    wire = Wire()
    for kind, data in heard:
        wire.feed(said(kind, data))
    wire.look()
    assert int(wire.notes["d_name"].max()) < len(wire.naming.sets)


def said(kind: str, data: bytes) -> bytes:
    """A frame with a payload that looks like one of this kind."""
    if kind == "tls":
        return f.ether(f.ip4(f.tcp(f.ACK, 1, 1, b"\x16\3\1\0\x80\1" + data, sport=4000, dport=443), 6, ME, WEB))
    if kind == "tcp":
        return f.ether(f.ip4(f.tcp(f.ACK, 1, 1, data, sport=53, dport=4000), 6, WEB, ME))
    if kind == "quic":
        return f.ether(f.ip4(f.udp((b"\xc3\0\0\0\1" + data).ljust(1200, b"\7"), 4000, 443), 17, ME, WEB))
    ports = {"dns": 53, "mdns": 5353, "llmnr": 5355}
    return f.ether(f.ip4(f.udp(b"\0\0\x84\0\0\1\0\2\0\0\0\0" + data, ports[kind], 4000), 17, WEB, ME))


def test_nobody_listens_where_names_are_not_wanted(tmp_path: Path) -> None:
    talk = [*asked("www.example.com", t.address(WEB)), *connects()]
    (tmp_path / "x.pcap").write_bytes(f.pcap((START + n * S, frame) for n, frame in enumerate(talk)))
    engine = Engine(Settings(files=(str(tmp_path / "x.pcap"),), names=False))
    engine.run_to_end()
    assert len(engine.ledger.naming.book) == 0


@pytest.mark.parametrize("speed", [0.0, 1e9])
def test_of_a_file_no_name_is_missed_however_fast_it_is_read(speed: float, tmp_path: Path) -> None:
    """More answers than a live tick reads; the last step of a file is read in the tick."""
    talk = [
        frame
        for n in range(1500)
        for frame in asked(f"n{n}.example", t.address(f"10.1.{n >> 8}.{n & 255}"), port=n + 1)
    ]
    (tmp_path / "x.pcap").write_bytes(f.pcap((START + n * 1000, frame) for n, frame in enumerate(talk)))
    engine = Engine(Settings(files=(str(tmp_path / "x.pcap"),), speed=speed, tick=0.05))
    engine.start()
    for _ in range(400):
        if engine.meters().state == "done" and len(engine.ledger.naming.book) == 1500:
            break
        time.sleep(0.02)
    missed = engine.meters().counters["names_missed"]
    engine.stop()
    assert (len(engine.ledger.naming.book), missed) == (1500, 0)
