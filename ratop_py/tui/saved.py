"""Filters that have a name: kept under one, and standing for what they mean wherever a filter is typed.

Promise: what the feed is asked holds no name; what is shown and edited is what was typed.
Does not know: where they are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ratop_py.filter import FilterError, saved
from ratop_py.filter.saved import NAME, WRONG_NAME

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

EXPECTED = WRONG_NAME
__all__ = ["EXPECTED", "NAME", "meant", "save"]


def meant(text: str, filters: Mapping[str, str]) -> str:
    """A filter with the saved ones in the place of their names; as it is where that cannot be done: whoever compiles
    it says what is wrong."""
    try:
        return saved.expand(text, filters).text
    except FilterError:
        return text


def save(app: RatopApp, name: str) -> None:
    """Keep the filter in force under a name."""
    text = meant(app.trail.now.filter, app.kept.filters)
    trouble = saved.trouble(name, text)
    if name in app.options.configured:
        trouble = f"@{name} stands in the configuration; change it there, or take another name"
    if trouble:
        app.say(f"not saved: {trouble}", "warn")
        return
    app.kept.filters = {**app.kept.filters, name: text}
    app.say(f"@{name} stands for {text}", "ok")
