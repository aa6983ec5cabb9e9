"""All words of the language, for errors that name the nearest, for completion, for docs.

Does not know: grammar.
"""

from __future__ import annotations

from functools import cache

from ratop_py.fields import ALIASES, FIELDS
from ratop_py.fields.words import ETHERTYPES, PROTOCOLS
from ratop_py.filter.words import WORDS

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
    return (*QUALIFIERS, "src", "dst", "not", "ether", *WORDS, *FIELDS, *ALIASES, *SIDED)


SIDED = tuple(
    dict.fromkeys(name[1:] for name in FIELDS if name[0] == "s" and f"d{name[1:]}" in FIELDS and name[1:] not in FIELDS)
)
"""Fields that exist for each side: `ttl` means sttl or dttl, `src ttl` sttl."""
