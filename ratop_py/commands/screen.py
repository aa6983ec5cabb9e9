"""From settings to the screen and back: an engine, a feed, an app.

Promise: the engine is stopped however the screen ends.
Does not know: what the screen shows. Only this module of the commands opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ratop_py.config import DEFAULTS
from ratop_py.errors import Exit

if TYPE_CHECKING:
    from ratop_py.engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Look:
    """How a person wants the screen."""

    rate: float = DEFAULTS.rate
    """Repaints a second."""
    theme: str | None = None


LOOK = Look()


def show(settings: Settings, look: Look = LOOK) -> Exit:
    """Run the screen until a person leaves it."""
    from ratop_py.engine.session import Engine
    from ratop_py.tui.app import RatopApp

    engine = Engine(settings)
    engine.start()
    try:
        RatopApp(engine.ask, filter_text=settings.filter, rate=look.rate, theme=look.theme).run()
    finally:
        engine.stop()
    return Exit.OK
