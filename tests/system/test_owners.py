"""Who owns a flow, by the kernel's word: programs that live for a moment, ports that are used again, other namespaces.

`ratop print` watches one end of a wire while programs of the test's own talk, and say who they are. Nothing leaves the
namespaces.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.netns import Pair, pair

pytestmark = [pytest.mark.root, pytest.mark.system, pytest.mark.slow, pytest.mark.tool("ip")]

THERE, HERE = "10.77.0.2", "10.77.0.1"
FIELDS = "stime ltime proto saddr sport daddr dport user pid program owner ownerwhy spid sprog dpid dprog cmdline"
ECHO = """
import socket, sys, threading
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("0.0.0.0", 5353))
tcp = socket.create_server(("0.0.0.0", 8001))
def answer():
    while True:
        data, peer = udp.recvfrom(2048); udp.sendto(data, peer)
def serve():
    while True:
        one, _ = tcp.accept(); one.sendall(one.recv(100)); one.close()
for work in (answer, serve):
    threading.Thread(target=work, daemon=True).start()
print("ready", flush=True); sys.stdin.read()
"""
ASK_UDP = """
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", int(sys.argv[1])))
s.sendto(b"hello", ("10.77.0.2", 5353)); s.recv(100); print(os.getpid())
"""
ASK_TCP = """
import os, socket
s = socket.create_connection(("10.77.0.2", 8001)); s.sendall(b"x"); s.recv(9); print(os.getpid(), s.getsockname()[1])
"""
REFUSED = """
import os, socket
s = socket.socket(); s.bind(("", 0)); print(os.getpid(), s.getsockname()[1])
try: s.connect(("10.77.0.2", 9))
except ConnectionRefusedError: pass
"""
PREFORK = """
import os, socket, sys
server = socket.create_server(("0.0.0.0", 7001))
for _ in range(2):
    if not os.fork():
        one, peer = server.accept(); one.recv(9); one.sendall(b"y"); one.close()
        print(os.getpid(), peer[1], flush=True); sys.exit()
print("ready", flush=True)
for _ in range(2): os.wait()
"""
CALL = "import socket\nfor _ in range(2):\n s = socket.create_connection(('10.77.0.1', 7001)); s.sendall(b'x'); s.recv(9); s.close()"
DROP = """
import os, socket
s = socket.create_connection(("10.77.0.2", 8001)); os.setuid(65534); s.sendall(b"x"); s.recv(9)
print(os.getpid(), s.getsockname()[1])
"""


@dataclass(slots=True)
class Talk:
    """What the programs said of themselves, and what was told of them."""

    records: list[dict[str, Any]] = field(default_factory=list)
    words: str = ""
    said: dict[str, list[int]] = field(default_factory=dict)

    def of(self, port: int, end: str = "sport") -> list[dict[str, Any]]:
        """Records of flows with this port, oldest first."""
        return sorted((each for each in self.records if each[end] == port), key=lambda each: float(each["stime"]))


def run(folder: Path, namespace: str, name: str, text: str, *words: object) -> list[int]:
    """Run a script to its end; the numbers it said."""
    return [int(word) for word in begun(folder, namespace, name, text, *words).communicate(timeout=20)[0].split()]


def begun(folder: Path, namespace: str, name: str, text: str, *words: object) -> subprocess.Popen[str]:
    (folder / name).write_text(text)
    command = ["ip", "netns", "exec", namespace, sys.executable, str(folder / name), *map(str, words)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ready(child: subprocess.Popen[str]) -> None:
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"


@pytest.fixture(scope="module")
def hosts() -> Iterator[Pair]:
    with pair("owners") as made:
        yield made


@pytest.fixture(scope="module")
def talk(hosts: Pair, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Everything happens once; the tests below read what came of it."""
    folder, talk = tmp_path_factory.mktemp("owners"), Talk()
    echo = begun(folder, hosts.b, "echo.py", ECHO)
    ready(echo)
    out, err = folder / "flows.jsonl", folder / "words.txt"
    command = ["-m", "ratop_py", "print", "-i", "va", "-i", "lo", "--format", "jsonl", "--events", "kernel"]
    command += ["--interval", "0.5", "-s", FIELDS.replace(" ", ",")]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        watch = subprocess.Popen(
            ["ip", "netns", "exec", hosts.a, sys.executable, *command], stdout=stdout, stderr=stderr
        )
    try:
        listening(watch, err)
        play(talk, hosts, folder)
        time.sleep(0.7)
    finally:
        watch.send_signal(signal.SIGINT)
        watch.wait(15)
        echo.communicate(timeout=10)
    talk.records = [json.loads(line) for line in out.read_text().splitlines()]
    talk.words = err.read_text()
    return talk


