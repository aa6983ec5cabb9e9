"""Makes the demo recording: an ordinary laptop for 90 seconds, and a visitor who claims to be in Antarctica.

    python -m assets.make_demo [FOLDER]

Writes demo.pcap.gz, demo.json (what the laptop knew) and demo-sockets-NN.txt (what lsof told it) into FOLDER, by
default where `ratop demo` looks for them. The same seed gives the same bytes (gzip's own may differ with its version).
Nothing is ever sent anywhere. The plot is told in docs/demo.md.
"""

from __future__ import annotations

import json
import random
import struct
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assets import cast
from assets.day import SCENES, SECONDS, kept
from assets.laptop import Laptop, listing
from assets.wire import Tap, Turn, hello, packed, question, server_hello, squeezed

SEED = 1912
START = 1_773_522_840
"""2026-03-14 21:14:00 UTC."""
LOOKS = tuple(0.4 + 6.0 * number for number in range(15))
"""When the sockets were listed, seconds from the start."""
SHIPPED = Path(__file__).parent


def intrude(laptop: Laptop) -> None:
    """Antarctica writes to the wiki, and goes on: its frames come from the desk down the hall."""
    rng = laptop.rng
    head = "POST /wiki/Sandbox/edit HTTP/1.1\r\nHost: wiki.example:8080\r\nUser-Agent: vostok-station\r\n"
    post = f"{head}Content-Length: 812\r\n\r\nmacro=run&text=".encode()
    orders: list[Turn] = [("c", post.ljust(960, b"x"), 0.0008), ("s", b"HTTP/1.1 200 OK\r\n\r\n", 0.03)]
    for _ in range(40):
        orders.append(("c", rng.randrange(3_000, 52_000), rng.uniform(1.4, 2.6)))
        orders.append(("s", rng.randrange(500, 8_000), 0.02))
    laptop.visit(8.0, cast.VOSTOK, (cast.WIKI_PY,), cast.WIKI, orders, end="open")
    laptop.look_up(8.05, "90.113.0.203.in-addr.arpa", cast.VOSTOK_NAME)


def command(laptop: Laptop) -> None:
    """The wiki's shell started a helper; it tells a bot next door, which calls the agent here."""
    rng = laptop.rng
    order: list[Turn] = [("c", b"run /tmp/.x/agent\n", 0.0004), ("s", b"ready\n", 0.01)]
    laptop.call(9.1, (cast.HELPER,), cast.BUILD.at(4444), [*order, *kept(rng, 70, 6.0, 64, 40)], end="open")
    laptop.listens(cast.AGENT, "TCP", cast.BOT, cast.ME.address)
    task: list[Turn] = [("c", b"send ~ada/thesis.tar\n", 0.001), ("s", b"yes\n", 0.002), *kept(rng, 66, 7.0, 20, 20)]
    laptop.visit(9.6, cast.BUILD.at(38114), (cast.AGENT,), cast.BOT, task, end="open")


def carry_off(laptop: Laptop) -> None:
    """The agent sends a file to Antarctica; the desk has told the laptop that it is the way there."""
    rng = laptop.rng
    laptop.look_up(9.9, cast.VOSTOK_NAME, cast.VOSTOK.address)
    redirect(laptop.tap, 10.05)
    loot: list[Turn] = [("c", hello(cast.VOSTOK_NAME, rng), 0.0002), ("s", server_hello(1900), 0.001)]
    for _ in range(84):
        loot += [("c", rng.randrange(22_000, 64_000), rng.uniform(0.7, 1.2)), ("s", 48, 0.001)]
    laptop.call(10.2, (cast.AGENT,), cast.VOSTOK.at(cast.DROP), loot, end="open")


def redirect(tap: Tap, t: float) -> None:
    """The desk speaks as the router: packets for Antarctica may go straight to me (RFC 792)."""
    addresses = packed(cast.ME.address) + packed(cast.VOSTOK.address)
    quoted = struct.pack(">BBHHHBBH", 0x45, 0, 60, 7, 0x4000, 64, 6, 0) + addresses
    ports = struct.pack(">HHI", 40000, cast.DROP, 1)
    speaker = replace(cast.ROUTER, mac=cast.DESK_MAC)
    tap.icmp(t, speaker, cast.ME, 5, 1, packed(cast.DESK.address) + quoted + ports)


def whisper(laptop: Laptop) -> None:
    """The helper also speaks through a raw socket: the kernel has no such connection, no listing shows an owner."""
    talk: list[Turn] = []
    for _ in range(34):
        asked = question(laptop.rng.randrange(65536), f"{laptop.rng.randbytes(14).hex()}.t.example", 16)
        talk += [("c", asked, laptop.rng.uniform(2.0, 2.4)), ("s", asked[:2] + b"\x81\x83" + asked[4:], 0.001)]
    laptop.tap.udp(11.0, cast.ME.at(40771), cast.BEACON.end(53), talk)


STORY = (intrude, command, carry_off, whisper)


def context() -> dict[str, object]:
    """The sidecar: what the laptop knew."""
    wire = {"dev": "wlp2s0", "metric": 600}
    own = [f"{cast.ME.address}/24", f"{cast.ME6.address}/64", f"{cast.ME_LINK.address}/64"]
    router = {"mac": cast.ROUTER_MAC, "state": "REACHABLE", "router": True}
    return {
        "srcid": "laptop",
        "forwarding": False,
        "interfaces": [
            {"name": "wlp2s0", "mac": cast.LAPTOP_MAC, "addresses": own},
            {"name": "wg0", "kind": "wireguard", "port": 51820, "addresses": ["10.99.0.2/24"]},
        ],
        "routes": [
            {"dst": "0.0.0.0/0", "via": cast.ROUTER.address, **wire},
            {"dst": "192.0.2.0/24", **wire},
            {"dst": "::/0", "via": cast.ROUTER_LINK.address, **wire},
            {"dst": "2001:db8:6:1::/64", **wire},
            {"dst": "10.99.0.0/24", "dev": "wg0"},
        ],
        "neighbours": [
            {"ip": cast.ROUTER.address, **router},
            {"ip": cast.ROUTER_LINK.address, **router},
            *({"ip": each.address, "mac": each.mac, "state": "STALE"} for each in cast.NEIGHBOURS),
        ],
        "sockets": [{"time": START + t, "file": title(at), "complete": True} for at, t in enumerate(LOOKS)],
    }


def title(number: int) -> str:
    """File of one listing."""
    return f"demo-sockets-{number:02}.txt"


def make(seed: int = SEED) -> Iterator[tuple[str, bytes]]:
    """(file name, contents) of all that ships; the capture not yet packed."""
    rng = random.Random(seed)
    laptop = Laptop(Tap(rng), rng)
    for scene in (*SCENES, *STORY):
        scene(laptop)
    laptop.tap.cut(SECONDS)
    yield "demo.pcap", laptop.tap.pcap(START)
    yield "demo.json", (json.dumps(context(), indent=1) + "\n").encode()
    for number, t in enumerate(LOOKS):
        yield title(number), listing(laptop.sockets, t).encode()


def main(folder: Path) -> None:
    """Write them."""
    for name, data in make():
        packed_up = name.endswith(".pcap")
        (folder / (name + ".gz" * packed_up)).write_bytes(squeezed(data) if packed_up else data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
