"""What goes wrong is said, names nobody falsely, and leaves nothing behind in the kernel.

Programs of the test's own talk on one wire and say who they are, while the source of events is overrun, refused, killed,
or kept busy.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ratop_py.events import ladder
from ratop_py.events.bpf.call import NUMBERS
from ratop_py.events.bpf.hooks import Hooks
from ratop_py.events.detached import open_detached
from ratop_py.events.kernel import Kernel
from ratop_py.events.ladder import GIVEN_UP, Ladder, Rung
from ratop_py.events.poller import Silence
from tests.helpers.netns import Pair, inside, ip, pair
from tests.helpers.played import ROOT, Talk, brief, ready, watched
from tests.helpers.truth import limited

pytestmark = [pytest.mark.root, pytest.mark.system, pytest.mark.slow, pytest.mark.tool("ip")]

HERE = "10.77.0.1"
ECHO = """
import contextlib, socket, sys, threading
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("0.0.0.0", 443))
tcp = socket.create_server(("0.0.0.0", 8001))
def answer():
    while True:
        data, peer = udp.recvfrom(2048); udp.sendto(data, peer)
def serve():
    while True:
        one, _ = tcp.accept(); threading.Thread(target=echo, args=(one,), daemon=True).start()
def echo(one):
    with one, contextlib.suppress(OSError):
        while data := one.recv(100): one.sendall(data)
for work in (answer, serve): threading.Thread(target=work, daemon=True).start()
print("ready", flush=True); sys.stdin.read()
"""
TALK = """
import os, socket, struct, sys
udp = sys.argv[1] == "udp"
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if not udp: s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
if len(sys.argv) > 2: s.bind(("10.77.0.1", int(sys.argv[2])))
s.connect(("10.77.0.2", 443 if udp else 8001)); s.send(b"x"); s.recv(9)
if len(sys.argv) > 3:
    print("ready", flush=True)
    for _ in sys.stdin: s.send(b"x"); s.recv(9)
print(os.getpid(), s.getsockname()[1])
"""
"""udp or tcp, its port, and whether it stays and talks again at each line."""
BOTH = """
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b"x", ("10.77.0.2", 443)); s.recv(9)
t = socket.create_connection(("10.77.0.2", 8001)); t.sendall(b"x"); t.recv(9)
print(os.getpid(), s.getsockname()[1], t.getsockname()[1])
"""
SAID = {"kernel": "eBPF hooks"}
"""What a source says of itself where it works."""


@contextlib.contextmanager
def wire(tag: str) -> Iterator[Pair]:
    """Two hosts; the other one answers."""
    with pair(tag) as hosts:
        command = ["ip", "netns", "exec", hosts.b, sys.executable, "-c", ECHO]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as echo:
            yield hosts
            assert ready(echo).stdin is not None
            echo.communicate(timeout=10)


def stays(talk: Talk, hosts: Pair, name: str, proto: str, port: int = 0) -> subprocess.Popen[str]:
    """A program that talks now and stays."""
    return ready(talk.begin(hosts.a, name, TALK, proto, port, "stays"))


def again(child: subprocess.Popen[str]) -> None:
    """It goes on."""
    assert child.stdin is not None
    child.stdin.write("go on\n")
    child.stdin.flush()


def of(talk: Talk, name: str, proto: str = "tcp", place: int = 1) -> list[dict[str, Any]]:
    """Records of what a program did, by the port it said."""
    found = talk.of(proto=proto, saddr=HERE, sport=talk.said[name][place])
    assert found, f"no flow of {name} among {[brief(each) for each in talk.records]}"
    return found


def right(talk: Talk, name: str, proto: str = "tcp", place: int = 1) -> bool:
    """All its records name it, and nobody else."""
    pid = talk.said[name][0]
    return all(
        (each["pid"], each["program"], each["owner"]) == (pid, name, "ok") for each in of(talk, name, proto, place)
    )


# -- more than the ring holds ------------------------------------------------------------------------------------------

MOTHER = """
import os, sys
if not os.fork():
    print("ready", flush=True); sys.stdin.readline(); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
