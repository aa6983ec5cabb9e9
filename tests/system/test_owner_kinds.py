"""Each kind of socket with its ground truth, by the kernel's word: who sends, who receives, who only could have.

Programs of the test's own talk on one wire, behind a translation, and to themselves, and say who they are.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ratop_py.events.detached import open_detached
from tests.helpers.netns import Pair, ip, pair
from tests.helpers.played import Talk, ready, watched

pytestmark = [pytest.mark.root, pytest.mark.system, pytest.mark.slow, pytest.mark.tool("ip"), pytest.mark.tool("nft")]

MOUNTED = ["sh", "-c", 'mount -t cgroup2 none /sys/fs/cgroup; exec "$@"', "sh"]
"""Below /sys of the namespace the control groups are mounted."""
HERE, THERE, INNER = "10.77.0.1", "10.77.0.2", "10.78.0.2"
GROUP = "239.7.7.7"
ECHO = """
import socket, sys, threading
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("0.0.0.0", 443))
tcp = socket.create_server(("0.0.0.0", 8001))
def answer():
    while True:
        data, peer = udp.recvfrom(2048); udp.sendto(data, peer)
def serve():
    while True:
        one, _ = tcp.accept(); threading.Thread(target=echo, args=(one,), daemon=True).start()
def echo(one):
    with one:
        while data := one.recv(100): one.sendall(data)
