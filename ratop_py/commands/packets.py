"""`print --format pcapng`: the packets of the flows that would be printed.

Promise: nothing is captured or read if the packets cannot be had afterwards. Live they are written at the end.
Does not know: how a packet is found or written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from ratop_py.commands.print_options import PrintOptions
from ratop_py.errors import Exit, RatopError

if TYPE_CHECKING:
    from ratop_py.engine.again import Again
    from ratop_py.engine.session import Engine
    from ratop_py.view import Answer


def available(engine: Engine) -> Again:
    """The packets, once more. RatopError: there will be none."""
    packets = engine.packets()
    if packets.why_not:
        hint = "ratop print -r FILE" if engine.settings.files else "ratop print --keep-packets 64M"
        raise RatopError(f"no packets to write: {packets.why_not}", hint=hint, exit_code=Exit.USAGE)
    return packets


def write(
    packets: Again, answers: Iterable[Answer], options: PrintOptions, out: BinaryIO, tell: Callable[[str], None]
) -> int:
    """Wait for all answers, then write the packets of their flows; returns how many."""
    from ratop_py.export import packets as writing
    from ratop_py.export.wanted import Wanted, members

    wanted, left = Wanted(), options.count if options.sources.live else None
    for answer in answers:
        part = answer if left is None else replace(answer, index=answer.index[:left])
        wanted.add(members(part))
        left = None if left is None else left - part.matched
        if left == 0:
            break
    count = writing.write(wanted, packets, out, options.filter, inner=options.sources.inner)
    if packets.gone:
        tell(packets.gone)
    return count
