"""Which columns are shown at which width.

Promise: never wider than the window; risk, program, way and the peer stay to the last; the same width always gives the
same columns. Pure arithmetic.
Does not know: values, Textual.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ratop_py.fields import FIELDS
from ratop_py.kinds import Kind
from ratop_py.tui.cells import Cell, cell_of
from ratop_py.view import BY

ALWAYS = 99
"""`keep` of columns that never leave."""
NOW = "bps"
"""The bar's field: bits/s both ways now. Argus's own `load`, over a flow's life, puts every short burst on top."""
BOTH_ENDS_FROM = 132
"""Cells from which both ends of a flow have columns of their own."""
_SETS = """
host   risk program pid user way proto saddr sport dir daddr dport rx tx load bytes dur state
peer   risk program pid user way proto peer dport rx tx load bytes dur state
argus  stime flgs proto saddr sport dir daddr dport pkts bytes state
programs risk program pid user trans peers rx tx load past bytes
hosts    risk peer program programs trans rx tx load past bytes
users    risk user programs peers trans rx tx load past bytes
risks    risk topwhy level program peer peers trans rx tx bytes ltime
ports    risk proto dport programs peers trans rx tx load past bytes
networks risk peernet program peers trans rx tx load past bytes
interfaces risk inf programs peers trans rx tx load past bytes
tree     risk process pid user trans peers rx tx load past bytes
rates    program pid peer rx tx past load bytes
"""
SETS = {name: tuple(names) for name, *names in map(str.split, _SETS.strip().splitlines())}


@dataclass(frozen=True, slots=True)
class Column:
    """A column; its name is a field's name and its title."""

    name: str
    width: int
    cell: Cell
    needs: tuple[str, ...]
    """Fields of the snapshot that its cells read."""
    right: bool = False
    keep: int = 5
    """The lowest leaves first."""
    flex: int = 0
    """Share of the spare width."""
    middle: bool = False
    """Cut in the middle."""
    least: int = 0
    """Width it can shrink to before others are lost altogether; 0: none."""
    want: int = 0
    """Width it grows to before spare cells are shared."""
    title: str | None = None
    tail: bool = False
    """What does not fit is cut at the left."""
    most: int = 0
    """Cells that are of use; 0: all there are."""

    @property
    def head(self) -> str:
        """What stands over it."""
        return self.name if self.title is None else self.title


