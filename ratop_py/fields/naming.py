"""Names that a person types for fields.

Promise: a name that is not known is an error with the nearest one.
Does not know: which names there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ratop_py.errors import Exit, RatopError


def _nearest(name: str, known: Iterable[str]) -> str:
    """The known word most like this one; empty if none is like it."""
    import difflib

    return next(iter(difflib.get_close_matches(name.lower(), list(known), 1, 0.6)), "")


def check(name: str, known: Mapping[str, str]) -> str:
    """The field that a person means by a name; an error with the nearest one if there is none."""
    if name in known:
        return known[name]
    like = _nearest(name, known)
    hint = f"did you mean `{known[like]}`? " if like else ""
    raise RatopError(f"there is no field `{name}`", hint=f"{hint}`ratop fields` lists all", exit_code=Exit.USAGE)
