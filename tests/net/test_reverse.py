from __future__ import annotations

import socket
import time
from threading import Event

import pytest

from ratop_py.net import reverse
from ratop_py.net.reverse import BUSY, LATE, MOST, NONE, Resolver, Reverse, lookup


def resolver(*names: str, **leads: str) -> Resolver:
    """One that knows these names of any address, and the address of some names."""

    def back(name: str, _: None) -> list[tuple[object, ...]]:
        if name.split(".")[0] not in leads:
            raise socket.gaierror
        return [(2, 1, 6, "", (leads[name.split(".")[0]], 0))]

    return Resolver(lambda _: (names[0], list(names[1:]), []), back)


def test_a_name_that_leads_back_is_confirmed_and_another_is_not() -> None:
    found = lookup("192.0.2.1", 5, resolver("a.example", "b.example", "c.example", a="192.0.2.1", b="192.0.2.2"))
    assert found == Reverse(("a.example", "b.example", "c.example"), ("a.example",))


def test_an_address_of_version_six_is_compared_as_a_number() -> None:
    assert lookup("2001:db8::1", 5, resolver("a.example", a="2001:0db8::0:1")).confirmed == ("a.example",)


def test_what_a_resolver_answers_is_a_strangers_text() -> None:
    assert lookup("192.0.2.1", 5, resolver("A\x1b[2J.Example")).names == ("a··2j.example",)


def unknown(_: str) -> tuple[str, list[str], list[str]]:
    raise socket.herror(1, "Unknown host")


def test_an_address_without_a_name_is_told_so() -> None:
    assert lookup("192.0.2.1", 5, Resolver(unknown, socket.getaddrinfo)).why_not == NONE  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["", "no address", "1.2.3.4.5"])
def test_what_is_no_address_is_not_asked_for(address: str) -> None:
    assert lookup(address, 5, resolver("a.example")).why_not == NONE


def test_a_resolver_that_does_not_answer_is_left_behind_and_no_more_than_a_few_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_go, done = Event(), Event()

    def waits(_: str) -> tuple[str, list[str], list[str]]:
        let_go.wait(10)
        done.set()
        return "a.example", [], []

    slow = Resolver(waits, resolver(a="192.0.2.1").addresses)
    try:
        assert [lookup("192.0.2.1", 0, slow).why_not for _ in range(MOST)] == [LATE] * MOST
        assert lookup("192.0.2.1", 0, slow).why_not == BUSY
    finally:
        let_go.set()
    assert done.wait(5)
    assert free_again()


def free_again() -> bool:
    """Whether a question is taken within a second."""
    for _ in range(50):
        if lookup("192.0.2.1", 5, resolver("a.example")).names:
            return True
        time.sleep(0.02)
    return False


def test_the_system_is_asked_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverse, "Resolver", lambda: resolver("a.example", a="192.0.2.1"))
    assert lookup("192.0.2.1", 5).confirmed == ("a.example",)
