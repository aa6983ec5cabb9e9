"""Coverage: who was named in the last minute, by what, why the others were not, and how the sources do.

Promise: every number stands beside its bar, every reason above its sentence, every loss is said, zero or not. Where
there is nothing to count it is said why, and what to do.
Does not know: how an owner is found; who counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ratop_py.tui import amounts
from ratop_py.tui.fit import fit
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import Place, spoken
from ratop_py.tui.lines import Line, cut, fold, length
from ratop_py.tui.overlay import Overlay
from ratop_py.tui.status import LOST, TORN, Status
from ratop_py.view import Coverage, EventMeter, Meters, Share

SECONDS = 0.5
"""Between two looks at what is true now."""
SPACIOUS = 66
"""Cells from which matches are written out and bytes have a bar, too."""
BOTH = 48
"""Cells from which bytes are shown beside flows."""
LONG, SHORT = 29, 16
"""Cells of a name, its sign before it."""
NUMBERS = 15
"""Cells of a count and its share."""
NAMED, NONE, UNKNOWN = ("━", "ok"), ("┅", "dim"), ("·", "warn")
"""How owners, answers without one, and what nobody knows are drawn."""
WORDS = "named", "none", "unknown"


def content(status: Status, width: int) -> list[Line]:
    """Everything, in the order in which a person asks for it."""
    coverage, meters = status.meters.coverage, status.meters
    if not status.answered:
        return [[("Nothing is known yet: the source is being opened.", "dim")]]
    head = summary(coverage, width) if coverage.flows else nothing(meters, width)
    told = [*sources(meters, width), *losses(meters, width)]
    parts = [head, found(coverage, width), told, missing(coverage, width)]
    return [cut(line, width) for part in parts if part for line in ([], *part)][1:]


def nothing(meters: Meters, width: int) -> list[Line]:
    """Why there is nothing to count, and what to do."""
    coverage = meters.coverage
    if not coverage.placed:
        said = "Nobody told which addresses are this machine's, so no flow has an owner here."
        help_, typed = "A capture needs what its host knew: ", "ratop -r FILE --context FILE.json"
    elif coverage.elsewhere:
        seen = f"{amounts.full(coverage.elsewhere)} flow{'s were' if coverage.elsewhere > 1 else ' was'} seen"
        said = f"{seen}, none with an end on this machine, so no program here has a part in them."
        help_, typed = "Is the interface the right one? ", "ratop -i any"
    else:
        said = "No flow with an end on this machine was heard in the last minute."
        help_, typed = "Anything that speaks will do: ", "ping -c 3 localhost"
    return [*fold([(said, "text")], width), *fold([(help_, "dim"), (typed, "accent")], width)]


# -- who is named ------------------------------------------------------------------------------------------------------


def summary(coverage: Coverage, width: int) -> list[Line]:
    """How many, and a bar of the three answers there are."""
    heard = f" heard in the last {amounts.spoken(coverage.seconds)}" if coverage.seconds else " read"
    flows = f" flow{'' if coverage.flows == 1 else 's'} with an end here,"
    drawn = tuple(zip((NAMED, NONE, UNKNOWN), WORDS, coverage.parts, strict=True))
    sizes = cells([part for _, _, part in drawn], min(width, 72))
    legend: Line = []
    for (sign, tone), word, part in drawn:
        legend += [(f"{sign} ", tone), (f"{word} ", "dim"), (f"{percent(part)}   ", "strong")]
    return [
        *fold([(amounts.full(coverage.flows), "strong"), (flows + heard, "text")], width),
        [(sign * size, tone) for size, ((sign, tone), _, _) in zip(sizes, drawn, strict=True)],
        *fold(legend, width),
    ]


def cells(parts: Sequence[float], size: int) -> list[int]:
    """Split cells by parts; whatever is there at all gets one."""
    sizes = [max(1, round(part * size)) if part > 0 else 0 for part in parts]
    sizes[sizes.index(max(sizes))] += size - sum(sizes)
    return sizes


def found(coverage: Coverage, width: int) -> list[Line]:
    """A line for each kind of match."""
    if not coverage.found:
        return []
    spacious = width >= SPACIOUS
    rows = [
        _row(coverage, each, NAMED, each.words if spacious else each.name or each.words, width)
        for each in coverage.found
    ]
    return [_titles("found by", width), *rows]


def missing(coverage: Coverage, width: int) -> list[Line]:
    """A line for each reason, its sentence below."""
    if not coverage.missing:
        return []
    rows = [_titles("no owner because", width)]
    for each in coverage.missing:
        rows.append(_row(coverage, each, NONE if each.settled else UNKNOWN, each.name, width))
        rows.extend([("  ", "text"), *line] for line in fold([(each.words, "dim")], width - 2))
    return rows


def _titles(name: str, width: int) -> Line:
    head, _, gap = _sizes(width)
    title = fit(name, head)
    size = " " * gap + fit("bytes", 7, right=True) if width >= BOTH else ""
    return [(title, "strong"), (fit("flows", 7, right=True) + size, "dim")]


def _sizes(width: int) -> tuple[int, int, int]:
    """Cells of the name, of a bar, and from the title of flows to that of bytes."""
    head = LONG if width >= SPACIOUS else SHORT
    bars = 2 if width >= SPACIOUS else 1
    numbers = NUMBERS * (2 if width >= BOTH else 1)
    bar = max(0, min(18, (width - head - numbers) // bars - 2))
    return head, bar, NUMBERS - 7 + 1 + bar


def _row(coverage: Coverage, share: Share, drawn: tuple[str, str], name: str, width: int) -> Line:
    head, bar, _ = _sizes(width)
    flows, size = coverage.part([share])
    sign, tone = drawn
    line: Line = [
        (f"{sign} ", tone),
        (fit(name, head - 2), "text"),
        *_number(amounts.si(share.flows), flows),
        (f" {fit(strip(flows, bar, sign), bar)}", tone),
    ]
    if width < BOTH:
        return line
    line.extend(_number(amounts.si(share.bytes, "B"), size))
    return [*line, (f" {fit(strip(size, bar, sign), bar)}", tone)] if width >= SPACIOUS else line


def _number(count: str, part: float) -> Line:
    return [(fit(count, 7, right=True), "text"), (fit(percent(part), NUMBERS - 7, right=True), "strong")]


def strip(part: float, size: int, sign: str) -> str:
    """A bar; whatever is there at all is seen."""
    halves = max(1, round(part * size * 2)) if part > 0 else 0
    if sign == NAMED[0]:
        return sign * (halves // 2) + "╸" * (halves % 2)
    return sign * -(-halves // 2)


def percent(part: float) -> str:
    """99.9 % stays so until all of it is there, and what is there is never 0 %."""
    if 0 < part < 0.001:
        return "<0.1 %"
    if part <= 0 or part >= 1:
        return "100 %" if part >= 1 else "0 %"
    return f"{min(99.9, 100 * part):.1f} %"


# -- who tells ---------------------------------------------------------------------------------------------------------


def sources(meters: Meters, width: int) -> list[Line]:
    """How each source does, and which better ones are not in use."""
    title = "told by"
    counts = "".join(fit(word, 8, right=True) for word in ("told", "lost", "failed", "CPU"))
    rows: list[Line] = [[(fit(title, SHORT), "strong"), (counts, "dim")]] if meters.events else []
    ran = meters.clock - meters.began if meters.began else 0.0
    for each in meters.events:
        rows.extend(_source(each, ran, width))
    return rows


def _source(event: EventMeter, ran: float, width: int) -> Iterator[Line]:
    if not event.taken:
        name = f"{event.name} is not in use: "
        yield from fold([("– ", "dim"), (name, "text"), (event.words, "dim")], width, 2)
        return
    sign = ("✓ ", "ok") if event.ok else ("✗ ", "high")
    busy = f"   {percent(event.cost / ran)} of a core" if ran >= 1 and width >= SPACIOUS else ""
    yield [
        sign,
        (fit(event.name, SHORT - 2), "text" if event.ok else "high"),
        (fit(count(event.told), 8, right=True), "text"),
        (fit(count(event.lost), 8, right=True), "high" if event.lost else "text"),
        (fit(count(event.failed), 8, right=True), "warn" if event.failed else "text"),
        (fit(f"{event.cost:.2f} s", 8, right=True), "text"),
        (busy, "dim"),
    ]
    yield from ([("  ", "text"), *line] for line in fold([(event.words, "dim" if event.ok else "warn")], width - 2))


def count(value: int) -> str:
    """A number of things, zero as a digit: nothing lost is news, too."""
    return amounts.si(value) if value else "0"


def losses(meters: Meters, width: int) -> list[Line]:
    """What is missing, zero or not."""
    rows: list[Line] = [[(fit("lost", SHORT), "dim")]]
    for name, words in LOST.items():
        if name in TORN and not meters.counters.get(name):
            continue
        value = meters.counters.get(name, 0)
        part: Line = [(amounts.full(value) if value else "0", "high" if value else "text"), (f" {words}", "dim")]
        if length(rows[-1]) > SHORT and length(rows[-1]) + 3 + length(part) > width:
            rows.append([(" " * SHORT, "text")])
        rows[-1].extend([*([("   ", "text")] if length(rows[-1]) > SHORT else []), *part])
    return rows


class CoverageBox(Overlay):
    """The box; it goes on counting while it is open."""

    place = Place.COVERAGE
    widest = 108

    def __init__(self, ink: Ink, told: Callable[[], Status]) -> None:
        super().__init__(ink)
        self.told = told

    def on_mount(self) -> None:
        """Draw, again and again."""
        super().on_mount()
        self.set_interval(SECONDS, self.redraw)

    def heading(self) -> str:
        """What this is."""
        return "Coverage: whose flows are they, and who says so"

    def foot(self) -> str:
        """The keys."""
        return spoken("{close} closes   {scroll-down} {scroll-up} scroll", self.place)

    def content(self, width: int) -> list[Line]:
        """What is true now."""
        return content(self.told(), width)