os.wait()
"""
CHILD = """
import os, socket, sys
print("ready", flush=True); sys.stdin.readline()
s = socket.create_connection(("10.77.0.2", 8001)); s.sendall(b"x"); s.recv(9); print(os.getpid(), s.getsockname()[1])
"""
FLOOD = """
import socket
for _ in range(65_000): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
"""


@pytest.fixture(scope="module")
def overrun(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Nobody reads what the kernel tells, until it has no room; programs change meanwhile."""
    talk = Talk(tmp_path_factory.mktemp("overrun"))
    (talk.folder / "child.py").write_text(CHILD)
    with wire("overrun") as hosts, watched(talk, hosts.a, ["va"], "kernel", settle=1.5, more=["--summary"]) as watch:
        talk.run(hosts.a, "before.py", TALK, "tcp")
        lasting = [stays(talk, hosts, "lasting.py", "udp"), stays(talk, hosts, "connected.py", "tcp")]
        ending = [stays(talk, hosts, "first.py", "tcp", 45002), stays(talk, hosts, "sender.py", "udp", 45000)]
        mother = ready(talk.begin(hosts.a, "mother.py", MOTHER, talk.folder / "child.py"))
        time.sleep(0.6)
        watch.send_signal(signal.SIGSTOP)
        talk.run(hosts.a, "early.py", TALK, "tcp")
        talk.run(hosts.a, "flood.py", FLOOD)
        talk.run(hosts.a, "unseen.py", TALK, "tcp")
        for name, each in zip(("first.py", "sender.py"), ending, strict=True):
            talk.end(name, each)
        talk.run(hosts.a, "second.py", TALK, "tcp", 45002)
        again(mother)
        ready(mother)
        watch.send_signal(signal.SIGCONT)
        time.sleep(1)
        talk.run(hosts.a, "third.py", TALK, "udp", 45000)
        talk.run(hosts.a, "after.py", TALK, "tcp")
        again(mother)
        talk.end("child.py", mother)
        for name, each in zip(("lasting.py", "connected.py"), lasting, strict=True):
            again(each)
            talk.end(name, each)
    return talk


def test_an_overrun_is_counted_and_said(overrun: Talk) -> None:
    lost = next(line for line in overrun.words.splitlines() if "facts lost" in line)
    assert int(lost.partition("hooks; ")[2].partition(" facts")[0].replace(",", "")) > 50_000
    assert "events lost" in overrun.words


@pytest.mark.parametrize("name", ["before.py", "early.py", "after.py", "connected.py"])
def test_before_and_after_an_overrun_owners_are_right(overrun: Talk, name: str) -> None:
    assert right(overrun, name)


def test_a_datagram_socket_that_lives_through_an_overrun_keeps_its_owner(overrun: Talk) -> None:
    assert right(overrun, "lasting.py", "udp")


def test_of_what_was_lost_it_is_said_that_it_was(overrun: Talk) -> None:
    (found,) = of(overrun, "unseen.py")
    assert (found["pid"], found["owner"], found["ownerwhy"]) == (None, "unknown", "events lost")


def test_a_socket_whose_end_was_lost_lends_no_name_to_the_next_with_its_port(overrun: Talk) -> None:
    pids = {overrun.said[name][0]: name for name in ("first.py", "second.py")}
    records = of(overrun, "second.py")
    began = [each["pid"] for each in records if each["state"] and each["pid"] in (None, overrun.said["second.py"][0])]
    assert len(began) == 1, [brief(each) for each in records]
    assert all(each["pid"] is None or each["program"] == pids[each["pid"]] for each in records)


def test_a_datagram_port_used_again_after_an_overrun_is_the_next_one_s(overrun: Talk) -> None:
    last = of(overrun, "third.py", "udp")[-1]
    assert (last["pid"], last["program"]) == (overrun.said["third.py"][0], "third.py")


def test_a_child_whose_program_was_lost_is_not_called_as_its_mother(overrun: Talk) -> None:
    assert right(overrun, "child.py")


# -- a number used again -----------------------------------------------------------------------------------------------

LAST = Path("/proc/sys/kernel/ns_last_pid")
TIMES = 5


