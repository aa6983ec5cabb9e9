"""A filter that cannot be understood: where, what was expected, and the nearest word."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean


class FilterError(RatopError):
    """`start`, `end` count characters of `text`; `nearest` is empty where nothing is near."""

    def __init__(self, text: str, start: int, end: int, expected: str, nearest: str = "") -> None:
        self.text = text
        self.start = start
        self.end = end
        self.expected = expected
        self.nearest = nearest
        there = clean(text[start:end], 40)
        what = f"“{there}” at {start + 1}" if there.strip() else "the end"
        super().__init__(
            f"filter: {expected}, not {what}",
            hint=f"did you mean {nearest}?" if nearest else "",
            exit_code=Exit.USAGE,
        )

    def caret(self) -> str:
        """The filter, and a line below it that points to the place."""
        shown = [clean(each) for each in self.text]
        before, there = (sum(map(cells, part)) for part in (shown[: self.start], shown[self.start : self.end]))
        return f"{''.join(shown)}\n{' ' * before}{'^' * max(1, there)}"


def cells(character: str) -> int:
    """Cells of a terminal that a clean character takes."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like this one; empty: none does, a single letter like no other."""
    words = list(known)
    slipped = [each for each in slips(word) if each in words]
    found = slipped or (difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.6) if len(word) > 1 else [])
    return found[0] if found else ""


def slips(word: str) -> list[str]:
    """What may have been meant: another case, a letter doubled, two letters changed over."""
    lower = word.lower()
    swapped = [lower[:at] + lower[at + 1] + lower[at] + lower[at + 2 :] for at in range(len(lower) - 1)]
    return [lower, re.sub(r"(.)\1", r"\1", lower), *(swapped if len(word) > 2 else ())]
