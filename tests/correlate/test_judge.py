from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.correlate.ends import End
from ratop_py.correlate.judge import PATIENCE, STALE_SECONDS, Verdict, judge, unwatched
from ratop_py.correlate.match import Match, Why
from ratop_py.correlate.owners import Owners
from ratop_py.events.aside import Aside, Tap
from ratop_py.events.fact import Ended, Fact, Facts, Held, Tied
from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from ratop_py.net.host import HostNet, Interface

HERE, THERE = (0xFFFF0A000005, 40000), (0xFFFFC0000201, 443)
CURL, WGET = Owner(100, None, 1000, "ada", "curl"), Owner(200, None, 1000, "ada", "wget")
ESTABLISHED, LISTEN = SocketState.ESTABLISHED, SocketState.LISTEN


def end(proto: int = 6, began: float = 10, last: float = 12, heard: float | None = None, **facts: bool) -> End:
    given_facts = {"target": False, "refused": False, "whole": False, "closed": False, **facts}
    heard = last if heard is None else heard
    return End(proto, key(proto, HERE, THERE), *HERE, THERE[1], began, last, heard, icmp=0, **given_facts)


def connected(*owners: Owner, proto: int = 6, state: SocketState = ESTABLISHED) -> Socket:
    return Socket(proto, 4, *HERE, *THERE, state, owners)


def free(*owners: Owner, local: int = 0, proto: int = 17, state: SocketState = SocketState.NONE) -> Socket:
    return Socket(proto, 4, local, HERE[1], 0, 0, state, owners)


def look(at: float, *sockets: Socket, complete: bool = True) -> Listing:
    return Listing("lsof", at, at + 0.1, complete, sockets)


def told(one: End, *looks: Listing, now: float = 20) -> Verdict:
    owners = Owners()
    for each in looks:
        owners.learn(each)
    return judge(one, owners, HostNet(), now)


def names(verdict: Verdict) -> list[str]:
    return [owner.program for owner in verdict.holders]


def test_a_connection_seen_from_its_syn_has_no_older_socket() -> None:
    before = look(8, connected(CURL))
    assert told(end(whole=True), before).match is Match.NONE
    assert told(end(), before).match is Match.STALE


def test_a_connection_that_is_over_has_no_socket_that_opened_later() -> None:
    assert told(end(closed=True), look(13, connected(CURL))).match is Match.NONE
    closing = told(end(closed=True), look(13, connected(CURL, state=SocketState.CLOSE_WAIT)))
    assert (names(closing), closing.match, closing.distance) == (["curl"], Match.STALE, 1)


def test_of_two_holders_in_its_time_the_one_at_its_start_is_named() -> None:
    flow = end(17, last=19)
    assert names(told(flow, look(10.5, connected(CURL, proto=17)), look(14, connected(WGET, proto=17)))) == ["curl"]
    assert names(told(flow, look(7, connected(CURL, proto=17)), look(10.1, connected(WGET, proto=17)))) == ["wget"]


def test_a_bound_socket_of_another_time_does_not_hide_the_one_for_any_address() -> None:
    bound, anyone = free(CURL, local=HERE[0]), free(WGET)
    verdict = told(end(17), look(1, bound), look(11, anyone))
    assert (names(verdict), verdict.match) == (["wget"], Match.WILDCARD)


def test_who_was_first_seen_with_the_port_after_the_last_packet_may_be_another() -> None:
    flow = end(17, last=20, heard=12)
    assert told(flow, look(12.5, free(CURL))).match is Match.NONE
    assert names(told(flow, look(12.1, free(CURL)))) == ["curl"]
    assert names(told(flow, look(9, free(CURL)), look(12.5, free(CURL)))) == ["curl"]


def test_a_listener_seen_at_the_last_look_still_listens() -> None:
    listening = free(CURL, proto=6, state=LISTEN)
    flow = end(began=30, last=31, target=True)
    verdict = told(flow, look(1, listening))
    assert (names(verdict), verdict.match) == (["curl"], Match.LISTENER)
    assert verdict.distance == pytest.approx(28.9)
    assert told(end(began=PATIENCE + 2, last=99, target=True), look(1, listening)).match is Match.NONE


def test_an_open_udp_port_says_nothing_after_a_while() -> None:
    assert told(end(17, began=10, last=11), look(10 - STALE_SECONDS - 1, free(CURL))).match is Match.NONE


def test_a_socket_whose_holder_may_not_be_seen_is_not_nobody_s() -> None:
    assert told(end(), look(11, connected(), complete=False)).why is Why.NOT_PERMITTED
    assert told(end(), look(11, connected())).why is Why.NO_PROCESS