def numbered(talk: Talk, name: str, pid: int) -> subprocess.Popen[str]:
    """A program that runs under this number."""
    (talk.folder / name).write_text(BOTH)
    for _ in range(500):
        LAST.write_text(str(pid - 1))
        command = [sys.executable, str(talk.folder / name)]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if child.pid == pid:
            return child
        child.kill()
        child.communicate()
    raise AssertionError("somebody else always was quicker")


@pytest.mark.tool("setpriv")
@pytest.mark.parametrize("few", ["", "+net_raw,+bpf,+net_admin"])
def test_a_process_number_used_again_at_once_lends_no_name(tmp_path: Path, few: str) -> None:
    talk, names = Talk(tmp_path), [f"turn{number}.py" for number in range(TIMES)]
    wrap = limited(few, []) if few else []
    with wire("wrap") as hosts, watched(talk, hosts.a, ["va"], "kernel", wrap=wrap):
        time.sleep(0.5)
        with inside(hosts.a):
            began = time.monotonic()
            pid, *_ = talk.run(hosts.a, names[0], BOTH)
            for name in names[1:]:
                talk.end(name, numbered(talk, name, pid))
            took = time.monotonic() - began
    assert took < TIMES, "each within a second"
    assert {talk.said[name][0] for name in names} == {pid}
    told = {
        name: {each["program"] for kind in (("udp", 1), ("tcp", 2)) for each in of(talk, name, *kind)} for name in names
    }
    if few:  # no start is told, and no name: /proc may have another by now
        assert all(programs <= {name, None} for name, programs in told.items()), told
    else:
        assert told == {name: {name} for name in names}


# -- five thousand children a second -----------------------------------------------------------------------------------

STORM = """
import os, sys, time
print("ready", flush=True)
count, began, seconds, rate = 0, time.monotonic(), 3.0, 5_600
while (passed := time.monotonic() - began) < seconds:
    try: os.posix_spawn("/nonexistent", ["x"], {})
    except OSError: count += 1
    if count / rate - passed > 0.001: time.sleep(0.001)
print(os.getpid(), count, int(passed * 1000))
"""
"""Each attempt is a child that finds no program to run."""


def test_among_thousands_of_children_a_second_nothing_is_lost_and_all_are_right(tmp_path: Path) -> None:
    talk, number = Talk(tmp_path), 0
    with wire("storm") as hosts, watched(talk, hosts.a, ["va"], "kernel", more=["--summary"]):
        time.sleep(0.5)
        storm = ready(talk.begin(hosts.a, "storm.py", STORM))
        while storm.poll() is None:
            talk.run(hosts.a, f"brief{number}.py", BOTH)
            number += 1
        _, count, ms = talk.end("storm.py", storm)
    assert count / ms > 1, f"only {1000 * count / ms:.0f} children a second"
    for name in (name for name in talk.said if name.startswith("brief")):
        assert right(talk, name, "udp", 1), (name, count / ms)
        assert right(talk, name, "tcp", 2), (name, count / ms)
    assert "lost 0," in talk.words


# -- what may not be asked ---------------------------------------------------------------------------------------------

V1 = "mount -t tmpfs none /sys/fs/cgroup; mkdir /sys/fs/cgroup/pids; mount -t cgroup -o pids none /sys/fs/cgroup/pids"
V2 = "mount -t cgroup2 none /sys/fs/cgroup"
REFUSALS = {
    "only cgroup v1": (V1, "+net_raw,+bpf,+perfmon,+net_admin,+sys_ptrace", "cgroup2 cannot be opened"),
    "no CAP_BPF": (V2, "+net_raw,+perfmon,+net_admin,+sys_ptrace", "no CAP_BPF"),
}


def refused(mounts: str, capabilities: str) -> list[str]:
    """What runs so few privileges, where only that is mounted."""
    few = f"-all,{capabilities}"
    return ["sh", "-c", f'{mounts}; exec "$@"', "sh", "setpriv", f"--inh-caps={few}", f"--bounding-set={few}"]


