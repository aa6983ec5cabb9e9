"""The line where a filter, a command or a mark is typed: input, verdict, and on an error where, what and what else.

Promise: an error names its place with a caret, says what was expected, and offers the nearest word; the verdict says
whether the table already shows what is typed.
Does not know: widgets, the languages: whoever checks a line hands in a `Trouble`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ratop_py.tui.fit import fit, size_of
from ratop_py.tui.keymap import key_of
from ratop_py.tui.lineedit import Typed, show
from ratop_py.tui.lines import Line, length, spread

LABEL = 9


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line."""

    start: int
    end: int
    sentence: str
    nearest: str = ""
    """A word that may have been meant."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A line being typed."""

    kind: str
    """`filter`, `command` or `mark`"""
    line: Typed = field(default_factory=Typed)
    trouble: Trouble | None = None
    applied: bool = True
    """The table shows this line's filter."""
    offers: tuple[str, ...] = ()
    """Words that could stand here, from the last Tab."""
    offer_from: int = 0
    """Where an offered word goes."""
    chosen: int = -1
    """Which of the offers is in the line."""
    past: int = 0
    """Steps back in the history."""
    draft: str = ""
    """What was typed before the history was opened."""


def height(prompt: Prompt | None) -> int:
    """Rows that it needs."""
    if prompt is None:
        return 0
    return 3 if prompt.trouble else 2 if prompt.offers else 1


def lines(prompt: Prompt, matched: int, total: int, width: int) -> list[Line]:
    """The prompt's rows."""
    verdict = _verdict(prompt, matched, total, width)
    room = max(8, width - LABEL - length(verdict) - 2)
    shown = show(prompt.line, room - 1)
    text: Line = [(f"{prompt.kind:>{LABEL - 1}} ", "key"), *_input(prompt, shown.text, shown.first, shown.cursor)]
    first = spread(text, [("  ", "text"), *verdict, (" ", "text")], width)
    if prompt.trouble:
        return [first, *_explained(prompt.trouble, shown.first, room, width)]
    return [first, _offered(prompt, width)] if prompt.offers else [first]


def _input(prompt: Prompt, text: str, first: int, cursor: int) -> Line:  # noqa: ARG001 - cells are not characters
    """The text with its cursor, and the wrong part underlined."""
    at = prompt.line.at - first
    tones = ["text"] * (len(text) + 1)
    if prompt.trouble:
        for place in range(max(0, prompt.trouble.start - first), min(len(text), prompt.trouble.end - first)):
            tones[place] = "wrong"
    tones[at] = "caret"
    line: Line = []
    for char, tone in zip(text + " ", tones, strict=True):
        if line and line[-1][1] == tone:
            line[-1] = (line[-1][0] + char, tone)
        else:
            line.append((char, tone))
    return line


def _verdict(prompt: Prompt, matched: int, total: int, width: int) -> Line:
    if prompt.trouble:
        long = prompt.kind == "filter" and width >= 100
        return [("✗ not applied; table shows the last valid filter" if long else "✗ not yet", "high")]
    if prompt.kind != "filter":
        return []
    return [(f"✓ {matched} of {total}", "ok")] if prompt.applied else [("…", "dim")]


def _explained(trouble: Trouble, first: int, room: int, width: int) -> list[Line]:
    """The caret with the sentence at its right, or at its left, or below it: wherever all of it can be read."""
    at = LABEL + max(0, min(trouble.start - first, room - 1))
    span: Line = [("▔" * max(1, min(trouble.end - trouble.start, LABEL + room - at)), "high")]
    sentence: Line = [(trouble.sentence, "text")]
    size = length(sentence)
    if at + length(span) + 1 + size <= width:
        return [[(" " * at, "text"), *span, (" ", "text"), *sentence], _proposal(trouble, [])]
    if size + 1 <= at:
        return [[(" " * (at - size - 1), "text"), *sentence, (" ", "text"), *span], _proposal(trouble, [])]
    return [[(" " * at, "text"), *span], _proposal(trouble, [*sentence, ("   ", "text")])]


def _proposal(trouble: Trouble, before: Line) -> Line:
    indent: Line = [(" " * LABEL, "text")] if not before else [(" ", "text")]
    if not trouble.nearest:
        return [*indent, *before, ("the table keeps what it shows until this is right", "dim")]
    asked: Line = [
        ("did you mean ", "dim"),
        (trouble.nearest, "key"),
        ("?   ", "dim"),
        (key_of("prompt-complete"), "key"),
        (" takes it", "dim"),
    ]
    return [*indent, *before, *asked]


def _offered(prompt: Prompt, width: int) -> Line:
    """Words that could stand here; as many as fit around the chosen one."""
    line: Line = [(" " * LABEL, "text")]
    first = max(0, prompt.chosen - 4)
    for number, word in enumerate(prompt.offers[first:], first):
        if length(line) + size_of(word) + 4 > width:
            line.append(("…", "dim"))
            break
        line.append((fit(word, size_of(word)), "picked" if number == prompt.chosen else "accent"))
        line.append(("  ", "text"))
    return line
