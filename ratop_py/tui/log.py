"""What was said in the last line, to be read again.

Promise: nothing that was said is lost before two hundred others were.
Does not know: who said it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from ratop_py.tui.ink import Ink
from ratop_py.tui.lines import Line, fold
from ratop_py.tui.overlay import Overlay

MOST = 200
"""Messages that are kept."""


class Record:
    """Collects messages."""

    def __init__(self) -> None:
        self._said: deque[tuple[str, str]] = deque(maxlen=MOST)
        self._noticed: set[str] = set()

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """(text, tone), the newest last."""
        return tuple(self._said)

    def add(self, text: str, tone: str) -> None:
        """Said in the last line; what is only an echo of a key is not kept."""
        if text and tone != "dim":
            self._said.append((text, tone))

    def notices(self, notices: Iterable[str], say: Callable[[str, str], None]) -> None:
        """Say each of these once."""
        fresh = [each for each in notices if each not in self._noticed]
        self._noticed.update(fresh)
        for each in fresh[1:]:
            self.add(each, "warn")
        if fresh:
            say(fresh[0] + (f"   ({len(fresh) - 1} more: :log)" if len(fresh) > 1 else ""), "warn")


class Log(Overlay):
    """The box, the newest first."""

    widest = 110

    def __init__(self, ink: Ink, said: Sequence[tuple[str, str]]) -> None:
        super().__init__(ink)
        self.said = tuple(said)

    def heading(self) -> str:
        """What it is."""
        return "What was said, the newest first"

    def content(self, width: int) -> list[Line]:
        """One message after the other."""
        lines = [line for text, tone in reversed(self.said) for line in fold([(text, tone)], width, 2)]
        return lines or [[("nothing yet", "dim")]]
