from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from ratop_py.correlate.attribute import attribute
from ratop_py.correlate.holders import Holders
from ratop_py.correlate.match import Match, Why
from ratop_py.correlate.owners import Owners
from ratop_py.events.aside import Aside, Tap
from ratop_py.events.fact import Facts, Held, Tied
from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.flow.flows import Flows, Owner
from ratop_py.flow.key import key
from ratop_py.flow.layout import Family, Life
from ratop_py.flow.states import State
from ratop_py.net.address import parse
from ratop_py.net.host import HostNet, Interface, Prefix
from tests.helpers.flowset import START, flows, row

T0 = START / 1e9
ME = HostNet(
    interfaces=(Interface("eth0", 5, (Prefix(parse("10.0.0.5")[0], 120), Prefix(parse("2001:db8::5")[0], 64))),)
)
CURL = Owner(100, T0 - 50, 1000, "ada", "curl")
WGET = Owner(200, T0 - 40, 1000, "ada", "wget")
NGINX = Owner(300, T0 - 500, 33, "www-data", "nginx")


def socket(
    local: str, remote: str = "", *owners: Owner, proto: int = 6, state: SocketState = SocketState.NONE
) -> Socket:
    here, there = ends(local), ends(remote) if remote else (0, 0)
    return Socket(proto, 4, *here, *there, state, owners)


def ends(text: str) -> tuple[int, int]:
    address, _, port = text.rpartition(":")
    return (0 if address == "*" else parse(address)[0]), int(port)


def listing(at: float, *sockets: Socket, complete: bool = True) -> Listing:
    return Listing("lsof", T0 + at, T0 + at + 0.05, complete, sockets)


class Told:
    """What was attributed to the flows, side by side."""

    def __init__(self, made: Flows, *listings: Listing | Facts, host: HostNet = ME, now: float = 5.0) -> None:
        owners, self.holders = Owners(), Holders()
        for each in listings:
            owners.learn(each)
        self.told = attribute(made, owners, host, self.holders, [""], T0 + now).columns
        self.columns = {name: made.notes[name] for name in made.notes.dtype.names or ()} | dict(self.told)

    def side(self, side: str, at: int = 0) -> tuple[list[str], Match, Why]:
        holders = self.holders.sets[self.columns[f"{side}_holder"][at]]
        return (
            [owner.program for owner in holders],
            Match(self.columns[f"{side}_match"][at]),
            Why(self.columns[f"{side}_why"][at]),
        )


OUT = row("10.0.0.5:40000", "192.0.2.1:443", state=State.CON)


def test_a_socket_seen_while_the_flow_lived_is_exact() -> None:
    told = Told(flows(OUT), listing(0.5, socket("10.0.0.5:40000", "192.0.2.1:443", CURL)))
    assert told.side("s") == (["curl"], Match.EXACT, Why.KNOWN)
    assert told.columns["way"].tolist() == [2]
    assert told.columns["s_dist"][0] == 0


def test_a_socket_seen_soon_before_is_stale_with_its_distance() -> None:
    told = Told(flows(OUT), listing(-2, socket("10.0.0.5:40000", "192.0.2.1:443", CURL)))
    assert told.side("s")[:2] == (["curl"], Match.STALE)
    assert told.columns["s_dist"][0] == pytest.approx(1.95, abs=0.01)


def test_a_socket_seen_long_before_says_nothing() -> None:
    told = Told(flows(OUT), listing(-60, socket("10.0.0.5:40000", "192.0.2.1:443", CURL)))
    assert told.side("s")[1] is Match.NONE


def test_an_owner_that_started_after_the_flow_ended_is_none() -> None:
    late = Owner(9, T0 + 3, 0, "root", "late")
    ended = row("10.0.0.5:40000", "192.0.2.1:443", state=State.CLO, life=Life.ENDED)
    told = Told(flows(ended), listing(4, socket("10.0.0.5:40000", "192.0.2.1:443", late)))
    assert told.side("s") == ([], Match.NONE, Why.LATE_START)


