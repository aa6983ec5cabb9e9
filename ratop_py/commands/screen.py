"""From settings to the screen and back: an engine, a desk where the screen asks, an app.

Promise: the engine is stopped however the screen ends.
Does not know: what the screen shows. Of the commands only this module opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ratop_py.config import LIMITS
from ratop_py.errors import Exit, RatopError

if TYPE_CHECKING:
    from ratop_py.engine.session import Engine
    from ratop_py.engine.settings import Settings
    from ratop_py.tui.options import Options
    from ratop_py.view import Snapshot, View


PATIENCE = 5.0
"""Seconds that DNS has to answer a person's question."""


class Desk:
    """What the screen may ask of an engine (`tui.feed.Feed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._started = False
        self._refusal: RatopError | None = None

    def begin(self) -> None:
        """Open the sources before there is a screen, and with it other threads, which would keep privileges that are
        given up; a refusal waits until the screen asks for them."""
        try:
            self.start()
        except RatopError as error:
            self._refusal = error

    def start(self) -> None:
        """Open the sources, unless they are."""
        refusal, self._refusal = self._refusal, None
        if refusal is not None:
            raise refusal
        if not self._started:
            self._engine.start()
            self._started = True

    def ask(self, view: View) -> Snapshot:
        """The answer to a view."""
        return self._engine.ask(view)

    def hold(self, held: bool) -> None:
        """Pause, or go on."""
        self._engine.hold(held)

    def export(self, view: View, path: str, format: str, rows: frozenset[int], going: Callable[[int], bool]) -> int:  # noqa: A002
        """Write all rows of a view to a new file, or their packets."""
        from ratop_py.export.formats import PACKETS, only, save, save_packets

        answer, place = only(self._engine.answer(view), rows), Path(path).expanduser()
        if format != PACKETS:
            return save(answer.snapshots(LIMITS.rows_each), place, format, going)
        return save_packets(answer, self._engine.packets(), place, going, inner=self._engine.settings.inner)

    def draw(self, picture: str, path: str) -> int:
        """Write a picture to a new file."""
        from ratop_py.export.formats import save_text

        return save_text(picture, Path(path).expanduser())

    def packets(self) -> tuple[bool, str]:
        """Whether packets can be written, and what to know."""
        packets = self._engine.packets()
        if packets.why_not:
            return False, f"{packets.why_not}: begin with ratop --keep-packets 64M"
        return True, packets.gone

    def reverse(self, address: str) -> tuple[str, bool]:
        """What DNS calls an address, and whether that name leads back to it. Waits. RatopError: it has no name."""
        from ratop_py.net.reverse import lookup

        found = lookup(address, PATIENCE)
        for name in found.names:
            self._engine.called(address, name, sure=name in found.confirmed)
        if not found.names:
            raise RatopError(found.why_not)
        return (found.confirmed or found.names)[0], bool(found.confirmed)

    def pace(self, speed: float) -> None:
        """Play a file at another speed."""
        self._engine.pace(speed)

    def stop(self) -> None:
        """End the engine."""
        self._engine.stop()


def open_desk(settings: Settings) -> Desk:
    """A desk whose engine has not started."""
    from ratop_py.engine.session import Engine

    return Desk(Engine(settings))


def show(desk: Desk, options: Options) -> Exit:
    """Run the screen until a person leaves it."""
    from ratop_py.tui.run import run

    try:
        return Exit(run(desk, options))
    finally:
        desk.stop()
