from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.names.tls import NOTHING, Hello, client_hello, handshake
from tests.helpers import talk as t


def test_what_a_real_client_says_is_read() -> None:
    assert client_hello(handshake(t.hello("www.example.com"))) == Hello("www.example.com", whole=True)


def test_a_message_without_a_name_has_none() -> None:
    assert client_hello(t.client_hello()) == Hello(whole=True)


def test_a_hidden_hello_is_told_beside_the_outer_name() -> None:
    assert client_hello(t.client_hello(b"public.example", hidden=True)) == Hello(
        "public.example", hidden=True, whole=True
    )


def test_a_message_in_several_records_is_one() -> None:
    message = t.client_hello(b"www.example.com")
    assert handshake(t.tls_records(message, 7)) == message


def test_what_follows_the_handshake_is_none_of_it() -> None:
    message = t.client_hello(b"www.example.com")
    assert handshake(t.tls_records(message) + b"\x14\3\3\0\1\1") == message


def test_a_cut_message_is_not_whole_and_has_the_name_if_it_is_there() -> None:
    message = t.client_hello(b"www.example.com", before=100)
    found = [client_hello(message[:size]) for size in range(len(message))]
    assert {each.name for each in found[1:]} == {""}
    assert not any(each.whole for each in found)
    early = t.client_hello(b"www.example.com", hidden=True)
    assert client_hello(early[:-8]) == Hello("www.example.com")


def test_other_messages_are_nothing_to_wait_for() -> None:
    assert client_hello(b"\2\0\0\1\0") == NOTHING


def test_an_address_is_no_name() -> None:
    assert client_hello(t.client_hello(b"192.0.2.1")).name == ""


def test_the_first_host_name_counts() -> None:
    message = t.client_hello(b"a.example")
    entry = b"\0\0\x09a.example"
    two = message.replace(b"\0\x0c" + entry, b"\0\x0c" + entry)  # the list has one; a copy behind it is not in the list
    assert client_hello(two + entry).name == "a.example"


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    client_hello(data)
    client_hello(b"\1" + data)
    handshake(b"\x16\3\1" + data)


@given(st.data())
def test_any_change_of_a_message_is_read(data: st.DataObject) -> None:
    message = bytearray(t.client_hello(b"www.example.com", hidden=True))
    for _ in range(data.draw(st.integers(1, 6))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    client_hello(bytes(message))
