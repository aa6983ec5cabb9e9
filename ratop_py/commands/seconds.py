"""A span of time on the command line: `5`, `5s`, `500ms`, `2m`.

Promise: what cannot be read is a usage error that shows the ways to write it.
Does not know: what the time is for.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    _Type = click.ParamType[float]
else:
    _Type = click.ParamType  # older releases of click have no generic

UNITS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_SPAN = re.compile(r"(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(ms|s|m|h)?", re.ASCII)


class Seconds(_Type):
    """Seconds as a float, at least `least`."""

    name = "seconds"

    def __init__(self, least: float = 0.0) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the words of a person, or keep the number of a default."""
        if isinstance(value, int | float):
            return float(value)
        match = _SPAN.fullmatch(str(value).strip().lower())
        if match is None:
            self.fail(f"`{value}` is no time: write 5s, 500ms or 2m", param, ctx)
        seconds = float(match[1]) * UNITS[match[2] or ""]
        if not math.isfinite(seconds) or seconds < self.least:
            self.fail(f"`{value}` is too short: at least {self.least:g} s", param, ctx)
        return seconds
