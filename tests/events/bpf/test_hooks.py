"""The hooks attached to the kernel that runs here, and out of it again."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ratop_py.events.bpf import record
from ratop_py.events.bpf.call import NUMBERS
from ratop_py.events.bpf.cgroup import open_root
from ratop_py.events.bpf.hooks import CGROUP_HOOKS, TRACEPOINTS, Hooks
from ratop_py.events.bpf.record import What
from tests.helpers.records import records

root = [pytest.mark.root, pytest.mark.system]
PROG_QUERY = 16
EGRESS = 1
NETNS_COOKIE = 71
"""SO_NETNS_COOKIE"""


def attached(kind: int = EGRESS) -> int:
    """Programs that hang on the root group, of anybody."""
    folder = open_root()
    attributes = ctypes.create_string_buffer(struct.pack("<IIIIQI", folder, kind, 0, 0, 0, 0), 128)
    number = NUMBERS[os.uname().machine]
    assert ctypes.CDLL(None, use_errno=True).syscall(number, PROG_QUERY, attributes, 128) == 0
    os.close(folder)
    return int(struct.unpack_from("<I", attributes, 24)[0])


def read(data: memoryview) -> Any:
    """A record's fixed part."""
    return record.batch(bytes(data[: record.SIZE]))[0]


class TestAsRoot:
    pytestmark = root

    @pytest.fixture
    def hooks(self) -> Iterator[Hooks]:
        made = Hooks(open_root())
        yield made
        made.close()

    def told(self, hooks: Hooks) -> list[Any]:
        """All records so far."""
        return [read(data) for data in records(hooks.runs())]

    def test_all_of_them_are_attached_here(self, hooks: Hooks) -> None:
        assert hooks.missing == {}
        assert set(hooks.active) == {*(hook.name for hook in CGROUP_HOOKS), *TRACEPOINTS}
        assert hooks.works

    def test_without_the_kernel_s_types_the_cgroup_s_are_left(self) -> None:
        hooks = Hooks(open_root(), tracing=False)
        assert set(hooks.active) == {hook.name for hook in CGROUP_HOOKS}
        hooks.close()

    def test_a_datagram_s_socket_process_and_ends_are_told(self, hooks: Hooks) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine, socket.socket(type=socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
            mine.sendto(b"x", other.getsockname())
            ports = mine.getsockname()[1], other.getsockname()[1]
        told = [each for each in self.told(hooks) if each["cookie"] == cookie]
        whats = [each["what"] for each in told]
        assert whats.index(What.HELD) < whats.index(What.TIED) < whats.index(What.ENDED)
        owner = told[whats.index(What.USED)]
        assert (owner["pid"], owner["uid"]) == (os.getpid(), os.geteuid())
        assert owner["start"] > 0
        packet = told[whats.index(What.TIED)]
        assert (packet["proto"], packet["family"], packet["lport"], packet["rport"]) == (17, 4, *ports)
        assert [int(packet[end][0]) >> 32 for end in ("local", "remote")] == [0x7F000001, 0x7F000001]

    def test_ipv6_extension_headers_are_walked(self, hooks: Hooks) -> None:
        with (
            socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as mine,
            socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as other,
        ):
            other.bind(("::1", 0))
            mine.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, bytes([0, 0, 1, 4, 0, 0, 0, 0]))
            cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
            mine.sendto(b"x", other.getsockname())
            port = other.getsockname()[1]
        (packet,) = [each for each in self.told(hooks) if each["cookie"] == cookie and each["what"] == What.TIED]
        assert (packet["proto"], packet["family"], packet["rport"]) == (17, 6, port)

    def test_a_fact_is_told_once(self, hooks: Hooks) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
            cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
            for _ in range(5):
                mine.sendto(b"x", ("127.0.0.1", 9))
        whats = [each["what"] for each in self.told(hooks) if each["cookie"] == cookie]
        assert whats.count(What.TIED) == 1
        assert whats.count(What.USED) == 1

    def test_who_uses_a_socket_as_another_user_or_program_is_told_anew(self, hooks: Hooks) -> None:
        again = "import socket, sys; s = socket.socket(fileno=int(sys.argv[1])); s.sendto(b'x', ('127.0.0.1', 9))"
        text = "import os, socket, sys; s = socket.socket(type=socket.SOCK_DGRAM); s.set_inheritable(True)\n"
        text += "s.sendto(b'x', ('127.0.0.1', 9)); os.seteuid(65534); s.sendto(b'x', ('127.0.0.1', 9)); os.seteuid(0)\n"
        text += f"os.execv(sys.executable, [sys.executable, '-c', {again!r}, str(s.fileno())])"
        with subprocess.Popen([sys.executable, "-c", text]) as child:
            assert child.wait(20) == 0
        used = [each for each in self.told(hooks) if each["pid"] == child.pid and each["what"] == What.USED]
        assert len(used) >= 2

    def test_a_program_that_ran_for_a_moment_left_its_name_and_words(self, hooks: Hooks) -> None:
        subprocess.run(["/bin/sh", "-c", "exit 0", "a word"], check=True)
        told = [record.program(data) for data in records(hooks.runs()) if read(data)["what"] == What.EXECED]
        assert ("/bin/sh", ["/bin/sh", "-c", "exit 0", "a word"]) in told

    def test_a_fork_tells_parent_and_child(self, hooks: Hooks) -> None:
        pid = os.fork()
        if not pid:
            os._exit(0)
        os.waitpid(pid, 0)
        told = {each["what"]: each for each in self.told(hooks) if each["pid"] == pid}
        assert told[What.FORKED]["ppid"] == os.getpid()
        assert told[What.FORKED]["start"] > 0

    @pytest.mark.tool("setpriv")
    @pytest.mark.parametrize(
        ("capabilities", "count"),
        [("+net_raw", 0), ("+bpf", 0), ("+bpf,+net_admin", 10), ("+bpf,+net_admin,+perfmon", 14), ("+sys_admin", 14)],
    )
    def test_what_the_capabilities_allow_is_attached(self, capabilities: str, count: int) -> None:
        allowed = f"-all,{capabilities}"
        few = ["setpriv", f"--inh-caps={allowed}", f"--bounding-set={allowed}"]
        text = "from ratop_py.events.bpf.hooks import Hooks; from ratop_py.events.bpf.cgroup import open_root\n"
        text += "try: print(len(Hooks(open_root()).active))\nexcept PermissionError: print(0)"
        told = subprocess.run([*few, sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
        assert int(told) == count

    def test_nothing_is_left_after_close(self) -> None:
        before, descriptors = attached(), len(os.listdir("/proc/self/fd"))
        hooks = Hooks(open_root())
        assert attached() == before + 1
        hooks.close()
        assert (attached(), len(os.listdir("/proc/self/fd"))) == (before, descriptors)

    def test_nothing_is_left_after_a_kill(self) -> None:
        before = attached()
        text = "from ratop_py.events.bpf.hooks import Hooks; from ratop_py.events.bpf.cgroup import open_root; h = Hooks(open_root()); print(1, flush=True); input()"
        with subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"1\n"
            assert attached() == before + 1
            child.send_signal(signal.SIGKILL)
        until = time.monotonic() + 5
        while attached() != before and time.monotonic() < until:
            time.sleep(0.02)
        assert attached() == before

    def test_what_finds_no_room_is_counted(self, hooks: Hooks) -> None:
        assert hooks.lost() == 0
        self.fill()
        assert hooks.lost() > 0

    def fill(self) -> None:
        """More than there is room for: 112 bytes each, at least, and nobody reads."""
        for _ in range(60_000):
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()

    def test_what_found_no_room_is_told_the_next_time(self, hooks: Hooks) -> None:
        self.fill()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
            cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
            mine.sendto(b"x", ("127.0.0.1", 9))
            assert cookie not in {each["cookie"] for each in self.told(hooks)}
            mine.sendto(b"x", ("127.0.0.1", 9))
            assert {What.USED, What.TIED} <= {each["what"] for each in self.told(hooks) if each["cookie"] == cookie}

    def test_the_network_namespace_is_told_with_holders_and_packets(self, hooks: Hooks) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
            space = struct.unpack("<Q", client.getsockopt(socket.SOL_SOCKET, NETNS_COOKIE, 8))[0]
            client.sendall(b"x")
            accepted, _ = server.accept()
            with accepted:
                accepted.recv(1)
                cookies = {struct.unpack("<Q", s.getsockopt(socket.SOL_SOCKET, 57, 8))[0] for s in (client, accepted)}
            told = [each for each in self.told(hooks) if each["cookie"] in cookies and each["what"] != What.ENDED]
        assert {int(each["what"]) for each in told} == {What.HELD, What.USED, What.TIED}
        assert {int(each["netns"]) for each in told} == {space}

    def test_a_raw_socket_that_hears_what_comes_to_others_is_not_meant(self, hooks: Hooks) -> None:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as udp,
            socket.create_server(("127.0.0.1", 0)) as server,
            socket.create_connection(server.getsockname()) as client,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine,
        ):
            client.sendall(b"x")
            mine.bind(("127.0.0.1", 0))
            mine.sendto(b"x", mine.getsockname())
            assert tcp.recv(99)
            assert udp.recv(99)
            raw = {struct.unpack("<Q", s.getsockopt(socket.SOL_SOCKET, 57, 8))[0] for s in (tcp, udp)}
            tied = {int(each["cookie"]) for each in self.told(hooks) if each["what"] == What.TIED}
        assert tied
        assert not raw & tied

    def test_a_listener_is_known_by_the_packets_that_open(self, hooks: Hooks) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
            cookie = struct.unpack("<Q", server.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
            client.sendall(b"x")
            accepted, _ = server.accept()
            with accepted:
                accepted.recv(1)
        told = [each for each in self.told(hooks) if each["what"] == What.TIED]
        assert {int(each["cookie"]) for each in told if each["listens"]} == {cookie}
        assert len({int(each["cookie"]) for each in told}) > 1