@pytest.mark.tool("setpriv")
@pytest.mark.parametrize("what", REFUSALS)
def test_where_the_kernel_may_not_be_asked_another_source_is_and_it_is_said_why(tmp_path: Path, what: str) -> None:
    talk, (mounts, capabilities, why) = Talk(tmp_path), REFUSALS[what]
    wrap = refused(mounts, capabilities)
    with wire("refused") as hosts:
        command = ["ip", "netns", "exec", hosts.a, *wrap, sys.executable, "-m", "ratop_py", "print", "-i", "va"]
        for source, word in (("kernel", why), ("tracefs", "tracefs cannot be opened")):  # nor is tracefs mounted there
            forced = subprocess.run(
                [*command, "--events", source], capture_output=True, text=True, cwd=ROOT, timeout=10
            )
            assert (forced.returncode, forced.stdout) == (3, "")
            assert word in forced.stderr
        with watched(talk, hosts.a, ["va"], "auto", wrap=wrap, more=["--summary"]):
            lasting = [stays(talk, hosts, f"{proto}.py", proto) for proto in ("tcp", "udp")]
            talk.run(hosts.a, "brief.py", TALK, "tcp")
            time.sleep(1.5)
            for proto, each in zip(("tcp", "udp"), lasting, strict=True):
                again(each)
                talk.end(f"{proto}.py", each)
    assert why in next(line for line in talk.words.splitlines() if "not kernel" in line)
    assert "not tracefs: tracefs cannot be opened" in talk.words
    for proto in ("tcp", "udp"):
        last = of(talk, f"{proto}.py", proto)[-1]
        assert (last["pid"], last["program"]) == (talk.said[f"{proto}.py"][0], f"{proto}.py")
    assert {each["program"] for each in of(talk, "brief.py")} <= {"brief.py", None}


# -- a source that dies ------------------------------------------------------------------------------------------------


def test_a_program_that_is_killed_at_each_look_is_said_to_fail_and_nobody_is_named(tmp_path: Path) -> None:
    talk, stub = Talk(tmp_path), tmp_path / "stub"
    stub.write_text("#!/bin/sh\nkill -9 $$\n")
    stub.chmod(0o755)
    with wire("killed") as hosts, watched(talk, hosts.a, ["va"], f"prog:{stub}:500ms", more=["--summary"]):
        talk.run(hosts.a, "brief.py", TALK, "tcp")
        time.sleep(1)
    (found,) = of(talk, "brief.py")
    assert (found["pid"], found["owner"], found["ownerwhy"]) == (None, "unknown", "no source")
    told = next(line for line in talk.words.splitlines() if "events " in line)
    assert "not ok" in told
    assert "failed" in told


def test_when_the_kernel_s_source_dies_the_next_takes_over_and_it_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "AGAIN", 0.3)
    sources = Ladder((Rung("kernel", Kernel), Rung("below", lambda: Silence("nothing"))), time.monotonic)
    sources.start()
    until(lambda: bool(sources.take()))
    works = Hooks.empty
    monkeypatch.setattr(Hooks, "empty", property(broken))
    fell = until(lambda: (sources.take(), sources.health().words)[1] == "nothing")
    assert fell < 1
    assert sources.health().standby == (("kernel", "RuntimeError: the ring is broken"),)
    monkeypatch.setattr(Hooks, "empty", works)
    until(lambda: (sources.take(), sources.health().name)[1] == "kernel")
    assert sources.health().ok
    sources.stop()


def broken(_: object) -> Iterator[memoryview]:
    raise RuntimeError("the ring is broken")


