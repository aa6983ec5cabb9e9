"""What a filter says, as values.

Promise: a tree of frozen nodes; equal filters are equal trees; `unparse` writes a filter that parses to the same tree.
Does not know: how a node is evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass

from ratop_py.filter.tokens import quoted
from ratop_py.net.address import mac_text
from ratop_py.net.address import text as address_text

SRC, DST, ANY, ALL = "src", "dst", "src or dst", "src and dst"


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty filter."""


@dataclass(frozen=True, slots=True)
class Not:
    """The complement."""

    of: Node


@dataclass(frozen=True, slots=True)
class And:
    """Both."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Or:
    """Either."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is true or false of a flow: `tcp`, `syn`, `vlan` …; `side` src, dst or empty."""

    name: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Net:
    """An address within a prefix; `bits` of 128."""

    side: str
    value: int
    bits: int


@dataclass(frozen=True, slots=True)
class Ports:
    """A port in a range; `proto` empty: any that has ports."""

    side: str
    low: int
    high: int
    proto: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """An IP protocol by number."""

    number: int


@dataclass(frozen=True, slots=True)
class Ether:
    """A MAC address at an end."""

    side: str
    mac: int


@dataclass(frozen=True, slots=True)
class Compare:
    """A field and a number, in the column's unit. `shown` is how it was written."""

    field: str
    sign: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Within:
    """An address field within a prefix, or not."""

    field: str
    value: int
    bits: int
    shown: str
    inside: bool = True
    ether: bool = False
    """It is a MAC: ends that have no other address have one."""


@dataclass(frozen=True, slots=True)
class Equals:
    """A text field equal to one of these words; or, with one word, not equal to it."""

    field: str
    words: tuple[str, ...]
    same: bool = True


@dataclass(frozen=True, slots=True)
class Like:
    """A text field that a regular expression is found in, or is not."""

    field: str
    pattern: str
    found: bool = True


@dataclass(frozen=True, slots=True)
class Pair:
    """Two fields of one kind compared."""

    left: str
    sign: str
    right: str


@dataclass(frozen=True, slots=True)
class Contains:
    """Any text field contains it."""

    text: str


Node = (
    Everything
    | Not
    | And
    | Or
    | Word
    | Net
    | Ports
    | Protocol
    | Ether
    | Compare
    | Within
    | Equals
    | Like
    | Pair
    | Contains
)


def unparse(node: Node) -> str:
    """A filter that means the same."""
    match node:
        case Everything():
            return ""
        case Not(of):
            return f"not ({unparse(of)})"
        case And(left, right):
            return f"({unparse(left)}) and ({unparse(right)})"
        case Or(left, right):
            return f"({unparse(left)}) or ({unparse(right)})"
        case _:
            return _leaf(node)


def _leaf(node: Node) -> str:  # noqa: PLR0911
    match node:
        case Word(name, side):
            return f"{side} {name}".strip()
        case Net(side, value, bits):
            return f"{side} net {_cidr(value, bits)}"
        case Ports(side, low, high, proto):
            return f"{proto} {side} portrange {low}-{high}".strip()
        case Protocol(number):
            return f"proto {number}"
        case Ether(side, mac):
            return f"ether {side} {mac_text(mac)}" if side in (SRC, DST) else f"ether host {mac_text(mac)}"
        case Contains(text):
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case _:
            return _field(node)


def _field(node: Node) -> str:
    match node:
        case Compare(field, sign, _, shown):
            return f"{field} {sign} {quoted(shown)}"
        case Within(field, _, _, shown, inside):
            return f"{field} {'=' if inside else '!='} {shown}"
        case Equals(field, words, same):
            if not same:
                return f"{field} != {quoted(words[0])}"
            return f"{field} in ({', '.join(map(quoted, words))})"
        case Like(field, pattern, found):
            escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
            return f'{field} {"~" if found else "!~"} "{escaped}"'
        case Pair(left, sign, right):
            return f"{left} {sign} {right}"
    raise AssertionError(node)


def _cidr(value: int, bits: int) -> str:
    mapped = value >> 32 == 0xFFFF and bits >= 96
    return f"{address_text(value, 4)}/{bits - 96}" if mapped else f"{address_text(value, 6)}/{bits}"
