"""Time: stand still, step back through the last minutes, go to a moment, play a file faster or slower, now again.

Promise: every view, filter and group holds at a past moment, too; one key leads back to now. What cannot be done is
said, with why.
Does not know: who keeps the past, or how long.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ratop_py.tui import amounts
from ratop_py.tui.prompt import Trouble
from ratop_py.tui.timeline import moment_at
from ratop_py.tui.top import TIMELINE, timeline_cells

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

STEP = 10.0
"""Seconds of one step."""
PACES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 30.0, 100.0)
"""Times faster than it was recorded."""
SPAN = re.compile(r"-(\d+(?:\.\d+)?)(s|m|h)?")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
SECONDS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
DAY = 86_400.0
EXPECTED = "a time of day (20:51, 20:51:30) or a span back (-90s, -10m) is expected"


def pause(app: RatopApp) -> None:
    """Hold what is seen, or go on."""
    if app.at is not None:
        live(app)
        return
    held = not app.paused
    app.paused_at = app.clock() if held else None
    app.ask(lambda feed: feed.hold(held))
    app.draw()


def live(app: RatopApp) -> None:
    """Now again."""
    was_held, app.at, app.paused_at = app.paused, None, None
    if was_held:
        app.ask(lambda feed: feed.hold(False))
    app.present()


def step(seconds: float) -> Callable[[RatopApp], None]:
    """A deed: so much later."""
    return lambda app: go(app, _here(app) + seconds)


def go(app: RatopApp, at: float) -> None:
    """To a moment; before the first that is kept: to that one; later than now: now."""
    meters = app.snapshot.meters if app.snapshot is not None else None
    if meters is None or meters.oldest is None:
        app.say("the past is not kept here", "dim")
        return
    if at >= app.newest:
        live(app)
        return
    app.at = max(at, meters.oldest)
    app.present()
    if at < meters.oldest:
        app.say(f"the past begins here, {amounts.spoken(app.newest - meters.oldest)} back", "dim")


def to_alarm(later: bool) -> Callable[[RatopApp], None]:
    """A deed: to the nearest moment before, or after, at which something became suspicious."""

    def deed(app: RatopApp) -> None:
        pulses = app.snapshot.meters.pulse if app.snapshot is not None else ()
        here = _here(app)
        times = [each.at for each in pulses if each.alarms]
        found = [at for at in times if (at > here + 0.5 if later else at < here - 0.5)]
        if found:
            go(app, min(found) if later else max(found))
        else:
            app.say(f"no alarm {'after' if later else 'before'} this in what is kept", "dim")

    return deed


def _here(app: RatopApp) -> float:
    return app.newest if app.at is None else app.at


def check(text: str) -> Trouble | None:
    """What is wrong with a moment that is typed."""
    return None if not text.strip() or moment(text, 0.0) is not None else Trouble(0, max(1, len(text)), EXPECTED)


def moment(text: str, now: float) -> float | None:
    """The moment that is meant, seconds since the epoch; a time of day is the last that is past. None: it is none."""
    span, clock = SPAN.fullmatch(text.strip()), CLOCK.fullmatch(text.strip())
    if span:
        return now - float(span[1]) * SECONDS[span[2] or ""]
    if clock is None:
        return None
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    day = time.localtime(now)
    at = time.mktime((day.tm_year, day.tm_mon, day.tm_mday, hour, minute, second, 0, 0, -1))
    return at if at <= now else at - DAY


def take(app: RatopApp, text: str) -> None:
    """Go to a moment that was typed; nothing typed: now."""
    at = moment(text, app.newest)
    if at is None:
        live(app)
    else:
        go(app, at)


def pace(faster: bool) -> Callable[[RatopApp], None]:
    """A deed: play a file at the next pace."""

    def deed(app: RatopApp) -> None:
        meters = app.snapshot.meters if app.snapshot is not None else None
        if meters is None or not meters.speed:
            app.say("only a file that is played has a pace (ratop -r FILE --speed 1)", "dim")
            return
        near = min(range(len(PACES)), key=lambda i: abs(PACES[i] - meters.speed))
        set_pace(app, PACES[max(0, min(len(PACES) - 1, near + (1 if faster else -1)))])

    return deed


def set_pace(app: RatopApp, speed: float) -> None:
    """Play a file so much faster than it was recorded."""
    app.ask(lambda feed: feed.pace(speed))
    app.say(f"{speed:g}× as fast as it was recorded", "dim")


def clicked(app: RatopApp, x: int, y: int) -> bool:
    """A click into the top lines; True: it was on the timeline, and leads there."""
    meters = app.snapshot.meters if app.snapshot is not None else None
    if y != 1 or meters is None or (app.at is None and not meters.speed):
        return False
    at = moment_at(meters.pulse, timeline_cells(app.size.width), x - TIMELINE)
    if at is not None:
        go(app, at)
    return at is not None
