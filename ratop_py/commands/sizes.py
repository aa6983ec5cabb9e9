"""An amount of bytes on the command line: `64M`, `1G`, `500k`.

Promise: what cannot be read is a usage error that shows the ways to write it.
Does not know: what the bytes are for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    _Type = click.ParamType[int]
else:
    _Type = click.ParamType  # older releases of click have no generic

UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([kmg]?)(?:i?b)?", re.ASCII)


class Size(_Type):
    """Bytes as an int, from `least` to `most`."""

    name = "size"

    def __init__(self, least: int = 0, most: int = 1 << 40) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the words of a person, or keep the number of a default."""
        if isinstance(value, int):
            return value
        match = _SIZE.fullmatch(str(value).strip().lower())
        if match is None:
            self.fail(f"`{value}` is no amount of bytes: write 64M or 1G", param, ctx)
        size = int(float(match[1]) * UNITS[match[2]])
        if not self.least <= size <= self.most:
            self.fail(f"`{value}`: from {written(self.least)} to {written(self.most)}", param, ctx)
        return size


def written(size: int) -> str:
    """As a person types it."""
    for unit in ("g", "m", "k"):
        if size >= UNITS[unit] and size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]}{unit.upper() if unit != 'k' else unit}"
    return str(size)
