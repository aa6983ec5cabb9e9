"""Tracepoints as a source, on the kernel that runs here."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ratop_py.events import relay
from ratop_py.events.fact import Ended, Fact, Facts, Held, Missed, Tied
from ratop_py.events.tracefs import source as module
from ratop_py.events.tracefs.place import Layout, Place
from ratop_py.events.tracefs.record import STATE_FIELDS
from ratop_py.events.tracefs.source import Tracefs
from ratop_py.flow.key import key
from ratop_py.net.address import parse

LO = parse("127.0.0.1")[0]
CALL = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))"
SERVE = """
import os, socket, sys
server = socket.create_server(("127.0.0.1", 0)); print(server.getsockname()[1], flush=True)
one, peer = server.accept()
if os.fork(): one.close(); os.wait(); sys.exit()
print(os.getpid(), peer[1], flush=True); one.recv(9); one.sendall(b"y"); one.close()
"""
RUN = "import time\nfrom ratop_py.events.tracefs.source import Tracefs\nt = Tracefs(); t.start(); print('on', flush=True)\n"


def test_what_may_not_be_listened_to_is_an_error_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise PermissionError(1, "tracefs cannot be opened: Operation not permitted")

    monkeypatch.setattr(module, "Place", refused)
    with pytest.raises(PermissionError):
        Tracefs()


class Written:
    """A ring of which it is said what is in it."""

    def __init__(self) -> None:
        self.data = b""
        self.full = False

    def take(self) -> bytes:
        data, self.data = self.data, b""
        return data


class WrittenRings:
    """One of lives, one of uses."""

    def __init__(self, *_: object) -> None:
        self.lives, self.uses = [Written()], [Written()]

    def close(self) -> None:
        """Nothing to close."""


def lost(many: int) -> bytes:
    return struct.pack("=IHHQQIIQ", 2, 0, 40, 1, many, 7, 7, time.monotonic_ns())


def use(sk: int) -> bytes:
    """This process sends."""
    own = struct.pack("=HBBiQ", 101, 0, 0, 7, sk)
    return struct.pack("=IHHIIQI", 9, 0, 28 + len(own), os.getpid(), 7, time.monotonic_ns(), len(own)) + own


def drained(source: Tracefs) -> list[Fact]:
    """All that is told by now, without its thread."""
    time.sleep(0.01)  # until it is sure
    source.read()
    facts, source._relay._waiting = source._relay._waiting, []
    return facts


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Tracefs:
    """It reads what is written to `_rings`."""
    sizes = (8, 8, 8, 8, 8, 8, 4, 4, 16, 16)
    state = Layout(
        100, {name: (8 + 16 * at, size) for at, (name, size) in enumerate(zip(STATE_FIELDS, sizes, strict=True))}
    )
    layouts = state, (Layout(101, {"sk": (8, 8)}),), Layout(103, {"filename": (8, 4)})
    monkeypatch.setattr(module, "_layouts", lambda: layouts)
    monkeypatch.setattr(module, "Rings", WrittenRings)
    return Tracefs()


def test_uses_that_found_no_room_are_counted_and_a_hole(written: Tracefs) -> None:
    written._rings.uses[0].data = use(1) + lost(44) + use(2)  # type: ignore[attr-defined]
    facts = drained(written)
    assert written.health().dropped == 44
    assert [type(each) for each in facts] == [Held, Held, Missed]
    assert facts[-1].at <= facts[0].at


def test_uses_that_are_left_out_are_counted_and_a_hole(written: Tracefs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_USES", 2 * len(use(1)) + 1)
    written._rings.uses[0].data = use(1) + use(2) + use(3) + use(4)  # type: ignore[attr-defined]
    facts = drained(written)
    assert written.health().dropped == 2
    assert [type(each) for each in facts] == [Held, Held, Missed]


def test_a_ring_of_uses_that_was_full_is_a_hole_before_the_loss_is_told(written: Tracefs) -> None:
    written._rings.uses[0].data = use(1)  # type: ignore[attr-defined]
    written._rings.uses[0].full = True
    assert [type(each) for each in drained(written)] == [Held, Missed]


def test_after_a_ring_of_lives_that_was_full_no_socket_is_taken_for_the_one_it_was(written: Tracefs) -> None:
    written._rings.uses[0].data = use(1)  # type: ignore[attr-defined]
    (first,) = drained(written)
    written._rings.lives[0].full = True
    drained(written)
    written._rings.lives[0].full = False
    told = drained(written)
    assert [type(each) for each in told] == [Ended]
    written._rings.uses[0].data = use(1)  # type: ignore[attr-defined]
    (again,) = drained(written)
    assert isinstance(first, Held)
    assert isinstance(again, Held)
    assert again.cookie != first.cookie


def test_without_a_loss_there_is_no_hole(written: Tracefs) -> None:
    written._rings.uses[0].data = use(1)  # type: ignore[attr-defined]
    assert [type(each) for each in drained(written)] == [Held]


def test_after_a_hole_who_uses_a_socket_is_told_anew(written: Tracefs) -> None:
    written._rings.uses[0].data = use(1) + lost(1)  # type: ignore[attr-defined]
    first = drained(written)[0]
    written._rings.uses[0].data = use(1)  # type: ignore[attr-defined]
    (again,) = drained(written)
    assert isinstance(again, Held)
    assert isinstance(first, Held)
    assert again.cookie == first.cookie


def test_facts_that_find_no_room_in_the_queue_are_counted_and_one_hole(
    written: Tracefs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "WAITING", 2)
    for _ in range(2):
        written._rings.uses[0].data = b"".join(map(use, range(1, 6)))  # type: ignore[attr-defined]
        time.sleep(0.01)
        written.read()
    assert written.health().dropped == 3 + 5
    assert [type(each) for each in written._relay._waiting] == [Held, Held, Missed]
    hole = written._relay._waiting[-1]
    assert isinstance(hole, Missed)
    assert written._relay._waiting[1].at <= hole.at <= hole.at + hole.seconds <= time.time()


@pytest.mark.root
@pytest.mark.system
class TestHere:
    """It listens."""

    @pytest.fixture
    def source(self) -> Iterator[Tracefs]:
        made = Tracefs()
        made.start()
        yield made
        made.stop()

    def told(self, source: Tracefs, enough: Callable[[list[Fact]], bool]) -> list[Fact]:
        end, found = time.monotonic() + 10, list[Fact]()
        while not enough(found):
            assert time.monotonic() < end, source.health().words
            found += [fact for batch in source.take() for fact in batch.facts]
            time.sleep(0.02)
        return found

    def of(self, facts: list[Fact], ends: bytes) -> list[Fact]:
        """What was told of the socket with these ends."""
        numbers = {each.cookie for each in facts if isinstance(each, Tied) and each.ends == ends}
        return [each for each in facts if not isinstance(each, Missed) and each.cookie in numbers]

    def test_a_caller_that_is_gone_at_once_is_known_by_its_script(self, source: Tracefs, tmp_path: Path) -> None:
        script = tmp_path / "beacon.sh"
        with socket.create_server(("127.0.0.1", 0)) as server:
            script.write_text(f"exec 3<>/dev/tcp/127.0.0.1/{server.getsockname()[1]}")
            with subprocess.Popen(["/bin/bash", str(script)]) as child:
                peer, (_, port) = server.accept()
            peer.close()
            ends = key(6, (LO, port), (LO, server.getsockname()[1]))
            facts = self.of(self.told(source, lambda facts: bool(self.of(facts, ends))), ends)
        assert {each.owner.pid for each in facts if isinstance(each, Held)} == {child.pid}
        assert {each.owner.exe.rpartition("/")[2] for each in facts if isinstance(each, Held)} == {"bash"}

    def test_a_child_that_serves_is_the_owner_not_the_listener(self, source: Tracefs) -> None:
        with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            there = int(server.stdout.readline())
            with socket.create_connection(("127.0.0.1", there)) as client:
                client.sendall(b"x")
                worker, port = map(int, server.stdout.readline().split())
                client.recv(9)
        ends = key(6, (LO, there), (LO, port))
        facts = self.told(source, lambda facts: any(isinstance(each, Ended) for each in self.of(facts, ends)))
        assert {each.owner.pid for each in self.of(facts, ends) if isinstance(each, Held)} == {worker}

    def test_a_thread_is_its_process(self, source: Tracefs) -> None:
        ports: list[int] = []
        with socket.create_server(("127.0.0.1", 0)) as server:

            def call() -> None:
                with socket.create_connection(server.getsockname()) as client:
                    ports.append(client.getsockname()[1])

            thread = threading.Thread(target=call)
            thread.start()
            thread.join()
            ends = key(6, (LO, ports[0]), (LO, server.getsockname()[1]))
            facts = self.of(self.told(source, lambda facts: bool(self.of(facts, ends))), ends)
        assert {each.owner.pid for each in facts if isinstance(each, Held)} == {os.getpid()}

    def test_a_refused_call_is_known(self, source: Tracefs) -> None:
        with socket.socket() as caller:
            caller.bind(("127.0.0.1", 0))
            port = caller.getsockname()[1]
            with pytest.raises(ConnectionRefusedError):
                caller.connect(("127.0.0.1", 1))
        ends = key(6, (LO, port), (LO, 1))
        facts = self.told(source, lambda facts: any(isinstance(each, Ended) for each in self.of(facts, ends)))
        assert [each.owner.pid for each in self.of(facts, ends) if isinstance(each, Held)] == [os.getpid()]

    def test_facts_are_not_of_all_sockets_and_their_times_are_the_wall_s(self, source: Tracefs) -> None:
        batches: list[Facts] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname()).close()
        time.sleep(0.1)
        batches += source.take()
        facts = [fact for batch in batches for fact in batch.facts]
        assert facts
        assert not any(batch.whole for batch in batches)
        assert all(abs(each.at - time.time()) < 10 for each in facts)

    def test_what_finds_no_room_is_lost_and_said_and_no_owner_is_told_of_what_lived(
        self, source: Tracefs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
            ends = key(6, (LO, client.getsockname()[1]), (LO, server.getsockname()[1]))
            self.told(source, lambda facts: bool(self.of(facts, ends)))
            with source._relay._change:  # its reader stands still
                flood = "i=0; while [ $i -lt 9000 ]; do (:); i=$((i+1)); done"
                workers = [subprocess.Popen(["sh", "-c", flood]) for _ in range(8)]
                for each in workers:
                    each.wait()
            for cpu in os.sched_getaffinity(0):  # that records were lost stands before the next one of a processor
                text = f"import os; os.sched_setaffinity(0, [{cpu}]); os.fork() and os.wait()"
                subprocess.run([sys.executable, "-c", text], check=True)
            facts = self.told(source, lambda facts: any(isinstance(each, Ended) for each in facts))
        assert source.health().dropped > 0
        assert "records lost" in source.health().words
        assert any(isinstance(each, Ended) for each in facts)

    def test_killed_it_leaves_nothing_in_the_kernel(self) -> None:
        mounts = Path("/proc/self/mountinfo").read_text()
        with subprocess.Popen([sys.executable, "-c", RUN + "time.sleep(60)"], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"on\n"
            child.send_signal(signal.SIGKILL)
        assert Path("/proc/self/mountinfo").read_text() == mounts
        place = Place()
        instances = os.open("instances", os.O_RDONLY, dir_fd=place._root)
        assert os.listdir(instances) == []
        os.close(instances)
        place.close()

    def test_after_its_end_it_says_until_when(self, source: Tracefs) -> None:
        before = len(os.listdir("/proc/self/fd"))
        source.stop()
        assert len(os.listdir("/proc/self/fd")) < before
        (batch,) = source.take()
        assert batch.until is not None
