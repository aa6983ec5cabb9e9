"""The real lsof looks at real sockets of real processes, and flows get the owners that hold them."""

from __future__ import annotations

import contextlib
import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ratop_py.correlate.attribute import attribute
from ratop_py.correlate.holders import Holders
from ratop_py.correlate.match import Match, Why
from ratop_py.correlate.owners import Owners
from ratop_py.events import lsof
from ratop_py.events.poller import Poller, open_poller
from ratop_py.events.program import find_lsof
from ratop_py.events.socket import Listing
from ratop_py.events.spec import EventSpec
from ratop_py.flow.flows import Flows, Owner
from ratop_py.flow.layout import Life
from ratop_py.flow.states import State
from ratop_py.net.address import parse
from ratop_py.net.host import HostNet, Interface, Prefix
from tests.helpers.flowset import START, flows, row

pytestmark = [pytest.mark.system, pytest.mark.tool("lsof")]
HERE = HostNet(interfaces=(Interface("lo", 0, (Prefix(parse("127.0.0.1")[0], 104), Prefix(1, 128)), kind="loopback"),))
SERVER = """
import socket, sys, os
family, kind = (socket.AF_INET6, "::1") if "six" in sys.argv else (socket.AF_INET, "127.0.0.1")
server = socket.create_server((kind, 0), family=family)
print(server.getsockname()[1], flush=True)
held = [server.accept()[0] for _ in range(int(sys.argv[1]))]
if "fork" in sys.argv:
    os.fork()
    os.write(1, f"{os.getpid()}\\n".encode())
os.write(1, b"ready\\n")
sys.stdin.read()
"""
CLIENT = """
import socket, sys
client = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print(client.getsockname()[1], flush=True)
sys.stdin.read()
"""
UDP = """
import os, socket, sys
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((sys.argv[1], int(sys.argv[2])))
if "nobody" in sys.argv:
    os.setuid(int(sys.argv[-1]))
print(udp.getsockname()[1], flush=True)
sys.stdin.read()
"""


