"""From what `--events` says to a source.

Promise: what was asked for by name is opened or a RatopError says why not; `auto` takes the best that opens, and tells
what it could not take.
Does not know: threads, flows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ratop_py.errors import Exit, RatopError
from ratop_py.events.beside import Beside
from ratop_py.events.ladder import Ladder, Rung
from ratop_py.events.over import TellOver
from ratop_py.events.poller import open_poller
from ratop_py.events.socket import EventSource
from ratop_py.events.spec import EventSpec
from ratop_py.safetext import words_of

if TYPE_CHECKING:
    from ratop_py.events.tracefs.source import Tracefs

LOOKS, BESIDE = 0.5, 1.0
"""Seconds between two looks at the socket tables, where nothing better is to be had, and beside tracepoints."""
TELLS = {"kernel": "the kernel does not tell of sockets", "tracefs": "there are no tracepoints to be listened to"}


def open_source(spec: EventSpec, clock: Callable[[], float], tell_over: TellOver | None = None) -> EventSource:
    """The source of a spec. `clock`: seconds, from anywhere; `tell_over`: hears at once, in some thread, which
    datagrams' ends have no socket any more, where the source knows."""
    if spec.kind == "auto":
        return Ladder(tuple(_rungs(tell_over)), clock)
    if spec.kind == "diag":
        return _diag(spec.seconds)
    if spec.kind not in TELLS:
        return open_poller(spec)
    try:
        return _kernel(tell_over) if spec.kind == "kernel" else _tracefs()
    except (OSError, LookupError) as error:
        denied = isinstance(error, PermissionError)
        hint = "sudo ratop, or --events auto" if denied else "--events auto takes the best there is"
        raise RatopError(
            f"{TELLS[spec.kind]}: {words_of(error)}",
            hint=hint,
            exit_code=Exit.NOT_PERMITTED if denied else Exit.NO_SOURCE,
        ) from None


def _rungs(tell_over: TellOver | None) -> Iterator[Rung]:
    """Best first."""
    if sys.platform == "linux":
        yield Rung("kernel", lambda: _kernel(tell_over))
        yield Rung("tracefs", _tracefs)
        yield Rung("diag", lambda: _diag(LOOKS))
    yield Rung("lsof", lambda: open_poller(EventSpec("lsof")))


def reserves() -> Iterator[tuple[str, bool, str]]:
    """(name, whether it would do here, how or why not) of the sources below the kernel's own word; each is opened for a
    moment."""
    below: dict[str, Callable[[], EventSource]] = {"tracefs": _tracepoints, "diag": lambda: _diag(LOOKS)}
    for name, opened in below.items():
        try:
            source = opened()
        except (OSError, LookupError) as error:
            yield name, False, words_of(error)
        else:
            yield name, True, source.health().words
            source.stop()


def _kernel(tell_over: TellOver | None) -> EventSource:
    from ratop_py.events.kernel import Kernel

    return Kernel(tell_over)


def _tracefs() -> EventSource:
    """TCP at the time, the rest by looking."""
    from ratop_py.events.diag import Diag

    first = _tracepoints()
    return Beside(first, Diag(BESIDE, first.past))


def _tracepoints() -> Tracefs:
    from ratop_py.events.tracefs.source import Tracefs

    return Tracefs()


def _diag(seconds: float) -> EventSource:
    from ratop_py.events.diag import Diag

    return Diag(seconds)
