"""Every key, in one table: help, footer, palette and dispatch read it.

Promise: a key does one thing in a place; a place's own keys go before those of `Place.ALL`; a letter typed where text
is typed is text.
Does not know: how a thing is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a key is pressed."""

    ALL = "everywhere"
    """All places but those where text is typed."""
    FLOWS = "flows"
    GROUPS = "groups"
    """Rows are of several flows."""
    TREE = "tree"
    PICK = "pick"
    """A column is being chosen on the title line or in a row."""
    PROMPT = "prompt"
    """Text is being typed."""
    HELP = "help"
    COVERAGE = "coverage"
    FIELDS = "fields"
    FIND = "find"
    """A field is looked for by typing."""
    EXPORT = "export"
    PALETTE = "palette"
    MENU = "menu"
    """A few things to choose from, beside the cursor."""
    REFUSED = "refused"
    """The source could not be opened: a screen says why."""


TYPING = frozenset({Place.PROMPT, Place.EXPORT, Place.PALETTE, Place.FIND})
"""Places where letters are text."""
BESIDE = frozenset({Place.PICK, Place.HELP, Place.COVERAGE, Place.FIELDS, Place.MENU})
"""Places whose footer offers nothing but their own keys."""
LIKE = {Place.GROUPS: (Place.FLOWS,), Place.TREE: (Place.GROUPS, Place.FLOWS)}
"""Places whose keys hold, too, where a place has no own."""
ROWS = frozenset({Place.FLOWS, Place.GROUPS, Place.TREE})
"""Places where the table has the keys."""
SECTIONS = ("Views", "Move", "Find", "Order and look", "Ask", "Time", "Take away", "Other")


@dataclass(frozen=True, slots=True)
class Key:
    """A thing that can be done, and by what keys."""

    deed: str
    """Name of the action; `:` and the palette know it, too."""
    keys: tuple[str, ...]
    """As a person types them: `j`, `ctrl+f`, `enter`."""
    does: str
    """A few words for help and palette."""
    place: Place = Place.FLOWS
    section: str = "Other"
    hint: str = ""
    """Word for the footer; empty: not there."""
    rank: int = 50
    """Order in the footer; the last ones leave first when it is narrow."""


def _key(deed: str, keys: str, does: str, section: str = "Other", hint: str = "", rank: int = 50) -> Key:
    return Key(deed, tuple(keys.split()), does, Place.FLOWS, section, hint, rank)


def _at(place: Place, deed: str, keys: str, does: str, hint: str = "", rank: int = 50) -> Key:
    return Key(deed, tuple(keys.split()), does, place, "", hint, rank)


def _view(name: str, key: str, does: str) -> Key:
    return Key(f"view-{name}", (key,), does, Place.FLOWS, "Views")


