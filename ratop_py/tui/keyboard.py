"""Keys, in the order in which they were pressed: what is done with a row waits for the rows that are looked at, and
what is pressed after it for its turn.

Promise: no key is carried out before one that was pressed earlier; quitting waits for nobody.
Does not know: what a deed does.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ratop_py.tui import asking, deeds
from ratop_py.tui.keymap import ROWS, deed_of
from ratop_py.tui.overlay import Overlay

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

MOST = 200
"""Keys that wait; what is typed beyond is not heard."""
AT_ONCE = ("quit", "stop")


class Keyboard:
    """Of one screen."""

    def __init__(self, app: RatopApp) -> None:
        self._app = app
        self._waiting: deque[tuple[str, str | None]] = deque()

    def press(self, key: str, character: str | None) -> None:
        """A key, now or in its turn."""
        if not self._waits(key, character):
            self._act(key, character)
        elif len(self._waiting) < MOST:
            self._waiting.append((key, character))

    def answered(self) -> None:
        """The rows that are looked at may be there: go on with what waits for them."""
        while self._waiting and not asking.awaited(self._app):
            self._act(*self._waiting.popleft())

    def forget(self) -> None:
        """There are no such rows."""
        self._waiting.clear()

    def _waits(self, key: str, character: str | None) -> bool:
        app = self._app
        deed = deed_of(app.place, key, character)
        if deed in AT_ONCE or isinstance(app.screen, Overlay):
            return False
        return bool(self._waiting) or (deed in deeds.WITH_ROWS and app.place in ROWS and asking.awaited(app))

    def _act(self, key: str, character: str | None) -> None:
        app, screen = self._app, self._app.screen
        deed = deed_of(screen.place if isinstance(screen, Overlay) else app.place, key, character)
        if isinstance(screen, Overlay):
            if not (deed and (screen.do(deed) or deeds.do(app, deed))):
                screen.typed(key, character)
        elif not (deed and app.do(deed)):
            app.prompter.key(key, character)
