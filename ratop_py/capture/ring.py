"""A live interface through an AF_PACKET TPACKET_V3 ring, in pure Python: socket, mmap, poll.

Promise: blocks are walked in place and handed back at once; loopback packets are seen once; what the kernel dropped is
counted. An interface that goes away is waited for, and captured again when it is back.
Source: linux/if_packet.h, Documentation/networking/packet_mmap.rst. This is one of the leaves that read a clock.
Does not know: frames.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import mmap
import os
import select
import socket
import struct
import time

from ratop_py.capture.bpf import Program
from ratop_py.capture.source import Losses, Sink
from ratop_py.errors import Exit, RatopError

SOL_PACKET = 263
ADD_MEMBERSHIP, RX_RING, STATISTICS, VERSION = 1, 5, 6, 10
TPACKET_V3 = 2
ETH_P_ALL = 3
SO_ATTACH_FILTER = 26
SIOCGIFHWADDR = 0x8927
STATUS_USER = 1
STATUS_AT, STATUS_SIZE = 8, 4
"""Place of block_status in tpacket_block_desc."""
BLOCK = 1 << 20
FRAME = 2048
RETIRE_MS = 50
"""A block that is not full is handed over after this."""
LINKTYPES = {1: 1, 772: 1, 65534: 12, 512: 12, 768: 12, 776: 12, 778: 12, 801: 105, 803: 127, 823: 12, 824: 12}
"""ARPHRD (linux/if_arp.h) → link type of what SOCK_RAW gives: Ethernet, raw IP for tunnels, 802.11."""
LOOPBACK = 772
HINT = "sudo ratop, or once: sudo setcap cap_net_raw+ep on the Python that runs ratop; `ratop doctor` tells more"


class Ring:
    """A `capture.source.Source`."""

    live = True

    def __init__(
        self, name: str, program: Program, number: int = 0, size: int = 32 << 20, *, promiscuous: bool = False
    ) -> None:
        """Open the interface. RatopError: not permitted, no such interface, or a link that is not understood."""
        self.name = name
        self.interfaces = (name,)
        self._program, self._number, self._size, self._promiscuous = program, number, size, promiscuous
        self._kernel = self._freezes = 0
        self._socket: socket.socket | None = None
        self._map: mmap.mmap | None = None
        self._next = 0
        self._blocks = max(2, size // BLOCK)
        self._hardware = hardware(name)
        self._linktype = LINKTYPES.get(self._hardware, -1)
        if self._linktype < 0:
            raise RatopError(
                f"{name} has a link type that ratop does not know (ARPHRD {self._hardware})", exit_code=Exit.NO_SOURCE
            )
        self._open()

    def _open(self) -> None:
        try:
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # protocol 0: nothing before bind
        except PermissionError:
            raise RatopError(f"may not capture on {self.name}", hint=HINT, exit_code=Exit.NOT_PERMITTED) from None
        try:
            self._arm(self._socket)
        except OSError as error:
            self._release()
            raise _refused(self.name, error) from None

    def _arm(self, wire: socket.socket) -> None:
        """Version, filter, ring, map, bind: in this order no packet is seen unfiltered."""
        wire.setsockopt(SOL_PACKET, VERSION, TPACKET_V3)
        attach(wire, self._program)
        request = struct.pack("=7I", BLOCK, self._blocks, FRAME, BLOCK // FRAME * self._blocks, RETIRE_MS, 0, 0)
        wire.setsockopt(SOL_PACKET, RX_RING, request)
        self._map = mmap.mmap(wire.fileno(), BLOCK * self._blocks, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        self._next = 0
        wire.bind((self.name, ETH_P_ALL))
        if self._promiscuous and self._hardware != LOOPBACK:
            index = socket.if_nametoindex(self.name)
            wire.setsockopt(SOL_PACKET, ADD_MEMBERSHIP, struct.pack("=iHH8s", index, 1, 0, b""))
        self._poll = select.poll()
        self._poll.register(wire, select.POLLIN | select.POLLERR)

    def step(self, sink: Sink, wait: float) -> bool:
        """Feed one block if there is one within `wait` seconds. Never ends by itself."""
        if self._map is None:
            return self._come_back(wait)
        at = self._next * BLOCK + STATUS_AT
        if not self._filled(at):
            if any(event & (select.POLLERR | select.POLLHUP) for _, event in self._poll.poll(wait * 1000)):
                self._look_for_errors()
            if self.gone or not self._filled(at):
                return True
        sink.feed_ring(self._map, self._next * BLOCK, BLOCK, self._linktype, self._number, self._hardware == LOOPBACK)
        struct.pack_into("=I", self._map, at, 0)  # TP_STATUS_KERNEL: it may be filled again
        self._next = (self._next + 1) % self._blocks
        return True

    def _filled(self, at: int) -> bool:
        assert self._map is not None
        (status,) = struct.unpack_from("=I", self._map, at)
        return bool(status & STATUS_USER)

    def _look_for_errors(self) -> None:
        """The interface went down (still there: go on) or away (release, and wait for it)."""
        assert self._socket is not None
        problem = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem and not exists(self.name):
            self._count()
            self._release()

    def _come_back(self, wait: float) -> bool:
        """An interface that was away: open it again as soon as it is there."""
        if exists(self.name):
            try:
                self._open()
            except RatopError:
                time.sleep(wait)
        else:
            time.sleep(wait)
        return True

    @property
    def gone(self) -> bool:
        """Whether the interface is away."""
        return self._map is None

    def losses(self) -> Losses:
        """What the kernel dropped since the start (reading PACKET_STATISTICS resets it, so it is added up)."""
        self._count()
        return Losses(kernel=self._kernel, freezes=self._freezes)

    def _count(self) -> None:
        if self._socket is None:
            return
        try:
            _, drops, freezes = struct.unpack("=3I", self._socket.getsockopt(SOL_PACKET, STATISTICS, 12))
        except OSError:
            return
        self._kernel += drops
        self._freezes += freezes

    def _release(self) -> None:
        if self._map is not None:
            self._map.close()
            self._map = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def close(self) -> None:
        """Give ring and socket back; called when no thread steps any more."""
        self._count()
        self._release()


def attach(wire: socket.socket, program: Program) -> None:
    """Put a filter on a socket."""
    code = b"".join(struct.pack("=HBBI", *each) for each in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    wire.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(buffer)))


def hardware(name: str) -> int:
    """ARPHRD number of an interface, in this thread's network namespace. RatopError: there is none of that name."""
    request = struct.pack("16sH14s", name.encode()[:15], 0, b"")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            answer = fcntl.ioctl(any_socket, SIOCGIFHWADDR, request)
        except OSError:
            raise RatopError(f"no interface is called {name}", exit_code=Exit.NO_SOURCE) from None
    return int(struct.unpack_from("H", answer, 16)[0])


def exists(name: str) -> bool:
    """Whether there is an interface of that name, in this thread's network namespace."""
    try:
        return socket.if_nametoindex(name) > 0
    except OSError:
        return False


def _refused(name: str, error: OSError) -> RatopError:
    if error.errno == errno.ENODEV:
        return RatopError(f"no interface is called {name}", exit_code=Exit.NO_SOURCE)
    if error.errno == errno.ENOMEM:
        return RatopError(f"no memory for the capture ring of {name}", exit_code=Exit.FAILED)
    return RatopError(f"cannot capture on {name}: {os.strerror(error.errno or 0)}", exit_code=Exit.FAILED)
