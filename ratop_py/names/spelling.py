"""How a name that came over the wire is written down.

Promise: lower case, at most `LONGEST` characters, nothing but letters, digits, `-` `_` `*` and `.`: every other byte is
`safetext.STAND_IN`; what is written in punycode (`xn--`) stays so. So no name can look like another's, hold a mark of
ours, or be read as an address.
Does not know: where names come from.
"""

from __future__ import annotations

from ratop_py.safetext import STAND_IN

LONGEST = 253
"""Characters of a name (RFC 1035 §3.1, without the root)."""
_KEPT = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_*.")
_LETTERS = [chr(each) if each in _KEPT else STAND_IN for each in range(256)]


def spelled(raw: bytes) -> str:
    """A name; empty where there is none, or where it would be read as an address."""
    if len(raw) > LONGEST + 1:
        return ""
    text = "".join([_LETTERS[each] for each in raw.lower()]).strip(".")
    return "" if text.rpartition(".")[2].isdigit() else text


def labelled(labels: list[bytes]) -> str:
    """A name of labels; a dot inside a label is not one between two."""
    return spelled(b".".join([each.replace(b".", b"\0") for each in labels]))
