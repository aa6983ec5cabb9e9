"""The part of a filter that the kernel can do: a tcpdump expression that lets through every packet of a matching flow.

Promise: what is pushed down never loses a packet that a matching flow would have counted. Only hosts, nets, families
and protocols qualify (`port 80` would lose later fragments, `not host x` the packets that quote it), and what lies
behind IPv6 headers, tags, labels or PPPoE, and ICMP errors, which mark the flow that they quote, always pass.
Does not know: BPF, sockets.
"""

from __future__ import annotations

from ratop_py.filter import syntax
from ratop_py.filter.words import WORDS
from ratop_py.net.address import text as address_text

ALWAYS = "icmp or ip6 or not (ip or arp or rarp)"
"""What no filter may keep from the flow table."""


def packet_level(node: syntax.Node) -> str | None:
    """A tcpdump expression; None: this has to be decided on flows."""
    found = _level(node)
    return None if found is None else f"{found} or {ALWAYS}"


def _level(node: syntax.Node) -> str | None:
    match node:
        case syntax.And(left, right):
            parts = [part for part in (_level(left), _level(right)) if part is not None]
            return f"({' and '.join(parts)})" if parts else None
        case syntax.Or(left, right):
            one, two = _level(left), _level(right)
            return None if one is None or two is None else f"({one} or {two})"
        case syntax.Word(name, _):
            return WORDS[name].packet or None
        case syntax.Protocol(number):
            return f"(ip proto {number} or ip6 proto {number})"
        case syntax.Net(_, value, bits):
            return f"({_net(value, bits)})"
    return None


def _net(value: int, bits: int) -> str:
    """Either direction: a flow's answers come the other way."""
    if value >> 32 == 0xFFFF and bits >= 96:
        return f"net {address_text(value, 4)}/{bits - 96}"
    return f"net {address_text(value, 6)}/{bits}"
