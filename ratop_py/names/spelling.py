"""How a name that came over the wire is written down.

Promise: lower case, at most `LONGEST` characters, nothing but letters, digits, `-` `_` `*` and `.`: every other byte is
`safetext.STAND_IN`; what is written in punycode (`xn--`) stays so. So no name can look like another's, hold a mark of
ours, or be read as an address.
Does not know: where names come from.
"""

from __future__ import annotations

import re

from ratop_py.safetext import STAND_IN

LONGEST = 253
"""Characters of a name (RFC 1035 §3.1, without the root)."""
_KEPT = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_*.")
_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
"""What ends in a number, browsers read as an address."""
_LETTERS = bytes(each if each in _KEPT else ord(STAND_IN) for each in bytes(range(256)).lower())
_LETTERS_OF_LABELS = _LETTERS.replace(b".", STAND_IN.encode("latin-1"))


def spelled(raw: bytes) -> str:
    """A name; empty where there is none, or where it would be read as an address."""
    return _checked(raw.translate(_LETTERS))


def labelled(labels: list[bytes]) -> str:
    """A name of labels; a dot inside a label is not one between two."""
    return _checked(b".".join([each.translate(_LETTERS_OF_LABELS) for each in labels]))


def _checked(name: bytes) -> str:
    if len(name) > LONGEST + 1:
        return ""
    text = name.decode("latin-1").strip(".")
    return "" if _NUMBER.search(text) else text
