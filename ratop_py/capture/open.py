"""Names of interfaces into sources, with one capture filter for all.

Promise: all are open, or none is and a RatopError says why. What was not asked for by name (`any`, or nothing said)
and cannot be captured is left out with a notice. Linux uses the packet ring, other systems libpcap.
`any` opens every interface by itself: one socket for all of them would bring frames of different links, and packets
of a bridge or VLAN several times.
Does not know: the filter language; the expression is tcpdump's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from ratop_py.capture import devices
from ratop_py.capture.bpf import Program, accept, compile_expression
from ratop_py.capture.longer import LONG, longer
from ratop_py.capture.source import Source
from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean

ANY = "any"
LOOPBACK_RING = 8 << 20
LEAST_RING = 1 << 20
HOPELESS = frozenset({Exit.NOT_PERMITTED, Exit.USAGE})
"""What stands in the way of one interface stands in the way of all."""
UNFILTERED = "libpcap is not installed: the filter works on flows only, the kernel passes every packet."
UNPROMISING = "--promiscuous is left out with `-i any`: name the interface."


@dataclass(frozen=True, slots=True)
class Wish:
    """How every interface is to be captured."""

    expression: str | None
    snaplen: int
    size: int
    """Bytes of its ring."""
    promiscuous: bool


def open_interfaces(
    names: Sequence[str], expression: str | None, snaplen: int, ring_bytes: int, promiscuous: bool
) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """(sources, what a person should know): the interfaces named, or the default ones."""
    if sys.platform != "linux":
        return _libpcap(names, expression, snaplen, promiscuous)
    chosen, everything = _names(names), ANY in names
    wish = Wish(expression, snaplen, ring_bytes // len(chosen), promiscuous and not everything)
    notices = [UNPROMISING] if promiscuous and everything else []
    sources = _open_all(chosen, wish, notices, lenient=everything or not names)
    return sources, tuple(dict.fromkeys(notices))


def _open_all(chosen: Sequence[str], wish: Wish, notices: list[str], *, lenient: bool) -> tuple[Source, ...]:
    """`lenient`: what cannot be opened is left out, unless none can, or the reason holds for all."""
    opened: list[Source] = []
    refused: list[RatopError] = []
    try:
        for name in chosen:
            try:
                opened.append(_ring(name, len(opened), wish, notices))
            except RatopError as error:
                if not lenient or error.exit_code in HOPELESS:
                    raise
                refused.append(error)
        if not opened:
            raise refused[0]
    except RatopError:
        _close_all(opened)
        raise
    notices.extend(f"{error.message}." for error in refused)
    return tuple(opened)


def _close_all(sources: Sequence[Source]) -> None:
    for source in sources:
        source.close()


def _names(names: Sequence[str]) -> list[str]:
    if ANY in names:
        found = [device.name for device in devices.all_up()]
    elif names:
        known = {device.name for device in devices.devices()}
        for name in names:
            if name not in known:
                raise devices.no_such(clean(name, 40))
        found = list(dict.fromkeys(names))
    else:
        found = [device.name for device in devices.default_devices()]
    if not found:
        raise RatopError("no interface is up and has a route", hint="ratop -i any", exit_code=Exit.NO_SOURCE)
    return found


def _ring(name: str, number: int, wish: Wish, notices: list[str]) -> Source:
    from ratop_py.capture.link import ETHERNET, LINKTYPES, hardware
    from ratop_py.capture.ring import Ring

    program: Program | None = accept(wish.snaplen)
    linktype = LINKTYPES.get(hardware(name), ETHERNET)
    if wish.expression is not None:
        program = compile_expression(wish.expression, linktype, wish.snaplen, name)
        if program is None:
            notices.append(UNFILTERED)
    program = program or accept(wish.snaplen)
    if linktype == ETHERNET:
        program = longer(program, wish.snaplen)
    most = min(LOOPBACK_RING, wish.size) if name == devices.LOOPBACK else wish.size
    return Ring(name, program, number, max(LEAST_RING, most), promiscuous=wish.promiscuous)


def _libpcap(
    names: Sequence[str], expression: str | None, snaplen: int, promiscuous: bool
) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    from ratop_py.capture.libpcap import Libpcap

    opened: list[Source] = []
    try:
        for name in dict.fromkeys(names) or (None,):
            opened.append(Libpcap(name, expression, max(snaplen, LONG), len(opened), promiscuous=promiscuous))
    except RatopError:
        _close_all(opened)
        raise
    return tuple(opened), ("capture through libpcap is untested on this system",)
