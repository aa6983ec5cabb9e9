"""All words of the language, for errors that name the nearest, for completion, for docs; and the words that closed
fields can hold.

Does not know: grammar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from ratop_py.correlate.match import MATCH_NAMES, OWNER_WORDS, WHY_WORDS
from ratop_py.fields import ALIASES, FIELDS
from ratop_py.fields.words import CAUSES, ETHERTYPES, LEVELS, PROTOCOLS, WAYS
from ratop_py.filter.error import slips
from ratop_py.filter.words import WORDS
from ratop_py.flow.letters import ARROWS, CODES6, ICMP6_TYPES, ICMP_TYPES, STATES, UNREACHABLE, UNREACHABLE6

QUALIFIERS = ("host", "net", "port", "portrange", "proto")
JOINERS = ("and", "or", "not", "in", "src", "dst", "mask", "eq", "gt", "gte", "lt", "lte", "equal", "greater", "less")
PROTOCOL_WORDS = tuple(
    name
    for name in WORDS
    if name in PROTOCOLS.values() or name in ETHERTYPES.values() or name in {"arp", "rarp", "icmp6", "icmpv6"}
)
"""Words that name a protocol."""


@cache
def known_words() -> tuple[str, ...]:
    """Every word that means something where a primitive may stand."""
    return (*QUALIFIERS, "src", "dst", "not", "ether", *WORDS, *FIELDS, *ALIASES, *SIDED, *PAIR_ALIASES)


SIDED = tuple(
    dict.fromkeys(name[1:] for name in FIELDS if name[0] == "s" and f"d{name[1:]}" in FIELDS and name[1:] not in FIELDS)
)
"""Fields that exist for each side: `ttl` means sttl or dttl, `src ttl` sttl."""
PAIR_ALIASES: Mapping[str, str] = {"mid": "mpls", "base": "tcpb", "jitter": "jit", "window": "win"}
"""Argus's and other words for fields that exist for each side."""

_STATES = (
    *STATES[1:], *ICMP_TYPES.values(), *ICMP6_TYPES.values(), "UR", *UNREACHABLE, *UNREACHABLE6, *CODES6[3], *CODES6[4],
)  # fmt: skip
CLOSED: Mapping[str, Sequence[str]] = {
    "state": tuple(dict.fromkeys(_STATES)),
    "proto": tuple(dict.fromkeys((*PROTOCOLS.values(), "arp", *ETHERTYPES.values()))),
    "owner": OWNER_WORDS[1:],
    **dict.fromkeys(("ownerwhy", "sownerwhy", "downerwhy"), tuple(word for word in WHY_WORDS.values() if word)),
    **dict.fromkeys(("match", "smatch", "dmatch"), MATCH_NAMES[1:]),
    "level": LEVELS,
    "way": WAYS[1:],
    "dir": tuple(ARROWS[1:]),
    "cause": tuple(dict.fromkeys(CAUSES.values())),
}
"""Text fields that hold no other words than these (`proto` also numbers that have no name)."""
_OPEN_PROTOCOL = re.compile(r"ip-\d{1,3}|ether-0x[0-9a-f]{4}")
_OTHER_NAMES = {"icmp6": "ipv6-icmp", "icmpv6": "ipv6-icmp", "ipv6_icmp": "ipv6-icmp"}


def canonical(field: str, word: str) -> str | None:
    """A word as this field writes it; None: the field never holds it."""
    if field not in CLOSED or not word:
        return word
    if field == "proto":
        word = _protocol(word.lower())
        if _OPEN_PROTOCOL.fullmatch(word):
            return word
    return _spellings(field).get(word.lower().strip())


@cache
def _spellings(field: str) -> Mapping[str, str]:
    return {word.lower().strip(): word for word in CLOSED[field]}


def _protocol(word: str) -> str:
    number = word.removeprefix("ip-")
    if number.isascii() and number.isdecimal() and int(number) < 256:
        return PROTOCOLS.get(int(number), f"ip-{int(number)}")
    return _OTHER_NAMES.get(word, word)


def could_hold(field: str, part: str) -> bool:
    """Whether a word of this field could contain this lower-case text: spares looking where it cannot be."""
    if field not in CLOSED or (field == "proto" and re.search(r"[-\d]", part)):
        return True
    return any(part in word for word in _spellings(field))


def misspelt(word: str) -> bool:
    """Whether a word looks like a slip in a word of the language, or like a number, rather than like text to look
    for."""
    return word.isdecimal() or any(each in _known() or each in JOINERS for each in slips(word))


@cache
def _known() -> frozenset[str]:
    return frozenset(known_words())
