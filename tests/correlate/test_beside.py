from __future__ import annotations

import pytest

from ratop_py.correlate import beside
from ratop_py.correlate.beside import APART, Beside
from ratop_py.correlate.ends import End
from ratop_py.events.aside import Aside, Tap
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key

HERE, THERE = (0xFFFF0A000005, 40000), (0xFFFFC0000201, 443)
NMAP, PING = Owner(7, 1.0, 0, "root", "nmap"), Owner(8, 2.0, 0, "root", "ping")
SPEAKER = key(17, (0xFFFF0A4E0002, 1), THERE)


def end(proto: int = 17, began: float = 10, heard: float = 12, port: int = HERE[1]) -> End:
    return End(
        proto, key(proto, HERE, THERE), HERE[0], port, THERE[1], began, heard, heard, False, False, 0, False, False
    )


def seen(*taps: Tap, at: tuple[float, ...] = (11,)) -> Beside:
    found = Beside()
    for moment in at:
        found.learn(Aside(taps), moment)
    return found


def test_who_held_a_packet_socket_while_the_flow_lived_may_have_sent_it() -> None:
    tap = Tap("packet", 0, 0, (NMAP,))
    assert seen(tap).packet(end()) == (True, (NMAP,))
    assert seen(tap, at=(12 + APART + 0.1,)).packet(end()) == (False, ())
    assert seen(tap, at=(9 - APART,)).packet(end()) == (False, ())
    assert seen(tap, at=(1, 90)).packet(end()) == (True, (NMAP,))


def test_a_socket_whose_holder_may_not_be_seen_counts_all_the_same() -> None:
    assert seen(Tap("packet", 0, 0, ())).packet(end()) == (True, ())


def test_a_raw_socket_sends_its_own_protocol_or_any() -> None:
    assert seen(Tap("raw", 1, 0, (PING,))).raw(end(1)) == (True, (PING,))
    assert seen(Tap("raw", 1, 0, (PING,))).raw(end(17)) == (False, ())
    assert seen(Tap("raw", 255, 0, (NMAP,))).raw(end(17)) == (True, (NMAP,))


def test_a_ping_socket_is_known_by_its_identifier() -> None:
    assert seen(Tap("ping", 1, 99, (PING,))).pinging(end(1, port=99)) == (PING,)
    assert seen(Tap("ping", 1, 98, (PING,))).pinging(end(1, port=99)) == ()


def test_all_holders_are_told_once_the_lowest_pid_first() -> None:
    taps = (Tap("packet", 0, 0, (PING, NMAP)), Tap("packet", 0, 0, (NMAP,)))
    assert seen(*taps).packet(end()) == (True, (NMAP, PING))


def test_who_speaks_from_a_translated_end_is_known_for_its_time() -> None:
    found = Beside()
    found.learn(Aside(translated={end().key: SPEAKER}), 11)
    assert found.behind(end()) == SPEAKER
    assert found.behind(end(began=11 + APART + 0.1, heard=20)) is None
    assert found.behind(end(6)) is None


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MOST", 2)
    found = Beside()
    for ident in range(4):
        found.learn(Aside((Tap("ping", 1, ident, (PING,)),)), 11)
    assert [bool(found.pinging(end(1, port=ident))) for ident in range(4)] == [False, False, True, True]
