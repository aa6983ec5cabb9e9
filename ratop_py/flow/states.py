"""Where a TCP connection stands: the states, what a segment says, and where it leads, as a table.

Promise: `NEXT` holds every (state, event) pair; `STEPS` is the same as bytes, which is all the engine knows of it.
Does not know: packets, sequence numbers, how an event was recognised, the words for a state (`letters.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum


class State(IntEnum):
    """Where a TCP connection stands."""

    NONE = 0
    """No TCP segment yet; other protocols stay here."""
    REQ = 1
    """SYN seen."""
    ACC = 2
    """SYN+ACK seen."""
    CON = 3
    """Established, or seen from the middle."""
    FIN = 4
    """One side has finished."""
    FINS = 5
    """Both sides have finished."""
    CLO = 6
    """Both FINs are acknowledged."""
    RST = 7
    """A reset was seen."""


class Seen(IntEnum):
    """What one segment says, given what came before."""

    SYN = 0
    SYN_ACK = 1
    ACK = 2
    """Neither SYN nor FIN, from the side that began."""
    REPLY = 3
    """The same from the other side."""
    FIN = 4
    """One side's FIN stands."""
    FINS = 5
    """Both sides' FINs stand."""
    CLOSE = 6
    """Both FINs stand and are acknowledged."""
    RST = 7


_N, _Q, _A, _C, _F, _B, _Z, _R = State
_TABLE = {
    # SYN SYN_ACK ACK REPLY FIN FINS CLOSE RST
    State.NONE: (_Q, _A, _C, _C, _F, _B, _Z, _R),
    State.REQ: (_Q, _A, _C, _C, _F, _B, _Z, _R),
    State.ACC: (_A, _A, _C, _A, _F, _B, _Z, _R),
    State.CON: (_C, _C, _C, _C, _F, _B, _Z, _R),
    State.FIN: (_F, _F, _F, _F, _F, _B, _Z, _R),
    State.FINS: (_B, _B, _B, _B, _B, _B, _Z, _R),
    State.CLO: (_Z, _Z, _Z, _Z, _Z, _Z, _Z, _R),
    State.RST: (_R, _R, _R, _R, _R, _R, _R, _R),
}
NEXT: Mapping[tuple[State, Seen], State] = {(state, seen): row[seen] for state, row in _TABLE.items() for seen in Seen}
"""Where a segment leads. A new SYN on a closed connection begins another flow before this is asked."""
STEPS = bytes(NEXT[state, seen] for state in State for seen in Seen)
"""`NEXT` as the engine wants it: `STEPS[state * len(Seen) + seen]`."""
