"""The ring against a real kernel: what was sent is what is counted."""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ratop_py.capture.bpf import accept, compile_expression
from ratop_py.capture.ring import Ring
from ratop_py.errors import RatopError
from ratop_py.flow.table import Table
from tests.helpers import frames
from tests.helpers.netns import Pair, inside, ip, pair, run

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
    send_tagged(hosts.a, 0x6007, 10)
    drained(ring, table, 10)
    rows = table.rows
    (row,) = rows[(rows["port_a"] == 4321) | (rows["port_b"] == 4321)]
    assert row["vlan"].max() == 0x6007
    assert flow(table, 4321) == (10, 10 * (14 + 4 + 20 + 8 + 30))
    ring.close()


def test_what_nobody_reads_is_counted_as_dropped(hosts: Pair) -> None:
    ring = listen(hosts.b, "vb", size=2 << 20)
    send(hosts.a, 30_000, size=200)
    time.sleep(0.2)
    assert ring.losses().kernel > 1000
    ring.close()


def test_what_was_dropped_and_what_was_read_is_what_was_sent(hosts: Pair) -> None:
    ring, table = listen(hosts.b, "vb", size=1 << 20), Table(1024)
    port = send(hosts.a, 20_000, size=200)
    first = ring.losses().kernel
    drained(ring, table, 20_000)
    lost = ring.losses().kernel  # the kernel's counter begins anew at each look
    assert lost >= first > 1000
    assert 20_000 <= flow(table, port)[0] + lost <= 20_020  # some of the lost may be the kernel's own
    ring.close()
    assert ring.losses().kernel == lost


def test_ipv6_and_frames_longer_than_the_snap_length_have_their_length_on_the_wire(hosts: Pair) -> None:
    ring, table = listen(hosts.b, "vb", program=accept(96)), Table(1024)
    with inside(hosts.a), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
        udp.bind(("", 0))
        port = udp.getsockname()[1]
        for _ in range(20):
            udp.sendto(bytes(1200), ("fd77::2", PORT))
    drained(ring, table, 20)
    assert flow(table, port) == (20, 20 * (14 + 40 + 8 + 1200))
    assert table.counters()["truncated"] == 0
    ring.close()


def send_tagged(namespace: str, tag: int, count: int) -> None:
    inner = frames.ip4(frames.udp(b"x" * 30, sport=4321, dport=9), 17)
    frame = frames.ether(frames.vlan(inner, tag), 0x8100, dst="ff:ff:ff:ff:ff:ff")
    with inside(namespace), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as raw:
        raw.bind(("va", 0))
        for _ in range(count):
            raw.send(frame)


def test_a_filter_on_tags_works_in_the_kernel(hosts: Pair) -> None:
    with inside(hosts.b):
        program = compile_expression("vlan 7 and udp", 1, 256, "vb")
    if program is None:
        pytest.skip("libpcap is not installed")
    ring, table = listen(hosts.b, "vb", program=program), Table(1024)
    send(hosts.a, 5)
    send_tagged(hosts.a, 8, 5)
    send_tagged(hosts.a, 7, 10)
    drained(ring, table, 10)
    assert table.counters()["packets"] == 10
    assert flow(table, 4321)[0] == 10
    ring.close()


def test_promiscuous_mode_ends_with_the_ring(hosts: Pair) -> None:
    def promiscuity() -> int:
        text = run(hosts.b, "ip", "-d", "-j", "link", "show", "vb")
        return int(json.loads(text)[0]["promiscuity"])

    ring = listen(hosts.b, "vb", promiscuous=True)
    assert promiscuity() == 1
    ring.close()
    assert promiscuity() == 0


def test_a_tunnel_gives_packets_that_begin_with_ip(hosts: Pair) -> None:
    packet = frames.ip4(frames.udp(b"in a tunnel", sport=5555, dport=9), 17, src="10.78.0.2", dst="10.78.0.1")
    with inside(hosts.b), open("/dev/net/tun", "r+b", buffering=0) as tun:
        fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", b"rttun", 0x1001))  # TUNSETIFF: IFF_TUN, IFF_NO_PI
        ip("-n", hosts.b, "addr", "add", "10.78.0.1/24", "dev", "rttun")
        ip("-n", hosts.b, "link", "set", "rttun", "up")
        ring, table = Ring("rttun", accept(256)), Table(64)
        tun.writelines(packet for _ in range(7))
        back = send(hosts.b, 3, to="10.78.0.9")
        drained(ring, table, 10)
        assert flow(table, 5555) == (7, 7 * len(packet))
        assert flow(table, back) == (3, 3 * (20 + 8 + 10))
        ring.close()


def test_closing_wakes_a_step_that_waits(hosts: Pair) -> None:
    ring, table = listen(hosts.a, "lo"), Table(64)
    ended: list[float] = []

    def wait() -> None:
        while ring.step(table.engine, 60):
            pass
        ended.append(time.monotonic())

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.1)
    began = time.monotonic()
    ring.close()
    waiting.join(5)
    assert ended
    assert ended[0] - began < 1


