"""Stand-in for `import cython` where Cython is not installed: what `engine.py` uses, so that it runs as plain Python.

Promise: decorators return what they decorate, types are values that may be subscripted, `declare` returns its value.
Does not know: types. Whoever runs uncompiled gets Python's unbounded integers, and the engine masks where it matters.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

T = TypeVar("T")


class _Type:
    """A C type in an annotation."""

    def __getitem__(self, item: Any) -> _Type:
        return self


class _Nogil(nullcontext[None]):
    """Both `with cython.nogil:` and `@cython.nogil`."""

    def __call__(self, function: T) -> T:
        return function


def _same(function: T) -> T:
    return function


def exceptval(_value: Any = None, *, check: bool = True) -> Callable[[T], T]:  # noqa: ARG001 - Cython's signature
    """Uncompiled, exceptions travel as they always do."""
    return _same


def boundscheck(_check: bool) -> Callable[[T], T]:
    """Uncompiled, every index is checked."""
    return _same


def declare(_kind: Any, value: Any = None) -> Any:
    """A typed global: its value."""
    return value


compiled = False
uchar = ushort = uint = longlong = ulonglong = double = bint = Py_ssize_t = const = _Type()
int = _Type()  # noqa: A001 - Cython's name
cfunc = inline = cclass = final = with_gil = _same
nogil = _Nogil()
