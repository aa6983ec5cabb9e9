"""The one gate for text from strangers: names from /proc, lsof, DNS, files.

Promise: what comes out has no control, no bidi, zero-width, combining or unassigned character, and a bounded length;
its width in terminal cells is what a terminal will use. Never raises; clean text stays as it is.
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
TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
"""Skin tones: terminals disagree whether they melt into the emoji before them."""
FLAGS = {0x1F1E6 + at: chr(ord("A") + at) for at in range(26)}
"""Regional indicators as letters: terminals disagree on the width of a pair."""


def clean(text: str, limit: int = 256) -> str:
    """Make untrusted text safe to print and of known width."""
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + MORE[:limit]
    if text.isascii() and text.isprintable():
        return text
    return _cleaned(text, limit)


@lru_cache(maxsize=16_384)
def _cleaned(text: str, limit: int) -> str:
    text = unicodedata.normalize("NFC", text.translate(FLAGS))
    return "".join(each if _passes(each) else STAND_IN for each in text)[:limit]


def _passes(each: str) -> bool:
    if not each.isprintable() or each in INKLESS or each in TONES:
        return False
    return unicodedata.category(each)[0] != "M"


def decode(raw: bytes, limit: int = 256) -> str:
    """Bytes from the wire or from /proc as clean text; what is no UTF-8 shows as stand-ins."""
    return clean(raw[: 4 * limit + 4].decode("utf-8", "replace").replace("\ufffd", STAND_IN), limit)


def words_of(error: BaseException, limit: int = 200) -> str:
    """What an error says, without its number."""
    return clean(str(error.args[-1] if error.args else error), limit)