def test_a_reused_port_does_not_inherit_the_old_owner() -> None:
    same = socket("10.0.0.5:40000", "192.0.2.1:443", CURL)
    other = socket("10.0.0.5:40000", "192.0.2.1:443", WGET)
    old = row("10.0.0.5:40000", "192.0.2.1:443", state=State.CLO, seconds=1, number=1)
    new = row("10.0.0.5:40000", "192.0.2.1:443", state=State.CON, first=3, number=2)
    told = Told(flows(old, new), listing(0.5, same), listing(3.5, other))
    assert told.side("s", 0)[0] == ["curl"]
    assert told.side("s", 1)[0] == ["wget"]


def test_everybody_who_holds_a_shared_socket_is_kept() -> None:
    told = Told(flows(OUT), listing(0.5, socket("10.0.0.5:40000", "192.0.2.1:443", CURL, WGET)))
    assert told.side("s")[0] == ["curl", "wget"]


def test_an_inbound_flow_without_its_own_socket_belongs_to_the_listener() -> None:
    made = row("192.0.2.9:50000", "10.0.0.5:80", state=State.CON)
    told = Told(flows(made), listing(0.5, socket("*:80", "", NGINX, state=SocketState.LISTEN)))
    assert told.side("d")[:2] == (["nginx"], Match.LISTENER)
    assert told.columns["way"].tolist() == [1]


def test_a_listener_owns_no_outgoing_flow() -> None:
    made = row("10.0.0.5:80", "192.0.2.9:50000", state=State.CON)
    told = Told(flows(made), listing(0.5, socket("*:80", "", NGINX, state=SocketState.LISTEN)))
    assert told.side("s")[1] is Match.NONE


@pytest.mark.parametrize(("local", "match"), [("10.0.0.5:5353", Match.BOUND), ("*:5353", Match.WILDCARD)])
def test_an_unconnected_udp_socket_matches_by_its_port(local: str, match: Match) -> None:
    made = row("10.0.0.5:5353", "192.0.2.53:53", 17)
    told = Told(flows(made), listing(0.5, socket(local, "", CURL, proto=17)))
    assert told.side("s")[:2] == (["curl"], match)


def test_both_ends_of_a_local_connection_have_their_own_owner() -> None:
    made = row("127.0.0.1:40000", "127.0.0.1:8080", state=State.CON)
    client = socket("127.0.0.1:40000", "127.0.0.1:8080", CURL)
    server = socket("127.0.0.1:8080", "127.0.0.1:40000", NGINX)
    told = Told(flows(made), listing(0.5, client, server))
    assert (told.side("s")[0], told.side("d")[0]) == (["curl"], ["nginx"])
    assert told.columns["way"].tolist() == [3]


def test_a_label_stays_when_its_process_is_gone() -> None:
    first = Told(flows(OUT), listing(0.5, socket("10.0.0.5:40000", "192.0.2.1:443", CURL)))
    again = flows(OUT)
    for name, column in first.columns.items():
        again.notes[name] = column
    later = Told(again, listing(400))
    assert later.columns["s_match"].tolist() == [Match.EXACT]
    assert later.columns["s_holder"].tolist() == first.columns["s_holder"].tolist()


def test_a_match_as_good_as_the_old_one_does_not_replace_it() -> None:
    made = row("10.0.0.5:5353", "192.0.2.53:53", 17)
    first = Told(flows(made), listing(0.5, socket("*:5353", "", CURL, proto=17)))
    again = flows(made)
    for name, column in first.columns.items():
        again.notes[name] = column
    later = Told(again, listing(0.9, socket("*:5353", "", WGET, proto=17)))
    assert later.columns["s_holder"].tolist() == first.columns["s_holder"].tolist()
    better = Told(again, listing(0.9, socket("10.0.0.5:5353", "", WGET, proto=17)))
    assert better.side("s")[:2] == (["wget"], Match.BOUND)


def test_a_reason_that_changed_is_written() -> None:
    first = Told(flows(OUT), listing(-3), now=1)
    again = flows(OUT)
    for name, column in first.columns.items():
        again.notes[name] = column
    assert first.side("s")[2] is Why.TOO_YOUNG
    assert Told(again, listing(-3), now=60).side("s")[2] is Why.EXITED


