from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from ratop_py.events import poller, program
from ratop_py.events.looker import LookError, Seen
from ratop_py.events.poller import Poller, Recorded, Silence, open_poller, suspended
from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.events.spec import EventSpec
from ratop_py.flow.flows import Owner

SOCKET = Socket(6, 4, 0, 22, 0, 0, SocketState.LISTEN, (Owner(1, None, 0, "root", "sshd"),))


class Looks:
    """A looker that does what it is told."""

    name, words, partial = "fake", "fake", False

    def __init__(self, look: Callable[[], Seen]) -> None:
        self._look = look

    def look(self, stopped: Callable[[], bool]) -> Seen:
        return self._look()


def wait_for(test: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not test() and time.monotonic() < until:
        time.sleep(0.01)
    assert test()


def test_the_first_look_is_at_once_and_listings_are_taken_once() -> None:
    source = Poller(Looks(lambda: ((SOCKET,), True, "")), 60)
    source.start()
    wait_for(lambda: source.health().listings == 1)
    (listing,) = source.take()
    assert (listing.sockets, listing.complete) == ((SOCKET,), True)
    assert listing.began <= listing.ended
    assert source.take() == ()
    source.stop()


def test_a_look_that_fails_is_counted_and_told_and_the_next_one_comes() -> None:
    calls: list[int] = []

    def look() -> Seen:
        calls.append(1)
        if len(calls) == 1:
            raise LookError("no memory")
        return (), False, "half blind"

    source = Poller(Looks(look), 0.01)
    source.start()
    wait_for(lambda: source.health().listings > 0)
    assert source.health().failures == 1
    assert "half blind" in source.health().words
    source.stop()


def test_an_unexpected_failure_does_not_end_the_thread() -> None:
    def look() -> Seen:
        raise KeyError("surprise")

    source = Poller(Looks(look), 0.01)
    source.start()
    wait_for(lambda: source.health().failures > 2)
    assert not source.health().ok
    source.stop()


def test_listings_nobody_takes_give_way_and_are_counted() -> None:
    source = Poller(Looks(lambda: ((), True, "")), 0.001)
    source.start()
    wait_for(lambda: source.health().dropped > 0)
    source.stop()
    assert len(source.take()) == poller.WAITING


def test_looking_costs_no_more_than_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 7))
    waits: list[float] = []
    source = Poller(Looks(lambda: ((), True, "")), 2.0)
    monkeypatch.setattr(poller, "spent", lambda: float(next(clock)))

    def wait(seconds: float) -> None:
        waits.append(seconds)
        source._stop.set()

    monkeypatch.setattr(source._wanted, "wait", wait)
    source._run()
    assert waits == [7 / poller.SHARE]


def test_pauses_that_are_stretched_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter((0.0, 0.25, 0.25, 0.25))
    monkeypatch.setattr(poller, "spent", lambda: next(spent))
    source = Poller(Looks(lambda: ((), True, "")), 2.0)
    words: list[str] = []

    def wait(seconds: float) -> None:
        words.append(source.health().words)
        if len(words) == 2:
            source._stop.set()

    monkeypatch.setattr(source._wanted, "wait", wait)
    source._run()
    assert words == ["fake every 2 s, now 25 s", "fake every 2 s"]


def test_stopping_ends_a_look_that_hangs_within_a_second(tmp_path: Path) -> None:
    script = tmp_path / "slow"
    script.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nsleep 60\n")
    script.chmod(0o755)
    source = open_poller(EventSpec("prog", 1.0, (str(script),)))
    source.start()
    wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    began = time.monotonic()
    source.stop()
    assert time.monotonic() - began < 1.5
    wait_for(lambda: gone(int((tmp_path / "pid").read_text())))
    assert source.health().failures == 0


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_program_gets_its_arguments_and_no_shell(tmp_path: Path) -> None:
    script = tmp_path / "argus-lsof"
    script.write_text('#!/bin/sh\necho "$2 1 root 3u IPv4 1 0t0 TCP *:22 (LISTEN)"\n')
    script.chmod(0o755)
    source = open_poller(EventSpec("prog", 60.0, (str(script), "-n", "$(id)")))
    source.start()
    wait_for(lambda: source.health().listings == 1)
    source.stop()
    assert source.health().name == "argus-lsof"


