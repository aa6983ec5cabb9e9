"""The export of what is seen: a box, a thread that writes, and a message where it went.

Promise: the screen goes on meanwhile; a refusal stays in the box until it is answered; when it is stopped, or the
screen is left, nothing half is left behind.
Does not know: formats; files are written by the feed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from ratop_py.errors import RatopError
from ratop_py.fields import FIELDS
from ratop_py.safetext import clean
from ratop_py.tui import asking, columns, feed
from ratop_py.tui.choice import FORMATS, Choice
from ratop_py.tui.messages import Done
from ratop_py.view import View

if TYPE_CHECKING:
    from textual.strip import Strip

    from ratop_py.tui.app import RatopApp
    from ratop_py.tui.save import Offer, Save

OFTEN = 0.1
"""Seconds between two tellings how far it is."""


def proposed(now: float, choice: Choice) -> str:
    """A name that does not exist yet, most likely, where the last file went."""
    name = time.strftime("ratop-%Y%m%d-%H%M%S", time.localtime(now)) + FORMATS[choice.format]
    return os.path.join(choice.directory, name)


def free(path: str) -> str:
    """The same name with a number, so that nothing is there; a person may have taken it by then."""
    stem, end = os.path.splitext(path)
    for number in range(2, 1000):
        name = f"{stem}-{number}{end}"
        if not os.path.lexists(os.path.expanduser(name)):
            return name
    return ""


def ask_name(app: RatopApp, name: str = "") -> None:
    """Open the box."""
    from ratop_py.tui.picture import taken
    from ratop_py.tui.save import Save

    if app.snapshot is None:
        app.say("there is nothing to export yet", "dim")
        return
    choice = Choice.from_dict(app.kept.export)
    picture = taken(app.stage)
    path = name or proposed(feed.wall(), choice)

    def take(chosen: str, choice: Choice) -> None:
        box = app.screen
        assert isinstance(box, Save)
        Errand(app, box, chosen, choice, picture).begin()

    app.push_screen(Save(app.ink, path, choice, offer(app), take))


def offer(app: RatopApp) -> Offer:
    """What there is to write."""
    from ratop_py.tui.save import Offer

    assert app.snapshot is not None
    matched, look = app.snapshot.matched, app.look
    unit = "row" if app.sight.grouped else "flow"
    rows = {
        "shown": counted(matched, unit) + (f" with the filter {look.filter}" if look.filter else ""),
        "all": f"all {counted(app.snapshot.total, 'flow')}, without a filter",
    }
    if app.ticked:
        rows["marked"] = f"{counted(len(app.ticked), unit)} that you marked"
    return Offer(rows, *app.feed.packets())


def counted(number: int, unit: str) -> str:
    """`1 flow`, `2 flows`"""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def view_of(app: RatopApp, choice: Choice) -> View:
    """What is to be written, whole."""
    shown = [columns.sort_field(each.column.name) for each in app.table.placed]
    names = FIELDS if choice.all_fields else dict.fromkeys(name for name in shown if name in FIELDS)
    view = replace(asking.view(app), fields=tuple(names), window=None, anchor=None, detail=None, sparks=0)
    return replace(view, filter="", group=(), tree=False) if choice.rows == "all" else view


class Errand:
    """One file being written, on a thread of its own."""

    def __init__(self, app: RatopApp, box: Save, path: str, choice: Choice, picture: Sequence[Strip]) -> None:
        self._app, self._box, self._path, self._choice, self._picture = app, box, path, choice, picture
        self._where = str(Path(path).expanduser())
        self._view = view_of(app, choice)
        self._rows = app.ticked if choice.rows == "marked" else frozenset[int]()
        self._told = 0.0

    def begin(self) -> None:
        """Write."""
        Thread(
            target=self._work, name="ratop-export"
        ).start()  # the process waits for it: it stops when the screen does

    def _going(self, done: int) -> bool:
        """Called on the thread: how far it is; False: stop."""
        now = feed.now()
        if now - self._told > OFTEN:
            self._told = now
            self._app.post_message(Done(lambda: self._box.progress(done)))
        return self._app.is_running and not self._box.stopping

    def _work(self) -> None:
        try:
            sentence, well = said(self._write(), self._unit, self._where), True
        except RatopError as error:
            sentence, well = error.message + (f" ({error.hint})" if error.hint else ""), False
        except Exception as error:  # noqa: BLE001 - told in the box; the screen goes on
            sentence, well = f"{type(error).__name__}: {error}", False
        self._app.post_message(Done(lambda: self._over(clean(sentence, 500), well=well)))

    def _write(self) -> int:
        if self._choice.format == "svg":
            from ratop_py.tui.picture import svg

            return self._app.feed.draw(svg(self._picture, "ratop"), self._where)
        return self._app.feed.export(self._view, self._where, self._choice.format, self._rows, self._going)

    @property
    def _unit(self) -> str:
        if self._choice.format in ("svg", "pcapng"):
            return {"svg": "picture", "pcapng": "packet"}[self._choice.format]
        return "row" if self._view.group or self._view.tree else "flow"

    def _over(self, sentence: str, *, well: bool) -> None:
        app, box = self._app, self._box
        if not well:
            box.refused(sentence, free(self._path) if os.path.lexists(self._where) else "")
            return
        app.kept.export = self._choice.written(self._path).as_dict()
        if box.is_current:
            box.dismiss()
        app.say(sentence, "ok")


def said(count: int, unit: str, path: str) -> str:
    """Where it went."""
    try:
        size = f", {os.path.getsize(path):,} B"
    except OSError:
        size = ""
    return f"✓ {counted(count, unit)} written to {Path(path).absolute()}{size}"
