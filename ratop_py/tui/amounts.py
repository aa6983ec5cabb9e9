"""Numbers as a person reads them in a narrow column.

Promise: at most four cells and a unit; a rate has no unit letter and bytes carry `B`, so the two never look alike;
zero is `·`, not known is `–`.
Does not know: which column a number stands in.
"""

from __future__ import annotations

import math
import time

ZERO = "·"
UNKNOWN = "–"
SECOND = 1_000_000_000
DAY = 86_400.0


def si(value: float, unit: str = "") -> str:
    """1.2k, 41k, 940k, 3.3MB: steps of 1000, one decimal below 9.95."""
    if not math.isfinite(value) or value < 0:
        return UNKNOWN
    if value < 0.5:
        return ZERO
    for step in ("", "k", "M", "G", "T", "P"):
        if value < 999.5:
            return f"{value:.1f}{step}{unit}" if step and value < 9.95 else f"{value:.0f}{step}{unit}"
        value /= 1000
    return f"{value:.0f}E{unit}" if value < 999.5 else f"∞{unit}"


def full(value: float) -> str:
    """All digits, in groups of three."""
    if not math.isfinite(value) or value < 0:
        return UNKNOWN
    return f"{value:,.0f}".replace(",", " ") if value >= 0.5 else ZERO


def speed(bits: float, *, short: bool = False) -> str:
    """A rate for the top bar: `24.6 Mb/s`, or `24.6M` where room is short."""
    value, step = max(bits, 0.0), ""
    for step in ("", "k", "M", "G", "T"):
        if value < 999.5 or step == "T":
            break
        value /= 1000
    number = f"{value:.1f}" if step and value < 99.95 else f"{value:.0f}"
    return f"{number}{step}" if short else f"{number} {step}b/s"


def duration(seconds: float) -> str:
    """0.84s, 31s, 13m34, 5h10m, 3d04h."""
    if not math.isfinite(seconds) or seconds < 0:
        return UNKNOWN
    if seconds < 9.995:
        return f"{seconds:.2f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}"
    if whole < 86_400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    days = whole // 86_400
    return f"{days}d{whole % 86_400 // 3600:02d}h" if days < 100 else f"{days}d"


def spoken(seconds: float) -> str:
    """A length of time in a sentence: 4 s, 12 min, 3 h, 2 d."""
    for size, unit in ((DAY, "d"), (3600.0, "h"), (60.0, "min")):
        if seconds >= size * 2:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def clock(at: float) -> str:
    """Local time of day of seconds since the epoch; nothing for times a calendar does not have."""
    try:
        return time.strftime("%H:%M:%S", time.localtime(at))
    except (OverflowError, ValueError, OSError):
        return UNKNOWN


def instant(ns: int, now: float) -> str:
    """A time: of day with tenths where it is near `now` (seconds), else with its date."""
    seconds = ns / SECOND
    text = clock(seconds)
    if text == UNKNOWN or abs(now - seconds) < DAY / 2:
        return text if text == UNKNOWN else f"{text}.{ns // 100_000_000 % 10}"
    return time.strftime("%m-%d %H:%M", time.localtime(seconds))


def percent(share: float) -> str:
    """96 %; 99 stays 99 until all of it is there."""
    if not math.isfinite(share):
        return UNKNOWN
    whole = round(share * 100)
    return f"{min(whole, 99) if share < 1 else whole} %"


def bar(value: float, least: float, most: float, size: int) -> str:
    """A bar on a log scale in half cells; anything above `least` shows at least half a cell."""
    if not value > least or most <= least:
        return ""
    part = math.log(value / least) / math.log(most / least)
    halves = min(size * 2, max(1, round(part * size * 2)))
    return "━" * (halves // 2) + "╸" * (halves % 2)


SPARKS = "▁▂▃▄▅▆▇█"


def step(value: float, most: float) -> str:
    """One value as a part of a cell."""
    part = value / most if 0 < most < math.inf else 0.0
    return SPARKS[min(7, int(7.999 * part))] if 0 < part < math.inf else SPARKS[0]


def spark(values: list[float], size: int) -> str:
    """The last `size` values, the greatest of them as a full cell; nothing is a low line."""
    shown = values[-size:]
    most = max(shown, default=0.0)
    return "".join(step(value, most) for value in shown).ljust(size)


def pressed(values: list[float], size: int) -> str:
    """As `spark`, with means of neighbours where there are more values than cells."""
    if size <= 0 or not values:
        return ""
    each = max(1, -(-len(values) // size))
    parts = [values[at : at + each] for at in range(len(values) % each, len(values), each)]
    return spark([sum(part) / len(part) for part in parts], len(parts))


def number(value: float) -> str:
    """A small number without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
