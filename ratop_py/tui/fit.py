"""Text made to fill exactly so many terminal cells.

Promise: `cell_len(fit(text, size)) == size` for every clean text; a cut is shown by `…`. Measured in cells, never in
characters: a wide character that does not fit whole becomes a blank.
Does not know: where the text comes from; that it is clean is `safetext`'s promise.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size, set_cell_size

ELLIPSIS = "…"
MIDDLE_FROM = 8
"""Cells from which a cut in the middle still leaves something to recognise on both sides."""


def size_of(text: str) -> int:
    """Cells that a clean text takes."""
    return len(text) if text.isascii() else cell_len(text)


@lru_cache(maxsize=32_768)
def fit(text: str, size: int, right: bool = False, middle: bool = False) -> str:
    """Fill with blanks, or cut: at the end, or in the middle (the head says who, the tail says whose)."""
    taken = size_of(text)
    if taken <= size:
        blanks = " " * (size - taken)
        return blanks + text if right else text + blanks
    if size <= 0:
        return ""
    if middle and size >= MIDDLE_FROM:
        tail = (size - 1) * 3 // 5
        return set_cell_size(text, size - 1 - tail) + ELLIPSIS + last(text, tail)
    return set_cell_size(text, size - 1) + ELLIPSIS


def last(text: str, size: int) -> str:
    """The last cells of a text."""
    if text.isascii():
        return text[-size:] if size else ""
    kept, taken = len(text), 0
    while kept and taken + get_character_cell_size(text[kept - 1]) <= size:
        kept -= 1
        taken += get_character_cell_size(text[kept])
    return " " * (size - taken) + text[kept:]


def wrap(text: str, size: int) -> list[str]:
    """Lines of at most so many cells, broken between words where that is possible."""
    if size <= 0:
        return []
    lines: list[str] = []
    line = ""
    for word in text.split():
        while size_of(word) > size:
            room = size - (size_of(line) + 1 if line else 0)
            if room < 2:
                lines.append(line)
                line, room = "", size
            head = set_cell_size(word, room).rstrip() or word[:1]
            lines.append(f"{line} {head}" if line else head)
            line, word = "", word[len(head) :]
        if line and size_of(line) + 1 + size_of(word) > size:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line and word else line or word
    return [*lines, line] if line else lines
