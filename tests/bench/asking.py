"""The engine as the screen uses it, without a screen: `python -m tests.bench.asking IFACE`.

Asks for the first 50 flows by rate twice a second until interrupted; then prints the counters as JSON.
"""

from __future__ import annotations

import json
import signal
import sys
from threading import Event

from ratop_py.config import DEFAULTS
from ratop_py.engine.session import Engine
from ratop_py.engine.settings import Settings
from ratop_py.view import Order, View

VIEW = View(order=(Order("bps"),), fields=(*DEFAULTS.fields, *DEFAULTS.owners, "rx", "tx", "risk"), window=(0, 50))


def main(interface: str) -> None:
    """Ask until interrupted."""
    over = Event()
    signal.signal(signal.SIGINT, lambda *_: over.set())
    engine = Engine(Settings(interfaces=(interface,)))
    engine.start()
    while not over.wait(1 / DEFAULTS.rate):
        engine.ask(VIEW)
    Event().wait(2 * engine.settings.tick)  # readers see the last tick: let it be one after the last packet
    meters = engine.meters()
    engine.stop()
    print(json.dumps({"packets": meters.packets, "kernel_drops": meters.counters.get("kernel_drops", 0)}))


if __name__ == "__main__":
    main(sys.argv[1])