def until(true: Any, seconds: float = 20.0) -> float:
    """How long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


BREAKS = """
import signal, sys
from ratop_py.events import ladder
from ratop_py.events.bpf.hooks import Hooks
def broken(_): raise RuntimeError("the ring is broken")
def begin(*_): Hooks.runs = broken
ladder.AGAIN = 0.5
signal.signal(signal.SIGUSR1, begin)
sys.argv = ["ratop", *sys.argv[4:]]
from ratop_py.cli import main
sys.exit(main())
"""
"""ratop, whose source dies when it is told to."""


def test_what_was_given_up_and_is_needed_again_is_said_in_words(tmp_path: Path) -> None:
    talk = Talk(tmp_path)
    wrap = [sys.executable, "-c", BREAKS]
    with (
        wire("dies") as hosts,
        watched(talk, hosts.a, ["va"], "auto", wrap=wrap, more=["--summary"], settle=1.5) as watch,
    ):
        talk.run(hosts.a, "brief.py", TALK, "tcp")
        lasting = stays(talk, hosts, "lasting.py", "tcp")
        time.sleep(0.6)
        watch.send_signal(signal.SIGUSR1)
        time.sleep(1.5)
        later = stays(talk, hosts, "later.py", "tcp")
        time.sleep(1.2)
        for name, each in (("lasting.py", lasting), ("later.py", later)):
            again(each)
            talk.end(name, each)
    assert f"not kernel: RuntimeError: the ring is broken; {GIVEN_UP}" in talk.words
    assert right(talk, "brief.py")
    for name in ("lasting.py", "later.py"):
        assert of(talk, name)[-1]["pid"] == talk.said[name][0], talk.words
        assert {each["program"] for each in of(talk, name)} <= {name, None}


# -- nothing is left ---------------------------------------------------------------------------------------------------

BY_ID = {"prog_id": 13, "map_id": 14, "link_id": 30}
"""What stands in /proc/PID/fdinfo → BPF_PROG_GET_FD_BY_ID, BPF_MAP_…, BPF_LINK_…"""
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


def in_kernel(pid: int) -> set[tuple[int, int]]:
    """(command, number) of the programs, maps and links that a process holds."""
    found = set()
    for file in Path(f"/proc/{pid}/fdinfo").iterdir():
        with contextlib.suppress(OSError):
            for name, _, number in (line.partition(":") for line in file.read_text().splitlines()):
                if name in BY_ID:
                    found.add((BY_ID[name], int(number)))
    return found


def there(command: int, number: int) -> bool:
    """The kernel still has it."""
    libc = ctypes.CDLL(None, use_errno=True)
    attributes = ctypes.create_string_buffer(struct.pack("<III", number, 0, 0), 128)
    descriptor = int(libc.syscall(NUMBERS[os.uname().machine], command, attributes, 128))
    if descriptor >= 0:
        os.close(descriptor)
    return descriptor >= 0


def tracing() -> tuple[object, ...]:
    """What of tracefs a program could have left changed."""
    root = open_detached("tracefs")
    try:
        files = ("set_event", "kprobe_events", "uprobe_events", "tracing_on", "current_tracer")
        texts = []
        for name in files:
            with contextlib.suppress(FileNotFoundError), open(os.open(name, os.O_RDONLY, dir_fd=root)) as file:
                texts.append(file.read())
        instances = os.open("instances", os.O_RDONLY, dir_fd=root)
        try:
            return (*texts, *sorted(os.listdir(instances)))
        finally:
            os.close(instances)
    finally:
        os.close(root)


def mounts(pid: int | str) -> tuple[str, ...]:
    """What is mounted, but for names of network namespaces: others make some meanwhile."""
    return tuple(line for line in Path(f"/proc/{pid}/mountinfo").read_text().splitlines() if " - nsfs " not in line)


def groups(pid: int | str) -> str:
    return Path(f"/proc/{pid}/cgroup").read_text()


@contextlib.contextmanager
def begun(namespace: str, events: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Ratop at work, in this mount namespace: as many as there are ways to end."""
    command = [sys.executable, "-m", "ratop_py", "print", "-i", "lo", "--events", events]
    enter = ["nsenter", f"--net=/run/netns/{namespace}"]
    none = subprocess.DEVNULL
    running = [subprocess.Popen([*enter, *command], stdout=none, stderr=none, cwd=ROOT) for _ in ENDS]
    try:
        packets = Path(f"/proc/{running[0].pid}/net/packet")
        until(
            lambda: all(each.poll() is None for each in running) and len(packets.read_text().splitlines()) > len(ENDS)
        )
        time.sleep(0.8)
        yield running
    finally:
        for each in running:
            each.kill()
            each.wait()


