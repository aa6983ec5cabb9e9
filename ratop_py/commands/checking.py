"""Whether what stands in a configuration exists: fields, filters, keys, colours, sources of events.

Promise: what is wrong is left at its default and said with its line; what is right stays. Only what is there is looked
at, so that a short file costs little.
Does not know: where the file is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ratop_py.errors import RatopError
from ratop_py.habits.configfile import Config, Trouble, nearly
from ratop_py.habits.preferences import THEMES
from ratop_py.habits.remembered import Remembered
from ratop_py.safetext import clean

if TYPE_CHECKING:
    from ratop_py.tui.ink import Palette
    from ratop_py.tui.keymap import Key


def checked(config: Config, *, lent: bool) -> Config:
    """The configuration without what is wrong. `lent`: it is somebody else's, and this is root."""
    for name, check in CHECKS.items():
        if name in config.given:
            config = check(config)
    if lent and config.preferences.events.startswith("prog:"):
        sentence = "“events” of a user may not name a program for root to run; say it on the command line"
        config = config.without("events", config.trouble(sentence, "events"))
    return config


def columns_known() -> set[str]:
    """Every name a column or an order can have."""
    from ratop_py.commands.answering import typed
    from ratop_py.tui.columns import SETS

    return {*typed(), *(name for names in SETS.values() for name in names)}


def _fields(name: str) -> Callable[[Config], Config]:
    def check(config: Config) -> Config:
        known = columns_known()
        kept: dict[str, tuple[str, ...]] = {}
        troubles: list[Trouble] = []
        said: Mapping[str, tuple[str, ...]] = getattr(config.preferences, name)
        for view, words in said.items():
            wrong = [word for word in words if word.removeprefix("-") not in known]
            troubles += [config.trouble(_no_field(word, known), name, view) for word in wrong]
            kept[view] = tuple(word for word in words if word not in wrong)
        return _with(config, name, {view: words for view, words in kept.items() if words}, troubles)

    return check


def _no_field(word: str, known: Iterable[str]) -> str:
    return f"there is no field “{clean(word, 60)}”{nearly(word, known)}"


def _filters(config: Config) -> Config:
    from ratop_py.filter import saved

    wrong = {name: why for name, text in config.preferences.filters.items() if (why := saved.trouble(name, text))}
    kept = {name: text for name, text in config.preferences.filters.items() if name not in wrong}
    return _with(config, "filters", kept, [config.trouble(why, "filters", name) for name, why in wrong.items()])


def _keys(config: Config) -> Config:
    return replace(config, troubles=(*config.troubles, *(config.trouble(told, "keys") for told in keys_of(config)[1])))


def keys_of(config: Config) -> tuple[tuple[Key, ...] | None, Sequence[str]]:
    """The table of keys (None: the usual one), and what is wrong with the wishes."""
    if not config.preferences.keys:
        return None, ()
    from ratop_py.tui import keymap, keyring

    return keyring.overridden(keymap.KEYS, config.preferences.keys)


def _themes(config: Config) -> Config:
    from ratop_py.tui import themes

    troubles = []
    for name, colours in config.preferences.themes.items():
        if name in THEMES:
            sentence = f"“{name}” is a theme of ratop's: yours needs another name"
            config = config.without("themes", config.trouble(sentence, "themes", name))
            return config if config.preferences.theme in THEMES else config.without("theme")
        told = themes.made(name, colours)[1]
        troubles += [config.trouble(words, "themes", name, key) for key, words in told]
    return replace(config, troubles=(*config.troubles, *troubles))


def themes_of(config: Config) -> dict[str, Palette]:
    """The themes of a person."""
    if not config.preferences.themes:
        return {}
    from ratop_py.tui import themes

    return {name: themes.made(name, colours)[0] for name, colours in config.preferences.themes.items()}


def _events(config: Config) -> Config:
    from ratop_py.events import spec

    try:
        spec.parse(config.preferences.events)
    except RatopError as error:
        return config.without("events", config.trouble(f"“events”: {error.message}", "events"))
    return config


def _keep_packets(config: Config) -> Config:
    try:
        packets_kept(config.preferences.keep_packets)
    except click.BadParameter as error:
        return config.without("keep_packets", config.trouble(f"“keep_packets”: {error.message}", "keep_packets"))
    return config


def packets_kept(said: object) -> int:
    """Bytes of packets to keep. click.BadParameter: too few or too many."""
    from ratop_py.commands.sources import KEPT

    return 0 if said == "0" else KEPT.convert(said, None, None)


def _with(config: Config, name: str, value: object, troubles: Sequence[Trouble]) -> Config:
    kept = replace(config.preferences, **{name: value})  # type: ignore[arg-type]
    return replace(config, preferences=kept, troubles=(*config.troubles, *troubles))


CHECKS: Mapping[str, Callable[[Config], Config]] = {
    "columns": _fields("columns"),
    "sort": _fields("sort"),
    "filters": _filters,
    "keys": _keys,
    "themes": _themes,
    "events": _events,
    "keep_packets": _keep_packets,
}


def still_there(remembered: Remembered) -> tuple[Remembered, int]:
    """What is remembered, without fields, views and filters that are no more; and how many those were."""
    from ratop_py.config import VIEWS
    from ratop_py.filter import saved

    known = columns_known()
    columns = {view: tuple(name for name in names if name in known) for view, names in remembered.columns.items()}
    sort = {view: tuple(key for key in keys if key[0] in known) for view, keys in remembered.sort.items()}
    filters = {name: text for name, text in remembered.filters.items() if not saved.trouble(name, text)}
    kept = replace(
        remembered,
        view=remembered.view if remembered.view in VIEWS else "",
        columns={view: names for view, names in columns.items() if names and view in VIEWS},
        sort={view: keys for view, keys in sort.items() if keys and view in VIEWS},
        filters=filters,
    )
    return kept, _size(remembered) - _size(kept)


def _size(remembered: Remembered) -> int:
    tables = (remembered.columns, remembered.sort)
    return (
        bool(remembered.view) + len(remembered.filters) + sum(len(each) for table in tables for each in table.values())
    )
