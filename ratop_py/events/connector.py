"""The kernel's process connector: forks, execs, changes of user and exits, told at the time.

Promise: a program is read from /proc at once when it begins, so that its name is known when it is gone a moment later;
what is told goes into a `Past`. An overrun is a hole: it is counted, and what was known is asked anew. Only the first
network namespace has it: one thread goes there to open it, and ends. Needs CAP_NET_ADMIN, in the first namespaces of
processes and users. Source: include/uapi/linux/cn_proc.h, connector.h. This is one of the leaves that read a clock.
Does not know: sockets of others.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import NamedTuple

from ratop_py.events.past import Past
from ratop_py.net import netlink
from ratop_py.safetext import clean

NETLINK_CONNECTOR = 11
PROC, LISTEN, IGNORE, DONE = 1, 1, 2, 3
"""CN_IDX_PROC and CN_VAL_PROC; what is asked; NLMSG_DONE."""
FORK, EXEC, USER, EXIT, ACK = 0x1, 0x2, 0x4, 0x80000000, 0x0
MESSAGE = struct.Struct("=IIIIHH")
"""index, value, sequence, ack, length, flags"""
EVENT = struct.Struct("=IIQ")
"""what, processor, ns"""
FOUR, TWO, ONE = struct.Struct("=IIII"), struct.Struct("=II"), struct.Struct("=I")
HEADER = struct.Struct("=IHHII")
RCVBUFFORCE = 33
ROOM = 8 << 20
"""Bytes of news that may wait: some 10,000, twice the forks and exits of a wild second."""
WAIT = 0.5
"""Seconds between two looks at whether it shall end."""
PATIENCE = 1.0
"""Seconds that the kernel may take to say yes."""
FIRST_SPACE = "/proc/2/ns/net"
"""Of kthreadd: the kernel's threads are in the first namespace; process 1 may be closed to us."""


class News(NamedTuple):
    """Something happened to a process (not to one of its further threads)."""

    what: int
    at: float
    """CLOCK_MONOTONIC, s"""
    pid: int
    other: int
    """Of a fork the parent, of a change the user, of an answer the error."""


class Connector:
    """Listens, and tells a `Past`. OSError: not here, or not with these privileges."""

    def __init__(self, past: Past, *, lives: bool) -> None:
        """`lives`: forks, execs and exits are told to the past by it; else somebody else does."""
        self._past, self._lives = past, lives
        self.holes = 0
        """How often news found no room."""
        self.cost = 0.0
        """CPU seconds."""
        self.failure = ""
        self._socket = _opened()
        past.users = True
        self._stop = Event()
        self._thread = Thread(target=self._run, name="events connector", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def words(self) -> str:
        """How it does, for health."""
        if self.failure:
            return f"no process events: {self.failure}"
        return f"process events lost {self.holes:,} times" if self.holes else ""

    def close(self) -> None:
        """Listen no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2 * WAIT)
        else:
            self._socket.close()

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._hear()
        except Exception as error:  # noqa: BLE001 - its thread may not fail; what is known may be old from now on
            self.failure = f"{type(error).__name__}: {clean(str(error), 120)}"
            self._past.users = False
            self._past.missed()
        self._socket.close()

    def _hear(self) -> None:
        try:
            data = self._socket.recv(netlink.LARGEST)
        except TimeoutError:
            return
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            self.holes += 1
            self._past.missed()
            return
        for each in news(data):
            self._tell(each)
        self.cost = time.thread_time()

    def _tell(self, told: News) -> None:
        if told.what == EXEC:
            if self._lives:
                self._past.execed(told.at, told.pid, b"")
            self._past.glimpse(told.pid, told.at, time.monotonic())
        elif told.what == USER:
            self._past.became(told.at, told.pid, told.other)
        elif self._lives and told.what == FORK:
            self._past.forked(told.at, told.pid, told.other)
        elif self._lives and told.what == EXIT:
            self._past.exited(told.at, told.pid)


def news(data: bytes) -> Iterator[News]:
    """What one datagram tells; what is cut, or of another kind, is nothing."""
    for _, _, payload in netlink.messages(data):
        body = payload[MESSAGE.size :]
        if len(body) < EVENT.size or MESSAGE.unpack_from(payload)[:2] != (PROC, PROC):
            continue
        what, _, stamp = EVENT.unpack_from(body)
        found = _news(what, stamp / 1e9, body[EVENT.size :])
        if found is not None:
            yield found


def _news(what: int, at: float, body: bytes) -> News | None:
    need = {FORK: FOUR, EXEC: TWO, USER: FOUR, EXIT: TWO, ACK: ONE}.get(what)
    if need is None or len(body) < need.size:
        return None
    words = need.unpack_from(body)
    if what == ACK:
        return News(ACK, at, 0, words[0])
    if what == FORK:
        _, parent, thread, pid = words
        return News(FORK, at, pid, parent) if thread == pid else None
    if what == USER:
        return News(USER, at, words[1], words[3])  # the effective one, as /proc shows
    return News(what, at, words[1], 0) if what == EXEC or words[0] == words[1] else None


def _opened() -> socket.socket:
    """The socket, listening."""
    try:
        return _listening()
    except ConnectionRefusedError:  # nobody is there in this network namespace
        return _there(_listening)


def _listening() -> socket.socket:
    made = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_CONNECTOR)
    try:
        made.setsockopt(socket.SOL_SOCKET, RCVBUFFORCE, ROOM)
        made.bind((0, PROC))
        body = MESSAGE.pack(PROC, PROC, 0, 0, ONE.size, 0) + ONE.pack(LISTEN)
        made.send(HEADER.pack(HEADER.size + len(body), DONE, 0, 0, 0) + body)
        _accepted(made)
        made.settimeout(WAIT)
    except OSError:
        made.close()
        raise
    return made


def _accepted(made: socket.socket) -> None:
    """Wait for the kernel's word; what comes before it is told again by /proc. OSError: it said no, or nothing."""
    until = time.monotonic() + PATIENCE
    while (left := until - time.monotonic()) > 0:
        made.settimeout(left)
        for each in news(made.recv(netlink.LARGEST)):
            if each.what == ACK:
                if each.other:
                    raise OSError(each.other, os.strerror(each.other))
                return
    raise TimeoutError(errno.ETIMEDOUT, "the kernel tells nothing of processes here")


def _there(work: Callable[[], socket.socket]) -> socket.socket:
    """Do it in the first network namespace: a thread goes there, and ends."""
    done: list[socket.socket | OSError] = []

    def go() -> None:
        try:
            with open(FIRST_SPACE, "rb") as space:
                if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), 0) < 0:
                    error = ctypes.get_errno()
                    raise OSError(error, os.strerror(error))
            done.append(work())
        except OSError as error:
            done.append(error)

    thread = Thread(target=go, name="events connector opens")
    thread.start()
    thread.join()
    if isinstance(done[0], OSError):
        raise done[0]
    return done[0]