def listening(watch: subprocess.Popen[bytes], err: Path) -> None:
    """Wait until it captures on both interfaces."""
    until = time.monotonic() + 15
    while len(Path(f"/proc/{watch.pid}/net/packet").read_text().splitlines()) < 3:
        assert watch.poll() is None, err.read_text()
        assert time.monotonic() < until, err.read_text()
        time.sleep(0.05)
    time.sleep(0.5)


def play(talk: Talk, hosts: Pair, folder: Path) -> None:
    """What the programs do, one after the other."""
    talk.said["first"] = run(folder, hosts.a, "first.py", ASK_UDP, 40404)
    talk.said["brief"] = run(folder, hosts.a, "brief.py", ASK_TCP)
    talk.said["refused"] = run(folder, hosts.a, "refused.py", REFUSED)
    talk.said["drop"] = run(folder, hosts.a, "drop.py", DROP)
    server = begun(folder, hosts.a, "prefork.py", PREFORK)
    ready(server)
    run(folder, hosts.b, "call.py", CALL)
    talk.said["workers"] = [int(word) for word in server.communicate(timeout=20)[0].split()]
    talk.said["parent"] = [server.pid]
    talk.said["second"] = run(folder, hosts.a, "second.py", ASK_UDP, 40404)
    time.sleep(0.4)
    talk.said["third"] = run(folder, hosts.a, "third.py", ASK_UDP, 40404)


def test_a_program_of_a_moment_is_named_by_its_script(talk: Talk) -> None:
    pid, port = talk.said["brief"]
    (found,) = talk.of(port)
    assert (found["pid"], found["program"], found["owner"], found["user"]) == (pid, "brief.py", "ok", "root")
    assert found["cmdline"].endswith("brief.py")


def test_a_refused_connection_has_its_owner(talk: Talk) -> None:
    pid, port = talk.said["refused"]
    assert [each["pid"] for each in talk.of(port)] == [pid]


def test_a_process_that_became_another_user_is_told(talk: Talk) -> None:
    pid, port = talk.said["drop"]
    assert {each["pid"] for each in talk.of(port)} == {pid}


def test_a_port_used_again_by_another_program_within_a_second_is_another_flow_s(talk: Talk) -> None:
    records = talk.of(40404)
    assert [each["program"] for each in records] == ["first.py", "second.py", "third.py"]
    assert [each["pid"] for each in records] == [
        pid for name in ("first", "second", "third") for pid in talk.said[name]
    ]
    assert 0.3 < float(records[2]["stime"]) - float(records[1]["ltime"]) < 1


def test_the_worker_that_accepted_owns_the_flow_not_its_parent(talk: Talk) -> None:
    said = talk.said["workers"]
    worker = dict(zip(said[1::2], said[::2], strict=True))
    for port, pid in worker.items():
        (found,) = {(each["dpid"], each["pid"]) for each in talk.of(port) if each["dpid"]}
        assert found == (pid, pid)
        assert pid != talk.said["parent"][0]


def test_nothing_was_lost_and_nobody_complained(talk: Talk) -> None:
    assert talk.words == ""
