"""The sidecar beside a capture: what its host knew, as JSON.

Promise: every key is known and has its type, or the error names it (`interfaces[0].mac`). Paths in it are relative
to it.
Does not know: what a socket listing says (`events.lsof` reads the files named here).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ratop_py.errors import Exit, RatopError
from ratop_py.net.address import parse as parse_address
from ratop_py.net.address import parse_mac
from ratop_py.net.host import HostNet, Interface, Neighbour, Prefix, Route
from ratop_py.safetext import clean

Value = TypeVar("Value")
LARGEST = 16 << 20
"""Bytes of a sidecar."""


@dataclass(frozen=True, slots=True)
class SocketFile:
    """A listing of sockets in a file."""

    path: Path
    time: float | None
    """When it was taken, s; None: not told."""
    complete: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What the sidecar says."""

    host: HostNet
    sockets: tuple[SocketFile, ...] = ()


def load(name: str) -> Context:
    """Read a sidecar. RatopError: it is not there, no JSON, or a key is wrong."""
    path = Path(name)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise RatopError(f"cannot read {name}: {error.strerror}", exit_code=Exit.NO_SOURCE) from None
    if len(data) > LARGEST:
        raise RatopError(f"{name} is too large for a context", exit_code=Exit.BAD_DATA)
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _wrong(name, f"it is no JSON ({clean(str(error))})") from None
    try:
        return _context(tree, path.parent)
    except KeyProblemError as error:
        raise _wrong(name, str(error)) from None


def _wrong(name: str, what: str) -> RatopError:
    return RatopError(f"context {name}: {what}", hint="docs/context.md has the keys", exit_code=Exit.BAD_DATA)


class KeyProblemError(ValueError):
    """What is wrong, with the key's path."""


class Table:
    """A JSON object whose keys are taken one by one; what is left over is an error."""

    def __init__(self, tree: Any, where: str) -> None:
        if not isinstance(tree, dict):
            raise KeyProblemError(f"{where or 'it'} must be an object")
        self._left = dict(tree)
        self._where = where

    def path(self, key: str) -> str:
        """The key's full name."""
        return f"{self._where}.{key}" if self._where else key

    def take(self, key: str, read: Callable[[Any, str], Value], default: Value) -> Value:
        """A value, read by `read(value, path)`; the default where it is absent or null."""
        value = self._left.pop(key, None)
        return default if value is None else read(value, self.path(key))

    def need(self, key: str, read: Callable[[Any, str], Value]) -> Value:
        """A value that must be there."""
        if self._left.get(key) is None:
            raise KeyProblemError(f"{self.path(key)} is missing")
        return read(self._left.pop(key), self.path(key))

    def end(self) -> None:
        """Nothing may be left."""
        if self._left:
            raise KeyProblemError(f"unknown key {self.path(clean(str(next(iter(self._left))), 60))}")


def _context(tree: Any, folder: Path) -> Context:
    table = Table(tree, "")
    host = HostNet(
        interfaces=table.take("interfaces", _each(_interface), ()),
        routes=table.take("routes", _each(_route), ()),
        neighbours=table.take("neighbours", _each(_neighbour), ()),
        srcid=table.take("srcid", _text, ""),
        forwarding=table.take("forwarding", _maybe, None),
        inside=table.take("inside", _each(_prefix), ()),
        nat=table.take("nat", _each(_address), ()),
        capture=table.take("capture", _object, {}),
        masquerades=table.take("conntrack", _masquerades, False),
    )
    none: tuple[SocketFile, ...] = ()
    sockets = table.take("sockets", lambda value, where: _sockets(value, where, folder), none)
    table.end()
    return Context(host, sockets)


def _each(read: Callable[[Any, str], Value]) -> Callable[[Any, str], tuple[Value, ...]]:
    def several(value: Any, where: str) -> tuple[Value, ...]:
        if not isinstance(value, list):
            raise KeyProblemError(f"{where} must be a list")
        return tuple(read(each, f"{where}[{at}]") for at, each in enumerate(value))

    return several


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise KeyProblemError(f"{where} must be a string")
    return clean(value)


def _bool(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise KeyProblemError(f"{where} must be true or false")
    return value


def _masquerades(value: Any, where: str) -> bool:
    if value != "masquerade":
        raise KeyProblemError(f"{where} must be “masquerade”")
    return True


def _maybe(value: Any, where: str) -> bool | None:
    return _bool(value, where)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise KeyProblemError(f"{where} must be a number")
    return value


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise KeyProblemError(f"{where} must be a whole number")
    return value


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise KeyProblemError(f"{where} must be an object")
    return {clean(str(key)): each for key, each in value.items()}


def _address(value: Any, where: str) -> int:
    try:
        return parse_address(_text(value, where))[0]
    except ValueError:
        raise KeyProblemError(f"{where} must be an IP address") from None


def _prefix(value: Any, where: str) -> Prefix:
    head, sign, length = _text(value, where).partition("/")
    if head == "default":
        head, sign, length = "0.0.0.0", "/", "0"  # noqa: S104 - reading, not binding
    try:
        number, family = parse_address(head)
        most = 32 if family == 4 else 128
        bits = int(length) if sign else most
    except ValueError:
        raise KeyProblemError(f"{where} must be an address or prefix, as 10.0.0.5/24") from None
    if not 0 <= bits <= most:
        raise KeyProblemError(f"{where}: a prefix length from 0 to {most} is expected")
    return Prefix(number, bits + 128 - most)


def _mac(value: Any, where: str) -> int:
    try:
        return parse_mac(_text(value, where))
    except ValueError:
        raise KeyProblemError(f"{where} must be a MAC address") from None


def _vlan(value: Any, where: str) -> tuple[int, ...]:
    return _each(_whole)(value, where) if isinstance(value, list) else (_whole(value, where),)


def _interface(value: Any, where: str) -> Interface:
    table = Table(value, where)
    found = Interface(
        name=table.need("name", _text),
        mac=table.take("mac", _mac, 0),
        addresses=table.take("addresses", _each(_prefix), ()),
        prefixes=table.take("prefixes", _each(_prefix), ()),
        kind=table.take("kind", _text, ""),
        up=table.take("up", _bool, True),
        port=table.take("port", _whole, 0),
        vlan=table.take("vlan", _vlan, ()),
    )
    table.end()
    return found


def _route(value: Any, where: str) -> Route:
    table = Table(value, where)
    found = Route(
        to=table.need("dst", _prefix),
        via=table.take("via", _address, 0),
        dev=table.take("dev", _text, ""),
        metric=table.take("metric", _whole, 0),
    )
    table.end()
    return found


def _neighbour(value: Any, where: str) -> Neighbour:
    table = Table(value, where)
    found = Neighbour(
        address=table.need("ip", _address),
        mac=table.take("mac", _mac, 0),
        state=table.take("state", _text, ""),
        router=table.take("router", _bool, False),
        dev=table.take("dev", _text, ""),
        vlan=table.take("vlan", _vlan, ()),
    )
    table.end()
    return found


def _sockets(value: Any, where: str, folder: Path) -> tuple[SocketFile, ...]:
    if isinstance(value, str):
        return (SocketFile(folder / value, None, complete=False),)
    return _each(lambda each, at: _socket_file(each, at, folder))(value, where)


def _socket_file(value: Any, where: str, folder: Path) -> SocketFile:
    table = Table(value, where)
    found = SocketFile(
        path=folder / table.need("file", _text),
        time=table.take("time", _number, None),
        complete=table.take("complete", _bool, False),
    )
    table.end()
    return found