@pytest.mark.tool("nsenter")
@pytest.mark.parametrize("events", ["kernel", "tracefs", "diag:500ms"])
def test_however_it_ends_nothing_is_left_behind(events: str) -> None:
    before = tracing()
    with pair("left") as hosts, begun(hosts.a, events) as running:
        held = {item for each in running for item in in_kernel(each.pid)}
        assert bool(held) == (events == "kernel")
        assert {mounts(each.pid) for each in running} == {mounts("self")}, "it mounts nothing"
        assert {groups(each.pid) for each in running} == {groups("self")}, "it makes no group, and stays in its own"
        assert all(there(*item) for item in held)
        codes = ended(running)
    assert codes == [0, 0, -signal.SIGKILL]
    until(lambda: not any(there(*item) for item in held))  # the kernel takes it down a moment later
    assert tracing() == before


def ended(running: Sequence[subprocess.Popen[bytes]]) -> list[int]:
    """Each by another signal."""
    for each, number in zip(running, ENDS, strict=True):
        each.send_signal(number)
    return [each.wait(10) for each in running]


# -- a hundred thousand sockets ----------------------------------------------------------------------------------------

MANY = """
import os, resource, socket, sys
first, last, many = (int(word) for word in sys.argv[1:])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
held = []
for port in range(first, first + many):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("10.77.0.%d" % last, port)); held.append(s)
print("ready", flush=True)
for _ in sys.stdin:
    for s in held[::5_000]: s.sendto(b"x", ("10.77.0.2", 443)); s.recv(9)
    print(os.getpid(), *(s.getsockname()[1] for s in held[::5_000]), flush=True)
"""
HOLDERS, EACH = 6, 16_700
READY = 6.0
"""Seconds after the start until they all are known: 3 of CPU time on the machine this was made on."""


Crowd = tuple[Pair, list[subprocess.Popen[str]]]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """Programs that hold a hundred thousand sockets: to the end, as whoever looks at all of them has much to do."""
    talk = Talk(tmp_path_factory.mktemp("crowd"))
    with wire("many") as hosts:
        for last in (11, 12):
            ip("-n", hosts.a, "addr", "add", f"10.77.0.{last}/24", "dev", "va")
        places = [(10_000 + number % 3 * 17_000, 11 + number // 3) for number in range(HOLDERS)]
        holders = [talk.begin(hosts.a, f"many{at}.py", MANY, *place, EACH) for at, place in enumerate(places)]
        yield hosts, [ready(each) for each in holders]
        for each in holders:
            each.communicate(timeout=10)


def asked(holder: subprocess.Popen[str]) -> list[int]:
    """It talks from some of its sockets: its number, and their ports."""
    again(holder)
    assert holder.stdout is not None
    return [int(word) for word in holder.stdout.readline().split()]


Told = list[tuple[int, set[tuple[int | None, str, str | None]]]]


def told_of(talk: Talk, crowd: Crowd, events: str) -> Told:
    """Of each program its number, and what was told of its flows."""
    hosts, holders = crowd
    with watched(talk, hosts.a, ["va"], events, settle=2, more=["--summary"]):
        time.sleep(READY)
        said = [asked(each) for each in holders]
    told: Told = []
    for number, (pid, *ports) in enumerate(said):
        found = [talk.one(saddr=f"10.77.0.{11 + number // 3}", sport=port) for port in ports]
        told.append((pid, {(each["pid"], each["owner"], each["ownerwhy"]) for each in found}))
    return told


def test_of_a_hundred_thousand_sockets_each_has_its_owner(tmp_path: Path, crowd: Crowd) -> None:
    talk = Talk(tmp_path)
    for pid, found in told_of(talk, crowd, "kernel"):
        assert found == {(pid, "ok", None)}, talk.words
    assert "lost 0," in talk.words
    assert "forgotten" not in talk.words


def test_where_a_hundred_thousand_are_listed_it_is_seldom_and_said(tmp_path: Path, crowd: Crowd) -> None:
    talk = Talk(tmp_path)
    for pid, found in told_of(talk, crowd, "diag:1s"):
        assert found <= {(pid, "ok", None), (None, "unknown", "too young"), (None, "unknown", "exited")}, talk.words
    assert "socket tables every 1 s, now " in talk.words
    assert "lost 0," in talk.words