for work in (answer, serve): threading.Thread(target=work, daemon=True).start()
print("ready", flush=True); sys.stdin.read()
"""
TCP = """
import os, socket, sys
family, there = (socket.AF_INET6, sys.argv[1]) if ":" in sys.argv[1] else (socket.AF_INET, sys.argv[1])
s = socket.socket(family); s.connect((there, int(sys.argv[2]))); s.sendall(b"x"); s.recv(9)
print(os.getpid(), s.getsockname()[1])
"""
UDP = """
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); there = ("10.77.0.2", 443)
if sys.argv[1] == "connected": s.connect(there); s.send(b"x")
else: s.sendto(b"x", there)
s.recv(9); print(os.getpid(), s.getsockname()[1])
"""
WILDCARD = """
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 5001)); print("ready", flush=True)
data, peer = s.recvfrom(9); s.sendto(data, peer); print(os.getpid())
"""
CALL_UDP = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b"x", ("10.77.0.1", 5001)); s.recv(9)
"""
RAW = """
import os, socket, struct, sys, time
six = ":" in sys.argv[1]
s = socket.socket(*((socket.AF_INET6, socket.SOCK_RAW, 58) if six else (socket.AF_INET, socket.SOCK_RAW, 1)))
def checked(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data)); total = (total >> 16) + (total & 0xFFFF)
    return data[:2] + struct.pack(">H", ~(total + (total >> 16)) & 0xFFFF) + data[4:]
s.sendto(checked(struct.pack(">BBHHH", 128 if six else 8, 0, 0, 777, 1) + b"abcd"), (sys.argv[1], 0))
time.sleep(float(sys.argv[2])); print(os.getpid())
"""
PING = """
import os, socket, struct, time
open("/proc/sys/net/ipv4/ping_group_range", "w").write("0 0")
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 1)
s.sendto(struct.pack(">BBHHH", 8, 0, 0, 0, 1) + b"abcd", ("10.77.0.2", 0)); s.recv(100)
time.sleep(1.5); print(os.getpid(), s.getsockname()[1])
"""
LISTEN_GROUP = """
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 6000)); group = socket.inet_aton("239.7.7.7") + socket.inet_aton("10.77.0.1")
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
print("ready", flush=True); s.recv(9); print(os.getpid())
"""
SEND_GROUP = """
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((sys.argv[1], 0))
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(sys.argv[1]))
s.sendto(b"x", ("239.7.7.7", 6000)); print(os.getpid(), s.getsockname()[1])
"""
BOUND = """
import os, socket, struct, sys
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
s.bind(("10.77.0.1", 41414)); s.connect(("10.77.0.2", 8001)); s.sendall(b"x"); s.recv(9); s.close(); print(os.getpid())
"""
THREAD = """
import ctypes, os, socket, threading
def work():
    ctypes.CDLL(None).prctl(15, b"thread-name", 0, 0, 0)
    s = socket.create_connection(("10.77.0.2", 8001)); s.sendall(b"x"); s.recv(9)
    print(os.getpid(), s.getsockname()[1], threading.get_native_id())
one = threading.Thread(target=work); one.start(); one.join()
"""
RENAMED = """
import ctypes, os, socket
ctypes.CDLL(None).prctl(15, b"innocent", 0, 0, 0)
s = socket.create_connection(("10.77.0.2", 8001)); s.sendall(b"x"); s.recv(9); print(os.getpid(), s.getsockname()[1])
"""
PACKET = """
import os, socket, struct, time
def header(source, target, proto, body):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0, 64, proto, 0, source, target)
    total = sum(struct.unpack(">10H", head)); total = (total >> 16) + (total & 0xFFFF)
    return head[:10] + struct.pack(">H", ~(total + (total >> 16)) & 0xFFFF) + head[12:] + body
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0); s.bind(("va", 0))
packet = header(bytes([10, 77, 0, 1]), bytes([10, 77, 0, 2]), 17, struct.pack(">HHHH", 4444, 5555, 9, 0) + b"x")
s.send(b"\\xff" * 6 + b"\\x02\\0\\0\\0\\0\\1" + b"\\x08\\0" + packet); time.sleep(1.6); print(os.getpid())
"""
ARPING = """
import os, socket, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0806); s.bind(("va", 0x0806))
me = bytes.fromhex(open("/sys/class/net/va/address").read().replace(":", ""))
s.send(b"\\xff" * 6 + me + b"\\x08\\6\\0\\1\\x08\\0\\6\\4\\0\\1" + me + bytes([10, 77, 0, 1]) + bytes(6) + bytes([10, 77, 0, 99]))
time.sleep(1.6); print(os.getpid())
"""
INHERITED = """
import os, socket
s = socket.create_connection(("10.77.0.2", 8001)); port = s.getsockname()[1]
if not os.fork(): s.sendall(b"x"); s.recv(9); print(os.getpid(), flush=True); os._exit(0)
os.wait(); print(os.getpid(), port)
"""
PASSED = """
import os, socket
one, other = socket.socketpair(socket.AF_UNIX)
if not os.fork():
    _, (fd,), _, _ = socket.recv_fds(other, 9, 1); s = socket.socket(fileno=fd); s.sendall(b"x"); s.recv(9)
    print(os.getpid(), flush=True); os._exit(0)
s = socket.create_connection(("10.77.0.2", 8001)); port = s.getsockname()[1]
socket.send_fds(one, [b"x"], [s.fileno()]); s.close(); os.wait(); print(os.getpid(), port)
"""
REUSEPORT = """
import os, socket, sys
workers = []
for _ in range(2):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); s.bind(("", 7002)); s.listen()
    if not os.fork():
        s.settimeout(4)
        try:
            while True:
                one, peer = s.accept(); one.recv(9); one.sendall(b"y"); one.close()
                os.write(1, b"%d %d\\n" % (os.getpid(), peer[1]))
        except TimeoutError: os._exit(0)
    s.close()
print("ready", flush=True)
for _ in range(2): os.wait()
"""
CALLS = """
import socket
for _ in range(6):
    s = socket.create_connection(("10.77.0.1", 7002)); s.sendall(b"x"); s.recv(9); s.close()
"""
LISTENING = """
import os, socket, sys
s = socket.create_server(("", 7100)); print("ready", flush=True); sys.stdin.read(); print(os.getpid())
"""
UNANSWERED = """
import os, socket, time
s = socket.create_connection(("10.77.0.1", 7100)); s.sendall(b"x"); time.sleep(1.5); print(os.getpid(), s.getsockname()[1])
"""
LOCAL = """
import os, socket
server = socket.create_server(("127.0.0.1", 7200))
if not os.fork():
    one, _ = server.accept(); one.recv(9); one.sendall(b"y"); one.recv(9); print(os.getpid(), flush=True); os._exit(0)
s = socket.create_connection(("127.0.0.1", 7200)); s.sendall(b"x"); s.recv(9); s.close(); os.wait()
print(os.getpid(), s.fileno())
"""
REFUSED = """
import os, socket, sys
s = socket.socket(); s.bind(("", 0)); print(os.getpid(), s.getsockname()[1])
try: s.connect((sys.argv[1], 9))
except ConnectionRefusedError: pass
"""
TUNNELLED = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('10.99.0.2', 7))"
SERVER = """
import os, socket, sys, threading
s = socket.create_server(("", int(sys.argv[1]))); print("ready", flush=True)
def serve():
    while True:
        one, _ = s.accept(); one.sendall(one.recv(9))
threading.Thread(target=serve, daemon=True).start(); sys.stdin.read(); print(os.getpid())
"""
LINGERING = """
import os, socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2]))); s.sendall(b"x"); s.recv(9)
print(os.getpid(), s.getsockname()[1]); time.sleep(2.5); s.close()
"""
CLOSES_FIRST = """
import socket
s = socket.create_server(("", 7400)); print("ready", flush=True); one, _ = s.accept(); one.close()
"""
CLOSES_LAST = "import socket; s = socket.create_connection(('10.77.0.1', 7400)); s.recv(1); print(s.getsockname()[1])"
STRAY = """
import socket, struct, sys
source, target = bytes([10, 77, 0, 2]), bytes([10, 77, 0, 1])
tcp = struct.pack(">HHIIBBHHH", int(sys.argv[1]), 7400, 1000, 1000, 0x50, 0x10, 500, 0, 0)
total = sum(struct.unpack(">16H", source + target + struct.pack(">BBH", 0, 6, 20) + tcp))
total = (total >> 16) + (total & 0xFFFF); check = ~(total + (total >> 16)) & 0xFFFF
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 6)
s.sendto(tcp[:16] + struct.pack(">H", check) + tcp[18:], ("10.77.0.1", 0))
"""


