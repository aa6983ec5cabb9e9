"""What was seen in a short time: how many flows had an owner, why others had none, and how the sources did.

Promise: takes the seconds it was given, a moment to open and close beside; Ctrl-C ends the wait, and what was seen
until then is told. Where capture is not possible it says why; nothing stays open.
Does not know: how the answers are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from threading import Event
from typing import TYPE_CHECKING

from ratop_py.commands.meter_words import LOSSES, counted, covered, event_words
from ratop_py.commands.meter_words import losses as lost
from ratop_py.commands.probes import Check, as_root
from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import words_of

if TYPE_CHECKING:
    from ratop_py.engine.session import Engine
    from ratop_py.view import Meters

TICK = 0.2
"""Seconds between two looks of the engine."""
ENOUGH = 0.95
"""Share of flows that are named, or surely nobody's, from which all is well."""


def watch(
    seconds: float, open_engine: Callable[[], Engine] | None = None, pause: Callable[[float], object] | None = None
) -> Iterator[Check]:
    """Capture for a while, and tell."""
    pause = pause or Event().wait
    try:
        meters = seen((open_engine or _engine)(), seconds, pause)
    except RatopError as error:
        denied = error.exit_code is Exit.NOT_PERMITTED
        fix = f"{as_root()} doctor" if denied else next(iter(error.hint.splitlines()), "ratop -i any")
        yield Check("coverage", False, f"not measured: {error.message}", fix)
    except OSError as error:
        yield Check("coverage", False, f"not measured: {words_of(error, 160)}", f"{as_root()} doctor")
    else:
        yield coverage(meters)
        yield source(meters)
        yield losses(meters)


def _engine() -> Engine:
    from ratop_py.engine.session import Engine
    from ratop_py.engine.settings import Settings

    return Engine(Settings(tick=TICK))


def seen(engine: Engine, seconds: float, pause: Callable[[float], object]) -> Meters:
    """The meters of an engine that worked for so long, or until Ctrl-C."""
    try:
        engine.start()
        try:
            pause(seconds)
        except KeyboardInterrupt:
            pass  # tell what was seen until now
        return engine.meters()
    finally:
        engine.stop()


def coverage(meters: Meters) -> Check:
    """Who was named."""
    told, lasted = meters.coverage, meters.clock - meters.began
    facts = {**asdict(told), "seconds": round(lasted, 1), "flows": told.flows, "bytes": told.bytes}
    if not told.flows:
        return Check("coverage", True, _nothing(meters, lasted), facts=facts)
    head, *lines = covered(told, f"heard in {lasted:.1f} s")
    ok = 1 - told.parts[2] >= ENOUGH
    fix = "" if ok else as_root() if len(meters.events) > 1 else "ratop print 'owner = unknown'"
    return Check("coverage", ok, head.removeprefix("coverage").strip(), fix, False, lines, facts)


def _nothing(meters: Meters, lasted: float) -> str:
    others = meters.coverage.elsewhere
    if not others:
        return f"no flow was seen in {lasted:.1f} s on {meters.source}"
    return f"{counted(others, 'flow')} in {lasted:.1f} s, none with an end here"


def source(meters: Meters) -> Check:
    """How the source in use does; better ones below."""
    taken, *better = meters.events
    lines = [event_words(each) for each in better]
    facts = {"sources": [asdict(each) for each in meters.events]}
    return Check("source", taken.ok, event_words(taken), "" if taken.ok else as_root(), False, lines, facts)


def losses(meters: Meters) -> Check:
    """What was lost, of packets and of events."""
    counts = {name: meters.counters.get(name, 0) for name in LOSSES}
    said = "; ".join(lost(meters))
    return Check("lost", not said, said or "nothing", "ratop FILTER" if said else "", facts={"lost": counts})
