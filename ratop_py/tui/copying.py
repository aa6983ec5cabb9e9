"""Copy as …: the chosen flow as a filter, an expression for tcpdump, a Community ID, JSON, or its details as text.

Promise: what is copied is of the flow that is chosen now, whether its details are open or not; a filter matches it.
Does not know: how the terminal keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ratop_py.tui import asking, cellfilter, panes
from ratop_py.tui.menu import Choice
from ratop_py.tui.messages import tell
from ratop_py.view import Detail

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

TRANSPORTS = {"tcp": "tcp", "udp": "udp", "sctp": "sctp"}
PROTOCOLS = {
    "icmp": "icmp",
    "ipv6-icmp": "icmp6",
    "arp": "arp",
    "rarp": "rarp",
    "igmp": "igmp",
    "esp": "esp",
    "ah": "ah",
}


def ask(app: RatopApp) -> None:
    """Which way?"""
    if app.table.here() is None:
        app.say("choose a row first", "dim")
        return
    from ratop_py.tui.menu import Menu

    choices = [Choice("a filter for it", lambda: copy_filter(app), "f")]
    if not app.sight.grouped:
        choices += [
            Choice("an expression for tcpdump and Wireshark's capture filter", _of_detail(app, expression), "t"),
            Choice("its Community ID", _of_detail(app, lambda detail: detail.facts.get("cid", "")), "c"),
            Choice("JSON, all its facts", _of_detail(app, as_json), "J"),
            Choice("its details as text", _of_detail(app, panes.as_text), "d"),
        ]
    app.push_screen(Menu(app.ink, "Copy this row as", choices))


def copy_filter(app: RatopApp) -> None:
    """What only this row matches."""
    here = app.table.here()
    text = "" if here is None else cellfilter.row_filter(here) if app.sight.grouped else cellfilter.flow_filter(here)
    if text:
        to_clipboard(app, text)
    else:
        app.say("choose a row first", "dim")


def to_clipboard(app: RatopApp, text: str) -> None:
    """Nobody can know whether it arrives."""
    app.copy_to_clipboard(text)
    app.say(f"sent to the terminal's clipboard ({len(text.encode())} B)", "dim")


def _of_detail(app: RatopApp, write: Callable[[Detail], str]) -> Callable[[], None]:
    """Ask for the details, then copy what is written of them."""

    def do() -> None:
        flow = app.table.cursor.flow
        view = replace(asking.view(app), window=(0, 0), detail=flow, anchor=None, fields=(), sparks=0)

        def told(detail: Detail | None) -> None:
            text = write(detail) if detail is not None else ""
            if text:
                to_clipboard(app, text)
            else:
                app.say("this flow has none" if detail is not None else "this flow is gone", "dim")

        app.ask(lambda feed: tell(app, told, feed.ask(view).detail))

    return do


def expression(detail: Detail) -> str:
    """In the language of pcap-filter(7)."""
    facts = detail.facts
    proto, hosts = facts.get("proto", ""), [facts[name] for name in ("saddr", "daddr") if facts.get(name)]
    kind = "ether host" if hosts and hosts[0].count(":") == 5 and len(hosts[0]) == 17 else "host"
    parts = [f"{kind} {each}" for each in dict.fromkeys(hosts)]
    if proto in TRANSPORTS:
        ports = [facts[name] for name in ("sport", "dport") if facts.get(name)]
        parts += [f"{TRANSPORTS[proto]} port {_number(each)}" for each in dict.fromkeys(ports)] or [TRANSPORTS[proto]]
    elif proto in PROTOCOLS:
        parts.append(PROTOCOLS[proto])
    return " and ".join(parts)


def _number(port: str) -> str:
    return port.split()[0]


def as_json(detail: Detail) -> str:
    """Facts, owners and evidence."""

    def plain(value: object) -> object:
        if isinstance(value, Mapping):
            return {str(key): plain(each) for key, each in value.items()}
        if isinstance(value, tuple | list):
            return [plain(each) for each in value]
        slots = getattr(value, "__slots__", None)
        return {name: plain(getattr(value, name)) for name in slots} if slots else value

    return json.dumps(plain(replace(detail, past=())), ensure_ascii=False, indent=1)