def test_without_lsof_psutil_tells_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "PLACES", ())
    source = open_poller(EventSpec("lsof"))
    assert source.health().name == "psutil"
    assert "lsof is not installed" in source.health().words


def test_none_is_silent() -> None:
    source = open_poller(EventSpec("none"))
    assert isinstance(source, Silence)
    source.start()
    assert source.take() == ()
    assert not source.health().ok
    source.stop()


def test_recorded_listings_are_told_when_their_time_has_come() -> None:
    clock = [10.0]
    listings = [Listing("lsof", at, at, True, ()) for at in (20.0, 10.0, 30.0)]
    source = Recorded(listings, lambda: clock[0])
    source.start()
    assert [each.began for each in source.take()] == [10.0]
    clock[0] = 25.0
    assert [each.began for each in source.take()] == [20.0]
    assert source.take() == []
    assert source.health().listings == 2
    source.stop()


@pytest.mark.tool("lsof")
def test_lsof_names_this_process() -> None:
    import socket

    import psutil

    with socket.create_server(("127.0.0.1", 0)) as server:
        source = open_poller(EventSpec("lsof"))
        source.start()
        wait_for(lambda: source.health().listings > 0)
        found = [each for listing in source.take() for each in listing.sockets if each.lport == server.getsockname()[1]]
        source.stop()
    assert [owner.pid for owner in found[0].owners] == [os.getpid()]
    started = found[0].owners[0].started
    assert started is not None
    assert abs(started - psutil.Process().create_time()) <= 1.02  # psutil counts from whole seconds
    assert started <= time.time()


def test_who_takes_from_a_prompt_source_has_a_look_made() -> None:
    looks = iter(range(1, 1_000))
    source = Poller(Looks(lambda: ((), True, str(next(looks)))), 60.0, prompt=True)
    source.start()
    wait_for(lambda: source.health().listings == 1)
    told = source.take()
    source.stop()
    assert [each.why_not for each in told] == ["1", "2"]


def test_a_look_that_was_partial_is_told_as_such() -> None:
    looker = Looks(lambda: ((), True, ""))
    looker.partial = True
    source = Poller(looker, 60.0)
    source.start()
    wait_for(lambda: source.health().listings == 1)
    (told,) = source.take()
    source.stop()
    assert told.partial


def test_what_is_to_be_done_after_the_last_look_is_done() -> None:
    ended: list[str] = []
    source = Poller(Looks(lambda: ((), True, "")), 60.0, after=lambda: ended.append("now"))
    source.start()
    source.stop()
    assert ended == ["now"]


def test_who_takes_has_no_look_made_while_pauses_are_stretched(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter((0.0, 1.0))
    monkeypatch.setattr(poller, "spent", lambda: next(spent))
    source = Poller(Looks(lambda: ((), True, "")), 0.1, prompt=True)
    source.start()
    wait_for(lambda: bool(source._stretched))
    source.take()
    time.sleep(0.05)
    source.stop()
    assert source.health().listings == 1


def test_who_comes_between_two_clocks_does_not_change_how_long_the_machine_slept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    boot, awake = iter((12.0, 13.0, 14.0)), iter((7.5, 8.0, 9.25))  # of the first and the last somebody came between
    clocks = SimpleNamespace(CLOCK_BOOTTIME=7, clock_gettime=lambda _: next(boot), monotonic=lambda: next(awake))
    monkeypatch.setattr(poller, "time", clocks)
    assert suspended() == 5.0


def test_without_a_clock_that_goes_on_asleep_nobody_slept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "time", SimpleNamespace(monotonic=time.monotonic))
    assert suspended() == 0.0
