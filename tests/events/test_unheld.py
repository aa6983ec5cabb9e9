from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.unheld import Unheld, counted, endpoint, rows
from ratop_py.net.address import parse

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def word(text: str, port: int) -> str:
    """As the kernel writes it: words of 32 bits in the machine's order."""
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    raw = socket.inet_pton(family, text)
    parts = (int.from_bytes(raw[at : at + 4], sys.byteorder) for at in range(0, len(raw), 4))
    return "".join(f"{part:08X}" for part in parts) + f":{port:04X}"


def line(local: tuple[str, int], remote: tuple[str, int], state: int) -> str:
    return (
        f"   0: {word(*local)} {word(*remote)} {state:02X} 00000000:00000000 00:00000000 00000000     0        0 0 1\n"
    )


ANY, ANY6 = ("0.0.0.0", 0), ("::", 0)


@pytest.mark.parametrize("text", ["10.0.0.5", "2001:db8::5", "::1", "::ffff:10.0.0.5"])
def test_addresses_are_those_of_lsof(text: str) -> None:
    assert endpoint(word(text, 8080).encode()) == (parse(text)[0], 8080)


def test_any_address_is_zero_in_both_families() -> None:
    assert endpoint(word(*ANY).encode()) == endpoint(word(*ANY6).encode()) == (0, 0)


def folder(path: Path, **tables: str) -> Path:
    for name, text in tables.items():
        (path / name).write_text(HEAD + text)
    return path


def test_a_closing_connection_is_told_at_once(tmp_path: Path) -> None:
    closing = line(("10.0.0.5", 40000), ("192.0.2.1", 443), 6)
    (told,) = Unheld(folder(tmp_path, tcp=closing)).beside([])
    assert (told.proto, told.lport, told.rport, told.state, told.owners) == (6, 40000, 443, SocketState.TIME_WAIT, ())


def test_other_sockets_are_nobody_s_at_the_second_look(tmp_path: Path) -> None:
    unheld = Unheld(folder(tmp_path, udp=line(("0.0.0.0", 51820), ANY, 7), udp6=line(("::", 4789), ANY6, 7)))
    assert unheld.beside([]) == ()
    assert {(told.family, told.lport) for told in unheld.beside([])} == {(4, 51820), (6, 4789)}


def test_what_somebody_holds_is_not_nobody_s(tmp_path: Path) -> None:
    unheld = Unheld(folder(tmp_path, tcp=line(("0.0.0.0", 22), ANY, 10)))
    held = Socket(6, 4, 0, 22, 0, 0, SocketState.LISTEN, ())
    assert unheld.beside([held]) == unheld.beside([held]) == ()
    assert unheld.beside([]) == ()


def test_without_the_kernel_s_tables_nothing_is_told(tmp_path: Path) -> None:
    assert Unheld(tmp_path).beside([]) == ()


@given(st.binary(max_size=300))
def test_any_bytes_give_sockets_or_none(data: bytes) -> None:
    for told in rows(HEAD.encode() + data, 6, 4):
        assert told.owners == ()


STAT6 = "TCP6: inuse 0\nUDP6: inuse 0\nUDPLITE6: inuse 0\n"


def counts(tcp: str) -> dict[str, str]:
    return {"sockstat": f"sockets: used 9\nTCP: {tcp}\nUDP: inuse 0 mem 0\nUDPLITE: inuse 0\n", "sockstat6": STAT6}


CLOSING_LINE = line(("10.0.0.5", 40000), ("192.0.2.1", 443), 6)
HELD = Socket(6, 4, parse("10.0.0.5")[0], 22, 0, 0, SocketState.LISTEN, ())


def test_a_table_with_more_sockets_than_are_held_is_read(tmp_path: Path) -> None:
    tables = folder(tmp_path, tcp=CLOSING_LINE, **counts("inuse 1 orphan 0 tw 1 alloc 1 mem 1"))
    assert len(Unheld(tables).beside([HELD])) == 1


def test_where_all_sockets_are_held_no_table_is_read(tmp_path: Path) -> None:
    tables = folder(tmp_path, tcp=CLOSING_LINE, **counts("inuse 1 orphan 0 tw 0 alloc 1 mem 1"))
    assert Unheld(tables).beside([HELD]) == ()


@pytest.mark.parametrize("words", ["inuse x tw 0", "", "memory 0"])
def test_counts_that_cannot_be_understood_spare_no_table(tmp_path: Path, words: str) -> None:
    tables = folder(tmp_path, tcp=CLOSING_LINE, **counts(words))
    assert len(Unheld(tables).beside([HELD])) == 1


def test_both_families_are_counted_together() -> None:
    assert counted("TCP: inuse 3 orphan 0 tw 2 alloc 5 mem 1\nTCP6: inuse 4\nUDP: inuse 1 mem 0\n") == {6: 9, 17: 1}
