"""A person's habits, gathered at the start and kept at the end: configuration, what is remembered, what was typed.

Promise: nothing in these files stops a command: what is wrong is told in a sentence and the default holds. `print`
takes saved filters alone from them, and only for a filter that names one.
Does not know: the screen; what each value does.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ratop_py.habits import chosen, configfile, remembered
from ratop_py.habits.chosen import Chosen
from ratop_py.habits.configfile import Config, Trouble
from ratop_py.habits.places import Places, places, text_of
from ratop_py.habits.remembered import Remembered
from ratop_py.safetext import clean


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds at the start, and where it came from."""

    config: Config = field(default_factory=Config)
    last: Remembered = field(default_factory=Remembered)
    chosen: Chosen = field(default_factory=lambda: chosen.choose(Config(), Remembered(), {}))
    places: Places = field(default_factory=Places)
    typed: Mapping[str, object] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    """What is wrong with what is remembered."""
    keep: bool = False
    """The end is remembered."""

    def notices(self) -> tuple[str, ...]:
        """One sentence on each of the two, if something is wrong."""
        return (*summed(self.config.troubles), *self.doubts)

    @property
    def filters(self) -> Mapping[str, str]:
        """Saved filters, by name."""
        found = self.chosen.values["filters"]
        return found if isinstance(found, Mapping) else {}


def summed(troubles: tuple[Trouble, ...]) -> tuple[str, ...]:
    """The first trouble, and how many more there are."""
    if not troubles:
        return ()
    more = f" (and {len(troubles) - 1} more: ratop config --check)" if len(troubles) > 1 else ""
    return (f"{troubles[0]}{more}",)


def gather(
    typed: Mapping[str, object],
    *,
    config: bool = True,
    state: bool = True,
    environ: Mapping[str, str] = os.environ,
    uid: int | None = None,
) -> Habits:
    """Read the files, unless they are not wanted, and put everything over each other."""
    from ratop_py.commands.checking import checked, still_there

    where = places(environ, os.geteuid() if uid is None else uid)
    said, lent = read_config(where) if config else (Config(), False)
    said = checked(said, lent=lent)
    keep = state and said.preferences.remember
    found = remembered.load(where.state) if keep else remembered.Recollection()
    last, gone = still_there(found.remembered) if found.remembered != Remembered() else (Remembered(), 0)
    doubts = [found.trouble] if found.trouble else []
    if left_out := found.left_out + gone:
        doubts.append(f"{where.state}: {left_out} {'thing' if left_out == 1 else 'things'} in it made no sense")
    over = chosen.choose(said, last, typed)
    return Habits(said, last, over, where, typed, tuple(clean(each, 300) for each in doubts), keep)


def read_config(where: Places) -> tuple[Config, bool]:
    """The first configuration that is there, and whether it is lent."""
    for place in where.configs:
        path = str(place.path)
        try:
            source = text_of(place)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            return Config(troubles=(Trouble(f"not read: {why}; the defaults hold", path),), path=path), place.lent
        if source is not None:
            return configfile.read(source, path), place.lent
    return Config(), False


def keep(habits: Habits, told: Mapping[str, object], uid: int | None = None) -> str:
    """Remember what the screen tells at its end; empty, or why that was not possible.

    What was only typed as an option for this time, and not changed on the screen, does not become a habit.
    """
    if not habits.keep:
        return ""
    new, path = remembered.understood(dict(told)).remembered, habits.places.state
    there = remembered.load(path).remembered
    before, now = chosen.recalled(habits.last), chosen.recalled(new)
    for name in ("theme", "rate", "view"):
        if name not in now or now[name] == habits.typed.get(name):
            new = replace(new, **{name: before.get(name, getattr(Remembered(), name))})  # type: ignore[arg-type]
    new = replace(new, columns=_unlike(new.columns, habits, "fields"), sort=_unlike(new.sort, habits, "order"))
    history = {
        kind: remembered.joined(there.history.get(kind, ()), new.history.get(kind, ()))
        for kind in {*there.history, *new.history}
    }
    together = {**there.filters, **new.filters}  # another screen may have saved some meanwhile
    filters = {name: text for name, text in together.items() if name not in habits.config.preferences.filters}
    new = replace(new, history=history, filters=filters, beside=chosen.beside(habits.config))
    return remembered.save(path, new, os.geteuid() if uid is None else uid)


def _unlike(new: Mapping[str, Any], habits: Habits, typed: str) -> dict[str, Any]:
    """A table by view, without what was typed for the first one and is the same still."""
    view, said = habits.chosen.values["view"], habits.typed.get(typed)
    return {name: value for name, value in new.items() if name != view or not said or _names(value) != _names(said)}


def _names(value: Any) -> list[str]:
    return [(each if isinstance(each, str) else each[0]).removeprefix("-") for each in value]


def expanded(text: str, filters: Mapping[str, str] | None = None) -> str:
    """A filter with its saved ones put in. FilterError: it is wrong, shown in what was typed."""
    from ratop_py.filter import FilterError, compile_filter, saved

    if saved.SIGN not in text:
        return text
    whole = saved.expand(text, gather({}).filters if filters is None else filters)
    try:
        compile_filter(whole.text, 0.0)
    except FilterError as error:
        raise whole.told(error) from None
    return whole.text
