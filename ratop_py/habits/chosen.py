"""Which of several sayings holds: option, last time, configuration, default; and why.

Promise: the command line wins; what was chosen on the screen the last time holds until the configuration says something
else than it did then. Filters of both are there, the configuration's go before. Pure.
Does not know: files, the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from ratop_py.habits.configfile import Config
from ratop_py.habits.preferences import THEMES, Preferences, defaults, settings
from ratop_py.habits.remembered import Remembered
from ratop_py.habits.shape import UnfitError

OPTION, STATE, CONFIG, DEFAULT = "option", "last time", "config", "default"
WORDS: Mapping[str, tuple[str, str | bool, str | bool]] = {
    "digits": ("full", "full", "short"),
    "rates": ("octets", "bytes", "bits"),
    "ports": ("port_numbers", "numbers", "names"),
}
"""Settings that are habits of the screen: the habit's name, the word when it is on, the word when it is off."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds."""

    values: Mapping[str, object]
    """By name of the setting; `sort` by view, as it was said: words, or pairs (field, greatest first)."""
    why: Mapping[str, str]

    def habits(self) -> dict[str, str | bool]:
        """Those that are habits of the screen."""
        found: dict[str, str | bool] = {habit: self.values[name] == on for name, (habit, on, _) in WORDS.items()}
        names = self.values["names"]
        return found | {"names": str(names)}


def choose(config: Config, remembered: Remembered, typed: Mapping[str, object]) -> Chosen:
    """Put them over each other. `typed`: what the command line said, by name of the setting."""
    values, why = dict(defaults()), dict.fromkeys(defaults(), DEFAULT)
    for name in config.given:
        values[name], why[name] = getattr(config.preferences, name), CONFIG
    for name, value in recalled(remembered).items():
        if value == values[name]:
            continue
        if remembered.beside.get(name, "") == said(config, name) and holds(config, name, value):
            values[name] = {**values[name], **value} if isinstance(value, Mapping) else value  # type: ignore[dict-item]
            why[name] = STATE
    values["filters"] = {**remembered.filters, **config.preferences.filters}
    for name, value in typed.items():
        values[name], why[name] = value, OPTION
    return Chosen(values, why)


def holds(config: Config, name: str, value: object) -> bool:
    """Whether what was remembered is still something that can be set."""
    if name in ("columns", "sort"):
        return True
    try:
        settings()[name].shape.read(value)
    except UnfitError:
        return False
    return name != "theme" or value in THEMES or value in config.preferences.themes


def recalled(remembered: Remembered) -> dict[str, object]:
    """What is remembered, by name of the setting."""
    found: dict[str, object] = {}
    for name in ("view", "theme", "rate", "columns", "sort"):
        if value := getattr(remembered, name):
            found[name] = value
    for name, (habit, on, off) in WORDS.items():
        if isinstance(value := remembered.habits.get(habit), bool):
            found[name] = on if value else off
    if remembered.habits.get("names") in ("names", "addresses", "both"):
        found["names"] = remembered.habits["names"]
    return found


def said(config: Config, name: str) -> str:
    """What a configuration says of a setting, as text to compare; empty: nothing."""
    return repr(getattr(config.preferences, name))[:200] if name in config.given else ""


def beside(config: Config) -> dict[str, str]:
    """What to remember of the configuration, so that the next time knows what it has changed."""
    return {each.name: said(config, each.name) for each in fields(Preferences) if each.name in config.given}
