"""News of processes."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events import connector
from ratop_py.events.connector import ACK, EXEC, EXIT, FORK, USER, Connector, News, news
from ratop_py.events.past import Life, Past

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")

FORKS = "i=0; while [ $i -lt 5000 ]; do (:); i=$((i+1)); done"


def lives(past: Past) -> list[Life]:
    return [life for lives in past._lives.values() for life in lives]


def told(what: int, *words: int, index: int = 1) -> bytes:
    body = struct.pack("=IIQ", what, 0, 5_000_000_000) + struct.pack(f"={len(words)}I", *words)
    body = struct.pack("=IIIIHH", index, 1, 0, 0, len(body), 0) + body
    return struct.pack("=IHHII", 16 + len(body), 3, 0, 0, 0) + body


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (told(FORK, 1, 1, 7, 7), [News(FORK, 5.0, 7, 1)]),
        (told(FORK, 7, 7, 8, 7), []),
        (told(EXEC, 8, 7), [News(EXEC, 5.0, 7, 0)]),
        (told(USER, 7, 7, 1000, 65534), [News(USER, 5.0, 7, 65534)]),
        (told(EXIT, 7, 7, 0, 17, 1, 1), [News(EXIT, 5.0, 7, 0)]),
        (told(EXIT, 8, 7, 0, 17, 1, 1), []),
        (told(ACK, 1), [News(ACK, 5.0, 0, 1)]),
        (told(0x200, 7, 7, 0, 0), []),
        (told(EXEC, 8, 7, index=3), []),
        (told(FORK, 1, 1, 7), []),
    ],
    ids=["fork", "thread", "exec", "user", "exit", "thread ends", "answer", "other news", "other index", "cut"],
)
def test_a_datagram_is_news_of_processes(data: bytes, expected: list[News]) -> None:
    assert list(news(data)) == expected


@given(st.binary(max_size=200), st.sampled_from([FORK, EXEC, USER, EXIT, ACK, 77]), st.integers(0, 90))
def test_any_bytes_are_survived(noise: bytes, what: int, cut: int) -> None:
    for data in (noise, told(what, 1, 2, 3, 4)[:cut] + noise):
        assert all(isinstance(each, News) for each in news(data))


class Line:
    """A socket that says what a test gives it."""

    def __init__(self, *said: bytes | OSError) -> None:
        self.said = list(said)
        self.closed = False

    def recv(self, _: int) -> bytes:
        if not self.said:
            time.sleep(0.001)
            raise TimeoutError
        said = self.said.pop(0)
        if isinstance(said, OSError):
            raise said
        return said

    def close(self) -> None:
        self.closed = True


Made = Callable[..., tuple[Connector, Past, Line]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Made]:
    all_made: list[Connector] = []

    def make(*said: bytes | OSError, lives: bool = True) -> tuple[Connector, Past, Line]:
        line = Line(*said)
        monkeypatch.setattr(connector, "_opened", lambda: line)
        past = Past(str, lambda: 0.0, lambda: 0.0, tmp_path)
        mine = Connector(past, lives=lives)
        all_made.append(mine)
        mine.start()
        end = time.monotonic() + 5
        while line.said and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(0.01)
        return mine, past, line

    yield make
    for each in all_made:
        each.close()


def test_what_happens_is_in_the_past(made: Made) -> None:
    _, past, _ = made(told(FORK, 1, 1, 7, 7), told(USER, 7, 7, 0, 33))
    owner = past.owner(7, 5.5, 6.0)
    assert owner is not None
    assert (owner.pid, owner.ppid, owner.uid, owner.started) == (7, 1, 33, 5.0)


def test_where_another_tells_of_lives_it_does_not(made: Made) -> None:
    _, past, _ = made(told(FORK, 1, 1, 7, 7), lives=False)
    owner = past.owner(7, 5.5, 6.0)
    assert owner is not None
    assert owner.started is None


def test_an_overrun_is_a_hole_that_is_counted_and_nothing_known_is_trusted(made: Made) -> None:
    mine, past, _ = made(told(FORK, 1, 1, 7, 7), OSError(errno.ENOBUFS, "No buffer space available"))
    owner = past.owner(7, 5.5, 6.0)
    assert owner is not None
    assert owner.started is None
    assert mine.words() == "process events lost 1 times"


def test_a_failure_is_said_and_changes_of_user_are_not_counted_on(made: Made) -> None:
    mine, past, line = made(OSError(errno.EBADF, "Bad file descriptor"))
    assert "no process events: OSError" in mine.words()
    assert not past.users
    assert line.closed


def test_its_thread_ends_and_lets_go(made: Made) -> None:
    mine, _, line = made()
    mine.close()
    assert line.closed
    assert "events connector" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.root
@pytest.mark.system
class TestHere:
    """On the kernel that runs here."""

    @pytest.fixture
    def past(self) -> Past:
        return Past(str, lambda: 0.0, lambda: 0.0)

    def test_a_program_that_lived_for_a_moment_is_known_when_it_is_gone(self, past: Past) -> None:
        mine = Connector(past, lives=True)
        mine.start()
        with subprocess.Popen(["/bin/sleep", "0.05"]) as child:
            pass
        time.sleep(0.2)
        mine.close()
        owner = past.owner(child.pid, time.monotonic() - 0.2, time.monotonic())
        assert owner is not None
        assert (owner.program, owner.cmdline, owner.uid) == ("sleep", "/bin/sleep 0.05", os.getuid())

    def test_five_thousand_forks_are_taken_or_counted(self, past: Past) -> None:
        mine = Connector(past, lives=True)
        mine.start()
        with subprocess.Popen(["sh", "-c", FORKS]) as shell:
            pass
        time.sleep(1.0)
        mine.close()
        known = sum(life.parent is not None and life.parent.pid == shell.pid for life in lives(past))
        assert mine.holes or known == 5_000
        assert not mine.failure
