"""A capture file as a source: pcap and pcapng, plain, gzip or zstd, a file or standard input.

Promise: the packets in front of a fault are read, the fault is counted; what is no capture is refused with a word on
what it looks like. Memory is bounded whatever the file holds.
Does not know: frames (the engine walks them), flows.
"""

from __future__ import annotations

import stat
import struct
from pathlib import Path

from ratop_py.capture.names import Names
from ratop_py.capture.pcapng import Sections
from ratop_py.capture.source import Losses, Sink
from ratop_py.capture.unpack import STDIN, open_supply, shown
from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean

STEP = 1 << 22
"""Bytes given to the engine at once."""
LARGEST = 1 << 24
"""A record that claims more bytes is no record; the engine says the same."""
BIG_ENDIAN, NANOSECONDS, MODIFIED = 1, 2, 4
MAGICS = {
    b"\xd4\xc3\xb2\xa1": 0,
    b"\xa1\xb2\xc3\xd4": BIG_ENDIAN,
    b"\x4d\x3c\xb2\xa1": NANOSECONDS,
    b"\xa1\xb2\x3c\x4d": BIG_ENDIAN | NANOSECONDS,
    b"\x34\xcd\xb2\xa1": MODIFIED,
    b"\xa1\xb2\xcd\x34": BIG_ENDIAN | MODIFIED,
}
"""First bytes of a pcap file → variant of its records (draft-ietf-opsawg-pcap; MODIFIED is Kuznetzov's)."""
PCAPNG = b"\x0a\x0d\x0d\x0a"
HEADER = 24
ERF_TYPES = 48
"""Highest record type that is in use."""
LOOKS = (
    (b"snoop\0\0\0", "a snoop capture"),
    (b"\x83\x10\x00\x20", "a file of Argus records, version 3"),
    (b"\x85\x10\x00\x20", "a file of Argus records, version 5"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x7fELF", "a program"),
    (b"<?xml", "XML"),
    (b"RTSS", "a Network Monitor capture"),
    (b"GMBU", "a Network Monitor capture"),
)


class PcapFile:
    """A `capture.source.Source`."""

    live = False

    def __init__(self, name: str, names: Names | None = None) -> None:
        """Open and recognise the file; `names`: shared by files that are read together.

        RatopError: it is not there, may not be read, or is no capture.
        """
        self.name = "standard input" if name == STDIN else clean(Path(name).name, 80)
        self._supply = open_supply(name)
        self._size = size_of(name)
        self._names = Names() if names is None else names
        self._number = -1
        self._sections: Sections | None = None
        self._cut = 0
        self._variant = self._linktype = 0
        try:
            self._recognise(name)
        except BaseException:
            self._supply.close()
            raise

    def _recognise(self, name: str) -> None:
        head = self._supply.head(HEADER)
        if head[:4] == PCAPNG:
            self._sections = Sections(self._supply, self._names)
        elif head[:4] in MAGICS and len(head) == HEADER:
            self._variant = MAGICS[head[:4]]
            (link,) = struct.unpack(">I" if self._variant & BIG_ENDIAN else "<I", head[20:24])
            self._linktype = link & 0x0FFFFFFF  # the top bits tell the length of the FCS
            self._supply.at = HEADER
        else:
            what = f"it cannot be read: {self._supply.torn}" if self._supply.torn else looks_like(head)
            raise RatopError(f"{shown(name)} is no capture: {what}", hint=HINT, exit_code=Exit.BAD_DATA)

    @property
    def interfaces(self) -> tuple[str, ...]:
        """Names by number, of all files read together; a pcap file has one interface, without a name."""
        return self._names.all

    @property
    def trouble(self) -> str:
        """Why the file ended before its end, if it did."""
        return self._supply.torn

    def step(self, sink: Sink, wait: float) -> bool:
        """Feed a chunk at most. A pipe may have nothing yet."""
        walk = self._sections.step if self._sections else self._walk
        going = walk(sink, wait)
        if not going:
            self._supply.close()
        return going

    def _walk(self, sink: Sink, wait: float) -> bool:
        """Feed records; False: there is nothing more."""
        if self._number < 0:
            self._number = self._names.add("")
        supply, moved = self._supply, False
        if supply.left:
            limit = min(len(supply.buffer), supply.at + STEP)
            reached = sink.feed_pcap(supply.buffer, supply.at, limit, self._variant, self._linktype, self._number)
            moved, supply.at = reached > supply.at, reached
        if self._senseless(moved) or (supply.over and not moved):
            self._cut = int(supply.left > 0 or bool(supply.torn))
            return False
        if not moved:
            supply.want(supply.left + 1, wait)
        return True

    def _senseless(self, moved: bool) -> bool:
        """The next record claims a length that none has, or is never taken: nothing behind it can be trusted."""
        head = self._supply.peek(16)
        order = ">" if self._variant & BIG_ENDIAN else "<"
        claimed = max(struct.unpack(order + "8xII", head)) if len(head) == 16 else 0
        return claimed > LARGEST or (not moved and self._supply.left > LARGEST + HEADER)

    def progress(self) -> tuple[int, int]:
        """(bytes of the file that were walked, its size); of what is no file 0 bytes."""
        return self._size if self._supply.over and not self._supply.left else self._supply.taken, self._size

    def losses(self) -> Losses:
        """Records cut at the end, blocks passed over."""
        return self._sections.losses() if self._sections else Losses(cut=self._cut)

    def close(self) -> None:
        """Give the file back."""
        self._supply.close()


def size_of(name: str) -> int:
    """Bytes of a file; 0: it is none, or nobody knows."""
    try:
        found = Path(name).stat()
    except (OSError, ValueError):
        return 0
    return found.st_size if name != STDIN and stat.S_ISREG(found.st_mode) else 0


HINT = "ratop reads pcap and pcapng, plain, gzip or zstd"


def looks_like(head: bytes) -> str:
    """What a file that is no capture seems to be, by its first bytes."""
    if not head:
        return "it is empty"
    for magic, what in LOOKS:
        if head.startswith(magic):
            return f"it looks like {what}"
    if head[:4] in MAGICS:
        return "it is a pcap file cut within its header"
    if all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head):
        return "it looks like text"
    return "it looks like an ERF capture" if _is_erf(head) else "its first bytes are of no format that ratop knows"


def _is_erf(head: bytes) -> bool:
    """ERF has no magic: a type that exists, and a record length that its frame fits into."""
    if len(head) < 16:
        return False
    kind, record, frame = struct.unpack(">8xBxH2xH", head[:16])
    return 0 < kind & 0x7F <= ERF_TYPES and record > 16 and 0 < frame < 1 << 16 and head[9] & 0xC0 == 0
