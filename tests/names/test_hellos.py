from __future__ import annotations

from ratop_py.names import hellos as module
from ratop_py.names.hellos import Hellos
from ratop_py.names.tls import Hello
from tests.helpers import talk as t

MESSAGE = t.client_hello(b"www.example.com", before=1500)
"""Too long for one segment; the name is in the second."""
STREAM = t.tls_records(MESSAGE)
FOUND = Hello("www.example.com", whole=True)


def test_a_message_in_one_segment_is_told() -> None:
    assert Hellos().segment(1, t.tls_records(t.client_hello(b"a.example")), more=False) == Hello(
        "a.example", whole=True
    )


def test_a_name_in_the_second_segment_is_told_with_it() -> None:
    hellos = Hellos()
    assert hellos.segment(1, STREAM[:1400], more=False) is None
    assert hellos.segment(2, STREAM[:1400], more=False) is None
    assert hellos.segment(1, STREAM[1400:], more=True) == FOUND
    assert hellos.segment(2, STREAM[1400:], more=True) == FOUND


def test_a_name_in_the_first_segment_is_told_at_once_and_again_when_all_is_there() -> None:
    message = t.tls_records(t.client_hello(b"a.example", hidden=True))
    hellos = Hellos()
    assert hellos.segment(1, message[:-8], more=False) == Hello("a.example")
    assert hellos.segment(1, message[-8:], more=True) == Hello("a.example", hidden=True, whole=True)


def test_a_segment_that_goes_on_with_nothing_says_nothing() -> None:
    assert Hellos().segment(1, STREAM[1400:], more=True) is None


def test_datagrams_are_put_together_in_any_order_twice_or_not() -> None:
    first, second = (t.initial(t.crypto(at, MESSAGE[at : at + 1000]), number=at) for at in (0, 1000))
    for order in ((first, second), (second, first), (first, first, second)):
        hellos = Hellos()
        *early, last = [hellos.datagram(1, each) for each in order]
        assert (set(early), last) == ({None}, FOUND)


def test_pieces_that_overlap_are_one_message() -> None:
    pieces = t.crypto(500, MESSAGE[500:1000]) + t.crypto(0, MESSAGE[:600])
    hellos = Hellos()
    assert hellos.datagram(1, t.initial(pieces)) is None
    assert hellos.datagram(1, t.initial(t.crypto(990, MESSAGE[990:]), number=1)) == FOUND


def test_a_hole_is_waited_for() -> None:
    assert Hellos().datagram(1, t.initial(t.crypto(10, MESSAGE[10:900]))) is None


def test_other_datagrams_say_nothing() -> None:
    assert Hellos().datagram(1, bytes(1200)) is None


def test_the_oldest_unfinished_message_makes_room() -> None:
    hellos = Hellos()
    for flow in range(module.MOST + 1):
        hellos.segment(flow, STREAM[:1400], more=False)
    assert hellos.segment(0, STREAM[1400:], more=True) is None
    assert hellos.segment(1, STREAM[1400:], more=True) == FOUND
