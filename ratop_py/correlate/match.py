"""How a flow's end was matched to an owner, why there is none, and the words for both.

Promise: every number that notes hold (`s_match`, `s_why` …) is a member here and has a word and a sentence.
Does not know: sockets, rows.
"""

from __future__ import annotations

from enum import IntEnum


class Match(IntEnum):
    """How the socket was found; the higher, the better."""

    NONE = 0
    LIKELY = 1
    """No socket here, but these hold one that could have sent it by hand, or one behind a translation: no owners."""
    PARENT = 2
    """The process was gone before anybody could ask what it was, its parent is known: evidence, no owner."""
    WILDCARD = 3
    """An unconnected socket that accepts on any address and this port."""
    BOUND = 4
    """An unconnected socket bound to this address and port."""
    LISTENER = 5
    """The listening socket; who accepted was not seen."""
    STALE = 6
    """Exactly this 5-tuple, but seen at another time than the flow."""
    EXACT = 7
    """Exactly this 5-tuple, while the flow lived."""
    COOKIE = 8
    """The kernel said at the time whose packets these are, and who had that socket."""


UNNAMED = (Match.NONE, Match.LIKELY, Match.PARENT)
"""Matches that name no owner; who is told with them is evidence."""

MATCH_WORDS = {
    Match.NONE: "no match",
    Match.LIKELY: "no owner, but likely",
    Match.PARENT: "child of a known process",
    Match.WILDCARD: "bound port, any address",
    Match.BOUND: "bound address and port",
    Match.LISTENER: "accepted from this listener",
    Match.STALE: "exact 5-tuple, another time",
    Match.EXACT: "exact 5-tuple in time",
    Match.COOKIE: "socket cookie",
}


MATCH_NAMES = ("", "likely", "parent", "port", "bound", "listener", "stale", "exact", "cookie")
"""Values of the field `match`, by number."""


class Why(IntEnum):
    """Why an end has no owner, or why its owner is in doubt."""

    KNOWN = 0
    NO_HOST = 1
    NOT_LOCAL = 2
    NO_SOURCE = 3
    TOO_YOUNG = 4
    EXITED = 5
    NOT_PERMITTED = 6
    KERNEL = 7
    CLOSED_PORT = 8
    NO_SOCKET = 9
    LATE_START = 10
    NO_PROCESS = 11
    UNLISTED = 12
    GONE = 13
    FORWARDING = 14
    BEFORE = 15
    LOST = 16
    NAT = 17
    OTHER_NETNS = 18
    PACKET = 19
    RAW = 20
    DIED = 21


WHY_WORDS = {
    Why.KNOWN: "",
    Why.NO_HOST: "no context",
    Why.NOT_LOCAL: "other host",
    Why.NO_SOURCE: "no source",
    Why.TOO_YOUNG: "too young",
    Why.EXITED: "exited",
    Why.NOT_PERMITTED: "not permitted",
    Why.KERNEL: "kernel",
    Why.CLOSED_PORT: "closed port",
    Why.NO_SOCKET: "no owner",
    Why.LATE_START: "started later",
    Why.NO_PROCESS: "no process",
    Why.UNLISTED: "not listed",
    Why.GONE: "time-wait",
    Why.FORWARDING: "forwarding",
    Why.BEFORE: "before start",
    Why.LOST: "events lost",
    Why.NAT: "nat",
    Why.OTHER_NETNS: "other netns",
    Why.PACKET: "packet socket",
    Why.RAW: "raw socket",
    Why.DIED: "died unseen",
}
"""Short enough for a cell; also the values of the field `ownerwhy`."""

WHY_SENTENCES = {
    Why.KNOWN: "",
    Why.NO_HOST: "Nobody told which addresses are this machine's: a capture needs --context for owners.",
    Why.NOT_LOCAL: "Neither end is this machine.",
    Why.NO_SOURCE: "No event source is running that could tell who owns sockets.",
    Why.TOO_YOUNG: "Nothing was told of sockets since this flow began; the next look may tell.",
    Why.EXITED: "No listing was made while this socket lived: the flow was shorter than the time between two.",
    Why.NOT_PERMITTED: "Whose socket this is may not be seen: without root only one's own have owners.",
    Why.KERNEL: "No process speaks here: it is the kernel itself.",
    Why.CLOSED_PORT: "It arrived at a port where nobody listened.",
    Why.NO_SOCKET: "Sockets were watched, or listed twice, while this flow lived, and none could own it.",
    Why.LATE_START: "The only holder of this socket started after the flow had ended: not its owner.",
    Why.NO_PROCESS: "The socket is there, but no process holds it: it is the kernel's own.",
    Why.UNLISTED: "The event source lists no sockets of this protocol.",
    Why.GONE: "The connection was closing when sockets were first listed: its process had let go of it.",
    Why.FORWARDING: "No socket here could own it, but this machine forwards: it may speak for another.",
    Why.BEFORE: "It was there before the kernel was asked: whose it is could not be seen, or it has been silent since.",
    Why.LOST: "The kernel told of more than could be taken in: this socket may have been among what was lost.",
    Why.NAT: "This machine translates here: who speaks is behind the address, and has its socket elsewhere.",
    Why.OTHER_NETNS: "It is in another network namespace of this machine, whose sockets this source did not tell.",
    Why.PACKET: "No socket could own it, but somebody holds a packet socket, which can send frames of any kind.",
    Why.RAW: "Such packets are sent through raw sockets; who holds one is known, not who sent this.",
    Why.DIED: "The process was gone before anybody could ask what it was.",
}

OWNER_WORDS = ("", "ok", "shared", "listener", "none", "unknown")
"""Values of the field `owner`."""
NOBODY = frozenset({Why.NOT_LOCAL, Why.KERNEL, Why.CLOSED_PORT, Why.NO_SOCKET, Why.NO_PROCESS, Why.NAT})
"""Reasons that are an answer: there is no owner. The others mean that nobody knows."""


def owner_word(match: int, why: int, holders: int) -> str:
    """The field `owner` of one end."""
    if match in UNNAMED:
        return "none" if why in NOBODY else "unknown"
    if holders > 1:
        return "shared"
    return "listener" if match == Match.LISTENER else "ok"


def sentence(match: int, why: int, lost: int = 0) -> str:
    """Why there is no owner, or why it is in doubt; `lost`: facts that found no room."""
    told = WHY_SENTENCES[Why.NO_HOST if match == Match.NONE and why == Why.KNOWN else Why(why)]
    return f"{told[:-1]} ({lost:,})." if why == Why.LOST and lost else told