def test_losses_may_be_asked_from_many_threads_until_after_the_end(hosts: Pair) -> None:
    ring, table = listen(hosts.b, "vb"), Table(1024)
    over, failures = threading.Event(), list[BaseException]()

    def ask() -> None:
        try:
            while not over.is_set():
                assert ring.losses().kernel >= 0
                assert isinstance(ring.trouble, str)
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    send(hosts.a, 200)
    drained(ring, table, 200)
    ring.close()
    time.sleep(0.05)
    over.set()
    for thread in threads:
        thread.join(5)
    assert not failures
    assert not ring.step(table.engine, 0)


class Coming:
    """An interface that comes and goes, and the ring on it."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.make()
        self.ring, self.table = listen(namespace, "rtgone"), Table(64)

    def make(self) -> None:
        ip("-n", self.namespace, "link", "add", "rtgone", "type", "veth", "peer", "name", "rtpeer")
        for name in ("rtgone", "rtpeer"):
            self.set(name, "up")

    def set(self, name: str, *words: str) -> None:
        ip("-n", self.namespace, "link", "set", name, *words)

    def remove(self) -> None:
        ip("-n", self.namespace, "link", "del", "rtgone")

    def until(self, wanted: Callable[[Ring], bool]) -> bool:
        end = time.monotonic() + 5
        with inside(self.namespace):
            while not wanted(self.ring) and time.monotonic() < end:
                self.ring.step(self.table.engine, 0.05)
        return wanted(self.ring)

    def hears(self) -> bool:
        """Whether a frame on the wire is counted."""
        frame = frames.ether(frames.ip4(frames.udp(b"x", sport=4444, dport=9), 17), dst="ff:ff:ff:ff:ff:ff")
        before = flow(self.table, 4444)[0]
        with inside(self.namespace), socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as raw:
            raw.bind(("rtpeer", 0))
            raw.send(frame)
        return self.until(lambda _: flow(self.table, 4444)[0] == before + 1)


@pytest.fixture
def coming(hosts: Pair) -> Iterator[Coming]:
    made = Coming(hosts.b)
    yield made
    made.ring.close()
    made.ring.close()
    if "rtgone" in run(hosts.b, "ip", "-br", "link"):
        made.remove()


def test_an_interface_that_went_away_is_captured_again_when_it_is_back(coming: Coming) -> None:
    assert coming.hears()
    coming.remove()
    assert coming.until(lambda ring: ring.gone)
    assert "gone" in coming.ring.trouble
    coming.make()
    assert coming.until(lambda ring: not ring.gone)
    assert coming.ring.trouble == ""
    assert coming.hears()


def test_another_interface_of_the_same_name_is_not_taken_for_the_one_that_left(coming: Coming) -> None:
    coming.remove()
    coming.make()  # before anybody looked
    assert coming.until(lambda ring: ring.gone)
    assert coming.until(lambda ring: not ring.gone)
    assert coming.hears()


def test_an_interface_that_was_down_goes_on_when_it_is_up(coming: Coming) -> None:
    coming.set("rtgone", "down")
    assert coming.until(lambda ring: ring.trouble == "rtgone is down")
    coming.set("rtgone", "up")
    assert coming.until(lambda ring: not ring.trouble)
    assert coming.hears()
    coming.set("rtgone", "down")
    assert coming.until(lambda ring: bool(ring.trouble))
    coming.remove()  # from a downed interface the kernel reports no error any more
    assert coming.until(lambda ring: ring.gone)


def test_an_interface_that_comes_back_as_another_kind_of_link_is_not_misread(coming: Coming) -> None:
    coming.remove()
    assert coming.until(lambda ring: ring.gone)
    ip("-n", coming.namespace, "tuntap", "add", "rtgone", "mode", "tun")
    assert coming.until(lambda ring: "another kind" in ring.trouble)
    assert coming.ring.gone


def test_the_default_interfaces_are_those_of_the_namespace(hosts: Pair) -> None:
    code = "from ratop_py.capture.devices import default_devices; print(*(each.name for each in default_devices()))"
    assert run(hosts.a, sys.executable, "-c", code).split() == ["lo", "va"]


def test_libpcap_counts_what_the_ring_counts(hosts: Pair) -> None:
    from ratop_py.capture.libpcap import Libpcap

    with inside(hosts.b):
        try:
            source = Libpcap("vb", f"udp port {PORT}", 96)
        except RatopError as error:
            pytest.skip(error.message)
    table = Table(64)
    send(hosts.a, 5, port=PORT + 1)
    port = send(hosts.a, 50, size=500)
    until = time.monotonic() + 5
    while table.counters()["packets"] < 50 and time.monotonic() < until:
        source.step(table.engine, 0.1)
    began = time.monotonic()
    source.step(table.engine, 0.1)
    assert time.monotonic() - began < 1, "a silent wire must not hold it"
    assert flow(table, port) == (50, 50 * (14 + 20 + 8 + 500))
    assert table.counters()["packets"] == 50
    source.close()
