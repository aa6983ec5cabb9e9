from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from ratop_py.events import aside
from ratop_py.events.aside import Asides, Tap, table, translations
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from ratop_py.net.address import parse
from ratop_py.net.conntrack import Translated

RAW = b"""  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
    1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0 0
"""
ME, HIM, FAR = (parse("10.77.0.1")[0], 4001), (parse("10.78.0.2")[0], 4000), (parse("192.0.2.1")[0], 53)
OWN = frozenset({ME[0]})


def test_a_raw_socket_has_its_protocol_and_a_ping_socket_its_identifier() -> None:
    assert list(table(RAW, 0)) == [(4711, Tap("raw", 1, 0, ()))]
    assert list(table(RAW.replace(b":0001", b":1A2B"), 58)) == [(4711, Tap("ping", 58, 0x1A2B, ()))]


@pytest.mark.parametrize("text", [b"", RAW[:-30], RAW.replace(b"4711", b"x"), RAW.replace(b":0001", b":zz")])
def test_a_line_that_is_cut_or_broken_is_none(text: bytes) -> None:
    assert list(table(text, 0)) == []


def calls(*entries: Translated) -> dict[bytes, bytes]:
    return translations(OWN, lambda: entries)


def test_behind_an_own_address_speaks_who_is_translated_to_it() -> None:
    masqueraded = Translated((17, HIM, FAR), (17, FAR, ME))
    assert calls(masqueraded) == {key(17, ME, FAR): key(17, HIM, FAR)}


def test_behind_an_own_port_answers_to_whom_it_is_forwarded() -> None:
    forwarded = Translated((6, FAR, ME), (6, HIM, FAR))
    assert calls(forwarded) == {key(6, ME, FAR): key(6, HIM, FAR)}


def test_what_this_machine_translates_of_its_own_has_its_socket_here() -> None:
    other = (ME[0], 9999)
    assert calls(Translated((17, ME, FAR), (17, FAR, other)), Translated((6, FAR, ME), (6, other, FAR))) == {}


def test_of_translations_between_others_nothing_is_told() -> None:
    third = (parse("10.79.0.1")[0], 5)
    assert calls(Translated((17, HIM, FAR), (17, FAR, third))) == {}


def test_where_it_may_not_be_asked_nothing_is_translated() -> None:
    def refuse() -> Iterable[Translated]:
        raise PermissionError

    assert translations(OWN, refuse) == {}


def test_a_machine_that_does_not_forward_is_not_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ratop_py.net.conntrack.count", lambda: 1)
    monkeypatch.setattr("ratop_py.net.conntrack.translated", lambda: [Translated((17, HIM, FAR), (17, FAR, ME))])
    asides = Asides(tmp_path)
    assert asides.read(OWN, forwards=False).translated == {}


def test_a_table_of_connections_is_read_now_and_then_and_never_a_huge_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("ratop_py.net.conntrack.count", lambda: 1)

    def tell() -> list[Translated]:
        asked.append(1)
        return [Translated((17, HIM, FAR), (17, FAR, ME))]

    monkeypatch.setattr("ratop_py.net.conntrack.translated", tell)
    asides = Asides(tmp_path)
    told = [asides.read(OWN, forwards=True).translated for _ in range(aside.EVERY + 1)]
    assert (len(asked), all(told)) == (2, True)
    monkeypatch.setattr("ratop_py.net.conntrack.count", lambda: aside.MOST + 1)
    assert Asides(tmp_path).read(OWN, forwards=True).translated == {}


@pytest.mark.root
@pytest.mark.system
def test_who_holds_a_packet_or_a_raw_socket_is_told_but_not_oneself() -> None:
    with (
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0),
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    ):
        mine = [tap for tap in Asides(own=1).read(OWN, forwards=False).taps if os.getpid() in pids(tap)]
        assert {(tap.kind, tap.proto) for tap in mine} == {("packet", 0), ("raw", 1)}
        assert not [tap for tap in Asides().read(OWN, forwards=False).taps if os.getpid() in pids(tap)]


@pytest.mark.root
@pytest.mark.system
def test_a_holder_is_described_and_gone_once_it_ends() -> None:
    text = "import socket; s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0); print(1, flush=True); input()"
    asides = Asides()
    with subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        taps = asides.read(OWN, forwards=False).taps
        (found,) = [owner for tap in taps for owner in tap.owners if owner.pid == child.pid]
        assert (found.uid, found.user, found.ppid) == (0, "root", os.getpid())
        assert found.exe.rpartition("/")[2].startswith("python")
        child.communicate(b"\n")
    assert child.pid not in [pid for tap in asides.read(OWN, forwards=False).taps for pid in pids(tap)]


def pids(tap: Tap) -> list[int]:
    return [owner.pid for owner in tap.owners]


def test_a_holder_that_is_not_found_at_once_is_looked_for_again_a_few_times(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "raw").write_bytes(RAW)
    monkeypatch.setattr("ratop_py.events.packetdiag.rows", list)
    looks: list[int] = []

    def holders(_: object, __: Path) -> dict[int, list[int]]:
        looks.append(1)
        return {4711: [9]} if len(looks) == found_at else {}

    monkeypatch.setattr("ratop_py.events.sockdiag.some_holders", holders)
    monkeypatch.setattr(aside, "described", lambda pid, _: Owner(pid, None, 0, "root", "nmap"))
    for found_at, most in ((2, 2), (99, aside.TRIES)):
        looks.clear()
        asides = Asides(tmp_path, own=1)
        told = [asides.read(OWN, forwards=False).taps for _ in range(6)]
        assert len(looks) == most
        assert [bool(taps[0].owners) for taps in told] == [number + 1 >= found_at for number in range(6)]
