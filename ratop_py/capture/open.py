"""Names of interfaces into sources, with one capture filter for all.

Promise: all are open, or none is and a RatopError says why. Linux uses the packet ring, other systems libpcap.
Does not know: the filter language; the expression is tcpdump's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ratop_py.capture import devices
from ratop_py.capture.bpf import Program, accept, compile_expression
from ratop_py.capture.source import Source
from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean

ANY = "any"
LOOPBACK_RING = 8 << 20
ETHERNET = 1
LEAST_RING = 4 << 20


def open_interfaces(
    names: Sequence[str], expression: str | None, snaplen: int, ring_bytes: int, promiscuous: bool
) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """(sources, what a person should know): the interfaces named, or the default ones."""
    if sys.platform != "linux":
        return _libpcap(names, expression, snaplen)
    chosen = _names(names)
    opened: list[Source] = []
    notices: list[str] = []
    try:
        for number, name in enumerate(chosen):
            opened.append(_ring(name, number, expression, snaplen, ring_bytes // len(chosen), promiscuous, notices))
    except RatopError:
        for source in opened:
            source.close()
        raise
    return tuple(opened), tuple(dict.fromkeys(notices))


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


def _ring(
    name: str,
    number: int,
    expression: str | None,
    snaplen: int,
    size: int,
    promiscuous: bool,
    notices: list[str],
) -> Source:
    from ratop_py.capture.ring import LINKTYPES, Ring, hardware

    program: Program | None = accept(snaplen)
    if expression is not None:
        linktype = LINKTYPES.get(hardware(name), ETHERNET)
        program = compile_expression(expression, linktype, snaplen)
        if program is None:
            notices.append("libpcap is not installed: the filter works on flows only, the kernel passes every packet.")
    most = LOOPBACK_RING if name == devices.LOOPBACK else size
    return Ring(name, program or accept(snaplen), number, max(LEAST_RING, most), promiscuous=promiscuous)


def _libpcap(names: Sequence[str], expression: str | None, snaplen: int) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    from ratop_py.capture.libpcap import Libpcap

    opened = tuple(Libpcap(name, expression, snaplen, number) for number, name in enumerate(names or (None,)))
    return opened, ("capture through libpcap is untested on this system",)
