"""Ways to look at flows that have a name: how flows are put together, in which order, which columns.

Promise: screen and print know the same names, and the same name gives the same rows.
Does not know: how a row is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from ratop_py.view.model import Order, View

BUSY = (Order("bps"), Order("bytes"))
LARGE = (Order("bytes"),)


@dataclass(frozen=True, slots=True)
class Sight:
    """One way to look."""

    name: str
    does: str
    """A few words."""
    group: tuple[str, ...] = ()
    """Fields that the flows of a row agree in; empty: a row a flow, or a process."""
    tree: bool = False
    order: tuple[Order, ...] = BUSY
    fields: tuple[str, ...] = ()
    """Columns of what is printed; empty: those of flows."""

    @property
    def grouped(self) -> bool:
        """Rows are more than one flow."""
        return bool(self.group) or self.tree

    def view(self, **more: object) -> View:
        """A question in this sight."""
        return View(group=self.group, tree=self.tree, **more)  # type: ignore[arg-type]


BY = "by "
"""What names of sights begin with that a person made: fields follow."""
_SUMS = ("trans", "pkts", "bytes", "rx", "tx")
SIGHTS = {
    sight.name: sight
    for sight in (
        Sight("flows", "every flow", order=(Order("bps"),)),
        Sight(
            "programs",
            "by process: who talks",
            ("program", "pid", "user", "ownerwhy"),
            fields=("program", "pid", "user", "ownerwhy", "peers", *_SUMS, "risk"),
        ),
        Sight("hosts", "by remote host", ("peer",), fields=("peer", "program", "programs", *_SUMS, "risk")),
        Sight(
            "users",
            "by user",
            ("user", "ownerwhy"),
            fields=("user", "ownerwhy", "programs", "peers", *_SUMS, "risk"),
        ),
        Sight(
            "risks",
            "by risk: what speaks against an address",
            ("level", "topwhy"),
            order=(Order("risk"), Order("bytes")),
            fields=("risk", "level", "topwhy", "program", "peer", "peers", *_SUMS, "ltime"),
        ),
        Sight("ports", "by service port", ("proto", "dport"), fields=("proto", "dport", "programs", "peers", *_SUMS)),
        Sight("networks", "by remote network", ("peernet",), fields=("peernet", "program", "peers", *_SUMS, "risk")),
        Sight("interfaces", "by interface", ("inf",), fields=("inf", "programs", "peers", *_SUMS, "risk")),
        Sight(
            "tree",
            "processes below their parents",
            tree=True,
            order=LARGE,
            fields=("tree", "program", "pid", "user", "ownerwhy", "peers", *_SUMS, "risk"),
        ),
        Sight(
            "rates",
            "who talks with whom, how much, right now",
            ("program", "pid", "ownerwhy", "peer"),
            order=(Order("bps"), Order("bytes")),
            fields=("program", "pid", "ownerwhy", "peer", "bps", "rx", "tx", "bytes"),
        ),
    )
}
"""By name, in the order of the tabs."""


def sight_of(name: str) -> Sight:
    """A sight by its name; `by FIELD FIELD` puts flows together that agree in these."""
    if name in SIGHTS:
        return SIGHTS[name]
    group = tuple(name.removeprefix(BY).split())
    return Sight(name, "by " + ", ".join(group), group, fields=(*group, "programs", "peers", *_SUMS, "risk"))