def test_a_connection_that_was_closing_when_first_seen_had_a_holder_nobody_knows() -> None:
    assert told(end(), look(11, connected(state=SocketState.TIME_WAIT))).why is Why.GONE
    assert told(end(), look(11, connected(state=SocketState.TIME_WAIT), complete=False)).why is Why.GONE


def test_a_connection_whose_holder_may_not_be_seen_stays_so_when_it_closes() -> None:
    looks = look(11, connected(), complete=False), look(12, connected(state=SocketState.TIME_WAIT), complete=False)
    assert told(end(), *looks).why is Why.NOT_PERMITTED


def test_the_kernel_s_ports_and_forwarding_explain_an_absence() -> None:
    owners = Owners()
    for at in (11, 13):
        owners.learn(look(at))
    tunnel = HostNet(interfaces=(Interface("wg0", port=HERE[1]),))
    assert judge(end(17, last=20), owners, tunnel, 20).why is Why.KERNEL
    assert judge(end(6, last=20), owners, tunnel, 20).why is Why.NO_SOCKET
    assert judge(end(6, last=20), owners, HostNet(masquerades=True), 20).why is Why.FORWARDING


def test_the_listener_answers_for_a_socket_that_nobody_holds() -> None:
    listening = free(CURL, proto=6, state=LISTEN)
    verdict = told(end(target=True), look(11, connected(state=SocketState.TIME_WAIT), listening))
    assert (names(verdict), verdict.match) == (["curl"], Match.LISTENER)


def test_a_holder_that_started_later_is_left_out() -> None:
    early, late = Owner(1, 5.0, 0, "root", "early"), Owner(2, 15.0, 0, "root", "late")
    assert names(told(end(last=30, heard=12), look(16, connected(early, late)))) == ["early"]
    assert told(end(last=30, heard=12), look(16, connected(late))).why is Why.LATE_START


def test_the_next_look_is_waited_for_as_long_as_one_may_come() -> None:
    assert told(end(began=30, last=31), look(1), now=1 + PATIENCE).why is Why.TOO_YOUNG
    assert told(end(began=30, last=31), look(1), now=2 + PATIENCE).why is Why.EXITED


def test_absence_needs_two_complete_looks_while_the_flow_was_heard() -> None:
    flow = end(began=10, last=20)
    assert told(flow, look(11), look(13)).why is Why.NO_SOCKET
    assert told(flow, look(11), look(21)).why is Why.EXITED
    assert told(flow, look(11), look(13), look(20.5, connected(CURL)), now=21).match is not Match.NONE


TIMES = st.floats(0, 40)


@given(st.lists(st.tuples(TIMES, st.sampled_from([(CURL,), (WGET,), ()])), max_size=8), TIMES, TIMES)
def test_a_verdict_names_only_those_who_were_seen_and_has_a_reason_else(
    looks: list[tuple[float, tuple[Owner, ...]]], began: float, lasts: float
) -> None:
    seen = [look(at, connected(*holders)) for at, holders in sorted(looks, key=lambda each: each[0])]
    verdict = told(end(began=began, last=began + lasts), *seen, now=90)
    near = {owner for at, holders in looks for owner in holders if at <= began + lasts + STALE_SECONDS}
    assert set(verdict.holders) <= near
    assert bool(verdict.holders) == (verdict.match is not Match.NONE) == (verdict.why is Why.KNOWN)


def watched(one: End, *facts: Fact, now: float = 20, since: float = 1, lost: int = 0, at: float = 15) -> Verdict:
    owners = Owners()
    owners.learn(Facts("kernel", since, lost, facts, at=at, complete=True))
    return judge(one, owners, HostNet(), now)


TIE = Tied(10, 7, key(6, HERE, THERE))


def test_what_the_kernel_told_at_the_time_is_the_surest() -> None:
    verdict = watched(end(), TIE, Held(10, 7, CURL, used=True))
    assert (names(verdict), verdict.match, verdict.source) == (["curl"], Match.COOKIE, "kernel")


def test_it_names_the_owner_where_a_listing_names_another() -> None:
    owners = Owners()
    owners.learn(look(11, connected(WGET)))
    owners.learn(Facts("kernel", 1, 0, (TIE, Held(10, 7, CURL, used=True))))
    assert names(judge(end(), owners, HostNet(), 20)) == ["curl"]