@contextlib.contextmanager
def behind(hosts: Pair) -> Iterator[str]:
    """A third namespace behind `a`, which translates for it: what it sends leaves as 10.77.0.1, and port 8443 of `a`
    is its port 7500."""
    name = f"rtkinds{os.getpid()}c"
    ip("netns", "add", name)
    try:
        ip("-n", hosts.a, "link", "add", "vc", "type", "veth", "peer", "name", "vd", "netns", name)
        for where, device, address in ((hosts.a, "vc", "10.78.0.1/24"), (name, "vd", f"{INNER}/24")):
            ip("-n", where, "addr", "add", address, "dev", device)
            ip("-n", where, "link", "set", device, "up")
        ip("-n", name, "route", "add", "default", "via", "10.78.0.1")
        rules = "add table ip t; add chain ip t p { type nat hook postrouting priority 100; }; "
        rules += "add rule ip t p oifname va ip saddr 10.78.0.0/24 masquerade; "
        rules += "add chain ip t d { type nat hook prerouting priority -100; }; "
        rules += f"add rule ip t d iifname va tcp dport 8443 dnat to {INNER}:7500"
        subprocess.run(["ip", "netns", "exec", hosts.a, "nft", rules], check=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)


def forward(hosts: Pair, on: str) -> None:
    subprocess.run(["ip", "netns", "exec", hosts.a, "sysctl", "-qw", f"net.ipv4.ip_forward={on}"], check=True)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Everything happens once; the tests below read what came of it. The kernel tells of the whole machine: where that
    was so busy that something was lost or forgotten, it happens once more."""
    told = everything(Talk(tmp_path_factory.mktemp("kinds")))
    return everything(Talk(tmp_path_factory.mktemp("again"))) if told.words else told


def everything(talk: Talk) -> Talk:
    with pair("kinds") as hosts, behind(hosts) as inner:
        for name, device in ((hosts.a, "va"), (hosts.b, "vb")):
            ip("-n", name, "route", "add", "224.0.0.0/4", "dev", device)
        tunnel = f"link add vx0 type vxlan id 7 dstport 4789 remote {THERE} dev va"
        for words in (tunnel, "addr add 10.99.0.1/24 dev vx0", "link set vx0 up"):
            ip("-n", hosts.a, *words.split())
        echo = ready(talk.begin(hosts.b, "echo.py", ECHO))
        closing = ready(talk.begin(hosts.a, "closing.py", CLOSES_FIRST))
        (port,) = talk.run(hosts.b, "last.py", CLOSES_LAST)
        talk.end("closing.py", closing)
        with watched(talk, hosts.a, ["va", "vc", "lo"], "kernel", wrap=MOUNTED, settle=3):
            talk.run(hosts.b, "stray.py", STRAY, port)
            play(talk, hosts)
            forward(hosts, "1")
            time.sleep(10.5)  # what the host does is read again
            translated(talk, hosts, inner)
        echo.communicate(timeout=10)
    return talk


def play(talk: Talk, hosts: Pair) -> None:
    """What the programs do, one after the other."""
    here, there = hosts.a, hosts.b
    for name, text, *words in (
        ("connected.py", UDP, "connected"), ("unconnected.py", UDP, "unconnected"),
        ("mapped.py", TCP, f"::ffff:{THERE}", 8001), ("thread.py", THREAD), ("renamed.py", RENAMED),
        ("reuse1.py", BOUND), ("reuse2.py", BOUND), ("inherited.py", INHERITED), ("passed.py", PASSED),
        ("local.py", LOCAL), ("refused.py", REFUSED, THERE), ("packet.py", PACKET), ("arping.py", ARPING), ("raw.py", RAW, THERE, 0),
        ("raw6.py", RAW, "fd77::2", 0), ("ping.py", PING),
    ):  # fmt: skip
        talk.run(here, name, text, *words)
    talk.run(there, "stranger.py", REFUSED, HERE)
    subprocess.run(["ip", "netns", "exec", here, "python3", "-c", TUNNELLED], check=True)
    for name, text, other, call in (
        ("wildcard.py", WILDCARD, "udp.py", CALL_UDP),
        ("reuseport.py", REUSEPORT, "calls.py", CALLS),
        ("listening.py", LISTENING, "unanswered.py", UNANSWERED),
    ):
        server = ready(talk.begin(here, name, text))
        talk.run(there, other, call)
        talk.end(name, server)
    for sender, where, address in (("far.py", there, THERE), ("near.py", here, HERE)):
        members = [ready(talk.begin(here, f"{number}{sender}", LISTEN_GROUP)) for number in range(2)]
        talk.run(where, sender, SEND_GROUP, address)
        for number, member in enumerate(members):
            talk.end(f"{number}{sender}", member)


CONTAINER = "0123456789ab" * 5 + "0123"


@contextlib.contextmanager
def contained() -> Iterator[Path]:
    """A control group with the name that a container runtime would give it."""
    root = open_detached("cgroup2")
    folder = Path(f"/proc/{os.getpid()}/fd/{root}/docker-{CONTAINER}.scope")
    try:
        folder.mkdir()
        yield folder
        time.sleep(0.2)  # its last process is counted for a moment
        folder.rmdir()
    finally:
        os.close(root)


def translated(talk: Talk, hosts: Pair, inner: str) -> None:
    """From behind the machine outwards, and from outside to who is behind it."""
    server = ready(talk.begin(inner, "inside.py", SERVER, 7500))
    with contained() as group:
        talk.run(inner, "outwards.py", LINGERING, THERE, 8001, group=group)
    talk.run(hosts.b, "inwards.py", LINGERING, HERE, 8443)
    talk.end("inside.py", server)


@pytest.mark.parametrize(
    "name", ["connected.py", "unconnected.py", "mapped.py", "thread.py", "renamed.py", "refused.py"]
)
def test_who_called_is_named_by_the_program_s_own_name(talk: Talk, name: str) -> None:
    pid, port, *_ = talk.said[name]
    found = talk.one(sport=port, saddr=HERE)
    assert (found["pid"], found["program"], found["owner"], found["match"]) == (pid, name, "ok", "cookie")
    assert (found["ownersource"], found["owners"]) == ("kernel", [f"{pid}:{name}"])


def test_a_thread_s_process_is_the_owner_not_the_thread(talk: Talk) -> None:
    pid, port, thread = talk.said["thread.py"]
    assert pid != thread
    assert talk.one(sport=port, saddr=HERE)["pid"] == pid


def test_a_port_that_two_programs_use_within_a_second_is_each_one_s_in_turn(talk: Talk) -> None:
    records = talk.of(sport=41414)
    assert [(each["program"], each["pid"]) for each in records] == [
        ("reuse1.py", *talk.said["reuse1.py"]),
        ("reuse2.py", *talk.said["reuse2.py"]),
    ]
    assert abs(float(records[1]["stime"]) - float(records[0]["stime"])) < 1


@pytest.mark.parametrize("name", ["inherited.py", "passed.py"])
def test_who_used_a_socket_stands_before_who_made_it_and_both_are_told(talk: Talk, name: str) -> None:
    child, parent, port = talk.said[name]
    found = talk.one(sport=port, saddr=HERE)
    assert (found["owner"], found["pid"]) == ("shared", child)
    assert {each.partition(":")[0] for each in found["owners"]} == {str(child), str(parent)}


def test_a_server_that_answers_on_any_address_owns_what_came_to_it(talk: Talk) -> None:
    found = talk.one(dport=5001)
    assert [found["pid"], found["dpid"]] == talk.said["wildcard.py"] * 2
    assert (found["way"], found["match"]) == ("in", "cookie")


def test_of_a_reuseport_group_the_worker_that_took_it_is_named(talk: Talk) -> None:
    said = talk.said["reuseport.py"]
    for pid, port in zip(said[::2], said[1::2], strict=True):
        found = talk.one(sport=port, dport=7002)
        assert (found["dpid"], found["downers"]) == (pid, [f"{pid}:reuseport.py"])


def test_a_connection_that_nobody_took_yet_is_the_listener_s(talk: Talk) -> None:
    (pid,) = talk.said["listening.py"]
    found = talk.one(dport=7100)
    assert (found["owner"], found["match"], found["pid"]) == ("listener", "listener", pid)


def test_where_both_ends_are_here_each_has_its_owner_and_the_caller_s_stands_for_the_flow(talk: Talk) -> None:
    server, client, _ = talk.said["local.py"]
    found = talk.one(dport=7200)
    assert (found["way"], found["spid"], found["dpid"]) == ("both", client, server)
    assert (found["pid"], found["program"], found["sprog"], found["dprog"]) == (client, *["local.py"] * 3)
    assert (found["suser"], found["duser"], found["user"]) == ("root",) * 3
    assert (found["smatch"], found["dmatch"]) == ("cookie", "cookie")


@pytest.mark.parametrize(("name", "proto"), [("raw.py", "icmp"), ("raw6.py", "ipv6-icmp")])
def test_a_raw_socket_s_echo_request_has_its_sender(talk: Talk, name: str, proto: str) -> None:
    found = talk.one(proto=proto, sport=777)
    assert (found["pid"], found["program"], found["match"]) == (*talk.said[name], name, "cookie")


def test_a_ping_socket_s_echo_request_has_its_sender(talk: Talk) -> None:
    pid, ident = talk.said["ping.py"]
    found = talk.one(proto="icmp", sport=ident)
    assert (found["pid"], found["program"]) == (pid, "ping.py")


@pytest.mark.parametrize("name", ["far.py", "near.py"])
def test_all_members_of_a_group_receive_what_is_sent_to_it(talk: Talk, name: str) -> None:
    sender, port = talk.said[name]
    found = talk.one(daddr=GROUP, sport=port)
    members = {f"{talk.said[f'{number}{name}'][0]}:{number}{name}" for number in range(2)}
    assert set(found["downers"]) == members
    assert (found["spid"], found["pid"]) == (sender, sender)


def test_what_was_sent_by_hand_has_no_owner_but_one_who_is_likely(talk: Talk) -> None:
    found = talk.one(sport=4444, dport=5555)
    assert (found["owner"], found["ownerwhy"], found["match"]) == ("unknown", "packet socket", "likely")
    assert found["likely"] == [f"{talk.said['packet.py'][0]}:packet.py"]
    assert (found["pid"], found["program"], found["owners"]) == (None, None, [])


def test_who_asks_with_arp_by_hand_is_likely(talk: Talk) -> None:
    found = talk.one(proto="arp", daddr="10.77.0.99")
    assert (found["ownerwhy"], found["likely"]) == ("packet socket", [f"{talk.said['arping.py'][0]}:arping.py"])


def test_the_capture_itself_is_never_likely(talk: Talk) -> None:
    assert not [each for each in talk.records if any(f"{talk.watcher}:" in one for one in each["likely"])]


def test_what_came_to_a_closed_port_has_nobody(talk: Talk) -> None:
    pid, port = talk.said["stranger.py"]
    found = talk.one(sport=port, dport=9)
    assert (found["owner"], found["ownerwhy"], found["spid"]) == ("none", "closed port", pid)


def test_a_tunnel_and_an_icmp_error_are_the_kernel_s(talk: Talk) -> None:
    tunnel = [each for each in talk.of(proto="udp", dport=4789) if each["ownerwhy"] != "too young"]
    assert {(each["owner"], each["ownerwhy"]) for each in tunnel} == {("none", "kernel")}
    errors = talk.of(proto="icmp", saddr=THERE, daddr=HERE, owner="none")
    assert {each["ownerwhy"] for each in errors} == {"kernel"}


def test_a_connection_that_was_closing_before_had_an_owner_nobody_knows(talk: Talk) -> None:
    found = talk.one(dport=7400)
    assert (found["owner"], found["ownerwhy"]) == ("unknown", "time-wait")


def test_behind_a_translation_outwards_is_who_sent_it(talk: Talk) -> None:
    pid, port = talk.said["outwards.py"]
    found = talk.one(saddr=HERE, sport=port, dport=8001)
    assert (found["owner"], found["ownerwhy"], found["pid"]) == ("none", "nat", None)
    assert found["likely"] == [f"{pid}:outwards.py"]


def test_in_a_container_the_program_the_container_and_the_namespace_s_own_address_are_known(talk: Talk) -> None:
    pid, port = talk.said["outwards.py"]
    found = talk.one(saddr=INNER, sport=port)
    assert (found["pid"], found["program"], found["owner"]) == (pid, "outwards.py", "ok")
    assert found["container"] == CONTAINER[:12]
    assert found["netns"] == f"rtkinds{os.getpid()}c"


def test_behind_a_translation_inwards_is_who_answers(talk: Talk) -> None:
    found = talk.one(dport=8443, daddr=HERE)
    assert (found["owner"], found["ownerwhy"]) == ("none", "nat")
    assert found["likely"] == [f"{talk.said['inside.py'][0]}:inside.py"]


def test_an_end_in_another_namespace_has_its_owner_too(talk: Talk) -> None:
    pid, port = talk.said["inwards.py"]
    found = talk.one(sport=port, dport=8443)
    assert (found["sprog"], found["spid"]) == ("inwards.py", pid)


def test_nobody_complained(talk: Talk) -> None:
    assert talk.words == ""


# -- from listings -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """The same where sockets are only listed."""
    talk = Talk(tmp_path_factory.mktemp("listed"))
    with pair("listed") as hosts:
        server = ready(talk.begin(hosts.b, "server.py", SERVER, 8001))
        closing = ready(talk.begin(hosts.a, "closing.py", CLOSES_FIRST))
        (port,) = talk.run(hosts.b, "last.py", CLOSES_LAST)
        talk.end("closing.py", closing)
        with watched(talk, hosts.a, ["va", "lo"], "diag:0.3s", settle=2):
            talk.run(hosts.b, "stray.py", STRAY, port)
            talk.run(hosts.a, "raw.py", RAW, THERE, 2)
            talk.run(hosts.a, "ping.py", PING)
            talk.run(hosts.a, "long.py", LINGERING, THERE, 8001)
            talk.run(hosts.b, "stranger.py", REFUSED, HERE)
        server.communicate(timeout=10)
    return talk


def test_in_a_listing_a_connection_is_exact_in_time(listed: Talk) -> None:
    pid, port = listed.said["long.py"]
    found = listed.one(sport=port, dport=8001)
    assert (found["pid"], found["match"], found["ownersource"], found["ownerdist"]) == (pid, "exact", "diag", 0)
    assert (found["downerwhy"], found["downers"]) == ("other netns", [])


def test_who_holds_a_raw_socket_is_likely_to_ask_for_an_echo(listed: Talk) -> None:
    found = listed.one(proto="icmp", sport=777)
    assert (found["owner"], found["ownerwhy"], found["pid"]) == ("unknown", "raw socket", None)
    assert found["likely"] == [f"{listed.said['raw.py'][0]}:raw.py"]


def test_a_ping_socket_is_found_by_its_identifier(listed: Talk) -> None:
    pid, ident = listed.said["ping.py"]
    found = listed.one(proto="icmp", sport=ident)
    assert (found["pid"], found["match"], found["owner"]) == (pid, "bound", "ok")


def test_in_a_listing_too_a_closing_connection_had_an_owner(listed: Talk) -> None:
    assert listed.one(dport=7400)["ownerwhy"] == "time-wait"


def test_in_a_listing_too_a_closed_port_has_nobody(listed: Talk) -> None:
    found = listed.one(sport=listed.said["stranger.py"][1], dport=9)
    assert (found["owner"], found["ownerwhy"]) == ("none", "closed port")


# -- with few privileges -----------------------------------------------------------------------------------------------

USER = 65534
AS_USER = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
CAPTURE = [*AS_USER, "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw", "--bounding-set=-all,+net_raw"]
FEW = "-all,+net_raw,+bpf,+perfmon,+net_admin"


@pytest.fixture(scope="module")
def permitted() -> Iterator[Talk]:
    """An ordinary user watches; he and root talk. In a folder that he may enter."""
    with tempfile.TemporaryDirectory() as folder, pair("user") as hosts:
        Path(folder).chmod(0o755)
        talk = Talk(Path(folder))
        server = ready(talk.begin(hosts.b, "server.py", SERVER, 8001))
        with watched(talk, hosts.a, ["va", "lo"], "auto", wrap=CAPTURE):
            talk.run(hosts.a, "own.py", LINGERING, THERE, 8001, wrap=AS_USER)
            talk.run(hosts.a, "root.py", LINGERING, THERE, 8001)
        server.communicate(timeout=10)
        yield talk


@pytest.mark.tool("setpriv")
def test_without_root_one_s_own_sockets_have_their_owner(permitted: Talk) -> None:
    pid, port = permitted.said["own.py"]
    found = permitted.one(sport=port, dport=8001)
    assert (found["pid"], found["owner"], found["user"]) == (pid, "ok", "nobody")


@pytest.mark.tool("setpriv")
def test_without_root_others_are_not_permitted_to_be_seen(permitted: Talk) -> None:
    _, port = permitted.said["root.py"]
    found = permitted.one(sport=port, dport=8001)
    assert (found["pid"], found["owner"], found["ownerwhy"]) == (None, "unknown", "not permitted")


@pytest.mark.tool("setpriv")
def test_a_socket_from_before_the_start_that_could_not_be_seen_is_said_to_be(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    talk = Talk(tmp_path_factory.mktemp("before"))
    few = [*MOUNTED, "setpriv", f"--inh-caps={FEW}", f"--bounding-set={FEW}"]
    with pair("before") as hosts:
        server = ready(talk.begin(hosts.a, "server.py", QUIET))
        caller = ready(talk.begin(hosts.b, "caller.py", LATER))
        with watched(talk, hosts.a, ["va", "lo"], "kernel", wrap=few):
            assert caller.stdin is not None
            caller.stdin.write("go\n")
            caller.stdin.flush()
            time.sleep(1.5)
        talk.end("caller.py", caller)
        talk.end("server.py", server)
    found = talk.one(dport=7300) if talk.of(dport=7300) else talk.one(sport=7300)
    assert (found["owner"], found["ownerwhy"]) == ("unknown", "before start")


QUIET = """
import socket, sys
s = socket.create_server(("", 7300)); print("ready", flush=True); one, _ = s.accept(); sys.stdin.read()
"""
LATER = """
import socket, sys
s = socket.create_connection(("10.77.0.1", 7300)); print("ready", flush=True); input(); s.sendall(b"x"); sys.stdin.read()
"""
