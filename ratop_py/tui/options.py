"""What the screen begins with: what was typed, what stands in the config, what was remembered.

Promise: a frozen value.
Does not know: sources, packets, files; where each value came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ratop_py.config import DEFAULTS
from ratop_py.tui.ink import Palette
from ratop_py.tui.keymap import Key
from ratop_py.view import Order


@dataclass(frozen=True, slots=True)
class Options:
    """How the screen begins."""

    theme: str = "auto"
    """auto, dark, light, ansi or none"""
    rate: float = DEFAULTS.rate
    """Refreshes a second."""
    filter: str = ""
    order: tuple[Order, ...] = (Order("load"),)
    """Of the flows."""
    fields: tuple[str, ...] = ()
    """Columns of the view that is shown first; empty: a set that fits the width."""
    mouse: bool = True
    ascii: bool = False
    """Draw with ASCII alone."""
    command: str = "ratop"
    """The command line as typed, for hints that can be typed."""
    debug: bool = False
    """Show the traceback of a failure of our own."""
    view: str = "flows"
    """Name of the view that is shown first."""
    keep_ended: float = 5.0
    """Seconds that an ended flow stays, dimmed."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """View → its columns; one that is not here has those that fit."""
    orders: Mapping[str, tuple[Order, ...]] = field(default_factory=dict)
    """View → its order; one that is not here has its own (`view.SIGHTS`)."""
    habits: Mapping[str, str | bool] = field(default_factory=dict)
    """How values are written: `full`, `octets`, `port_numbers` (bool), `names` (a word)."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Saved filters, by name: `@name` stands for one."""
    configured: frozenset[str] = frozenset()
    """Names of those that stand in the configuration: the screen cannot change them for the next time."""
    history: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Lines typed before, the newest last, by kind: filter, command, mark."""
    export: Mapping[str, str | bool] = field(default_factory=dict)
    """What was chosen when something was written last: `directory`, `format`, …"""
    keys: tuple[Key, ...] | None = None
    """The keys as a person wants them; None: as they are."""
    themes: Mapping[str, Palette] = field(default_factory=dict)
    """A person's own, by name."""
    notices: tuple[str, ...] = ()
    """What a person should know at the start: a config that is wrong, a state that could not be read."""
    remember: Callable[[dict[str, object]], None] | None = None
    """Called once when the screen is left, with what to remember, in plain JSON values; None: nothing is."""
