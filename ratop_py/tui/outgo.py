"""The export of what is seen: a name, a thread that writes, and a message where it went.

Promise: the screen goes on meanwhile; a refusal stays in the box until it is answered.
Does not know: formats; files are written by the feed.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from ratop_py.errors import RatopError
from ratop_py.fields import FIELDS
from ratop_py.safetext import clean
from ratop_py.tui import asking, columns, feed
from ratop_py.tui.messages import Done
from ratop_py.view import View

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp
    from ratop_py.tui.save import Save


def proposed(now: float, end: str = ".csv") -> str:
    """A name that does not exist yet, most likely."""
    return time.strftime("ratop-%Y%m%d-%H%M%S", time.localtime(now)) + end


def ask_name(app: RatopApp, name: str = "") -> None:
    """Open the box."""
    from ratop_py.tui.save import Save

    if app.snapshot is None:
        app.say("there is nothing to export yet", "dim")
        return
    look = app.look
    what = f"{app.snapshot.matched} flows" + (f" that match {look.filter}" if look.filter else "")
    app.push_screen(Save(app.ink, name or proposed(feed.wall()), what, lambda *chosen: write(app, *chosen)))


def view_of(app: RatopApp, *, all_fields: bool) -> View:
    """What is seen, whole."""
    shown = [columns.sort_field(each.column.name) for each in app.table.placed]
    names = FIELDS if all_fields else dict.fromkeys(shown)
    return replace(asking.view(app), fields=tuple(names), window=None, anchor=None, detail=None)


def write(app: RatopApp, path: str, format_name: str, all_fields: bool) -> None:
    """Write it, on a thread of its own."""
    from ratop_py.tui.save import Save

    box = app.screen
    assert isinstance(box, Save)
    view = view_of(app, all_fields=all_fields)
    where = str(Path(path).expanduser())

    def work() -> None:
        try:
            rows = app.feed.export(view, where, format_name)
            sentence, well = said(rows, where), True
        except RatopError as error:
            sentence, well = error.message + (f" ({error.hint})" if error.hint else ""), False
        except Exception as error:  # noqa: BLE001 - told in the box; the screen goes on
            sentence, well = f"{type(error).__name__}: {error}", False
        app.post_message(Done(lambda: over(app, box, clean(sentence, 500), well=well)))

    Thread(target=work, name="ratop-export", daemon=True).start()


def over(app: RatopApp, box: Save, sentence: str, *, well: bool) -> None:
    """The export is over."""
    if not well:
        box.refused(sentence)
        return
    if box.is_current:
        box.dismiss()
    app.say(sentence, "ok")


def said(rows: int, path: str) -> str:
    """Where it went."""
    try:
        size = f", {os.path.getsize(path):,} B".replace(",", " ").replace("  ", ", ", 1)
    except OSError:
        size = ""
    return f"✓ {rows} flow{'' if rows == 1 else 's'} written to {Path(path).absolute()}{size}"
