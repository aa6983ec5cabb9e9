"""A live interface through an AF_PACKET TPACKET_V3 ring, in pure Python: socket, mmap, poll.

Promise: blocks are walked in place and handed back at once; loopback packets are seen once; what the kernel dropped is
counted. An interface that is down or goes away is waited for, and captured again when it is back; `trouble` says so
meanwhile. Any thread may ask for `losses` and `trouble`, or `close`, which ends a step that waits.
Source: linux/if_packet.h, Documentation/networking/packet_mmap.rst. Does not know: frames.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import select
import socket
import struct
from threading import Lock

from ratop_py.capture import permit
from ratop_py.capture.bpf import Program
from ratop_py.capture.link import LINKTYPES, LOOPBACK, RAW_IP, exists, hardware, is_up, name_of, number_of
from ratop_py.capture.source import Losses, Sink
from ratop_py.errors import Exit, RatopError

SOL_PACKET = 263
ADD_MEMBERSHIP, RX_RING, STATISTICS, VERSION, IGNORE_OUTGOING = 1, 5, 6, 10, 23
TPACKET_V3 = 2
ETH_P_ALL = 3
SO_ATTACH_FILTER = 26
STATUS_USER = 1
STATUS_AT = 8
"""Place of block_status in tpacket_block_desc."""
BLOCK, SMALL_BLOCK = 1 << 20, 1 << 18
"""Bytes of a block; the kernel wants powers of two. Small ones where the ring is small: it needs several."""
SMALL_RING = 4 << 20
FRAME = 2048
RETIRE_MS = 100
"""A block that is not full is handed over after this. Each time costs 0.2 ms of CPU, however few packets there are."""
ERRORS = select.POLLERR | select.POLLHUP | select.POLLNVAL


class Ring:
    """A `capture.source.Source`."""

    live = True

    def __init__(
        self, name: str, program: Program, number: int = 0, size: int = 32 << 20, *, promiscuous: bool = False
    ) -> None:
        """Open the interface. RatopError: not permitted, no such interface, or a link that is not understood."""
        self.name = name
        self.interfaces = (name,)
        self.trouble = ""
        self._program, self._number, self._promiscuous = program, number, promiscuous
        self._kernel = self._freezes = 0
        self._socket: socket.socket | None = None
        self._map: mmap.mmap | None = None
        self._block = BLOCK if size >= SMALL_RING else SMALL_BLOCK
        self._blocks = max(2, size // self._block)
        self._next = self._index = 0
        self._closed = False
        self._stepping, self._counting = Lock(), Lock()
        self._hardware = hardware(name)
        self._linktype = LINKTYPES.get(self._hardware, -1)
        if self._linktype < 0:
            raise RatopError(
                f"{name} has a link type that ratop does not know (ARPHRD {self._hardware})", exit_code=Exit.NO_SOURCE
            )
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        try:
            self._open()
        except RatopError:
            os.close(self._bell)
            raise

    def _open(self) -> None:
        try:
            # From tunnels, frames without a link header: what SOCK_RAW gives begins with the outer header on some.
            kind = socket.SOCK_DGRAM if self._linktype == RAW_IP else socket.SOCK_RAW
            wire = socket.socket(socket.AF_PACKET, kind, 0)  # protocol 0: nothing comes before bind
        except PermissionError:
            raise RatopError(
                f"may not capture on {self.name}: {permit.WORDS}", hint=permit.HINT, exit_code=Exit.NOT_PERMITTED
            ) from None
        except OSError as error:
            raise _refused(self.name, error) from None
        with self._counting:
            self._socket = wire
        try:
            self._arm(wire)
        except OSError as error:
            self._release()
            raise _refused(self.name, error) from None

    def _arm(self, wire: socket.socket) -> None:
        """Version, filter, ring, map, bind: in this order no packet is seen unfiltered."""
        wire.setsockopt(SOL_PACKET, VERSION, TPACKET_V3)
        attach(wire, self._program)
        if self._hardware == LOOPBACK:
            ignore_outgoing(wire)
        size = self._block * self._blocks
        wire.setsockopt(
            SOL_PACKET, RX_RING, struct.pack("=7I", self._block, self._blocks, FRAME, size // FRAME, RETIRE_MS, 0, 0)
        )
        self._map = mmap.mmap(wire.fileno(), size, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        self._next = 0
        self._index = number_of(self.name)
        wire.bind((self.name, ETH_P_ALL))
        if self._promiscuous and self._hardware != LOOPBACK:
            wire.setsockopt(SOL_PACKET, ADD_MEMBERSHIP, struct.pack("=iHH8s", self._index, 1, 0, b""))
        self._poll = select.poll()
        self._poll.register(wire, select.POLLIN | select.POLLERR)
        self._poll.register(self._bell, select.POLLIN)

    def step(self, sink: Sink, wait: float) -> bool:
        """Feed one block if there is one within `wait` seconds. False only after `close`."""
        with self._stepping:
            if self._closed:
                return False
            if self._map is None:
                self._come_back(wait)
            elif self._filled(self._map) or self._filled_soon(self._map, wait):
                self._feed(self._map, sink)
            return not self._closed

    def _feed(self, ring: mmap.mmap, sink: Sink) -> None:
        at = self._next * self._block
        try:
            sink.feed_ring(ring, at, self._block, self._linktype, self._number, self._hardware == LOOPBACK)
        finally:
            struct.pack_into("=I", ring, at + STATUS_AT, 0)  # TP_STATUS_KERNEL: it may be filled again
            self._next = (self._next + 1) % self._blocks
        if self.trouble:  # what was heard before an interface went down may come after that is known
            self._look_for_trouble()

    def _filled(self, ring: mmap.mmap) -> bool:
        (status,) = struct.unpack_from("=I", ring, self._next * self._block + STATUS_AT)
        return bool(status & STATUS_USER)

    def _filled_soon(self, ring: mmap.mmap, wait: float) -> bool:
        """Wait for a block, an error or the bell."""
        events = self._poll.poll(wait * 1000)
        if self.trouble or any(event & ERRORS for _, event in events):
            self._look_for_trouble()
        return self._map is not None and self._filled(ring)

    def _look_for_trouble(self) -> None:
        """The interface went away (let go, and wait for it), or is down (it may come up again), or is well.

        An interface is told by its number: another one of the same name is not the one that this socket hears.
        """
        assert self._socket is not None
        self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)  # read, so that the next poll waits again
        if name := name_of(self._index):  # perhaps it was renamed
            self.trouble = "" if is_up(name) else f"{self.name} is down"
            return
        self._count()
        self._release()
        self.trouble = f"{self.name} is gone; it is captured again as soon as it is back"

    def _come_back(self, wait: float) -> None:
        """An interface that was away: open it again as soon as it is there."""
        if exists(self.name):
            try:
                self._reopen()
            except RatopError as error:
                self.trouble = error.message
            else:
                self.trouble = ""
                return
        bell = select.poll()
        bell.register(self._bell, select.POLLIN)
        bell.poll(wait * 1000)

    def _reopen(self) -> None:
        if LINKTYPES.get(hardware(self.name)) != self._linktype:
            raise RatopError(f"{self.name} came back as another kind of link; start ratop again to capture it")
        self._hardware = hardware(self.name)
        self._open()

    @property
    def gone(self) -> bool:
        """Whether the interface is away."""
        return self._map is None

    def losses(self) -> Losses:
        """What the kernel dropped since the start (reading PACKET_STATISTICS resets it, so it is added up)."""
        self._count()
        return Losses(kernel=self._kernel, freezes=self._freezes)

    def _count(self) -> None:
        with self._counting:
            if self._socket is None:
                return
            try:
                _, drops, freezes = struct.unpack("=3I", self._socket.getsockopt(SOL_PACKET, STATISTICS, 12))
            except OSError:  # an interface that just left has none
                return
            self._kernel += drops
            self._freezes += freezes

    def _release(self) -> None:
        if self._map is not None:
            self._map.close()
            self._map = None
        with self._counting:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def close(self) -> None:
        """Give ring and socket back, from any thread: a step that waits is woken, one that feeds is waited for."""
        if self._closed:
            return
        self._closed = True
        os.eventfd_write(self._bell, 1)
        with self._stepping:
            self._count()
            self._release()
            os.close(self._bell)


def attach(wire: socket.socket, program: Program) -> None:
    """Put a filter on a socket."""
    code = b"".join(struct.pack("=HBBI", *each) for each in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    wire.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(buffer)))


def ignore_outgoing(wire: socket.socket) -> None:
    """Loopback shows every packet twice. Kernels before 4.20 refuse this; the walker leaves the copies out as well."""
    try:
        wire.setsockopt(SOL_PACKET, IGNORE_OUTGOING, 1)
    except OSError:
        return


def _refused(name: str, error: OSError) -> RatopError:
    if error.errno == errno.ENODEV:
        return RatopError(f"no interface is called {name}", exit_code=Exit.NO_SOURCE)
    if error.errno == errno.ENOMEM:
        return RatopError(f"no memory for the capture ring of {name}", hint="free -m", exit_code=Exit.FAILED)
    return RatopError(f"cannot capture on {name}: {os.strerror(error.errno or 0)}", exit_code=Exit.FAILED)