def why(made: np.ndarray[Any, Any], *listings: Listing, side: str = "s", host: HostNet = ME, now: float = 5.0) -> Why:
    return Told(flows(made), *listings, host=host, now=now).side(side)[2]


def test_nobody_is_an_answer_with_its_reason() -> None:
    closed = row("192.0.2.9:50000", "10.0.0.5:23", state=State.RST, tcp_flags=(2, 20))
    ended = row("10.0.0.5:40000", "192.0.2.1:443", state=State.CLO, life=Life.ENDED, seconds=9)
    assert why(OUT, host=HostNet()) is Why.NO_HOST
    assert why(row("192.0.2.1:1", "192.0.2.2:2")) is Why.NOT_LOCAL
    assert why(OUT) is Why.NO_SOURCE
    assert why(OUT, listing(-3), now=1) is Why.TOO_YOUNG
    assert why(OUT, listing(-3), now=60) is Why.EXITED
    assert why(OUT, listing(5, complete=False)) is Why.NOT_PERMITTED
    assert why(closed, listing(0.1), side="d") is Why.CLOSED_PORT
    assert why(row("10.0.0.5:0", "10.0.0.1:0", 0, family=Family.ARP), listing(1)) is Why.KERNEL
    assert why(row("10.0.0.5:7", "10.0.0.1:7", 1, icmp=2048), listing(1)) is Why.UNLISTED
    assert why(ended, listing(1), listing(3)) is Why.NO_SOCKET
    assert why(ended, listing(1), listing(3, complete=False)) is Why.NOT_PERMITTED
    assert why(ended, listing(1)) is Why.EXITED


def test_a_port_that_any_socket_had_is_not_ownerless() -> None:
    ended = row("10.0.0.5:40000", "192.0.2.1:443", state=State.CLO, life=Life.ENDED, seconds=9)
    other = socket("10.0.0.5:40000", "192.0.2.77:80", CURL)
    assert why(ended, listing(1, other), listing(3, other)) is Why.EXITED


def test_the_kernel_s_own_tunnel_is_nobody_s() -> None:
    host = HostNet(interfaces=(*ME.interfaces, Interface("wg0", kind="wireguard", port=51820)))
    made = row("10.0.0.5:51820", "192.0.2.1:51820", 17, seconds=9, life=Life.ENDED)
    assert why(made, listing(1), listing(3), host=host) is Why.KERNEL


def test_ten_thousand_flows_are_attributed_quickly() -> None:
    many = np.concatenate([row(f"10.0.0.5:{20000 + n}", "192.0.2.1:443", state=State.CON) for n in range(2000)] * 5)
    began = time.process_time()
    told = Told(
        flows(many), listing(0.5, *(socket(f"10.0.0.5:{20000 + n}", "192.0.2.1:443", CURL) for n in range(2000)))
    )
    assert (told.columns["s_match"] == Match.EXACT).all()
    assert time.process_time() - began < 2  # a guard against a slow path, not a measurement


def test_of_flows_between_others_only_the_way_and_the_reason_are_told() -> None:
    told = Told(flows(row("192.0.2.1:1", "192.0.2.2:2")), listing(1, socket("10.0.0.5:40000", "192.0.2.1:80", CURL)))
    assert set(told.told) == {"way", "s_why", "d_why"}
    assert told.side("s")[2] == told.side("d")[2] == Why.NOT_LOCAL


def facts(at: float, source: str, target: str, *held: Owner, cookie: int = 7) -> Facts:
    tie = Tied(T0 + at, cookie, key(6, ends(source), ends(target)))
    return Facts("kernel", T0 - 9, 0, (tie, *(Held(T0 + at, cookie, owner, used=True) for owner in held)))


def test_the_kernel_s_word_names_an_end_in_another_namespace() -> None:
    made = flows(row("10.78.0.2:4000", "192.0.2.1:80"))
    told = Told(made, facts(0, "10.78.0.2:4000", "192.0.2.1:80", WGET))
    assert told.side("s") == (["wget"], Match.COOKIE, Why.KNOWN)
    assert told.side("d")[2] is Why.NOT_LOCAL


