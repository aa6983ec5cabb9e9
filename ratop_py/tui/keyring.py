"""Keys as a person wants them: the table of `keymap` with other keys for some deeds.

Promise: what comes out is a table without doubles in which quitting has a key; what cannot be done is said in a
sentence, and that deed keeps the keys it had. Pure.
Does not know: where the wishes stand; how a thing is done.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ratop_py.safetext import clean
from ratop_py.tui.keymap import TYPING, Key, Place

Wish = Mapping[str, tuple[str, ...] | Mapping[str, tuple[str, ...]]]
"""Deed → keys; or name of a place → deed → keys."""
FIXED = frozenset({"stop"})
"""Always there: ^C ends, whatever else was changed."""
NAMED = (
    *("enter", "escape", "tab", "space", "backspace", "insert", "delete"),
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
)
OTHERWISE = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "pgdown": "pagedown"} | {
    "del": "delete", "ins": "insert", "backtab": "shift+tab",
}  # fmt: skip
"""Other names for keys."""
_KEY = re.compile(rf"(?:(?:ctrl|shift|alt|ctrl\+shift)\+)?(?:{'|'.join(NAMED)}|f(?:[1-9]|1\d|2[0-4]))|ctrl\+[a-z0-9\\]")
SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape"}
"""What a terminal cannot tell apart."""


def key_named(word: str) -> str:
    """A key as the table names it; empty: there is no such key."""
    if len(word) == 1:
        return word if word.isprintable() and word != " " else ""
    small = re.sub(r"^(\^|c-)(?=.$)", "ctrl+", word.lower())
    head, plus, last = small.rpartition("+")
    small = head + plus + OTHERWISE.get(last, last)
    if small == "ctrl+\\":
        return "ctrl+backslash"
    small = SAME.get(small, small)
    return small if _KEY.fullmatch(small) else ""


def overridden(keys: Sequence[Key], wishes: Wish) -> tuple[tuple[Key, ...], tuple[str, ...]]:
    """The table with these wishes, and why some were not fulfilled."""
    told: list[str] = []
    wanted: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, value in wishes.items():
        for deed, words in value.items() if isinstance(value, Mapping) else ((name, value),):
            place = name if isinstance(value, Mapping) else ""
            names = _keys(place, deed, words, keys, told)
            if names is not None:
                wanted[place, deed] = names
    return _settled(keys, wanted, told)


def _keys(place: str, deed: str, words: Iterable[str], keys: Sequence[Key], told: list[str]) -> tuple[str, ...] | None:
    """The keys of a wish, if it can be one."""
    shown = f"{place}.{deed}" if place else deed
    known = {key.deed for key in keys if not place or key.place == place} - FIXED
    if place and place not in {key.place for key in keys}:
        told.append(f"there is no place “{clean(place, 40)}” for keys{_nearly(place, {key.place for key in keys})}")
    elif deed in FIXED:
        told.append(f"the keys of “{deed}” cannot be changed: something has to end ratop")
    elif deed not in known:
        told.append(f"there is no deed “{clean(shown, 60)}” to give keys to{_nearly(deed, known)}")
    else:
        return _named(shown, words, told)
    return None


def _named(shown: str, words: Iterable[str], told: list[str]) -> tuple[str, ...] | None:
    found = []
    for word in words:
        key = key_named(word)
        if not key:
            told.append(f"“{clean(word, 40)}” is no key for “{shown}”: write j, ctrl+f, shift+tab, f5 or space")
            return None
        found.append(key)
    return tuple(dict.fromkeys(found))


def _settled(
    keys: Sequence[Key], wanted: Mapping[tuple[str, str], tuple[str, ...]], told: list[str]
) -> tuple[tuple[Key, ...], tuple[str, ...]]:
    """Take wishes back, the last first, until no key does two things."""
    wanted = dict(wanted)
    while True:
        made = tuple(_with(key, wanted) for key in keys)
        clash = _clash(keys, made)
        if clash is None:
            return made, tuple(told)
        changed, sentence = clash
        told.append(sentence)
        wanted.pop((changed.place, changed.deed), None) or wanted.pop(("", changed.deed), None)


def _with(key: Key, wanted: Mapping[tuple[str, str], tuple[str, ...]]) -> Key:
    names = wanted.get((key.place, key.deed), wanted.get(("", key.deed)))
    return key if names is None or key.deed in FIXED else replace(key, keys=names)


def _clash(keys: Sequence[Key], made: Sequence[Key]) -> tuple[Key, str] | None:
    """A changed deed that cannot have its keys, and why; None: all is well."""
    for before, key in zip(keys, made, strict=True):
        for name in key.keys:
            if name in before.keys:
                continue
            if key.place in TYPING and len(name) == 1:
                return key, f"“{name}” is text where one types: it cannot be “{key.deed}”"
            others = (other for other in made if other is not key and name in other.keys and _meet(key, other))
            if other := next(others, None):
                return key, _doubled(name, key, other)
    return None


def _meet(one: Key, other: Key) -> bool:
    """Whether one key for both would be one too many."""
    if one.place is other.place:
        return True
    places = {one.place, other.place}
    return Place.ALL in places and not places & TYPING


def _doubled(name: str, key: Key, other: Key) -> str:
    return f"“{name}” cannot be “{key.deed}”: it is “{other.deed}” ({other.does}); give that another key first"


def _nearly(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word.lower(), list(known), 1, 0.5)
    return f"; did you mean “{found[0]}”?" if found else ""
