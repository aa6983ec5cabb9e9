"""What each deed of the key table does to the screen.

Promise: every deed that is bound to a key of the flows, or offered by the palette, is here.
Does not know: keys; how things are drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ratop_py.tui import (
    asked,
    asking,
    cellfilter,
    columns,
    copying,
    find,
    lasting,
    moments,
    moving,
    outgo,
    picking,
    sights,
    spot,
    status,
    wishes,
)
from ratop_py.tui.ink import Ink
from ratop_py.tui.languages import values_seen
from ratop_py.tui.look import NAMES
from ratop_py.tui.messages import tell
from ratop_py.tui.overlay import Overlay
from ratop_py.view import SIGHTS

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

RATES = (0.25, 0.5, 1.0, 2.0, 4.0, 10.0)


def do(app: RatopApp, deed: str) -> bool:
    """Carry out a deed; False: it is none of these."""
    found = DEEDS.get(deed)
    if found is None:
        return False
    found(app)
    return True


def back(app: RatopApp) -> None:
    """One step: details, then mark, then the flow is let go. Never the filter, never the program."""
    if app.details.open:
        app.details.open = app.details.zoomed = False
        app.draw()
    elif app.habit.mark:
        mark(app, "")
    elif app.table.cursor.chosen:
        app.table.release()


# -- looks -------------------------------------------------------------------------------------------------------------


def _reverse(app: RatopApp) -> None:
    sort = app.look.sort
    app.look_at(app.trail.now.sorted_by(sort.field, not sort.descending))


def _sort_beside(step: int) -> Callable[[RatopApp], None]:
    def deed(app: RatopApp) -> None:
        names = app.table.names
        at = names.index(app.look.sort.field) if app.look.sort.field in names else -step
        wishes.sort_by(app, names[(at + step) % len(names)])

    return deed


def show_columns(app: RatopApp, names: tuple[str, ...]) -> None:
    """Choose columns; the set that fits by itself is no choice."""
    standard = columns.names_at(app.size.width, (), app.look.sight)
    app.look_at(replace(app.trail.now, columns=() if names == standard else names))


def mark(app: RatopApp, text: str) -> None:
    """Highlight a text."""
    app.habit = replace(app.habit, mark=text)
    app.table.present(app.look, app.habit)
    if text:
        _next_mark(True)(app)
    app.draw()


def _next_mark(down: bool) -> Callable[[RatopApp], None]:
    def deed(app: RatopApp) -> None:
        text = app.habit.mark
        if not text:
            app.say("nothing is marked; * marks a text", "dim")
            return
        view, start = asking.view(app), app.table.cursor.row if app.table.cursor.chosen else -1

        def found(rank: int | None) -> None:
            if rank is None:
                app.say(f"“{text}” is in no row", "warn")
            else:
                app.touch()
                app.table.go(rank)

        app.ask(lambda feed: tell(app, found, find.nearest(feed.ask, view, text, start, down=down)))

    return deed


def _habit(change: Callable[[RatopApp], None]) -> Callable[[RatopApp], None]:
    def deed(app: RatopApp) -> None:
        change(app)
        app.table.present(app.look, app.habit)
        app.ask()

    return deed


def _ports(app: RatopApp) -> None:
    app.habit = replace(app.habit, port_numbers=not app.habit.port_numbers)


def _names(app: RatopApp) -> None:
    way = NAMES[(NAMES.index(app.habit.names) + 1) % len(NAMES)]
    app.habit = replace(app.habit, names=way)
    app.say({"names": "names where known", "addresses": "addresses", "both": "names and addresses"}[way], "dim")


def _full(app: RatopApp) -> None:
    app.habit = replace(app.habit, full=not app.habit.full)


def _bytes(app: RatopApp) -> None:
    app.habit = replace(app.habit, octets=not app.habit.octets)
    app.say("rates in bytes/s" if app.habit.octets else "rates in bits/s", "dim")


# -- asking ------------------------------------------------------------------------------------------------------------


def _details(app: RatopApp, page: int | None = None) -> None:
    if app.sight.grouped:
        sights.open_row(app)
        return
    if not app.table.page.total and not app.table.cursor.chosen:
        app.say("there is no row", "dim")
        return
    if not app.table.cursor.chosen:
        app.table.move(0)
    app.details.open = True
    if page is not None:
        app.details.page = page
    app.draw()
    app.ask()


def _toggle_details(app: RatopApp) -> None:
    if app.details.open:
        back(app)
    else:
        _details(app)


def _why(app: RatopApp) -> None:
    """The pane that answers: the risk where there is one, else who."""
    if app.sight.grouped:
        app.say("open the row first (⏎): each of its flows has its own answer", "dim")
        return
    here = app.table.here()
    risky = here is not None and cellfilter.risk_at(here) > 0
    _details(app, 2 if risky else 1)


def _turn(step: int) -> Callable[[RatopApp], None]:
    def deed(app: RatopApp) -> None:
        if app.details.open:
            app.details.turn(step)

    return deed


def _zoom(app: RatopApp) -> None:
    if not app.details.open:
        _details(app)
    app.details.zoomed = not app.details.zoomed
    app.draw()


# -- time --------------------------------------------------------------------------------------------------------------


def _rate(step: int) -> Callable[[RatopApp], None]:
    def deed(app: RatopApp) -> None:
        near = min(range(len(RATES)), key=lambda i: abs(RATES[i] - app.rate))
        set_rate(app, RATES[max(0, min(len(RATES) - 1, near + step))])

    return deed


def set_rate(app: RatopApp, rate: float) -> None:
    """Refresh so often."""
    app.set_rate(rate)
    app.say(f"{rate:g} refreshes a second", "dim")


# -- other -------------------------------------------------------------------------------------------------------------


def _fields(app: RatopApp) -> None:
    from ratop_py.tui.chooser import Chooser  # boxes are loaded when they are opened: the first paint waits for none

    standard = columns.names_at(app.size.width, (), app.look.sight)
    app.push_screen(Chooser(app.ink, app.table.names, standard, lambda names: show_columns(app, names)))


def _copy_command(app: RatopApp) -> None:
    copying.to_clipboard(app, f"sudo {app.options.command}")


def _tick(app: RatopApp) -> None:
    """Mark the chosen row, or not, and go on to the next."""
    row = app.table.cursor.flow
    if row is None:
        app.table.move(0)
        return
    app.ticked = app.ticked ^ {row}
    app.table.tick(app.ticked)
    app.touch()
    app.table.move(1)


def _untick(app: RatopApp) -> None:
    app.ticked = frozenset()
    app.table.tick(app.ticked)


def set_theme(app: RatopApp, name: str) -> None:
    """Other colours."""
    app.kept.theme = name
    app.ink = Ink(name, app.ink.ascii)
    app.theme = f"ratop-{name}"
    app.stage.recolour(app.ink)


def _again(app: RatopApp) -> None:
    app.open_source()
    app.draw()


def clear(app: RatopApp) -> None:
    """As at the start, but for the columns."""
    app.habit = replace(app.habit, mark="")
    now = app.trail.now
    app.look_at(replace(lasting.begun(app.options, now.sight), columns=now.columns))


def _open(kind: str) -> Callable[[RatopApp], None]:
    def deed(app: RatopApp) -> None:
        text = {"filter": app.trail.now.filter, "mark": app.habit.mark}.get(kind, "")
        app.values_seen = values_seen(app.snapshot)
        app.prompter.open(kind, text)
        app.draw()

    return deed


def _help(*, full: bool) -> Callable[[RatopApp], None]:
    def deed(app: RatopApp) -> None:
        from ratop_py.tui.help import Help

        here = app.screen.place if isinstance(app.screen, Overlay) else app.place
        app.push_screen(Help(app.ink, full=full, about=here))

    return deed


def _coverage(app: RatopApp) -> None:
    from ratop_py.tui.coverage import CoverageBox

    app.push_screen(CoverageBox(app.ink, lambda: status.of(app)))


def _palette(app: RatopApp) -> None:
    from ratop_py.tui.palette import Palette

    app.push_screen(Palette(app.ink, app.do))


_WITH_ROWS = """
down up first last page-down page-up half-down half-up open details why only without mark-row menu copy copy-filter
siblings fold unfold reverse-name next-mark previous-mark
"""
WITH_ROWS = frozenset(_WITH_ROWS.split())
"""Deeds that mean a row: those of the view that is shown."""
DEEDS: dict[str, Callable[[RatopApp], None]] = {
    **{f"view-{name}": sights.to(name) for name in SIGHTS},
    "open": sights.open_row,
    "home": sights.home,
    "onward": sights.onward,
    "fold": sights.fold,
    "unfold": sights.unfold,
    "down": moving.rows(lambda _: 1),
    "up": moving.rows(lambda _: -1),
    "page-down": moving.rows(lambda height: max(2, height - 1)),
    "page-up": moving.rows(lambda height: -max(2, height - 1)),
    "half-down": moving.rows(lambda height: max(2, height // 2)),
    "half-up": moving.rows(lambda height: -max(2, height // 2)),
    "first": moving.edge(last=False),
    "last": moving.edge(last=True),
    "shift-left": moving.shift(-1),
    "shift-right": moving.shift(1),
    "shift-first": moving.shift(-99),
    "shift-last": moving.shift(99),
    "back": back,
    "filter": _open("filter"),
    "command": _open("command"),
    "mark": _open("mark"),
    "next-mark": _next_mark(True),
    "previous-mark": _next_mark(False),
    "only": lambda app: picking.in_row(app, "only"),
    "without": lambda app: picking.in_row(app, "without"),
    "unfilter": lambda app: wishes.filter_by(app, ""),
    "undo": lambda app: app.go_look(app.trail.back()),
    "redo": lambda app: app.go_look(app.trail.forth()),
    "sort": picking.on_titles,
    "pick-left": picking.move(-1),
    "pick-right": picking.move(1),
    "pick-first": picking.move(-99),
    "pick-last": picking.move(99),
    "pick-reverse": lambda app: picking.take(app, turn=True),
    "pick-take": lambda app: picking.take(app),
    "pick-also": picking.also,
    "pick-drop": picking.drop,
    "reverse-name": asked.name,
    "reverse": _reverse,
    "sort-left": _sort_beside(-1),
    "sort-right": _sort_beside(1),
    "fields": _fields,
    "names": _habit(_names),
    "ports": _habit(_ports),
    "full": _habit(_full),
    "bytes": _habit(_bytes),
    "details": _toggle_details,
    "why": _why,
    "coverage": _coverage,
    "next-pane": _turn(1),
    "previous-pane": _turn(-1),
    "zoom": _zoom,
    "details-down": lambda app: app.details.scroll(3),
    "details-up": lambda app: app.details.scroll(-3),
    "siblings": sights.siblings,
    "pause": moments.pause,
    "step-back": moments.step(-moments.STEP),
    "step-on": moments.step(moments.STEP),
    "alarm-back": moments.to_alarm(later=False),
    "alarm-on": moments.to_alarm(later=True),
    "go-to": _open("time"),
    "live": moments.live,
    "play-slower": moments.pace(faster=False),
    "play-faster": moments.pace(faster=True),
    "faster": _rate(1),
    "slower": _rate(-1),
    "export": outgo.ask_name,
    "mark-row": _tick,
    "unmark-rows": _untick,
    "menu": spot.ask,
    "copy": copying.ask,
    "copy-filter": copying.copy_filter,
    "copy-command": _copy_command,
    "again": _again,
    "help": _help(full=False),
    "prompt-help": _help(full=True),
    "palette": _palette,
    "redraw": lambda app: app.stage.redraw(),
    "suspend": lambda app: app.action_suspend_process(),
    "quit": lambda app: app.exit(0),
    "stop": lambda app: app.exit(0),
}
