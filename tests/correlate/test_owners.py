from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.correlate import owners as module
from ratop_py.correlate.owners import SPANS, Owners
from ratop_py.events.fact import Facts
from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from tests.helpers.flowset import row

A, B = (0xFFFF0A000001, 40000), (0xFFFF0A000002, 80)
CURL, WGET = Owner(1, None, 0, "root", "curl"), Owner(2, None, 0, "root", "wget")


def seen(at: float, *owners: Owner, local: tuple[int, int] = A, remote: tuple[int, int] = B) -> Listing:
    socket = Socket(6, 4, *local, *remote, SocketState.ESTABLISHED, owners)
    return Listing("lsof", at, at + 0.1, True, (socket,))


def test_the_key_is_the_beginning_of_the_flow_s_row_and_the_end_it_stands_at() -> None:
    made = row("10.0.0.1:40000", "10.0.0.2:80")
    assert key(6, A, B) == made.tobytes()[:40] + b"\0"
    assert key(6, B, A) == made.tobytes()[:40] + b"\1"
    six = row("[2001:db8::9]:1", "[2001:db8::1]:2", 17)
    assert key(17, ((0x20010DB8 << 96) + 9, 1), ((0x20010DB8 << 96) + 1, 2)) == six.tobytes()[:40] + b"\1"


def test_one_holder_seen_again_is_one_span() -> None:
    owners = Owners()
    for at in (1.0, 2.0, 3.0):
        owners.learn(seen(at, CURL))
    (span,) = owners.exact(key(6, A, B))
    assert (span.first, span.last) == (1.0, 3.1)


def test_another_holder_begins_another_span() -> None:
    owners = Owners()
    owners.learn(seen(1, CURL))
    owners.learn(seen(2, WGET))
    one, two = owners.exact(key(6, A, B))
    assert (one.holders, two.holders) == ((CURL,), (WGET,))
    assert one.last < two.first


def test_the_two_ends_of_a_local_connection_are_two_sockets() -> None:
    owners = Owners()
    owners.learn(seen(1, CURL, local=A, remote=B))
    owners.learn(seen(1, WGET, local=B, remote=A))
    assert owners.exact(key(6, A, B))[0].holders == (CURL,)
    assert owners.exact(key(6, B, A))[0].holders == (WGET,)


def test_the_last_few_spans_of_a_socket_are_kept() -> None:
    owners = Owners()
    many = [Owner(pid, None, 0, "root", "x") for pid in range(SPANS + 3)]
    for at, each in enumerate(many):
        owners.learn(seen(float(at), each))
    assert [span.holders[0].pid for span in owners.exact(key(6, A, B))] == [3, 4, 5, 6]


def test_what_is_learned_later_of_the_same_process_does_not_begin_a_span() -> None:
    owners = Owners()
    owners.learn(seen(1, Owner(1, 0.5, 0, "root", "sh")))
    owners.learn(seen(2, Owner(1, 0.5, 0, "root", "curl", "/usr/bin/curl")))
    owners.learn(seen(3, Owner(1, None, 0, "root", "curl")))
    (span,) = owners.exact(key(6, A, B))
    assert (span.holders[0].exe, span.first, span.last) == ("/usr/bin/curl", 1, 3.1)


def test_a_pid_used_again_is_another_holder() -> None:
    owners = Owners()
    owners.learn(seen(1, Owner(1, 0.5, 0, "root", "curl")))
    owners.learn(seen(2, Owner(1, 1.5, 0, "root", "wget")))
    assert len(owners.exact(key(6, A, B))) == 2


def test_a_tcp_socket_that_nobody_holds_any_more_was_its_last_holder_s() -> None:
    owners = Owners()
    owners.learn(seen(1, CURL))
    owners.learn(seen(2))
    (span,) = owners.exact(key(6, A, B))
    assert (span.holders, span.last) == ((CURL,), 2.1)


def free(local: int, family: int, *owners: Owner) -> Socket:
    return Socket(17, family, local, A[1], 0, 0, SocketState.NONE, owners)