@pytest.mark.parametrize(
    ("flow", "facts", "why"),
    [
        (end(), {}, Why.NO_SOCKET),
        (end(target=True, refused=True), {}, Why.CLOSED_PORT),
        (end(target=True), {}, Why.NO_SOCKET),
        (end(), {"since": 15}, Why.BEFORE),
        (end(), {"lost": 3}, Why.LOST),
        (end(), {"lost": 3, "at": 9}, Why.NO_SOCKET),
        (end(began=19.9, last=20), {}, Why.TOO_YOUNG),
        (end(proto=1), {}, Why.KERNEL),
    ],
)
def test_where_it_told_nothing_the_reason_is_known(flow: End, facts: dict[str, float], why: Why) -> None:
    verdict = watched(flow, **facts)  # type: ignore[arg-type]
    assert (verdict.match, verdict.why) == (Match.NONE, why)


def test_a_socket_that_no_process_ever_had_is_the_kernel_s() -> None:
    assert watched(end(), TIE).why is Why.KERNEL


@pytest.mark.parametrize(
    ("tie", "facts", "why"),
    [
        (TIE, {"complete": False}, Why.BEFORE),
        (TIE._replace(space=3), {}, Why.KERNEL),
        (TIE._replace(space=4), {}, Why.BEFORE),
        (TIE, {"lost": 1}, Why.LOST),
    ],
)
def test_unless_it_may_have_been_there_before_and_whose_was_not_told(
    tie: Tied, facts: dict[str, Any], why: Why
) -> None:
    owners = Owners()
    told = Facts("kernel", 1, 0, (tie,), at=11, space=3, complete=True)
    owners.learn(replace(told, **facts))
    assert unwatched(end(), owners.cookies, 20) is why


def test_a_connection_that_nobody_accepted_yet_is_its_listener_s() -> None:
    listens: list[Fact] = [Held(2, 7, CURL, used=False), TIE._replace(listens=True)]
    verdict = watched(end(target=True), *listens)
    assert (names(verdict), verdict.match) == (["curl"], Match.LISTENER)
    verdict = watched(end(target=True), *listens, TIE._replace(at=10.1, cookie=8), Held(10.2, 8, WGET, used=True))
    assert (names(verdict), verdict.match) == (["wget"], Match.COOKIE)


def test_after_a_fall_to_listings_their_reasons_count_again() -> None:
    owners = Owners()
    owners.learn(Facts("kernel", 1, 0, ()))
    owners.learn(look(11))
    assert judge(end(last=11), owners, HostNet(), 20).why is Why.EXITED


def beside(one: End, *taps: Tap, host: HostNet | None = None, kernel: bool = True, **more: Any) -> Verdict:
    owners = Owners()
    owners.beside.learn(Aside(taps, **more), 11)
    for news in (Facts("kernel", 1, 0, (), at=9, complete=True),) if kernel else (look(11), look(13)):
        owners.learn(news)
    return judge(one, owners, host or HostNet(), 20)


NMAP = Owner(300, None, 0, "root", "nmap")
PACKET, RAW = Tap("packet", 0, 0, (NMAP,)), Tap("raw", 255, 0, (NMAP,))


@pytest.mark.parametrize("kernel", [True, False])
def test_who_holds_a_packet_socket_is_likely_to_send_what_no_socket_does(kernel: bool) -> None:
    verdict = beside(end(last=20), PACKET, kernel=kernel)
    assert (names(verdict), verdict.match, verdict.why) == (["nmap"], Match.LIKELY, Why.PACKET)


def test_a_packet_socket_whose_holder_cannot_be_seen_is_a_reason_all_the_same() -> None:
    verdict = beside(end(), PACKET._replace(owners=()))
    assert (verdict.match, verdict.why) == (Match.NONE, Why.PACKET)


def test_what_came_from_elsewhere_nobody_here_sent_by_hand() -> None:
    assert beside(end(target=True), PACKET).why is Why.NO_SOCKET


def test_where_this_machine_forwards_that_is_the_reason_and_who_could_send_is_said() -> None:
    verdict = beside(end(), PACKET, host=HostNet(masquerades=True))
    assert (names(verdict), verdict.match, verdict.why) == (["nmap"], Match.LIKELY, Why.FORWARDING)


def test_a_raw_socket_explains_where_sockets_are_listed_not_where_the_kernel_tells_of_raw_ones_too() -> None:
    assert beside(end(last=20), RAW, kernel=False).why is Why.RAW
    assert beside(end(last=20), RAW).why is Why.NO_SOCKET


