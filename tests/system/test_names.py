"""Names heard on a real wire: an answer of DNS, and a hello that is longer than what is captured of other frames."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from tests.helpers import talk as t
from tests.helpers.netns import Pair, inside, pair

pytestmark = [pytest.mark.root, pytest.mark.system, pytest.mark.slow, pytest.mark.tool("ip")]

NAME, SERVER, OTHER = "www.example.com", "10.77.0.2", "fd77::2"
HELLO = t.tls_records(t.client_hello(NAME.encode(), before=1200))
INITIAL = t.initial(t.crypto(0, t.client_hello(b"quic.example")))
FIELDS = "proto,saddr,daddr,dport,peername,dnamehow,sni"
SECONDS = 3.0


@contextmanager
def server(wires: Pair) -> Iterator[None]:
    """Answers every question of DNS, and takes what is said on port 443."""
    stop = Event()
    with inside(wires.b):
        asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asked.bind((SERVER, 53))
        called = [socket.create_server((address, 443), family=family) for address, family in ENDS]
    asked.settimeout(0.1)

    def answer() -> None:
        while not stop.is_set():
            try:
                _, back = asked.recvfrom(512)
            except TimeoutError:
                continue
            asked.sendto(t.answer(NAME, t.address(SERVER)), back)

    thread = Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)
        for each in (asked, *called):
            each.close()


ENDS = ((SERVER, socket.AF_INET), (OTHER, socket.AF_INET6))


def talk(wires: Pair) -> None:
    """Ask, connect, say hello: from sockets of the other namespace."""
    with inside(wires.a):
        asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        calls = [socket.create_connection((address, 443), 2) for address, _ in ENDS]
        quic = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    asking.settimeout(2)
    asking.sendto(t.query(NAME), (SERVER, 53))
    asking.recv(512)
    for call in calls:
        call.sendall(HELLO)
    quic.sendto(INITIAL, (OTHER, 443))
    for each in (asking, quic, *calls):
        each.close()


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    with pair("nm") as wires, server(wires):
        words = ["print", "-i", "va", "--events", "none", "--format", "jsonl", "-s", FIELDS, "--interval", "1"]
        command = [
            "ip",
            "netns",
            "exec",
            wires.a,
            sys.executable,
            "-m",
            "ratop_py",
            *words,
            "tcp",
            "or",
            "udp",
            "port",
            "443",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ratop:
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                talk(wires)
                time.sleep(0.2)
            ratop.send_signal(signal.SIGINT)
            out, words_ = ratop.communicate(timeout=20)
            assert ratop.returncode == 0, words_
    return [json.loads(line) for line in out.splitlines()]


def of(told: list[dict[str, Any]], proto: str, address: str) -> list[tuple[str, str, str]]:
    wanted = [each for each in told if (each["proto"], each["daddr"], each["dport"]) == (proto, address, 443)]
    return [(each["peername"], each["dnamehow"], each["sni"]) for each in wanted]


def test_a_server_that_was_asked_for_has_its_name(told: list[dict[str, Any]]) -> None:
    assert (NAME, "dns", NAME + "?") in of(told, "tcp", SERVER)


def test_a_server_that_was_not_asked_for_has_the_one_that_its_client_says(told: list[dict[str, Any]]) -> None:
    assert (NAME + "?", "sni", NAME + "?") in of(told, "tcp", OTHER)


def test_a_datagram_of_quic_is_opened(told: list[dict[str, Any]]) -> None:
    assert ("quic.example?", "quic", "quic.example?") in of(told, "udp", OTHER)


def test_flows_that_the_filter_leaves_out_are_not_told_though_they_were_heard(told: list[dict[str, Any]]) -> None:
    assert told
    assert [each for each in told if each["dport"] == 53] == []
