"""`ratop config`: which settings are in force and why, where they stand, and what is wrong with them.

Promise: what is printed is what the screen would begin with. With --check exit code 2 if something is wrong.
Does not know: what a setting does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from ratop_py.commands import PLAIN
from ratop_py.errors import Exit
from ratop_py.safetext import clean

if TYPE_CHECKING:
    from ratop_py.commands.habits import Habits

LONGEST = 400


@click.command("config", short_help="Settings: what is in force, why, and what is wrong.", context_settings=PLAIN)
@click.option("--check", "only_check", is_flag=True, help="Only what is wrong; exit code 2 if something is.")
@click.option("--default", "sample", is_flag=True, help="Print the default file, every setting explained.")
@click.option("--path", is_flag=True, help="Print only where the file is, or would be.")
def command(only_check: bool, sample: bool, path: bool) -> Exit:
    """Tell what is in force: from the configuration file, the last time, or by default.

    \b
    To begin a file of your own:
      mkdir -p ~/.config/ratop && ratop config --default > ~/.config/ratop/config.toml
    """  # noqa: D301  (click reads the backspace)
    if sample:
        from ratop_py.habits.sample import sample as lines

        return written(lines())
    from ratop_py.commands.habits import gather

    habits = gather({})
    if path:
        return written([config_path(habits) or "no home"])
    troubles = [str(trouble) for trouble in habits.config.troubles] + list(habits.doubts)
    written([*troubles] if only_check else everything(habits, troubles))
    return Exit.USAGE if only_check and troubles else Exit.OK


def written(lines: Iterator[str] | list[str]) -> Exit:
    """On stdout."""
    for line in lines:
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    return Exit.OK


def config_path(habits: Habits) -> str:
    """The file that is read, or would be."""
    first = habits.places.configs[0].path if habits.places.configs else ""
    return clean(habits.config.path or str(first), LONGEST)


def everything(habits: Habits, troubles: list[str]) -> Iterator[str]:
    """Where, what is wrong, and each setting."""
    yield f"config  {config_path(habits) or 'no home'}{'' if habits.config.path else ' (not there)'}"
    yield f"state   {state_words(habits)}"
    yield ""
    yield from (f"!  {trouble}" for trouble in troubles)
    if troubles:
        yield ""
    for name, value in habits.chosen.values.items():
        why = habits.chosen.why.get(name, "")
        yield from setting(name, value, why)


def setting(name: str, value: object, why: str) -> Iterator[str]:
    """One setting; a table line by line."""
    from ratop_py.habits.sample import toml

    if not isinstance(value, Mapping):
        yield f"{name:<12} {why:<10} {clean(toml(value), LONGEST)}"
        return
    yield f"{name:<12} {why:<10}{'' if value else ' none'}"
    for key, each in value.items():
        yield f"  {key:<21} {clean(toml(dict(each) if isinstance(each, Mapping) else each), LONGEST)}"


def state_words(habits: Habits) -> str:
    """Where things are remembered, or why they are not."""
    from ratop_py.habits.remembered import hindrance

    where = clean(str(habits.places.state), LONGEST) if habits.places.state else "nowhere"
    if not habits.keep:
        return f"{where} (remember = false: nothing is read or written)"
    why = hindrance(habits.places.state, os.geteuid())
    return f"{where} ({clean(why, LONGEST)}: nothing is remembered)" if why else where