def test_more_processes_that_had_the_socket_are_added_to_what_was_told() -> None:
    made = flows(row("10.0.0.5:4000", "192.0.2.1:80"))
    owners, holders = Owners(), Holders()
    owners.learn(facts(0, "10.0.0.5:4000", "192.0.2.1:80", CURL))
    for name, column in attribute(made, owners, ME, holders, [""], T0 + 1).columns.items():
        made.notes[name] = column
    owners.learn(facts(2, "10.0.0.5:4000", "192.0.2.1:80", WGET))
    (found,) = attribute(made, owners, ME, holders, [""], T0 + 3).columns["s_holder"]
    assert [owner.program for owner in holders.sets[found]] == ["curl", "wget"]


def test_a_kernel_s_match_is_not_replaced_by_a_listing_s() -> None:
    made = flows(row("10.0.0.5:4000", "192.0.2.1:80"))
    owners, holders = Owners(), Holders()
    owners.learn(facts(0, "10.0.0.5:4000", "192.0.2.1:80", CURL))
    for name, column in attribute(made, owners, ME, holders, [""], T0 + 1).columns.items():
        made.notes[name] = column
    owners.learn(listing(1, socket("10.0.0.5:4000", "192.0.2.1:80", WGET)))
    told = attribute(made, owners, ME, holders, [""], T0 + 2).columns
    assert "s_match" not in told or told["s_match"].tolist() == [Match.COOKIE]


CABLED = HostNet(
    interfaces=(
        *ME.interfaces,
        Interface("docker0", kind="bridge", beyond=True, addresses=(Prefix(parse("172.17.0.1")[0], 112),)),
    )
)


def test_an_end_behind_a_cable_is_in_another_namespace() -> None:
    told = Told(flows(row("172.17.0.2:4000", "192.0.2.1:80")), listing(1), host=CABLED)
    assert (told.side("s")[2], told.side("d")[2]) == (Why.OTHER_NETNS, Why.NOT_LOCAL)
    turned = Told(flows(row("192.0.2.1:80", "172.17.0.2:4000")), listing(1), host=CABLED)
    assert (turned.side("s")[2], turned.side("d")[2]) == (Why.NOT_LOCAL, Why.OTHER_NETNS)


def test_an_owner_elsewhere_stays_and_needs_no_reason() -> None:
    made = flows(row("172.17.0.2:4000", "192.0.2.1:80"))
    owners, holders = Owners(), Holders()
    owners.learn(facts(0, "172.17.0.2:4000", "192.0.2.1:80", WGET))
    for now in (1, 2):
        for name, column in attribute(made, owners, CABLED, holders, [""], T0 + now).columns.items():
            made.notes[name] = column
    assert (made.notes["s_match"][0], made.notes["s_why"][0]) == (Match.COOKIE, Why.KNOWN)


def test_how_much_was_lost_is_kept_up_to_date() -> None:
    made = flows(row("10.0.0.5:4000", "192.0.2.1:80"))
    owners, holders = Owners(), Holders()
    for lost in (3, 8):
        owners.learn(Facts("kernel", T0 - 9, lost, (), at=T0 + 1))
        for name, column in attribute(made, owners, ME, holders, [""], T0 + 2).columns.items():
            made.notes[name] = column
        assert (made.notes["s_why"][0], made.notes["s_dist"][0]) == (Why.LOST, lost)


def test_who_becomes_likely_later_is_added() -> None:
    made = flows(row("10.0.0.5:4000", "192.0.2.1:80"))
    owners, holders = Owners(), Holders()
    owners.learn(Facts("kernel", T0 - 9, 0, (), at=T0))
    for taps in ((CURL,), (CURL, WGET)):
        owners.beside.learn(Aside((Tap("packet", 0, 0, taps),)), T0 + 0.5)
        for name, column in attribute(made, owners, ME, holders, [""], T0 + 1).columns.items():
            made.notes[name] = column
        assert holders.sets[made.notes["s_holder"][0]] == taps
        assert (made.notes["s_match"][0], made.notes["s_why"][0]) == (Match.LIKELY, Why.PACKET)