KEYS = (
    _view("flows", "1", "every flow"),
    _view("programs", "2", "by process: who talks"),
    _view("hosts", "3", "by remote host"),
    _view("users", "4", "by user"),
    _view("risks", "5", "by risk, and why"),
    _view("ports", "6", "by service port"),
    _view("networks", "7", "by remote network"),
    _view("interfaces", "8", "by interface"),
    _view("tree", "9", "processes below their parents"),
    _view("rates", "r", "who talks now, with a plot"),
    Key("open", ("enter",), "the flows of this row", Place.GROUPS, "Views", "open", 3),
    _key("home", "backspace alt+left", "the view before", "Views"),
    _key("onward", "alt+right", "the view after", "Views"),
    Key("fold", ("left", "h"), "tree: hide what is below; go up", Place.TREE, "Views", "fold", 9),
    Key("unfold", ("right", "l"), "tree: show what is below", Place.TREE, "Views"),
    _key("down", "j down", "next flow", "Move"),
    _key("up", "k up", "previous flow", "Move"),
    _key("first", "g home", "first flow", "Move"),
    _key("last", "G end", "last flow", "Move"),
    _key("page-down", "space pagedown ctrl+f", "page down", "Move"),
    _key("page-up", "b pageup ctrl+b", "page up", "Move"),
    _key("half-down", "ctrl+d", "half a page down", "Move"),
    _key("half-up", "ctrl+u", "half a page up", "Move"),
    _key("shift-left", "h left", "columns before", "Move"),
    _key("shift-right", "l right", "columns after", "Move"),
    _key("shift-first", "0", "first columns", "Move"),
    _key("shift-last", "$", "last columns", "Move"),
    _key("back", "escape", "step back; let go of the flow", "Move"),
    _key("filter", "/", "filter: hide the rest", "Find", "filter", 1),
    _key("only", "&", "only this cell", "Find"),
    _key("without", "!", "not this cell", "Find"),
    _key("unfilter", "=", "no filter", "Find"),
    _key("undo", "u", "undo filter, sort, columns", "Find"),
    _key("redo", "ctrl+r", "redo", "Find"),
    _key("mark", "*", "mark text, hide nothing", "Find"),
    _key("next-mark", "n", "next marked", "Find"),
    _key("previous-mark", "N", "previous marked", "Find"),
    _key("sort", "s", "sort: choose a column", "Order and look", "sort", 2),
    _key("reverse", "v S", "reverse the order", "Order and look"),
    _key("sort-left", "<", "sort by the column before", "Order and look"),
    _key("sort-right", ">", "sort by the column after", "Order and look"),
    _key("fields", "f", "fields: choose columns", "Order and look", "fields", 7),
    _key("names", "a", "names, addresses, both", "Order and look"),
    _key("ports", "#", "port names, numbers", "Order and look"),
    _key("full", "H", "full, short numbers", "Order and look"),
    _key("bytes", "B", "rates in bytes, bits", "Order and look"),
    _key("details", "enter", "details of this flow", "Ask", "details", 3),
    _key("why", "w", "why this program, this risk", "Ask", "why", 4),
    _key("coverage", "i", "coverage: who is named, and how", "Ask", "coverage", 10),
    _key("next-pane", "tab", "next pane of the details", "Ask"),
    _key("previous-pane", "shift+tab", "pane before", "Ask"),
    _key("details-down", "J", "details: further down", "Ask"),
    _key("details-up", "K", "details: further up", "Ask"),
    _key("siblings", "o", "all flows of this process", "Ask"),
    _key("zoom", "z", "details large, small", "Ask"),
    _key("pause", "p \\", "pause, go on", "Time", "pause", 5),
    _key("step-back", "[", "10 s back", "Time", "back", 12),
    _key("step-on", "]", "10 s on", "Time", "on", 14),
    _key("alarm-back", "{", "to the alarm before", "Time"),
    _key("alarm-on", "}", "to the alarm after", "Time"),
    _key("go-to", "t", "go to a time", "Time"),
    _key("live", "L", "now again", "Time", "now again", 13),
    _key("play-slower", ",", "a file: play slower", "Time"),
    _key("play-faster", ".", "a file: play faster", "Time"),
    _key("faster", "+", "refresh more often", "Time"),
    _key("slower", "-", "refresh less often", "Time"),
    _key("export", "e", "export what you see", "Take away", "export", 8),
    _key("mark-row", "m", "mark this row, or not", "Take away"),
    _key("unmark-rows", "M", "no row is marked", "Take away"),
    _key("copy", "y", "copy as …", "Take away"),
    _key("copy-filter", "Y", "copy a filter for this flow", "Take away"),
    _key("menu", "x", "what can be done with this cell", "Ask"),
    _key("reverse-name", "R", "ask DNS what the peer is called", "Ask"),
    _key("command", ":", "command line", "Other", "command", 9),
    Key("palette", ("ctrl+p",), "list of all commands", Place.ALL, "Other"),
    Key("help", ("?", "f1"), "help, here", Place.ALL, "Other", "help", 6),
    Key("redraw", ("ctrl+l",), "draw anew", Place.ALL, "Other"),
    Key("suspend", ("ctrl+z",), "suspend; `fg` comes back", Place.ALL, "Other"),
    Key("quit", ("q",), "quit", Place.ALL, "Other", "quit", 11),
    Key("stop", ("ctrl+c",), "quit", Place.ALL, "Other"),
    _at(Place.PICK, "pick-left", "left h shift+tab <", "column before", "column", 1),
    _at(Place.PICK, "pick-right", "right l tab >", "column after"),
    _at(Place.PICK, "pick-first", "home 0", "first column"),
    _at(Place.PICK, "pick-last", "end $", "last column"),
    _at(Place.PICK, "pick-reverse", "v", "reverse", "reverse", 3),
    _at(Place.PICK, "pick-take", "enter s & ! space", "take this column", "take", 2),
    _at(Place.PICK, "pick-also", "a +", "then by this, too", "then by", 5),
    _at(Place.PICK, "pick-drop", "escape", "leave it as it was", "leave", 4),
    _at(Place.PROMPT, "prompt-take", "enter", "take it", "apply", 1),
    _at(Place.PROMPT, "prompt-complete", "tab", "complete", "complete", 2),
    _at(Place.PROMPT, "prompt-before", "up", "typed before", "history", 4),
    _at(Place.PROMPT, "prompt-after", "down", "typed after"),
    _at(Place.PROMPT, "prompt-drop", "escape", "keep the old one", "keep the old one", 3),
    _at(Place.PROMPT, "prompt-help", "f1", "fields and language", "fields and language", 5),
    _at(Place.PROMPT, "stop", "ctrl+c", "quit"),
    _at(Place.HELP, "help-more", "?", "all of it: filter words, fields", "more", 2),
    _at(Place.HELP, "scroll-down", "j down", "down", "scroll", 3),
    _at(Place.HELP, "scroll-up", "k up", "up"),
    _at(Place.HELP, "scroll-page-down", "space pagedown ctrl+f", "page down"),
    _at(Place.HELP, "scroll-page-up", "b pageup ctrl+b", "page up"),
    _at(Place.HELP, "scroll-top", "g home", "top"),
    _at(Place.HELP, "scroll-end", "G end", "end"),
    _at(Place.HELP, "close", "escape enter", "close", "close", 1),
    _at(Place.COVERAGE, "scroll-down", "j down", "down", "scroll", 2),
    _at(Place.COVERAGE, "scroll-up", "k up", "up"),
    _at(Place.COVERAGE, "scroll-page-down", "space pagedown ctrl+f", "page down"),
    _at(Place.COVERAGE, "scroll-page-up", "b pageup ctrl+b", "page up"),
    _at(Place.COVERAGE, "scroll-top", "g home", "top"),
    _at(Place.COVERAGE, "scroll-end", "G end", "end"),
    _at(Place.COVERAGE, "close", "escape enter i", "close", "close", 1),
    _at(Place.FIELDS, "scroll-down", "j down", "next field"),
    _at(Place.FIELDS, "scroll-up", "k up", "field before"),
    _at(Place.FIELDS, "scroll-page-down", "pagedown ctrl+f", "page down"),
    _at(Place.FIELDS, "scroll-page-up", "b pageup ctrl+b", "page up"),
    _at(Place.FIELDS, "scroll-top", "g home", "first"),
    _at(Place.FIELDS, "scroll-end", "G end", "last"),
    _at(Place.FIELDS, "tick", "space", "show, hide", "on/off", 1),
    _at(Place.FIELDS, "find", "/", "find a field", "find", 6),
    _at(Place.FIND, "find-take", "enter", "to this field", "to this field", 1),
    _at(Place.FIND, "find-drop", "escape", "all fields", "all fields", 2),
    _at(Place.FIND, "scroll-down", "down tab", "next"),
    _at(Place.FIND, "scroll-up", "up shift+tab", "before"),
    _at(Place.FIND, "stop", "ctrl+c", "quit"),
    _at(Place.FIELDS, "earlier", "K <", "further left", "move", 2),
    _at(Place.FIELDS, "later", "J >", "further right"),
    _at(Place.FIELDS, "defaults", "r", "as at the start", "reset", 3),
    _at(Place.FIELDS, "take", "enter", "take these columns", "take", 4),
    _at(Place.FIELDS, "close", "escape", "leave them as they were", "leave", 5),
    _at(Place.EXPORT, "take", "enter", "write the file", "write", 1),
    _at(Place.EXPORT, "next-format", "tab down", "next format", "format", 2),
    _at(Place.EXPORT, "previous-format", "shift+tab up", "format before"),
    _at(Place.EXPORT, "next-rows", "ctrl+r", "rows shown, all, marked", "rows", 3),
    _at(Place.EXPORT, "all-fields", "ctrl+a", "all fields, fields shown", "all fields", 4),
    _at(Place.EXPORT, "close", "escape", "write nothing; stop what is being written", "leave", 5),
    _at(Place.EXPORT, "stop", "ctrl+c", "quit"),
    _at(Place.PALETTE, "take", "enter", "do it", "do it", 1),
    _at(Place.PALETTE, "scroll-down", "down tab", "next"),
    _at(Place.PALETTE, "scroll-up", "up shift+tab", "before"),
    _at(Place.PALETTE, "close", "escape", "close", "close", 2),
    _at(Place.PALETTE, "stop", "ctrl+c", "quit"),
    _at(Place.MENU, "scroll-down", "j down tab", "next"),
    _at(Place.MENU, "scroll-up", "k up shift+tab", "before"),
    _at(Place.MENU, "take", "enter space", "do it", "do it", 1),
    _at(Place.MENU, "close", "escape q", "close", "close", 2),
    _at(Place.REFUSED, "again", "r", "try again", "try again", 1),
    _at(Place.REFUSED, "copy-command", "y", "copy the first command", "copy the command", 2),
)

