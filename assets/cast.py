"""The cast of the demo recording: machines, servers, programs; all under addresses and names kept for documentation.

Source: RFC 5737, RFC 3849 (addresses), RFC 2606 (names). MACs are locally administered.
Does not know: what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

from assets.wire import End

ROUTER_MAC, LAPTOP_MAC, DESK_MAC = "02:5e:10:00:00:01", "02:5e:10:00:00:17", "02:5e:10:00:00:9c"
ME = End("192.0.2.17", 0, LAPTOP_MAC, own=True)
ME6 = End("2001:db8:6:1::17", 0, LAPTOP_MAC, own=True)
ME_LINK = End("fe80::17", 0, LAPTOP_MAC, 255, own=True)
ROUTER = End("192.0.2.1", 0, ROUTER_MAC, 64, 0.0011)
ROUTER_LINK = End("fe80::1", 0, ROUTER_MAC, 255, 0.0011)
DESK = End("192.0.2.61", 0, DESK_MAC, 64, 0.0004)
BUILD = End("192.0.2.44", 0, "02:5e:10:00:00:44", 64, 0.0005)
PHONE = End("192.0.2.30", 0, "02:5e:10:00:00:30", 64, 0.0042)
PRINTER = End("192.0.2.31", 0, "02:5e:10:00:00:31", 255, 0.0018)
PRINTER_LINK = End("fe80::31", 0, "02:5e:10:00:00:31", 255, 0.0018)
STORE = End("192.0.2.50", 0, "02:5e:10:00:00:50", 64, 0.0006)
NEIGHBOURS = (DESK, BUILD, PHONE, PRINTER, STORE)
ALL_NODES = End("ff02::1", 0, "33:33:00:00:00:01")
MDNS, MDNS6 = End("224.0.0.251", 5353, "01:00:5e:00:00:fb"), End("ff02::fb", 5353, "33:33:00:00:00:fb")

VOSTOK = End("203.0.113.90", 51018, DESK_MAC, 53, 0.00041)
"""Antarctica, it says: eleven hops by its TTL, but its frames are the desk's, and it answers in 0.41 ms."""
VOSTOK_NAME = "vostok.antarctica.example"
WIKI, BOT, DROP = 8080, 7001, 8443
"""Ports of the wiki and the agent here, and of what Antarctica listens on."""


@dataclass(frozen=True, slots=True)
class Program:
    """A process on the laptop."""

    name: str
    pid: int
    parent: int = 1
    user: str = "ada"
    uid: int = 1000


FIREFOX = Program("firefox", 4101, 2301)
MAIL = Program("thunderbird", 4388, 2301)
CODE = Program("code", 6644, 2301)
CODE_HELPER = Program("code", 6702, 6644)
SSH = Program("ssh", 9120, 8800)
GIT = Program("git-remote-http", 15533, 15531)
RCLONE = Program("rclone", 12077)
SERVER = Program("python3", 15310, 8800)
RESOLVER = Program("systemd-resolve", 540, 1, "systemd-resolve", 991)
CLOCK = Program("chronyd", 640, 1, "_chrony", 121)
PRINTING = Program("cupsd", 702, 1, "root", 0)
DISCOVERY = Program("avahi-daemon", 611, 1, "avahi", 114)
NETWORK = Program("NetworkManager", 598, 1, "root", 0)
DOCKER = Program("dockerd", 980, 1, "root", 0)
UPDATE = Program("http", 15621, 15618, "_apt", 42)
SSHD = Program("sshd", 811, 1, "root", 0)
LOGIN = Program("sshd-session", 8123, 811)
DATABASE = Program("postgres", 1830, 1, "postgres", 118)
WIKI_PY = Program("wiki.py", 30417, 1, "www-data", 33)
HELPER = Program("helper", 31002, 30995, "www-data", 33)
"""Nobody installed it: the wiki's shell (30995, gone) started it from /tmp/.x."""
AGENT = Program("agent", 31010, 31002, "www-data", 33)


@dataclass(frozen=True, slots=True)
class Place:
    """A server on the internet."""

    name: str
    four: str
    six: str
    hops: int
    rtt: float

    def end(self, port: int = 443, *, six: bool = False) -> End:
        """As seen through the router."""
        return End(self.six if six else self.four, port, ROUTER_MAC, 64 - self.hops, self.rtt)


def place(name: str, last: int, hops: int, milliseconds: float, net: str = "198.51.100") -> Place:
    """A server; its IPv6 address ends like its IPv4 one."""
    return Place(name, f"{net}.{last}", f"2001:db8:{last:x}::{last:x}", hops, milliseconds / 1000)


NEAR = "203.0.113"
WEB = (
    place("news.example", 20, 11, 14.2),
    place("static.wiki.example.org", 21, 9, 11.0),
    place("api.shop.example", 22, 14, 31.5),
    place("edge-12.cdn.example.net", 12, 6, 5.1, NEAR),
    place("avatars.forge.example.dev", 24, 12, 22.8),
    place("weather.example", 27, 15, 47.0),
    place("sync.notes.example", 28, 13, 38.4),
    place("accounts.example.com", 29, 10, 18.9),
    place("collector.metrics.example", 30, 12, 26.1),
    place("fonts.cdn.example.net", 13, 6, 5.4, NEAR),
    place("push.mail.example", 32, 11, 17.7),
    place("ads.shop.example", 34, 16, 64.0),
)
SYNC, ACCOUNTS, PUSH = WEB[6], WEB[7], WEB[10]
VIDEO = place("video.example.net", 10, 7, 6.3, NEAR)
QUIC = place("cdn-3.video.example.net", 11, 7, 6.1, NEAR)
BACKUP = place("backup.store.example", 40, 13, 24.0)
IMAP = place("mail.example", 25, 12, 19.3)
FORGE = place("forge.example.dev", 60, 12, 22.1)
MARKET = place("marketplace.example.com", 61, 10, 16.0)
REGISTRY = place("registry.example.io", 71, 14, 41.0)
PACKAGES = place("deb.example", 33, 8, 9.2, NEAR)
LAB = place("build.lab.example", 70, 9, 12.6)
VPN = place("vpn.lab.example", 90, 9, 12.4)
TIMES = tuple(place(f"ntp{number}.example", 122 + number, 10, 15.2) for number in (1, 2, 3))
SCANNER, READER, BEACON = place("", 201, 17, 88.0, NEAR), place("", 177, 12, 29.0, NEAR), place("", 9, 12, 27.0)