def test_a_free_port_without_a_holder_is_not_the_last_one_s() -> None:
    owners = Owners()
    owners.learn(Listing("lsof", 1, 1, True, (free(0, 4, CURL),)))
    owners.learn(Listing("psutil", 2, 2, False, (free(0, 4),)))
    ((spans, _),) = owners.open(17, *A)
    assert [span.holders for span in spans] == [(CURL,), ()]
    assert [span.hidden for span in spans] == [False, True]


def test_the_closest_socket_comes_first_and_ipv6_last() -> None:
    owners = Owners()
    six = Owner(3, None, 0, "root", "six")
    owners.learn(Listing("lsof", 1, 1, True, (free(0, 6, six), free(0, 4, WGET), free(A[0], 4, CURL))))
    found = [(spans[0].holders[0].program, any_address) for spans, any_address in owners.open(17, *A)]
    assert found == [("curl", False), ("wget", True), ("six", True)]
    assert [spans[0].holders for spans, _ in owners.open(17, 1, A[1])] == [(six,)]


def test_sockets_that_share_a_place_are_all_their_holders() -> None:
    owners = Owners()
    states = (SocketState.ESTABLISHED, SocketState.CLOSE_WAIT)
    both = tuple(Socket(6, 4, *A, *B, state, (owner,)) for state, owner in zip(states, (WGET, CURL), strict=True))
    for at in (1, 2):
        owners.learn(Listing("lsof", at, at, True, both))
    (span,) = owners.exact(key(6, A, B))
    assert span.holders == (CURL, WGET)


def test_a_list_beside_facts_of_some_sockets_leaves_these_watched() -> None:
    owners = Owners()
    owners.learn(Facts("tracefs", 1, 0, (), whole=False))
    owners.learn(seen(2, CURL))
    assert owners.cookies.watched


def test_a_list_after_facts_of_all_sockets_says_that_nobody_watches_any_more() -> None:
    owners = Owners()
    owners.learn(Facts("kernel", 1, 0, ()))
    owners.learn(seen(2, CURL))
    assert not owners.cookies.watched


def test_what_is_long_gone_is_forgotten_on_demand() -> None:
    owners = Owners()
    owners.learn(seen(1, CURL))
    owners.learn(seen(50, WGET, local=B, remote=A))
    owners.forget(40)
    assert owners.exact(key(6, A, B)) == ()
    assert owners.exact(key(6, B, A))[0].holders == (WGET,)
    assert owners.evicted == 0


def test_the_history_is_bounded_and_counts_what_it_loses(monkeypatch: object) -> None:
    before, module.MOST = module.MOST, 5
    try:
        owners = Owners()
        for port in range(9):
            owners.learn(seen(1, CURL, local=(A[0], 1000 + port)))
        assert owners.evicted == 4
    finally:
        module.MOST = before


def test_complete_looks_without_a_port_are_counted_until_one_has_it() -> None:
    owners = Owners()
    owners.learn(Listing("lsof", 1, 1.1, True, ()))
    owners.learn(Listing("lsof", 2, 2.1, False, ()))
    owners.learn(Listing("lsof", 3, 3.1, True, ()))
    assert owners.without(6, A[1], 0.5, 4) == 2
    assert owners.without(6, A[1], 1.5, 4) == 1
    owners.learn(seen(3.5, CURL))
    assert owners.without(6, A[1], 0.5, 4) == 0


@given(st.lists(st.tuples(st.sampled_from([CURL, WGET]), st.floats(0, 100)), min_size=1, max_size=20))
def test_spans_of_one_socket_never_run_backwards(looks: list[tuple[Owner, float]]) -> None:
    owners, at = Owners(), 0.0
    for owner, wait in looks:
        at += wait
        owners.learn(seen(at, owner))
    spans = owners.exact(key(6, A, B))
    assert all(one.last <= two.first + 0.1 for one, two in pairwise(spans))
