"""Help: the keys of the place, made from the key table; then all of it: commands, signs, filter language, fields.

Promise: what is written here is what the tables say; a key that is not here does not exist.
Does not know: what keys do.
"""

from __future__ import annotations

from ratop_py.fields import FIELDS
from ratop_py.tui.commands import COMMANDS
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import ROWS, SECTIONS, TYPING, Key, Place, sign, spoken, worn
from ratop_py.tui.lines import Line, fill, fold, length
from ratop_py.tui.overlay import Overlay

SIGNS: Line = [
    ("Signs   ", "dim"),
    ("↓", "in"),
    (" in   ", "text"),
    ("↑", "out"),
    (" out   ", "text"),
    ("⇅", "dim"),
    (" both ends here   ", "text"),
    ("▲ 94", "high"),
    (" high   ", "text"),
    ("△ 40", "warn"),
    (" medium   ", "text"),
    ("? exited", "dim"),
    (" no owner, and why   ", "text"),
    ("+", "dim"),
    (" new   ", "text"),
    ("●", "accent"),
    (" marked   ", "text"),
    ("“name”", "dim"),
    (" only claimed   ", "text"),
    ("grey row", "dim"),
    (" ended   ", "text"),
    ("·", "dim"),
    (" zero   ", "text"),
    ("–", "dim"),
    (" not known", "text"),
]
MOUSE = (
    "Mouse: rows, titles, views, footer, timeline, wheel; right click: what can be done with a cell. "
    "⇧-drag selects text."
)
EXAMPLES = (
    ("host 10.0.0.1 and port 443", "either end, either port"),
    ("src net 192.168/16", "who began it"),
    ("user alice and not program firefox", "whose it is"),
    ('program ~ "^ssh"', "by a pattern"),
    ("port in (80, 443)", "one of several"),
    ("bytes > 1M and dur >= 2s", "with units"),
    ("stime > -5m", "begun in the last five minutes"),
    ("risk >= 36", "suspicious ones"),
    ("owner = none", "nobody holds the socket"),
)


def section(name: str) -> list[Line]:
    """The keys of a section."""
    keys = [key for key in worn() if key.section == name and key.keys]
    return [[(" " * 16 + name, "strong")], *[_line(key) for key in keys], []]


def _line(key: Key) -> Line:
    return [(" ".join(map(sign, key.keys)).rjust(14), "key"), ("  ", "text"), (key.does, "text")]


def keys_of(place: Place) -> list[Line]:
    """The keys of a place that has its own, and those that do something everywhere."""
    own = [key for key in worn() if key.place is place and key.keys]
    general = [key for key in worn() if key.place is Place.ALL and key.keys and place not in TYPING]
    return [*map(_line, own), [], *map(_line, general)]


def keys_in_columns(width: int) -> list[Line]:
    """All sections, in as many columns as there is room for."""
    blocks = [section(name) for name in SECTIONS]
    widest = max(length(line) for block in blocks for line in block) + 1
    return _columns(blocks, max(1, min(3, width // widest)), width)


def _columns(blocks: list[list[Line]], columns: int, width: int) -> list[Line]:
    high = -(-sum(map(len, blocks)) // columns)
    stacks: list[list[Line]] = [[]]
    for block in blocks:
        if len(stacks) < columns and stacks[-1] and len(stacks[-1]) + len(block) // 2 > high:
            stacks.append([])
        stacks[-1].extend(block)
    size = width // columns
    rows = max(map(len, stacks))
    return [[part for stack in stacks for part in fill(stack[y] if y < len(stack) else [], size)] for y in range(rows)]


def everything(width: int) -> list[Line]:
    """Commands, filter language, fields."""
    lines: list[Line] = [[("Command line", "strong"), ("   after :", "dim")]]
    for command in COMMANDS:
        words = ", ".join((command.name, *command.aliases))
        lines.extend(_entry(words, 16, f"{command.takes}   {command.does}" if command.takes else command.does, width))
    lines.extend([[], [("Filter", "strong"), ("   tcpdump's words and every field; and, or, not, ( )", "dim")]])
    for example, meaning in EXAMPLES:
        lines.extend(_entry(example, 36, meaning, width))
    lines.extend([[], [("Fields", "strong"), ("   to filter, sort, show and export by", "dim")]])
    for name, field in FIELDS.items():
        lines.extend(_entry(name, 14, field.doc, width))
    return lines


def _entry(name: str, size: int, text: str, width: int) -> list[Line]:
    return fold([(f"{name:<{size}} ", "accent"), (text, "text")], width, size + 1)


class Help(Overlay):
    """The box."""

    place = Place.HELP

    def __init__(self, ink: Ink, *, full: bool = False, about: Place = Place.FLOWS) -> None:
        super().__init__(ink)
        self.full, self.about = full, about

    def heading(self) -> str:
        """Which part."""
        return "Help: commands, filter, fields" if self.full else f"Help: {self.about}"

    def foot(self) -> str:
        """How to go on."""
        more = (
            "{scroll-down} {scroll-up} scroll" if self.full else "{help-more} again: commands, filter language, fields"
        )
        return spoken("{close} closes   " + more, self.place)

    def content(self, width: int) -> list[Line]:
        """The keys, or everything else."""
        if self.full:
            return everything(width)
        note: Line = [(MOUSE, "dim")]
        if self.about not in ROWS:
            return [[], *keys_of(self.about)]
        return [[], *keys_in_columns(width), *fold(SIGNS, width, 8), [], *fold(note, width)]

    def do(self, deed: str) -> bool:
        """`?` again shows the other part."""
        if deed in ("help-more", "help"):
            self.full, self.top = not self.full, 0
            self.redraw()
            return True
        return super().do(deed)
