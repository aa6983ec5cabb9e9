"""What stands in the table's place when there is nothing to show: why, and what a person can do.

Promise: a sentence that is true, then ways on that can be typed or pressed.
Does not know: widgets; how the source is opened.
"""

from __future__ import annotations

from ratop_py.errors import Exit, RatopError
from ratop_py.tui import amounts
from ratop_py.tui.keymap import key_of
from ratop_py.tui.lines import Line, fold, length
from ratop_py.tui.status import Status

WIDEST = 84
SLOW_START = 2.0
"""Seconds after which it is said what is being waited for."""


def body(status: Status, width: int, height: int) -> list[Line]:
    """For a table without rows."""
    return centred(_words(status), width, height)


def _words(status: Status) -> list[Line]:
    source = status.meters.source or "the source"
    if not status.answered:
        return [[("Opening the source …", "dim")]] if status.waited > SLOW_START else []
    if status.look.filter and status.total:
        return [
            [("0", "strong"), (f" of {status.total} flows match  ", "text"), (status.look.filter, "accent")],
            [],
            [
                (key_of("undo"), "key"),
                (" undo   ", "dim"),
                (key_of("filter"), "key"),
                (" edit the filter   ", "dim"),
                (":clear", "key"),
                (" show all", "dim"),
            ],
        ]
    if status.meters.state == "gone":
        return [
            [(f"{source} is gone.", "warn")],
            [(status.meters.reason, "text")],
            [],
            [("It comes back by itself if the source does.", "dim")],
        ]
    if status.meters.state == "done":
        return [[(f"{source} holds no flow.", "text")], [(status.meters.reason, "dim")]]
    return _idle(status, source)


def _idle(status: Status, source: str) -> list[Line]:
    heard = [each.at for each in status.meters.pulse if each.rx + each.tx > 0]
    since = heard[-1] if heard else status.meters.began
    quiet = status.meters.clock - since if since else status.waited
    lines: list[Line] = [[(f"Nothing seen for {amounts.spoken(max(0.0, quiet))} on {source}.", "text")]]
    if status.meters.reason:
        lines.append([(status.meters.reason, "dim")])
    if status.look.filter:
        lines.append([("filter in force  ", "dim"), (status.look.filter, "accent")])
    return lines


def no_room(width: int, height: int) -> list[Line]:
    """For a window that is too small."""
    text = f"{width}×{height}: needs 40×10"
    return [[] for _ in range(height // 2)] + [[(" " * max(0, (width - len(text)) // 2) + text, "text")]]


def centred(lines: list[Line], width: int, height: int) -> list[Line]:
    """In the middle of a region, over several rows where they are long."""
    room = max(8, min(WIDEST, width - 4))
    rows = [row for line in lines for row in (fold(line, room) if line else [[]])]
    above = max(0, (height - len(rows)) // 3)
    side = [max(0, (width - length(row)) // 2) for row in rows]
    return [[] for _ in range(above)] + [[(" " * gap, "text"), *row] for gap, row in zip(side, rows, strict=True)]


def ways(error: RatopError, command: str) -> list[tuple[str, str]]:
    """Ways on: what it is, what to type."""
    hints = [line.strip() for line in error.hint.splitlines() if line.strip()]
    if error.exit_code is not Exit.NOT_PERMITTED:
        return [("", hint) for hint in hints]
    asked = [("once, as root", f"sudo {command}")]
    asked.extend(("", hint) for hint in hints if not hint.startswith(f"sudo {command.split()[0]}"))
    return [
        *asked,
        ("open a capture", "ratop -r FILE"),
        ("see the demo", "ratop demo"),
        ("what is missing", "ratop doctor"),
    ]


KEYS = (("again", "try again"), ("copy-command", "copy the first command"), ("quit", "quit"))
BECAUSE = "The kernel lets only privileged programs see packets. Nothing was captured or changed."
BESIDE = 60
"""Cells from which what a way on is stands beside what to type."""


def _choices(found: list[tuple[str, str]], room: int) -> list[Line]:
    label = max(len(what) for what, _ in found)
    rows: list[Line] = []
    for number, (what, typed) in enumerate(found, 1):
        head: Line = [(f" {number}  ", "dim"), (f"{what:<{label}}   " if label and room >= BESIDE else what, "text")]
        if room >= BESIDE or not what:
            rows.extend(fold([*head, (typed, "accent")], room, 4))
        else:
            rows.extend([head, *fold([("    ", "text"), (typed, "accent")], room, 4)])
    return rows


def refused(error: RatopError, command: str, width: int, height: int) -> list[Line]:
    """A source that could not be opened; where rows are few, the ways on are what stays."""
    not_permitted = error.exit_code is Exit.NOT_PERMITTED
    room = max(20, min(WIDEST, width - 4))
    title = "You may not capture here yet" if not_permitted else "There is nothing to show yet"
    said = [[(title, "strong")], *fold([(error.message[:1].upper() + error.message[1:] + ".", "text")], room)]
    found = ways(error, command)
    choices = _choices(found, room) if found else []
    because = fold([(BECAUSE, "dim")], room) if not_permitted else []
    asked: list[Line] = [[], [("Choose one" if len(found) > 1 else "Try", "dim")], []] if found else []
    keys = fold([part for deed, word in KEYS for part in ((key_of(deed), "key"), (f" {word}   ", "dim"))], room)
    rows = [said[0], [], *said[1:], *because, *asked, *choices, [], *keys]
    if len(rows) > height:
        rows = [*said, *choices]
    side = " " * max(0, (width - room) // 2)
    above = max(0, (height - len(rows)) // 3)
    return [[] for _ in range(above)] + [[(side, "text"), *row] for row in rows]
