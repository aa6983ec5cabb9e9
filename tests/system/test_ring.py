"""The ring against a real kernel: what was sent is what is counted."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from ratop_py.capture.bpf import accept, compile_expression
from ratop_py.capture.ring import Ring
from ratop_py.flow.table import Table
from tests.helpers import frames
from tests.helpers.netns import Pair, inside, ip, pair

pytestmark = [pytest.mark.root, pytest.mark.system, pytest.mark.tool("ip")]
PORT = 7001


@pytest.fixture(scope="module")
def hosts() -> Iterator[Pair]:
    with pair("ring") as made:
        yield made


def listen(namespace: str, device: str, **options: object) -> Ring:
    with inside(namespace):
        return Ring(device, options.pop("program", accept(256)), **options)  # type: ignore[arg-type]


def send(namespace: str, count: int, *, port: int = PORT, to: str = "10.77.0.2", size: int = 10) -> int:
    """Datagrams from one socket; returns its port."""
    with inside(namespace), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("", 0))
        for _ in range(count):
            udp.sendto(bytes(size), (to, port))
        return int(udp.getsockname()[1])


def drained(ring: Ring, table: Table, wanted: int, seconds: float = 3.0) -> None:
    until = time.monotonic() + seconds
    while table.counters()["packets"] < wanted and time.monotonic() < until:
        ring.step(table.engine, 0.1)
    for _ in range(3):
        ring.step(table.engine, 0.1)


def flow(table: Table, port: int) -> tuple[int, int]:
    """(packets, bytes) of the flow with this port."""
    rows = table.rows
    found = rows[(rows["port_a"] == port) | (rows["port_b"] == port)]
    return int(found["pkts"].sum()), int(found["bytes"].sum())


def test_every_datagram_is_counted_once(hosts: Pair) -> None:
    ring, table = listen(hosts.b, "vb"), Table(1024)
    port = send(hosts.a, 500)
    drained(ring, table, 500)
    assert flow(table, port) == (500, 500 * (14 + 20 + 8 + 10))
    assert ring.losses().kernel == 0
    ring.close()


def test_a_whole_tcp_connection_is_counted_as_its_own_side_sees_it(hosts: Pair) -> None:
    ring, table = listen(hosts.b, "vb"), Table(1024)
    with inside(hosts.b):
        server = socket.create_server(("10.77.0.2", 0))
    with inside(hosts.a):
        client = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    client.sendall(b"x" * 5000)
    got = 0
    while got < 5000:
        got += len(accepted.recv(65536))
    for each in (client, accepted, server):
        each.close()
    drained(ring, table, 8)
    (row,) = [each for each in table.rows if each["proto"] == 6]
    assert sorted(row["app"].tolist()) == [0, 5000]
    assert row["state"] >= 5
    ring.close()


def test_loopback_is_seen_once(hosts: Pair) -> None:
    ring, table = listen(hosts.b, "lo"), Table(1024)
    port = send(hosts.b, 50, to="127.0.0.1")
    drained(ring, table, 50)
    assert flow(table, port)[0] == 50
    ring.close()


def test_the_kernel_filters_before_the_engine_sees_anything(hosts: Pair) -> None:
    program = compile_expression(f"udp dst port {PORT}", 1, 256)
    if program is None:
        pytest.skip("libpcap is not installed")
    ring, table = listen(hosts.b, "vb", program=program), Table(1024)
    send(hosts.a, 20, port=PORT + 1)
    kept = send(hosts.a, 30)
    drained(ring, table, 30)
    assert table.counters()["packets"] == 30
    assert flow(table, kept)[0] == 30
    ring.close()


def test_a_vlan_tag_that_the_kernel_took_off_is_put_back(hosts: Pair) -> None:
    ring, table = listen(hosts.b, "vb"), Table(1024)
    inner = frames.ip4(frames.udp(b"x" * 30, sport=4321, dport=9), 17)
    frame = frames.ether(frames.vlan(inner, 0x6007), 0x8100, dst="ff:ff:ff:ff:ff:ff")
    with inside(hosts.a), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as raw:
        raw.bind(("va", 0))
        for _ in range(10):
            raw.send(frame)
    drained(ring, table, 10)
    rows = table.rows
    (row,) = rows[(rows["port_a"] == 4321) | (rows["port_b"] == 4321)]
    assert row["vlan"].max() == 0x6007
    assert flow(table, 4321) == (10, 10 * len(frame))
    ring.close()


def test_what_nobody_reads_is_counted_as_dropped(hosts: Pair) -> None:
    ring = listen(hosts.b, "vb", size=2 << 20)
    send(hosts.a, 30_000, size=200)
    time.sleep(0.2)
    assert ring.losses().kernel > 1000
    ring.close()


def test_an_interface_that_went_away_is_captured_again_when_it_is_back(hosts: Pair) -> None:
    def make() -> None:
        ip("-n", hosts.b, "link", "add", "rtgone", "type", "veth", "peer", "name", "rtpeer")
        ip("-n", hosts.b, "link", "set", "rtgone", "up")

    def away(ring: Ring, table: Table, wanted: bool) -> bool:
        until = time.monotonic() + 5
        while ring.gone is not wanted and time.monotonic() < until:
            ring.step(table.engine, 0.05)
        return ring.gone

    make()
    with inside(hosts.b):
        ring, table = Ring("rtgone", accept(256)), Table(64)
        ip("-n", hosts.b, "link", "del", "rtgone")
        assert away(ring, table, wanted=True)
        make()
        assert not away(ring, table, wanted=False)
        ring.close()
        ring.close()
