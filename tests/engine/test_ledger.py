from __future__ import annotations

import numpy as np

from ratop_py.engine.ledger import QUIET, SPARE_HOLDERS, Ledger
from ratop_py.events.fact import Ended, Facts, Held, Tied
from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from ratop_py.flow.layout import Life
from ratop_py.net.address import parse
from ratop_py.net.host import HostNet, Interface, Prefix
from tests.helpers.flowset import START, row

HOST = HostNet(interfaces=(Interface("eth0", 5, (Prefix(parse("10.0.0.5")[0], 120),)),))
NOW = START + 2 * 10**9
ADA = Owner(1, None, 1000, "ada", "curl")


def listing(at: float = 0.5) -> Listing:
    socket = Socket(6, 4, parse("10.0.0.5")[0], 40000, parse("192.0.2.1")[0], 80, SocketState.ESTABLISHED, (ADA,))
    return Listing("lsof", START / 1e9 + at, START / 1e9 + at, True, (socket,))


def looked(ledger: Ledger, rows: np.ndarray, *listings: Listing | Facts, changed: bool = True) -> None:
    index = np.arange(len(rows)) if changed else np.arange(0)
    ledger.look(index, rows, listings, HOST, NOW, 0.5)


def out(number: int = 1) -> np.ndarray:
    return row("10.0.0.5:40000", "192.0.2.1:80", number=number, state=3)


def test_a_flow_is_labelled_when_it_changes() -> None:
    ledger = Ledger(8)
    looked(ledger, out(), listing())
    assert ledger.holders.sets[ledger.notes["s_holder"][0]] == (ADA,)
    assert ledger.notes["way"][0] == 2


def test_a_new_listing_is_held_against_flows_that_did_not_change() -> None:
    ledger, rows = Ledger(8), out()
    looked(ledger, rows)
    assert ledger.notes["s_holder"][0] == 0
    looked(ledger, rows, listing(), changed=False)
    assert ledger.notes["s_holder"][0] > 0


def test_a_row_used_again_starts_with_empty_notes() -> None:
    ledger = Ledger(8)
    looked(ledger, out(1), listing())
    other = row("192.0.2.7:1", "192.0.2.8:2", number=2)
    looked(ledger, other)
    assert ledger.notes["s_holder"][0] == 0
    assert ledger.notes["id"][0] == 2


def test_an_ended_flow_is_over_after_it_was_kept_for_its_time() -> None:
    ledger, rows = Ledger(8), out()
    rows["life"] = Life.ENDED
    assert len(ledger.over(rows, NOW, 5.0)) == 0
    assert ledger.notes["ended"][0] == NOW
    assert len(ledger.over(rows, NOW + 4 * 10**9, 5.0)) == 0
    assert ledger.over(rows, NOW + 6 * 10**9, 5.0).tolist() == [0]


def test_holders_that_nobody_points_to_are_forgotten_and_the_others_stay() -> None:
    ledger = Ledger(8)
    for pid in range(SPARE_HOLDERS + 100):
        ledger.holders.number((Owner(pid, None, 0, "root", "x"),))
    looked(ledger, out(), listing())
    ledger.compact(1)
    assert len(ledger.holders.sets) == 2
    assert ledger.holders.sets[ledger.notes["s_holder"][0]] == (ADA,)


def test_what_is_no_longer_suspicious_is_taken_back() -> None:
    ledger = Ledger(8)
    forged = row("127.0.0.9:1", "10.0.0.5:80", number=1, encaps=1)
    forged["seen"], forged["mac_a"], forged["mac_b"] = 0x30, 2, 3
    looked(ledger, forged)
    assert ledger.notes["risk"][0] > 0
    assert 1 in ledger.findings
    honest = out(1)
    looked(ledger, honest)
    assert ledger.notes["risk"][0] == 0
    assert 1 not in ledger.findings


def told(proto: int) -> Facts:
    """A socket of half a second, and its packets' ends."""
    ends = key(proto, (parse("10.0.0.5")[0], 40000), (parse("192.0.2.1")[0], 80))
    at = START / 1e9
    return Facts("kernel", at - 1, 0, (Held(at, 7, ADA, used=True), Tied(at, 7, ends), Ended(at + 0.5, 7, ADA)))


def test_a_datagram_flow_whose_socket_is_gone_is_over_when_it_was_quiet() -> None:
    ledger, rows = Ledger(8), row("10.0.0.5:40000", "192.0.2.1:80", 17, seconds=0.4, number=1)
    looked(ledger, rows, told(17))
    assert ledger.holders.sets[ledger.notes["s_holder"][0]] == (ADA,)
    at = START + 10**9 // 2
    assert ledger.unsocketed(rows, at + QUIET - 10**6).tolist() == []
    assert ledger.unsocketed(rows, at + QUIET + 10**6).tolist() == [0]
    rows["last"][0, 1] = at + 10**9
    assert ledger.unsocketed(rows, at + QUIET + 10**6).tolist() == []


def test_a_connection_ends_by_itself() -> None:
    ledger, rows = Ledger(8), out()
    looked(ledger, rows, told(6))
    assert ledger.unsocketed(rows, START + 10 * QUIET).tolist() == []


def test_what_the_kernel_tells_later_labels_a_flow_that_did_not_change() -> None:
    ledger, rows = Ledger(8), out()
    looked(ledger, rows)
    assert ledger.notes["s_holder"][0] == 0
    looked(ledger, rows, told(6), changed=False)
    assert ledger.holders.sets[ledger.notes["s_holder"][0]] == (ADA,)


def test_a_flow_is_unripe_for_a_moment_while_its_reason_is_not_known() -> None:
    ledger, rows = Ledger(8), out()
    ledger.look(
        np.arange(1), rows, (Facts("kernel", START / 1e9 - 9, 0, (), at=START / 1e9),), HOST, START + 10**8, 0.5
    )
    assert ledger.unripe(rows, START + 10**8).tolist() == [True]
    assert ledger.unripe(rows, START + 3 * 10**9).tolist() == [False]
    ledger.look(np.arange(1), rows, (Facts("kernel", START / 1e9 - 9, 0, (), at=START / 1e9),), HOST, NOW, 0.5)
    assert ledger.unripe(rows, START + 10**8).tolist() == [False]


def test_a_flow_is_unripe_for_longer_while_the_source_is_late_with_telling() -> None:
    ledger, rows = Ledger(8), out()
    late = Facts("kernel", START / 1e9 - 9, 0, (), at=START / 1e9, through=START / 1e9 - 1)
    ledger.look(np.arange(1), rows, (late,), HOST, START + 10**8, 0.5)
    assert ledger.unripe(rows, START + 3 * 10**9).tolist() == [True]
    assert ledger.unripe(rows, START + 30 * 10**9).tolist() == [False]