@dataclass(frozen=True, slots=True)
class Placed:
    """A column at its place."""

    column: Column
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How a known column stands: width, keep, and the fields that its cell reads beside its own."""

    width: int
    keep: int
    needs: tuple[str, ...] = ()
    right: bool = False
    flex: int = 0
    middle: bool = False
    least: int = 0
    want: int = 0
    title: str | None = None
    own: bool = True
    """Its own name is a field of the snapshot."""


_PROGRAM = ("risk", "owner", "ownerwhy")
SUMS = ("programs", "peers", "trans", "rx", "tx", "load", "past", "bytes")
"""Columns of every view in which rows are of several flows."""
BY_CONTENT = frozenset({"program", "process", "user", "peer", "saddr", "daddr", "peernet", "topwhy", "inf"})
"""Columns that grow with what stands in them."""
WIDEST = 40
"""Cells to which they do."""
NOTHING: Mapping[str, int] = {}
SPARKS = 60
"""Seconds of past rates in the column `past`."""
SHAPES = {
    "risk": Shape(5, ALWAYS, ("stime",)),
    "program": Shape(14, ALWAYS, _PROGRAM, least=10, want=16),
    "pid": Shape(6, 7, right=True),
    "user": Shape(9, 4),
    "way": Shape(1, ALWAYS, title=""),
    "proto": Shape(5, 1),
    "saddr": Shape(21, 6, ("way", "sname"), middle=True, flex=1),
    "sport": Shape(6, 6, ("proto",), right=True),
    "dir": Shape(3, 6),
    "daddr": Shape(18, ALWAYS, ("way", "dname"), middle=True, flex=2, least=12),
    "dport": Shape(6, ALWAYS, ("proto",)),
    "peer": Shape(17, ALWAYS, ("peername",), middle=True, flex=1, least=12),
    "rx": Shape(5, 9, right=True),
    "tx": Shape(5, 10, right=True),
    "load": Shape(8, 3, ("rx", "tx"), own=False),
    "past": Shape(12, 3, own=False, flex=3, want=24),
    "bytes": Shape(6, 8, right=True),
    "dur": Shape(6, 2, right=True),
    "state": Shape(5, 5),
    "process": Shape(24, ALWAYS, ("tree", "program", *_PROGRAM), own=False, flex=2, want=34, least=14),
    "trans": Shape(6, 6, right=True, title="flows"),
    "peers": Shape(5, 5, right=True),
    "programs": Shape(8, 4, right=True),
    "level": Shape(6, 3),
    "topwhy": Shape(22, 90, flex=1, least=14, title="why"),
    "peernet": Shape(20, ALWAYS, flex=1, least=14),
    "inf": Shape(10, 5, flex=1),
}
SORTED_BY = {"load": NOW, "past": NOW, "process": "program"}
"""Columns that are no fields, and the field that they sort by."""
INK = ("risk", "way", "owner", "pid", "program", "proto", "saddr", "sport", "daddr", "dport")
"""Fields that say how a row is drawn, and what can be done with it."""
SUMMED = ("risk", "trans")
"""Fields that say how a row of several flows is drawn."""
LARGE = frozenset({Kind.COUNT, Kind.BYTES, Kind.BITRATE, Kind.RATE})
"""Kinds that can have many digits."""
FULL = 13
"""Cells of such a column when all digits are shown: 9 999 999 999."""
WORDS = frozenset({Kind.TEXT, Kind.LIST, Kind.ADDRESS, Kind.MAC, Kind.HEX})


@lru_cache(maxsize=512)
def column(name: str) -> Column:
    """A column by its field's name."""
    shape = SHAPES.get(name)
    if shape is None:
        field = FIELDS[name]
        right = field.kind not in WORDS
        needs = (name, "proto") if field.kind is Kind.PORT else (name,)
        return Column(name, max(field.width, len(name)), cell_of(name), needs, right=right, least=min(6, field.width))
    wanted = (name, *shape.needs) if shape.own else shape.needs
    return Column(
        name,
        shape.width,
        cell_of(name),
        tuple(need for need in wanted if need in FIELDS),
        shape.right,
        shape.keep,
        shape.flex,
        shape.middle,
        shape.least,
        shape.want,
        shape.title,
        name == "past",
        SPARKS if name == "past" else 0,
    )


def names_at(width: int, chosen: tuple[str, ...], sight: str = "flows") -> tuple[str, ...]:
    """The columns that a person chose, or the set for this way to look and this width."""
    if chosen:
        return chosen
    if sight.startswith(BY):
        return tuple(dict.fromkeys(("risk", *sight.removeprefix(BY).split(), *SUMS)))
    return SETS[sight] if sight != "flows" else SETS["host" if width >= BOTH_ENDS_FROM else "peer"]


def known(name: str) -> bool:
    """Whether there is such a column."""
    return name in FIELDS or name in SHAPES


def sort_field(name: str) -> str:
    """The field that a column sorts by."""
    return SORTED_BY.get(name, name)


def place(
    names: Sequence[str],
    width: int,
    shift: int = 0,
    *,
    full: bool = False,
    keys: Sequence[str] = (),
    content: Mapping[str, int] = NOTHING,
) -> tuple[Placed, ...]:
    """Choose columns and widths for a window. `keys`: columns without which a row says nothing. `content`: cells that
    what stands in a column would need.

    Unshifted: the least wanted leave until the rest fits. Shifted: risk and program stay, then stand the others
    from the one with the number `shift` on, until the window is full.
    """
    columns = [_full(column(name)) if full else column(name) for name in names]
    columns = [replace(each, keep=ALWAYS) if each.name in keys else each for each in columns]
    columns = [_filled(each, content[each.name]) if each.name in content else each for each in columns]
    if not columns or width <= 0:
        return ()
    return _stand(_shifted(columns, width, shift) if shift else _kept(columns, width), width)


