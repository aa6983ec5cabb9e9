"""What a reader waits for: filters and views over 100,000 flows."""

from __future__ import annotations

from collections.abc import Iterator

from ratop_py.config import DEFAULTS
from ratop_py.filter import compile_filter
from ratop_py.flow.flows import Flows
from ratop_py.view import Order, View, select
from tests.bench.figures import Spread, seconds
from tests.bench.tables import Row
from tests.helpers.fakefeed import CLOCK
from tests.helpers.flowsfeed import flows

TITLE = "Filter and view"
ABOUT = (
    "100,000 flows with owners; a filter from its text to the mask, a view from question to snapshot of 50 "
    "rows. 15 runs each."
)
FLOWS, RUNS = 100_000, 15
FILTERS = (
    "tcp and port 443",
    "host 198.51.100.7",
    "src net 192.0.2.0/24 and not dst net 203.0.0.0/8",
    "bytes > 1M and dur >= 2s",
    "stime > -5m",
    "user ada and program ~ fire",
    "(port 443 or port 80) and not (program = ssh or bytes < 10k) and risk < 50",
    "state = CON or fin or reset",
)
SORTS = (("bytes",), ("program", "bytes"), ("daddr",))
QUICK, PROMPT = 10, 20


def rows() -> Iterator[Row]:
    """Filters, then sorted views."""
    many = flows(FLOWS)
    for text in FILTERS:
        taken = seconds(lambda text=text: mask(many, text), RUNS)  # type: ignore[misc]
        yield row(f"filter `{text}`", taken, QUICK)
    for names in SORTS:
        view = View(order=tuple(Order(name) for name in names), fields=FIELDS, window=(0, 50))
        taken = seconds(lambda view=view: select(many, view, CLOCK), RUNS)  # type: ignore[misc]
        yield row(f"view ordered by {', '.join(names)}", taken, PROMPT)
    both = View(filter=FILTERS[0], order=(Order("bytes"),), fields=FIELDS, window=(0, 50))
    yield row(
        "view filtered `tcp and port 443`, ordered by bytes", seconds(lambda: select(many, both, CLOCK), RUNS), PROMPT
    )


FIELDS = (*DEFAULTS.fields, *DEFAULTS.owners)


def mask(many: Flows, text: str) -> None:
    """From text to mask."""
    compile_filter(text, CLOCK).mask(many)


def row(what: str, taken: Spread, goal: int) -> Row:
    """Milliseconds against a goal."""
    taken = Spread(1000 * taken.least, 1000 * taken.middle, 1000 * taken.most)
    return Row(what, taken.words(" ms", 1), f"≤ {goal} ms", taken.middle <= goal)
