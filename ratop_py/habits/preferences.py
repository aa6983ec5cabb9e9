"""Everything a person may set once, in one table: names, defaults, shapes, and what they mean.

Promise: the file that is read, the sample file, the page of the docs and the checks all come from this class.
Does not know: where the file is; whether a field, a key or a filter in it exists (the commands that use them do).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ratop_py.config import DEFAULTS, LIMITS, VIEWS
from ratop_py.config import THEMES as BROUGHT
from ratop_py.habits.shape import FLAG, Shape, number, one_of, table, text, words

THEMES = ("auto", *BROUGHT)
VIEW = re.compile("|".join(VIEWS))
COLOUR = r"#[0-9a-fA-F]{6}|dark|light"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is said of one setting."""

    shape: Shape
    doc: str
    sample: str = ""
    """TOML to show where the default is empty: an example."""


def _set(default: Any, shape: Shape, doc: str, sample: str = "") -> Any:
    made = {"setting": Setting(shape, doc, sample)}
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=made)
    return field(default=default, metadata=made)


def _keys() -> Shape:
    """`deed = ["k", "ctrl+x"]`, or the same in a table named like the place."""
    here = words("a list of keys, as j, ctrl+f or f5")
    there = table(here, "a table of lists of keys")

    def read(value: object) -> object:
        return there.read(value) if isinstance(value, dict) else here.read(value)

    return table(Shape(here.says, read), "a table of lists of keys")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What holds unless the command line says otherwise."""

    theme: str = _set(
        "auto",
        text("the name of a theme", choices=THEMES),
        "Colours: auto, dark, light, ansi, none, or one of `[themes]`.",
    )
    ascii: bool = _set(False, FLAG, "Draw with ASCII alone.")
    mouse: bool = _set(True, FLAG, "Take clicks and the wheel; `false` leaves the mouse to the terminal.")
    rate: float = _set(DEFAULTS.rate, number(0.1, LIMITS.rate), "Repaints of the screen a second.")
    view: str = _set("flows", one_of(*VIEWS), "The view that is shown first.")
    keep_ended: float = _set(5.0, number(0.0, 3600.0), "Seconds that an ended flow stays on the screen, dimmed.")
    digits: str = _set("short", one_of("short", "full"), "Numbers: `1.2M`, or all digits.")
    rates: str = _set("bits", one_of("bits", "bytes"), "Rates in bits or bytes a second.")
    ports: str = _set("names", one_of("names", "numbers"), "Ports as services, or as numbers.")
    names: str = _set("names", one_of("names", "addresses", "both"), "Hosts by name where one is known, or by address.")
    interfaces: tuple[str, ...] = _set(
        (),
        words("a list of interfaces"),
        "Capture here; empty: every interface that is up and has a route.",
        '["eth0"]',
    )
    events: str = _set(DEFAULTS.events, text("a source of events"), "Who owns sockets, as `--events` takes it.")
    keep_packets: str = _set(
        "0",
        text("an amount of bytes as 64M", r"0|\d{1,9}[kMG]"),
        "Live: keep the newest packets, whole, up to so many bytes, to export them as pcapng; 0: none.",
        '"64M"',
    )
    remember: bool = _set(True, FLAG, "Remember view, order, columns, theme and lines typed, for the next time.")
    columns: Mapping[str, tuple[str, ...]] = _set(
        {},
        table(words("a list of fields"), "a table of lists of fields", VIEW),
        "Columns, by view; without an entry those that fit.",
        'flows = ["risk", "program", "pid", "user", "peer", "port", "rx", "tx"]',
    )
    sort: Mapping[str, tuple[str, ...]] = _set(
        {},
        table(words("a list of fields"), "a table of lists of fields", VIEW),
        "Order, by view, the first field decides; `-name` the other way round.",
        'flows = ["risk", "load"]',
    )
    filters: Mapping[str, str] = _set(
        {},
        table(text("a filter in quotes"), "a table of filters"),
        "Saved filters: `@name` stands for one, on the screen and in `print`.",
        'web = "tcp and port in (80, 443)"',
    )
    keys: Mapping[str, tuple[str, ...] | Mapping[str, tuple[str, ...]]] = _set(
        {},
        _keys(),
        "Keys, by deed (docs/keys.md names them): these instead of the ones it had. `[]`: none.",
        'pause = ["p", "f5"]',
    )
    themes: Mapping[str, Mapping[str, str]] = _set(
        {},
        table(table(text("a colour as #rrggbb", COLOUR), "a table of colours"), "a table of themes"),
        "Themes of your own: `base` is dark or light, the other names are inks and grounds.",
        'mine = { base = "dark", accent = "#ffaf5f" }',
    )


def settings() -> dict[str, Setting]:
    """Every setting, in order."""
    return {each.name: each.metadata["setting"] for each in fields(Preferences)}


def defaults() -> dict[str, object]:
    """What holds when nothing is set."""
    return {each.name: getattr(Preferences(), each.name) for each in fields(Preferences)}
