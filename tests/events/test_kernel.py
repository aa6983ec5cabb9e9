"""The kernel as a source of facts, on the kernel that runs here."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ratop_py.events import kernel, relay
from ratop_py.events.bpf import hooks, record
from ratop_py.events.bpf.record import What
from ratop_py.events.fact import Ended, Fact, Held, Missed, OfSocket, Tied
from ratop_py.events.kernel import Kernel
from ratop_py.events.namespaces import own_space
from ratop_py.events.over import Over
from ratop_py.events.pile import Pile
from ratop_py.events.poller import booted
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from ratop_py.net.address import parse

root = [pytest.mark.root, pytest.mark.system]
SAY = "import socket, sys; s = socket.socket(type=socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', int(sys.argv[1])))"


def test_a_kernel_that_does_not_allow_it_is_an_error_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(1, "Operation not permitted")

    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    monkeypatch.setattr(kernel, "open_root", lambda: os.open("/", os.O_RDONLY))
    monkeypatch.setattr(hooks, "create_map", refused)
    with pytest.raises(PermissionError):
        Kernel()
    assert before == (len(os.listdir("/proc/self/fd")) if before else 0)


class TestAsRoot:
    pytestmark = root

    @pytest.fixture
    def before(self) -> Iterator[socket.socket]:
        """A socket that was there before."""
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
            yield client

    @pytest.fixture
    def source(self, before: socket.socket) -> Iterator[Kernel]:
        made = Kernel()
        made.start()
        yield made
        made.stop()

    def facts(self, source: Kernel, until: type[OfSocket], cookie: int) -> list[OfSocket]:
        """All facts until one of this kind came about this socket."""
        found: list[OfSocket] = []
        end = time.monotonic() + 10
        while not any(isinstance(each, until) and each.cookie == cookie for each in found):
            assert time.monotonic() < end, source.health().words
            found += [fact for batch in source.take() for fact in batch.facts if not isinstance(fact, Missed)]
            time.sleep(0.02)
        return [each for each in found if each.cookie == cookie]

    def test_a_socket_from_before_is_told_with_its_process_and_ends(
        self, source: Kernel, before: socket.socket
    ) -> None:
        cookie = struct.unpack("<Q", before.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
        facts = self.facts(source, Tied, cookie)
        assert {each.owner.pid for each in facts if isinstance(each, Held)} == {os.getpid()}
        (tie,) = [each for each in facts if isinstance(each, Tied)]
        lo = parse("127.0.0.1")[0]
        assert tie.ends == key(6, (lo, before.getsockname()[1]), (lo, before.getpeername()[1]))

    def test_a_program_that_lives_for_a_moment_is_named_by_its_script(self, source: Kernel, tmp_path: Path) -> None:
        script = tmp_path / "beacon.py"
        script.write_text(SAY)
        with socket.socket(type=socket.SOCK_DGRAM) as target:
            target.bind(("127.0.0.1", 0))
            subprocess.run([sys.executable, str(script), str(target.getsockname()[1])], check=True)
        names: set[str] = set()
        end = time.monotonic() + 10
        while "beacon.py" not in names:
            assert time.monotonic() < end, names
            taken = [fact for batch in source.take() for fact in batch.facts]
            names |= {each.owner.program for each in taken if isinstance(each, Held)}
            time.sleep(0.02)

    def test_times_are_those_of_the_wall(self, source: Kernel) -> None:
        with socket.socket(type=socket.SOCK_DGRAM) as mine:
            cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
            mine.sendto(b"x", ("127.0.0.1", 9))
        facts = self.facts(source, Ended, cookie)
        assert all(abs(each.at - time.time()) < 10 for each in facts)
        assert [each.at for each in facts] == sorted(each.at for each in facts)

    def test_it_is_told_at_once_that_a_datagram_s_ends_have_no_socket_any_more(self) -> None:
        told: list[Over] = []
        made = Kernel(lambda overs, _: told.extend(overs))
        made.start()
        self.ready(made)
        with socket.socket(type=socket.SOCK_DGRAM) as mine:
            mine.sendto(b"x", ("127.0.0.1", 9))
            lo, port = parse("127.0.0.1")[0], mine.getsockname()[1]
        until = time.monotonic() + 5
        while not any(each.ends == key(17, (lo, port), (lo, 9)) for each in told):
            assert time.monotonic() < until
            time.sleep(0.02)
        made.stop()

    def test_its_health_names_the_hooks_and_what_it_costs(self, source: Kernel) -> None:
        until = time.monotonic() + 5
        while not source.health().cost and time.monotonic() < until:
            time.sleep(0.02)
        health = source.health()
        assert health.ok
        assert "14 eBPF hooks" in health.words
        assert health.cost > 0

    def test_a_queue_that_nobody_empties_is_bounded_and_counted(
        self, source: Kernel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(relay, "WAITING", 10)
        for _ in range(50):
            socket.socket(type=socket.SOCK_DGRAM).close()
        end = time.monotonic() + 5
        while not source.health().dropped and time.monotonic() < end:
            time.sleep(0.02)
        assert source.health().dropped > 0
        assert "lost" in source.health().words
        (batch,) = source.take()
        assert batch.lost == source.health().dropped
        assert [type(each) for each in batch.facts].count(Missed) == 1

    def test_what_the_ring_lost_is_a_hole_between_what_was_told_before_and_after(self) -> None:
        made = Kernel()
        with socket.socket(type=socket.SOCK_DGRAM) as mine:
            cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
            mine.sendto(b"x", ("127.0.0.1", 9))
            began = time.time()
            for _ in range(60_000):
                socket.socket(type=socket.SOCK_DGRAM).close()
            made.start()
            told = self.until_mended(made, cookie)
        made.stop()
        kinds = [type(each) for each in told if isinstance(each, Missed) or each.cookie == cookie]
        first = kinds.index(Missed)
        assert {Held, Tied} <= set(kinds[:first])
        assert Held in kinds[first:], "what lives on is told again"
        (hole, *_) = [each for each in told if isinstance(each, Missed)]
        assert began < hole.at < hole.at + hole.seconds <= time.time()

    def until_mended(self, source: Kernel, cookie: int) -> list[Fact]:
        """All facts until this socket was told of after a hole."""
        told: list[Fact] = []
        end = time.monotonic() + 10
        while True:
            assert time.monotonic() < end, source.health().words
            told += [fact for batch in source.take() for fact in batch.facts]
            holes = [place for place, each in enumerate(told) if isinstance(each, Missed)]
            if holes and any(isinstance(each, Held) and each.cookie == cookie for each in told[holes[-1] :]):
                return told
            time.sleep(0.02)

    def test_the_last_facts_say_when_it_ended(self, source: Kernel) -> None:
        self.ready(source)
        assert [batch.until for batch in source.take()] == [None]
        source.stop()
        (last,) = source.take()
        assert last.until is not None
        assert abs(last.until - time.time()) < 5

    def ready(self, source: Kernel) -> None:
        """Until the snapshot was told."""
        until = time.monotonic() + 10
        while not source.take():
            assert time.monotonic() < until
            time.sleep(0.02)

    def test_it_tells_its_namespace_and_that_it_saw_all_there_was(self, source: Kernel) -> None:
        self.ready(source)
        (batch,) = source.take()
        assert batch.space == own_space()
        assert batch.complete

    def test_a_clock_that_is_set_moves_what_waits_and_says_by_how_much(
        self, source: Kernel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.ready(source)
        monkeypatch.setattr(relay, "booted", lambda: (booted() or 0.0) - 3600)
        with socket.socket(type=socket.SOCK_DGRAM) as mine:
            cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
        (batch,) = source.take()
        assert batch.stepped == pytest.approx(-3600, abs=1)
        assert all(time.time() - each.at > 3500 for each in batch.facts)
        assert cookie in {each.cookie for each in batch.facts if not isinstance(each, Missed)}
        (batch,) = source.take()
        assert batch.stepped == 0

    def test_it_tells_through_when_all_is_told(self, source: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ready(source)
        began = time.time()
        (batch,) = source.take()
        assert began <= batch.through <= batch.at
        hang = threading.Event()
        monkeypatch.setattr(source._lives, "owner", lambda *_, **__: hang.wait(5))
        socket.socket(type=socket.SOCK_DGRAM).close()
        began = time.time()
        (late,) = source.take()
        assert late.through < began + 0.15
        hang.set()

    def test_a_name_that_is_long_in_coming_keeps_nobody_waiting(
        self, source: Kernel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.ready(source)
        hang = threading.Event()
        monkeypatch.setattr(source._lives, "owner", lambda *_, **__: hang.wait(5))
        socket.socket(type=socket.SOCK_DGRAM).close()
        begun = time.monotonic()
        source.take()
        assert time.monotonic() - begun < 2
        hang.set()

    def test_a_snapshot_larger_than_the_queue_is_told_whole(
        self, before: socket.socket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(relay, "WAITING", 1)
        made = Kernel()
        made.begin()
        (batch,) = made.take()
        assert len(batch.facts) > 1
        made.stop()

    def test_a_look_that_fails_in_the_press_is_made_again_later(
        self, source: Kernel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy() -> list[object]:
            raise OSError(12, "Cannot allocate memory")

        self.ready(source)
        monkeypatch.setattr("ratop_py.events.sockdiag.rows", busy)
        source._torn = True
        assert list(source._mend()) == []
        assert source._torn
        assert source.health().ok

    def test_a_thread_of_the_kernel_that_uses_a_socket_is_nobody_and_ends_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = Kernel()
        one = np.zeros(1, record.LAYOUT)
        one["cookie"], one["pid"], one["what"] = 7, 40, What.USED
        kworker = Owner(40, None, 0, "root", "kworker/0:1", ppid=2)
        monkeypatch.setattr(made._lives, "owner", lambda *_: kworker)
        assert made._now(Pile(one.tobytes(), {}, 1, 0, False)) == []
        one["what"] = What.ENDED
        (end,) = made._now(Pile(one.tobytes(), {}, 1, 0, False))
        assert isinstance(end, Ended)
        assert (end.cookie, end.owner) == (7, None)
        made.stop()

    def test_after_its_end_there_is_nothing_more_to_take(self, before: socket.socket) -> None:
        made = Kernel()
        made.start()
        made.stop()
        made.stop()
        assert all(not batch.facts or batch.since for batch in made.take())
        assert made.health().ok