def echo(**facts: Any) -> End:
    return end(1, last=20)._replace(icmp=8 << 8, **facts)


def test_who_asks_for_an_echo_is_known_by_a_ping_socket_and_likely_by_a_raw_one() -> None:
    verdict = beside(echo(), Tap("ping", 1, HERE[1], (CURL,)), kernel=False)
    assert (names(verdict), verdict.match) == (["curl"], Match.BOUND)
    verdict = beside(echo(), RAW._replace(proto=1), kernel=False)
    assert (names(verdict), verdict.match, verdict.why) == (["nmap"], Match.LIKELY, Why.RAW)
    assert beside(echo(), kernel=False).why is Why.UNLISTED


def test_arp_is_the_kernel_s_unless_somebody_holds_a_socket_that_speaks_it() -> None:
    assert beside(end(0), PACKET).why is Why.KERNEL
    verdict = beside(end(0), PACKET._replace(proto=0x0806))
    assert (names(verdict), verdict.match, verdict.why) == (["nmap"], Match.LIKELY, Why.PACKET)
    assert beside(end(0, target=True), PACKET._replace(proto=0x0806)).why is Why.KERNEL


INNER = key(6, (0xFFFF0A4E0002, 5), THERE)


def test_behind_a_translation_is_who_has_the_inner_socket() -> None:
    assert beside(end(), translated={end().key: INNER}).why is Why.NAT
    owners = Owners()
    owners.beside.learn(Aside(translated={end().key: INNER}), 11)
    owners.learn(Facts("kernel", 1, 0, (Tied(10, 9, INNER), Held(10, 9, WGET, used=True)), at=11))
    verdict = judge(end(), owners, HostNet(masquerades=True), 20)
    assert (names(verdict), verdict.match, verdict.why) == (["wget"], Match.LIKELY, Why.NAT)


def test_a_socket_of_its_own_needs_no_translation() -> None:
    owners = Owners()
    owners.beside.learn(Aside(translated={end().key: INNER}), 11)
    owners.learn(Facts("kernel", 1, 0, (TIE, Held(10, 7, CURL, used=True)), at=11))
    assert names(judge(end(), owners, HostNet(), 20)) == ["curl"]


def test_a_thread_of_the_kernel_s_is_no_program() -> None:
    worker = Owner(90, None, 0, "root", "kworker/1:2", ppid=2)
    assert watched(end(), TIE, Held(10, 7, worker, used=True)).why is Why.KERNEL
    both = watched(end(), TIE, Held(10, 7, worker, used=True), Held(11, 7, CURL, used=True))
    assert (names(both), both.why) == (["curl"], Why.KNOWN)
    adopted = replace(CURL, ppid=2, exe="/usr/bin/curl")
    assert names(watched(end(), TIE, Held(10, 7, adopted, used=True))) == ["curl"]


def test_of_a_process_that_died_unseen_the_parent_is_evidence_no_owner() -> None:
    gone = Owner(90, None, -1, "", "", ppid=80, parent="bash")
    verdict = told(end(), look(11, connected(gone)))
    assert (verdict.match, verdict.why, verdict.holders) == (Match.PARENT, Why.DIED, (gone,))


def test_a_process_that_the_kernel_named_by_its_number_is_the_owner_though_its_program_is_unknown() -> None:
    gone = Owner(90, None, -1, "", "", ppid=80, parent="bash")
    assert watched(end(), TIE, Held(10, 7, gone, used=True)).match is Match.COOKIE


def test_a_connection_that_was_closing_before_had_an_owner_nobody_knows() -> None:
    assert watched(end(), TIE._replace(at=0.0), Ended(5, 7, None)).why is Why.GONE


def test_a_reset_of_the_kernel_s_is_a_closed_port() -> None:
    assert watched(end(target=True, refused=True), TIE).why is Why.CLOSED_PORT


def test_how_many_facts_were_lost_is_said() -> None:
    verdict = watched(end(), lost=37)
    assert (verdict.why, verdict.distance) == (Why.LOST, 37)


def test_a_tunnel_of_the_kernel_s_calls_from_any_port() -> None:
    tunnel = HostNet(interfaces=(Interface("vx0", kind="vxlan", port=THERE[1]),))
    assert beside(end(17, last=20), host=tunnel).why is Why.KERNEL
    assert beside(end(6, last=20), host=tunnel).why is Why.NO_SOCKET
    fixed = HostNet(interfaces=(Interface("wg0", kind="wireguard", port=THERE[1]),))
    assert beside(end(17, last=20), host=fixed).why is Why.NO_SOCKET
