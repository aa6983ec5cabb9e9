"""tracefs as a folder: what tracepoints there are, and how their records are laid out.

Promise: where nobody mounted it, or not in this mount namespace, it is opened without mounting it anywhere. A layout
that lacks a field is a LookupError. Source: Documentation/trace/events.rst. Does not know: what the records mean.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ratop_py.events.detached import open_detached

MOUNTED = ("/sys/kernel/tracing", "/sys/kernel/debug/tracing")
LARGEST = 1 << 16
"""Bytes of a description that are read."""
NUMBER = re.compile(r"^ID:\s*(\d{1,9})$", re.MULTILINE)
FIELD = re.compile(r"^\s*field:([^;]*);\s*offset:(\d{1,6});\s*size:(\d{1,6});", re.MULTILINE)
NAME = re.compile(r"(\w+)(?:\[\w*\])?$")


@dataclass(frozen=True, slots=True)
class Layout:
    """A tracepoint's number, and where its fields stand in a record."""

    number: int
    fields: Mapping[str, tuple[int, int]]
    """Name → (offset, size)."""


def layout(text: str, needed: Iterable[str]) -> Layout:
    """What a `format` file says. LookupError: not what is needed."""
    found = NUMBER.search(text)
    fields = {name[1]: (int(at), int(size)) for words, at, size in FIELD.findall(text) if (name := NAME.search(words))}
    missing = [name for name in needed if name not in fields]
    if found is None or missing:
        raise LookupError(f"a tracepoint is laid out otherwise: no {', '.join(missing) or 'number'}")
    return Layout(int(found[1]), fields)


class Place:
    """tracefs, opened. OSError: it is not to be had."""

    def __init__(self) -> None:
        self._root = next((root for folder in MOUNTED if (root := _opened(folder)) >= 0), -1)
        if self._root < 0:
            self._root = open_detached("tracefs")

    def layout(self, event: str, needed: Iterable[str]) -> Layout:
        """Of `sock/inet_sock_set_state` or another. OSError: there is none."""
        return layout(self._read(f"events/{event}/format"), needed)

    def _read(self, path: str) -> str:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._root)
        except FileNotFoundError:
            raise FileNotFoundError(2, f"this kernel has no tracepoint {path.split('/')[-2]}") from None
        with open(descriptor, "rb") as file:
            return file.read(LARGEST).decode("ascii", "replace")

    def close(self) -> None:
        """Let go of it."""
        os.close(self._root)


def _opened(folder: str) -> int:
    """The folder, if tracefs is mounted there; else less than 0."""
    try:
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return -1
    try:
        os.stat("events", dir_fd=root)
    except OSError:
        os.close(root)
        return -1
    return root