class Programs:
    """Scripts of the test's own, each a process that lives until the test ends or says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[str]] = []

    def run(self, name: str, text: str, *words: object) -> subprocess.Popen[str]:
        path = self._folder / name
        path.write_text(text)
        child = subprocess.Popen(
            [sys.executable, str(path), *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._running.append(child)
        return child

    def end(self, child: subprocess.Popen[str]) -> None:
        self._running.remove(child)
        assert child.stdin is not None
        assert child.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        child.wait(5)
        child.stdout.close()

    def end_all(self) -> None:
        for child in list(self._running):
            self.end(child)


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    made = Programs(tmp_path)
    yield made
    made.end_all()


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def look() -> Listing:
    """One look, as the engine has it."""
    source = open_poller(EventSpec("lsof", 60))
    assert isinstance(source, Poller)
    return next_of(source)


def next_of(source: Poller) -> Listing:
    source.start()
    until = time.monotonic() + 10
    while not (taken := source.take()):
        assert time.monotonic() < until, source.health().words
        time.sleep(0.01)
    source.stop()
    return taken[0]


class Told:
    """Who owns these flows, by these listings."""

    def __init__(self, made: Flows, listings: Sequence[Listing]) -> None:
        owners, self._holders = Owners(), Holders()
        for each in listings:
            owners.learn(each)
        self.columns = attribute(made, owners, HERE, self._holders, [""], time.time()).columns

    def owners(self, side: str) -> tuple[Owner, ...]:
        return self._holders.sets[int(self.columns[f"{side}_holder"][0])]

    def names(self, side: str) -> list[tuple[int, str]]:
        return [(owner.pid, owner.program) for owner in self.owners(side)]

    def match(self, side: str) -> Match:
        return Match(int(self.columns[f"{side}_match"][0]))

    def why(self, side: str) -> Why:
        return Why(int(self.columns[f"{side}_why"][0]))


def flow(source: str, target: str, proto: int = 6, *, ago: float = 0.5, state: int = State.CON) -> Flows:
    """A flow that began some seconds ago and was heard just now, its SYN seen."""
    first = time.time() - START / 1e9 - ago
    return flows(row(source, target, proto, first=first, seconds=ago, state=state if proto == 6 else 0))


def test_both_ends_of_a_connection_are_named_by_their_scripts(programs: Programs) -> None:
    server = programs.run("backup.py", SERVER, 1)
    port = said(server)
    client = programs.run("fetch.py", CLIENT, "127.0.0.1", port)
    mine = said(client)
    assert said(server) == "ready"
    told = Told(flow(f"127.0.0.1:{mine}", f"127.0.0.1:{port}"), [look()])
    assert told.columns["way"].tolist() == [3]
    assert (told.names("s"), told.match("s")) == ([(client.pid, "fetch.py")], Match.EXACT)
    assert (told.names("d"), told.match("d")) == ([(server.pid, "backup.py")], Match.EXACT)
    (owner,) = told.owners("s")
    assert owner.ppid == os.getpid()
    assert owner.user == pwd.getpwuid(os.geteuid()).pw_name
    assert owner.started is not None
    assert abs(owner.started - time.time()) < 30
    assert "fetch.py 127.0.0.1" in owner.cmdline


def test_an_ipv6_connection_has_its_owners(programs: Programs) -> None:
    server = programs.run("six.py", SERVER, 1, "six")
    port = said(server)
    client = programs.run("ask.py", CLIENT, "::1", port)
    mine = said(client)
    assert said(server) == "ready"
    told = Told(flow(f"[::1]:{mine}", f"[::1]:{port}"), [look()])
    assert (told.names("s"), told.names("d")) == ([(client.pid, "ask.py")], [(server.pid, "six.py")])


def test_a_connection_nobody_accepted_yet_belongs_to_the_listener(programs: Programs) -> None:
    server = programs.run("slow.py", SERVER.replace("held =", "sys.stdin.read(); held ="), 1)
    port = int(said(server))
    with socket.create_connection(("127.0.0.1", port)) as client:
        told = Told(flow(f"127.0.0.1:{client.getsockname()[1]}", f"127.0.0.1:{port}"), [look()])
    assert (told.names("d"), told.match("d")) == ([(server.pid, "slow.py")], Match.LISTENER)
    assert told.names("s")[0][0] == os.getpid()


def test_a_socket_that_a_fork_shares_has_both_holders(programs: Programs) -> None:
    server = programs.run("prefork.py", SERVER, 1, "fork")
    port = int(said(server))
    with socket.create_connection(("127.0.0.1", port)) as client:
        pids = {int(line) for line in (said(server), said(server), said(server), said(server)) if line != "ready"}
        told = Told(flow(f"127.0.0.1:{client.getsockname()[1]}", f"127.0.0.1:{port}"), [look()])
    assert {pid for pid, _ in told.names("d")} == pids
    assert server.pid in pids
    assert len(pids) == 2


@pytest.mark.parametrize(("bound", "match"), [("127.0.0.1", Match.BOUND), ("0.0.0.0", Match.WILDCARD)])
def test_an_unconnected_udp_socket_owns_what_comes_to_its_port(programs: Programs, bound: str, match: Match) -> None:
    child = programs.run("resolve.py", UDP, bound, 0)
    told = Told(flow("127.0.0.1:9", f"127.0.0.1:{said(child)}", 17), [look()])
    assert (told.names("d"), told.match("d")) == ([(child.pid, "resolve.py")], match)


@pytest.mark.root
def test_another_user_s_socket_is_seen_with_its_user(programs: Programs) -> None:
    nobody = pwd.getpwnam("nobody")
    child = programs.run("drop.py", UDP, "127.0.0.1", 0, "nobody", nobody.pw_uid)
    (owner,) = Told(flow("127.0.0.1:9", f"127.0.0.1:{said(child)}", 17), [look()]).owners("d")
    assert (owner.user, owner.uid, owner.program) == ("nobody", nobody.pw_uid, "drop.py")


def test_a_port_used_again_is_the_new_program_s_for_new_flows_only(programs: Programs) -> None:
    first = programs.run("first.py", UDP, "127.0.0.1", 0)
    port = said(first)
    old, before = flow("127.0.0.1:9", f"127.0.0.1:{port}", 17), look()
    old.rows["life"] = Life.ENDED
    programs.end(first)
    time.sleep(0.3)  # a flow may be older than its socket by 0.2 s
    second = programs.run("second.py", UDP, "127.0.0.1", port)
    assert said(second) == port
    listings = [before, look()]
    assert Told(old, listings).names("d") == [(first.pid, "first.py")]
    assert Told(flow("127.0.0.1:9", f"127.0.0.1:{port}", 17, ago=0.05), listings).names("d") == [
        (second.pid, "second.py")
    ]
    assert Told(old, listings[1:]).why("d") is Why.LATE_START


def test_a_label_stays_when_the_process_is_gone(programs: Programs) -> None:
    child = programs.run("brief.py", UDP, "127.0.0.1", 0)
    made = flow("127.0.0.1:9", f"127.0.0.1:{said(child)}", 17)
    before = look()
    first = Told(made, [before])
    for name, column in first.columns.items():
        made.notes[name] = column
    programs.end(child)
    again = Told(made, [look()])
    assert again.columns["d_match"].tolist() == [Match.BOUND]
    assert again.columns["d_holder"].tolist() == first.columns["d_holder"].tolist()


@pytest.mark.root
def test_a_connection_that_was_over_before_the_first_look_is_in_time_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        mine = client.getsockname()[1]
        accepted, _ = server.accept()
        client.close()
        accepted.close()
    told = Told(flow(f"127.0.0.1:{mine}", f"127.0.0.1:{port}", state=State.CLO), [look()])
    assert told.why("s") is Why.GONE


@pytest.mark.root
def test_a_port_without_a_socket_is_known_to_have_none(programs: Programs) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        port = udp.getsockname()[1]
    listings = [look(), look()]
    made = flow(f"127.0.0.1:{port}", "127.0.0.2:9", 17, ago=5)
    made.rows["last"] = np.int64(time.time_ns())
    assert all(each.complete for each in listings)
    assert Told(made, listings).why("s") is Why.NO_SOCKET


def test_fields_and_table_of_lsof_say_the_same(programs: Programs) -> None:
    child = programs.run("my prog.py", UDP, "127.0.0.1", 0)
    said(child)
    words = [str(find_lsof()), "-a", "-w", "-n", "-P", "-i", "-p", f"{child.pid},{os.getpid()}"]
    with socket.create_server(("::1", 0), family=socket.AF_INET6):
        fields = subprocess.run([*words, f"-F{lsof.FIELDS}0"], capture_output=True, text=True, check=False).stdout
        table = subprocess.run(words, capture_output=True, text=True, check=False).stdout

    def facts(text: str) -> set[tuple[object, ...]]:
        return {
            (each.proto, each.family, each.local, each.lport, each.state, tuple(owner.pid for owner in each.owners))
            for each in lsof.parse(text)
        }

    assert facts(fields) == facts(table)
    assert len(facts(fields)) >= 2


def test_a_fast_poller_keeps_to_its_share_and_sees_itself_not_at_all() -> None:
    source = open_poller(EventSpec("lsof", 0.1))
    assert isinstance(source, Poller)
    listing = next_of(source)
    own = {owner.pid for each in listing.sockets for owner in each.owners if owner.program == "lsof"}
    assert own == set()
    assert source.health().cost < 1.0
