"""The two lines at the top: source, state, clock, rates, losses, alarms; then coverage and the health of the sources.

Promise: what the screen does not know for certain is said here: paused, old, incomplete, dropped. Widths do not jitter.
Does not know: widgets.
"""

from __future__ import annotations

from collections.abc import Mapping

from ratop_py.tui import amounts
from ratop_py.tui.lines import Line, join, length, spread
from ratop_py.tui.status import LOSS_WORDS, Status
from ratop_py.tui.timeline import timeline
from ratop_py.view import EventMeter

ROOMY, NAMED, SOURCED = 110, 76, 70
"""Cells from which there is room for clock and sparks, the word `named`, the source."""
STATES: Mapping[str, tuple[str, str, str]] = {
    "starting": ("○", "starting", "warn"),
    "live": ("●", "live", "ok"),
    "replay": ("▶", "replay", "accent"),
    "done": ("■", "done", "accent"),
    "gone": ("○", "source is gone", "warn"),
    "paused": ("‖", "paused", "badge"),
}
OWNERS = (
    ("ok", "━", "ok"),
    ("listener", "╍", "ok"),
    ("shared", "┅", "warn"),
    ("none", "·", "dim"),
    ("unknown", "·", "dim"),
)
"""Owner words with a local end, the best first, and how the meter draws them."""
SPARK_CELLS = 24
SPEED_CELLS = 9


def first(status: Status, width: int) -> Line:
    """The top line."""
    roomy = width >= ROOMY
    left = [[("ratop", "strong")], _state(status)]
    if width >= SOURCED and status.meters.source:
        left.append([(status.meters.source, "text")])
    if roomy and status.meters.clock:
        left.append([(amounts.clock(status.meters.clock), "dim")])
    right = join([_coverage_word(status, width) if not roomy else [], *_alarms(status, width)])
    gap = "  " if roomy else " "
    if status.answered and not status.refused:
        rates = _rates(status, width)
        while rates and length(join([*left, *rates], gap)) > width - length(right) - 2:
            rates.pop()
        left.extend(rates)
    return spread(join(left, gap), [("  ", "text"), *right], width)


def _state(status: Status) -> Line:
    if status.refused:
        return [("○ ", "warn"), (status.refused, "warn")]
    if status.at is not None:
        shown = status.meters.clock if status.meters.state == "history" else status.at
        back = amounts.spoken(max(0.0, status.newest - shown))
        return [(f" ◀ {amounts.clock(shown)} ", "badge"), (f" {back} back", "warn")]
    if status.paused is not None:
        return [(f" ‖ paused {amounts.spoken(status.paused)} ", "badge")]
    sign, word, tone = STATES.get(status.meters.state, ("○", status.meters.state, "warn"))
    if not status.answered:
        return [(f"○ starting {status.waited:.1f} s", "warn")]
    if status.late:
        return [(f"◌ {status.age:.1f} s old", "warn")]
    return [(f"{sign} {word}{_progress(status)}", "strong" if tone == "badge" else tone)]


def _progress(status: Status) -> str:
    """Pace and share of a file that is played."""
    meters = status.meters
    if not meters.speed or meters.state == "done":
        return ""
    share = f"  {100 * meters.position:.0f} %" if meters.position is not None else ""
    return f" {amounts.number(meters.speed)}×{share}"


