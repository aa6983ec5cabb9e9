from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.correlate import owners as module
from ratop_py.correlate.owners import KEEP, Owners, key
from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.flow.flows import Owner
from tests.helpers.flowset import row

A, B = (0xFFFF0A000001, 40000), (0xFFFF0A000002, 80)
CURL, WGET = Owner(1, None, 0, "root", "curl"), Owner(2, None, 0, "root", "wget")


def seen(at: float, *owners: Owner, local: tuple[int, int] = A, remote: tuple[int, int] = B) -> Listing:
    socket = Socket(6, 4, *local, *remote, SocketState.ESTABLISHED, owners)
    return Listing("lsof", at, at + 0.1, True, (socket,))


def test_the_key_is_the_beginning_of_the_flow_s_row() -> None:
    made = row("10.0.0.1:40000", "10.0.0.2:80")
    assert key(6, A, B) == key(6, B, A) == made.tobytes()[:40]
    six = row("[2001:db8::9]:1", "[2001:db8::1]:2", 17)
    assert key(17, ((0x20010DB8 << 96) + 9, 1), ((0x20010DB8 << 96) + 1, 2)) == six.tobytes()[:40]


def test_one_holder_seen_again_is_one_span() -> None:
    owners = Owners()
    for at in (1.0, 2.0, 3.0):
        owners.learn(seen(at, CURL))
    (span,) = owners.exact(key(6, A, B), *A)
    assert (span.first, span.last) == (1.0, 3.1)


def test_another_holder_begins_another_span() -> None:
    owners = Owners()
    owners.learn(seen(1, CURL))
    owners.learn(seen(2, WGET))
    one, two = owners.exact(key(6, A, B), *A)
    assert (one.holders, two.holders) == ((CURL,), (WGET,))
    assert one.last < two.first


def test_the_two_ends_of_a_local_connection_are_two_sockets() -> None:
    owners = Owners()
    owners.learn(seen(1, CURL, local=A, remote=B))
    owners.learn(seen(1, WGET, local=B, remote=A))
    assert owners.exact(key(6, A, B), *A)[0].holders == (CURL,)
    assert owners.exact(key(6, A, B), *B)[0].holders == (WGET,)


def test_a_bound_address_goes_before_any_address() -> None:
    owners = Owners()
    bound, anyone = (
        Socket(17, 4, *A, 0, 0, SocketState.NONE, (CURL,)),
        Socket(17, 4, 0, A[1], 0, 0, SocketState.NONE, (WGET,)),
    )
    owners.learn(Listing("lsof", 1, 1, True, (bound, anyone)))
    spans, any_address = owners.open(17, *A)
    assert (spans[0].holders, any_address) == ((CURL,), False)
    spans, any_address = owners.open(17, B[0], A[1])
    assert (spans[0].holders, any_address) == ((WGET,), True)


def test_what_is_long_gone_is_forgotten() -> None:
    owners = Owners()
    owners.learn(seen(1, CURL))
    owners.learn(Listing("lsof", KEEP + 5, KEEP + 5, True, ()))
    assert owners.exact(key(6, A, B), *A) == ()


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
    spans = owners.exact(key(6, A, B), *A)
    assert all(one.last <= two.first + 0.1 for one, two in pairwise(spans))