def _filled(each: Column, cells: int) -> Column:
    """As wide as what stands in it, within reason: no wider before others have what they need."""
    return replace(each, want=max(each.width, min(cells, WIDEST)))


def _full(each: Column) -> Column:
    """Wide enough for all digits: a number is never cut."""
    field = FIELDS.get(each.name)
    large = field is not None and field.kind in LARGE and each.name not in ("risk", "load")
    return replace(each, width=max(each.width, FULL)) if large else each


def _span(columns: Sequence[Column]) -> int:
    return sum(c.width for c in columns) + len(columns) - 1


def _kept(columns: list[Column], width: int) -> list[Column]:
    shown = list(columns)
    while len(shown) > 1 and _span(shown) > width:
        least = min(shown, key=lambda c: c.keep)
        if least.keep == ALWAYS:
            break
        shown.remove(least)
    return shown


def _shifted(columns: list[Column], width: int, shift: int) -> list[Column]:
    fixed = [c for c in columns if c.name in ("risk", "program")]
    rest = [c for c in columns if c not in fixed]
    shown = list(fixed)
    for each in rest[max(0, min(shift, len(rest)) - 1) :]:
        if _span([*shown, each]) > width and len(shown) > len(fixed):
            break
        shown.append(each)
    return shown


def _stand(shown: list[Column], width: int) -> tuple[Placed, ...]:
    widths = [c.width for c in shown]
    spare = width - sum(widths) - len(widths) + 1
    if spare > 0:
        widths = _grow(shown, widths, spare)
    while sum(widths) + len(widths) - 1 > width:
        at = max(range(len(shown)), key=lambda i: (widths[i] - (shown[i].least or widths[i]), widths[i]))
        if widths[at] <= (shown[at].least or widths[at]):
            break
        widths[at] -= 1
    return tuple(_clipped(shown, widths, width))


def _grow(shown: list[Column], widths: list[int], spare: int) -> list[int]:
    wanted = list(widths)
    for at, each in enumerate(shown):
        more = min(spare, max(0, each.want - wanted[at]))
        wanted[at] += more
        spare -= more
    shares = sum(c.flex for c in shown)
    if not shares:
        return wanted
    grown = [min(w + spare * c.flex // shares, max(w, c.most or w + spare)) for c, w in zip(shown, wanted, strict=True)]
    free = [i for i, c in enumerate(shown) if c.flex and not c.most]
    if free:
        grown[free[-1]] += spare - (sum(grown) - sum(wanted))
    return grown


def _clipped(shown: list[Column], widths: list[int], width: int) -> list[Placed]:
    placed, x = [], 0
    for each, size in zip(shown, widths, strict=True):
        if x >= width:
            break
        placed.append(Placed(each, x, min(size, width - x)))
        x += size + 1
    return placed


def most_shift(names: Sequence[str]) -> int:
    """How far columns can be shifted."""
    return len([name for name in names if name not in ("risk", "program")])


def shift_to_show(names: Sequence[str], width: int, shift: int, name: str) -> int:
    """The shift nearest to this one at which a column is to be seen."""
    ways = sorted(range(most_shift(names) + 1), key=lambda s: (abs(s - shift), s))
    return next((s for s in ways if any(p.column.name == name for p in place(names, width, s))), shift)


def needs(placed: Sequence[Placed], keys: Sequence[str] = ()) -> tuple[str, ...]:
    """Fields to ask for, so that these columns, the ink of their rows and what groups are of (`keys`) are known."""
    wanted = dict.fromkeys(need for each in placed for need in each.column.needs)
    wanted |= dict.fromkeys((*keys, *SUMMED) if keys else INK)
    return tuple(name for name in wanted if name in FIELDS)