def _rates(status: Status, width: int) -> list[Line]:
    meters, roomy = status.meters, width >= ROOMY
    cells = min(SPARK_CELLS, max(0, (width - 104) // 2)) if roomy else 0
    parts: list[Line] = []
    for sign, tone, value, past in (("↓", "in", meters.rx_bps, status.rx), ("↑", "out", meters.tx_bps, status.tx)):
        text = amounts.speed(value, short=not roomy)
        part: Line = [(f"{sign} " if roomy else sign, tone), (text.rjust(SPEED_CELLS) if roomy else text, "text")]
        if cells:
            part.append((" " + amounts.spark(list(past), cells), tone))
        parts.append(part)
    return parts


def _coverage_word(status: Status, width: int) -> Line:
    share = _share(status)
    word: Line = [("named ", "dim")] if width >= NAMED else []
    return [*word, (share.replace(" ", ""), "text")]


def _share(status: Status) -> str:
    known = any(status.meters.owners.get(word) for word, _, _ in OWNERS)
    return amounts.percent(status.meters.attributed) if known else amounts.UNKNOWN


def _alarms(status: Status, width: int) -> list[Line]:
    levels = status.meters.levels
    gap = " " if width >= ROOMY else ""
    return [
        _drops(status, width),
        _unheard(status, width),
        _alarm("▲" + gap, levels.get("high", 0), "high"),
        _alarm("△" + gap, levels.get("medium", 0), "warn"),
    ]


def _alarm(sign: str, count: int, tone: str) -> Line:
    return [(f"{sign}{count}", tone)] if count else []


def _drops(status: Status, width: int) -> Line:
    word = "drops" if width >= ROOMY else "drop"
    if not status.answered or status.refused:
        return [(f"{word} {amounts.UNKNOWN}", "dim")]
    if not status.drops:
        return [(word + " ", "dim"), ("0", "text")]
    if width < ROOMY:
        return [(f"▲ {word} {amounts.si(status.drops)}", "high")]
    share = status.drops / max(1, status.meters.packets + status.drops)
    return [(f"▲ drops {amounts.full(status.drops)} ({100 * share:.2g} %)", "high")]


def _unheard(status: Status, width: int) -> Line:
    """Owners may be missing: events were lost, or sockets forgotten."""
    if not status.answered or not status.unheard:
        return []
    return [(f"! {'events' if width >= ROOMY else 'ev'} {amounts.si(status.unheard)}", "warn")]


def second(status: Status, width: int) -> Line:
    """The line below: who is named, by what, and which losses there are."""
    if not status.answered:
        return []
    if has_timeline(status):
        return _timeline(status, width)
    right = join([_engine(status), *(_event(each, width) for each in status.meters.events)])
    room = width - length(right) - 2
    whole, short = join([_meter(status), *_words(status)]), _meter(status)
    if lost := _losses(status):
        named: Line = [("named ", "dim"), (_share(status), "strong")]
        helps: Line = [("a filter helps", "warn")] if status.drops else []
        short = join([named, [(lost, "warn")]], "   ")
        whole = join([short, helps], " · ")
    return spread(whole if length(whole) <= room else short, [("  ", "text"), *right], width)


def has_timeline(status: Status) -> bool:
    """One looks at the past, or a file is played."""
    return (status.at is not None or status.meters.speed > 0) and bool(status.meters.pulse)


TIMELINE = 9
"""Cells on each side of the timeline, for its ends' times."""


def _timeline(status: Status, width: int) -> Line:
    """From the first moment that is kept to now."""
    pulses = status.meters.pulse
    line = timeline(pulses, status.at, timeline_cells(width))
    first, last = amounts.clock(pulses[0].at), amounts.clock(pulses[-1].at)
    return spread([(f"{first:<{TIMELINE}}", "dim"), *line], [(f"{last:>{TIMELINE}}", "dim")], width)


def timeline_cells(width: int) -> int:
    """Cells of the timeline itself."""
    return max(0, width - 2 * TIMELINE)


def _losses(status: Status) -> str:
    counts = status.meters.counters
    return " · ".join(f"{amounts.full(counts[name])} {words}" for name, words in LOSS_WORDS.items() if counts.get(name))


def _meter(status: Status) -> Line:
    counts = [(status.meters.owners.get(word, 0), glyph, tone) for word, glyph, tone in OWNERS]
    total = sum(count for count, _, _ in counts)
    if not total:
        return [("named ", "dim"), (amounts.UNKNOWN, "text"), ("  no flow with an end on this machine", "dim")]
    cells = shares([count for count, _, _ in counts], SPARK_CELLS)
    bar = [(glyph * size, tone) for size, (_, glyph, tone) in zip(cells, counts, strict=True) if size]
    return [("named ", "dim"), *bar, (f" {_share(status)}", "strong")]


def shares(counts: list[int], cells: int) -> list[int]:
    """Split cells by counts; whatever is there at all gets a cell."""
    total = sum(counts)
    sizes = [max(1, round(count * cells / total)) if count else 0 for count in counts]
    while sum(sizes) > cells:
        sizes[sizes.index(max(sizes))] -= 1
    while 0 < sum(sizes) < cells:
        sizes[sizes.index(max(sizes))] += 1
    return sizes


def _words(status: Status) -> list[Line]:
    owners = status.meters.owners
    total = sum(owners.get(word, 0) for word, _, _ in OWNERS)
    if not total:
        return []
    return [
        [(f"{word} ", "dim"), (f"{100 * owners[word] / total:.0f}", "text")]
        for word, _, _ in OWNERS
        if owners.get(word)
    ]


def _engine(status: Status) -> Line:
    return [] if status.meters.compiled else [("pure-Python engine: slow", "warn")]


def _event(event: EventMeter, width: int) -> Line:
    if not event.taken:
        return [(f"no {event.name}", "dim")] if width >= ROOMY else []
    if event.ok:
        return [(f"{event.name} ", "dim"), ("✓", "ok")]
    words = f" {event.words}" if width >= ROOMY and event.words else ""
    return [(f"{event.name} ✗", "high"), (words, "warn")]