NO_KEY = "–"
"""Stands where a deed has no key."""
SIGNS = {
    "enter": "⏎",
    "escape": "Esc",
    "backspace": "⌫",
    "alt+left": "⌥←",
    "alt+right": "⌥→",
    "tab": "Tab",
    "shift+tab": "⇧Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "f1": "F1",
}


def sign(key: str) -> str:
    """How a key is written on the screen."""
    if key in SIGNS:
        return SIGNS[key]
    return "^" + key[5:].upper() if key.startswith("ctrl+") else key


def _table(keys: Iterable[Key]) -> dict[tuple[Place, str], Key]:
    found: dict[tuple[Place, str], Key] = {}
    for key in keys:
        for name in key.keys:
            assert (key.place, name) not in found, f"{name} does two things in {key.place}"
            found[key.place, name] = key
    return found


TABLE = _table(KEYS)


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys in force, and the same by place and key."""

    keys: tuple[Key, ...]
    table: Mapping[tuple[Place, str], Key]


_DEFAULT = Ring(KEYS, TABLE)
_in_force = _DEFAULT


def wear(keys: Iterable[Key] | None = None) -> None:
    """Put other keys in force for this process, before the screen begins (`keyring` makes them); None: the usual."""
    global _in_force
    worn = tuple(keys) if keys is not None else KEYS
    _in_force = _DEFAULT if worn == KEYS else Ring(worn, _table(worn))


def worn() -> tuple[Key, ...]:
    """The keys in force."""
    return _in_force.keys


def key_of(deed: str, place: Place | None = None) -> str:
    """How the first key of a deed is written; empty: it has none. `place`: where the deed is done in several."""
    found = (key for key in worn() if key.deed == deed and (place is None or key.place in (place, Place.ALL)))
    return next((sign(key.keys[0]) for key in found if key.keys), "")


def spoken(text: str, place: Place | None = None) -> str:
    """A sentence in which `{deed}` stands for the key that does it."""
    return re.sub(r"\{([\w-]+)\}", lambda found: key_of(found[1], place) or NO_KEY, text)


def deed_of(place: Place, key: str, character: str | None) -> str:
    """What a key does in a place; empty: nothing. Letters in places where text is typed do nothing here."""
    printable = character is not None and character.isprintable() and len(character) == 1
    name = (character or "") if printable and character != " " else key
    if printable and place in TYPING:
        return ""
    own = next((found for each in (place, *LIKE.get(place, ())) if (found := _in_force.table.get((each, name)))), None)
    if own is not None or place in TYPING:
        return own.deed if own is not None else ""
    general = _in_force.table.get((Place.ALL, name))
    return general.deed if general else ""


OF_ONE = {"details", "why"}
"""Deeds of one flow: a row of several has none of them."""
IN_THE_PAST = ("live", "step-back", "step-on")
"""Deeds that are offered first where a past moment is looked at, and two of them only there."""


def hints(place: Place, *, past: bool = False, kept: bool = True) -> list[Key]:
    """What the footer offers in a place, the most wanted first. `past`: a past moment is looked at; `kept`: there are
    such moments."""
    found = [key for key in _hints(place) if place is Place.FLOWS or key.deed not in OF_ONE]
    found = [key for key in found if kept or key.deed != "step-back"]
    if place not in ROWS or not past:
        return [key for key in found if key.deed not in ("live", "step-on")]
    return sorted(found, key=lambda key: IN_THE_PAST.index(key.deed) if key.deed in IN_THE_PAST else 9)


def _hints(place: Place) -> list[Key]:
    general = [] if place in TYPING | BESIDE else [key for key in worn() if key.place is Place.ALL]
    found: list[Key] = []
    for each in (place, *LIKE.get(place, ())):
        taken = {name for key in found for name in key.keys}
        found += [key for key in worn() if key.place is each and not taken & {*key.keys}]
    return sorted((key for key in found + general if key.hint and key.keys), key=lambda key: key.rank)
