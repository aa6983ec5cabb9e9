"""The one gate for text from strangers: names from /proc, lsof, DNS, files.

Promise: what comes out has no control, no bidi, zero-width, combining or unassigned character, and a bounded length;
its width in terminal cells is what a terminal will use. Never raises.
Does not know: where text is shown.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

STAND_IN = "·"
"""Shown in place of a character that may not pass."""
MORE = "…"
"""Shown where text was cut at the limit."""
INKLESS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols without ink: Hangul fillers, blank Braille."""


@lru_cache(maxsize=65_536)
def clean(text: str, limit: int = 256) -> str:
    """Make untrusted text safe to print and of known width."""
    if len(text) > limit:
        text = text[: limit - 1] + MORE
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join(each if _passes(each) else STAND_IN for each in text)[:limit]


def _passes(each: str) -> bool:
    return each.isprintable() and unicodedata.category(each)[0] != "M" and each not in INKLESS


def decode(raw: bytes, limit: int = 256) -> str:
    """Bytes from the wire or from /proc as clean text; what is no UTF-8 shows as stand-ins."""
    return clean(raw[: 4 * limit].decode("utf-8", "replace").replace("\ufffd", STAND_IN), limit)
