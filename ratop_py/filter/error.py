"""A filter that cannot be understood: where, what was expected, and the nearest word."""

from __future__ import annotations

import difflib
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
        return f"{clean(self.text, 1000)}\n{' ' * self.start}{'^' * max(1, self.end - self.start)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like this one; empty: none does."""
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else ""
