"""What DNS calls the peer of the chosen row: asked only when a person asks, on a thread of its own.

Promise: the screen goes on meanwhile; the answer says whether the name leads back to the address.
Does not know: resolvers.
"""

from __future__ import annotations

import re
from threading import Thread
from typing import TYPE_CHECKING

from ratop_py.errors import RatopError
from ratop_py.safetext import clean
from ratop_py.tui.messages import Done
from ratop_py.tui.page import Place
from ratop_py.tui.values import word

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


def peer_at(here: Place) -> str:
    """The address of the end that is not this machine; empty: there is none, or it is a MAC."""
    snapshot, row = here
    ends = ("peer", "saddr", "daddr") if word(snapshot, "way", row) == "in" else ("peer", "daddr", "saddr")
    text = next((found for each in ends if (found := word(snapshot, each, row))), "")
    return "" if MAC.fullmatch(text) else text


def name(app: RatopApp) -> None:
    """Ask."""
    here = app.table.here()
    address = peer_at(here) if here is not None else ""
    if not address:
        app.say("choose a row with an address first", "dim")
        return
    app.say(f"asking DNS what {address} is called …", "dim")

    def work() -> None:
        try:
            told, sure = app.feed.reverse(address)
            sentence = f"{address} is called {told}" if sure else f"{address} calls itself “{told}”: only a claim"
        except RatopError as error:
            sentence = f"{address}: {error.message}"
        except Exception as error:  # noqa: BLE001 - told in the last line; the screen goes on
            sentence = f"{address}: {type(error).__name__}: {error}"
        app.post_message(Done(lambda: app.say(clean(sentence, 300), "accent")))

    Thread(target=work, name="ratop-name", daemon=True).start()
