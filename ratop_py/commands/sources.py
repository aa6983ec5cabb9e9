"""Options that say where packets and events come from; `top` and `print` share them.

Promise: a wrong combination is refused before anything is opened.
Does not know: how sources are opened.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ratop_py.commands import OwnProcess
from ratop_py.commands.sizes import Size
from ratop_py.config import DEFAULTS

if TYPE_CHECKING:
    from ratop_py.engine.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Sources:
    """What a person asked to look at."""

    interfaces: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    events: str = DEFAULTS.events
    context: str | None = None
    inner: bool = False
    promiscuous: bool = False
    keep_packets: int = 0
    """Bytes of packets to keep."""
    own_process: bool = False
    """Nobody else is in this process: it may give up privileges."""

    @property
    def live(self) -> bool:
        """From the wire, not from files."""
        return not self.files

    @property
    def owners(self) -> bool:
        """Whether anybody can say who owns a flow."""
        return self.context is not None or (self.live and self.events != "none")

    def settings(self, filter_text: str, **more: Any) -> Settings:
        """What the engine is to do."""
        from ratop_py.engine.settings import Settings

        return Settings(
            interfaces=self.interfaces,
            files=self.files,
            filter=filter_text,
            events=self.events,
            context=self.context,
            inner=self.inner,
            promiscuous=self.promiscuous,
            keep_packets=self.keep_packets,
            give_up=self.own_process and not self.events.startswith("prog:"),  # a program of the user's needs its own
            **more,
        )


HELP = {
    "interfaces": "Capture here (repeatable; `any`: all). Default: every interface that is up and has a route.",
    "files": "Read a pcap or pcapng file, also .gz or .zst (repeatable; `-`: standard input).",
    "context": "What the host knew when the file was captured: interfaces, routes, neighbours, sockets.",
    "events": (
        "Who owns sockets: auto (the best there is), kernel, tracefs, diag[:1s], lsof[:2s], psutil[:2s], prog:PATH, "
        "none."
    ),
    "inner": "Also the flows inside tunnels (GRE, VXLAN, Geneve, GTP-U, IP-in-IP, Teredo).",
    "promiscuous": "Also frames for other machines.",
    "keep_packets": "Live: keep the newest packets, whole, up to so many bytes (64M), to export them as pcapng.",
}
KEPT = Size(1 << 20, 1 << 34)
"""How many bytes of packets may be kept."""
OPTIONS = (
    click.option("-i", "interfaces", metavar="IFACE", multiple=True, help=HELP["interfaces"]),
    click.option("-r", "files", metavar="FILE", multiple=True, help=HELP["files"]),
    click.option("--context", metavar="FILE.json", help=HELP["context"]),
    click.option("--events", metavar="SOURCE", default=DEFAULTS.events, show_default=True, help=HELP["events"]),
    click.option("--inner", is_flag=True, help=HELP["inner"]),
    click.option("--promiscuous", is_flag=True, help=HELP["promiscuous"]),
    click.option("--keep-packets", metavar="SIZE", type=KEPT, default=0, help=HELP["keep_packets"]),
)


def with_sources(function: Function) -> Function:
    """Give a command these options; it is called with one `sources`."""

    @functools.wraps(function)
    def called(**options: Any) -> Any:
        given = {name: options.pop(name) for name in HELP}
        sources = Sources(**given, own_process=click.get_current_context().find_object(OwnProcess) is not None)
        if sources.interfaces and sources.files:
            raise click.UsageError("either -i or -r: a capture is live or from files")
        if sources.context and sources.live:
            raise click.UsageError("--context stands beside a capture file: use it with -r")
        if sources.keep_packets and not sources.live:
            raise click.UsageError("--keep-packets is for a live capture: a file is read again")
        return function(sources=sources, **options)

    for option in reversed(OPTIONS):
        called = option(called)
    return called  # type: ignore[return-value]
