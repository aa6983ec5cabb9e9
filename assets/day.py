"""An ordinary day on the laptop, cut to 90 seconds: what would be on any screen.

Does not know: the visitor.
"""

from __future__ import annotations

import random
import struct
from dataclasses import replace

from assets import cast
from assets.laptop import Laptop
from assets.wire import BROADCAST, End, Tap, Turn, ether, hello, mac_bytes, packed, question, server_hello, summed

SECONDS = 90


def tls(rng: random.Random, name: str, *sizes: int) -> list[Turn]:
    """A TLS handshake, then pairs of question and answer."""
    first = server_hello(3100 + rng.randrange(900))
    talk: list[Turn] = [("c", hello(name, rng), 0.0001), ("s", first, 0.002), ("c", 80, 0.001)]
    for size in sizes:
        talk.append(("c", rng.randrange(180, 700), rng.uniform(0.002, 0.4)))
        talk.append(("s", size, rng.uniform(0.004, 0.06)))
    return talk


def kept(rng: random.Random, until: float, every: float, ask: int, reply: int) -> list[Turn]:
    """A connection that is kept for `until` seconds, with a word now and then."""
    talk: list[Turn] = []
    for _ in range(int(until / every)):
        talk += [("c", ask, every * rng.uniform(0.9, 1.08)), ("s", reply, 0.003)]
    return talk


def get(path: str, host: str) -> bytes:
    """An HTTP request."""
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n".encode()


def browse(laptop: Laptop) -> None:
    """Pages, each from several servers, over IPv4 and IPv6; connections stay open for a while."""
    rng = laptop.rng
    for page in range(13):
        t = 0.9 + 6.6 * page + rng.uniform(0, 1.5)
        for where in rng.sample(cast.WEB, 6):
            found = laptop.find(t + rng.uniform(0, 0.5), where)
            sizes = [rng.choice((900, 4_200, 18_000, 61_000, 140_000)) for _ in range(rng.randrange(1, 5))]
            talk = [*tls(rng, where.name, *sizes), *kept(rng, rng.uniform(2, 26), 5.0, 46, 46)]
            end = "fin" if rng.random() < 0.8 else "rst"
            laptop.call(found + 0.001, (cast.FIREFOX,), where.end(six=rng.random() < 0.55), talk, end=end)


def stream(laptop: Laptop) -> None:
    """A film: one connection that brings a second of it every second, and another over QUIC."""
    rng = laptop.rng
    film: list[Turn] = []
    for _ in range(SECONDS):
        film += [("c", 190, rng.uniform(0.93, 0.98)), ("s", rng.randrange(300_000, 640_000), 0.002)]
    laptop.call(0.02, (cast.FIREFOX,), cast.VIDEO.end(six=True), film, opened=False, end="open")
    first = b"\xc3\0\0\0\1\x08" + rng.randbytes(8)
    quic: list[Turn] = [("c", first.ljust(1200, b"\0"), 0), ("s", first.ljust(1252, b"\0"), 0)]
    for _ in range(74):
        quic.append(("c", 42, rng.uniform(0.9, 1.1)))
        quic += [("s", 1252, 0.0004)] * 12
    laptop.ask(laptop.find(3.1, cast.QUIC), cast.FIREFOX, cast.QUIC.end(six=True), quic, six=True)


def copy_out(laptop: Laptop) -> None:
    """The backup: out as fast as the line allows, over two connections."""
    for number, size in enumerate((420_000, 90_000)):
        talk: list[Turn] = []
        for _ in range(SECONDS):
            talk += [("c", int(size * laptop.rng.uniform(0.6, 1.2)), 0.9), ("s", 120, 0.02)]
        laptop.call(0.05 + 0.3 * number, (cast.RCLONE,), cast.BACKUP.end(), talk, opened=False, end="open")


def correspond(laptop: Laptop) -> None:
    """Mail: two folders watched, a letter sent, pictures in another."""
    rng, who = laptop.rng, (cast.MAIL,)
    for number in range(2):
        watched = cast.IMAP.end(993, six=number == 0)
        laptop.call(0.4 + number, who, watched, kept(rng, 88, 14.0, 60, 90), opened=False, end="open")
    letter: list[Turn] = [
        ("s", b"220 mail.example ESMTP\r\n", 0.02),
        ("c", b"EHLO laptop\r\n", 0),
        ("s", b"250-mail.example\r\n250 STARTTLS\r\n", 0.001),
        ("c", b"STARTTLS\r\n", 0),
        ("s", b"220 go ahead\r\n", 0),
        *tls(rng, cast.IMAP.name, 60, 60),
        *(("c", 84_000, 0.1), ("s", 70, 0.3), ("c", 31, 6.5)),
    ]
    laptop.call(laptop.find(31.2, cast.IMAP), who, cast.IMAP.end(587), letter)
    pictures = [*tls(rng, cast.PUSH.name, 38_000), *kept(rng, 20, 6, 40, 40)]
    laptop.call(laptop.find(52.0, cast.PUSH), who, cast.PUSH.end(), pictures)


def work(laptop: Laptop) -> None:
    """A login that has been open for hours, a fetch, an editor, a page for the phone, the database, a login here."""
    rng = laptop.rng
    typing: list[Turn] = []
    for _ in range(150):
        typing.append(("c", 36, rng.choice((0.09, 0.16, 0.3, 1.6)) * rng.uniform(0.7, 1.5)))
        typing.append(("s", rng.choice((36, 36, 52, 900)), 0.001))
    laptop.call(0.2, (cast.SSH,), cast.LAB.end(22), typing, opened=False, end="open")
    fetch = [*tls(rng, cast.FORGE.name, 4_100, 900, 61_000, 880_000, 2_300_000), ("c", 31, 7.5), ("s", 31, 1.0)]
    laptop.call(laptop.find(20.4, cast.FORGE), (cast.GIT,), cast.FORGE.end(), fetch)
    for number, where in enumerate((cast.MARKET, cast.SYNC, cast.ACCOUNTS)):
        who = (cast.CODE, cast.CODE_HELPER) if number == 1 else (cast.CODE,)
        talk = [*tls(rng, where.name, 9_000, 700), *kept(rng, 50, 7.0, 300, 260)]
        laptop.call(laptop.find(2.0 + 17 * number, where), who, where.end(six=True), talk, end="open")
    page: list[Turn] = [("c", get("/slides.html", "laptop.lan:8000"), 0.001), ("s", 410_000, 0.004)]
    page += kept(rng, 70, 8.0, 120, 24_000)
    laptop.visit(9.4, cast.PHONE.at(39102), (cast.SERVER,), 8000, page, end="open")
    rows, keys = kept(rng, 87, 2.2, 180, 4_300), kept(rng, 86, 4.0, 52, 300)
    laptop.visit(0.7, cast.BUILD.at(49811), (cast.DATABASE,), 5432, rows, opened=False, end="open")
    laptop.visit(1.1, cast.STORE.at(50544), (cast.SSHD, cast.LOGIN), 22, keys, opened=False, end="open")


def upkeep(laptop: Laptop) -> None:
    """Updates, images, time, the printer, a private network in the kernel."""
    rng = laptop.rng
    packages: list[Turn] = []
    for size in (3_000, 1_900_000, 740_000, 61_000, 2_600_000, 310_000):
        packages += [("c", get("/pool/main/p/package.deb", cast.PACKAGES.name), 0.3), ("s", size, 0.02)]
    packages.append(("c", b"\r\n", 6.5))
    laptop.call(laptop.find(40.2, cast.PACKAGES), (cast.UPDATE,), cast.PACKAGES.end(80, six=True), packages)
    layers = tls(rng, cast.REGISTRY.name, 12_000, 1_400_000, 3_800_000, 900_000)
    layers += kept(rng, 40, 9, 40, 40)
    laptop.call(laptop.find(14.0, cast.REGISTRY), (cast.DOCKER,), cast.REGISTRY.end(), layers)
    for number, t in enumerate((0.6, 16.7, 33.0, 49.1, 65.2, 81.3)):
        told: list[Turn] = [("c", b"\x23" + bytes(47), 0), ("s", b"\x24\1" + rng.randbytes(46), 0.0001)]
        laptop.ask(t, cast.CLOCK, cast.TIMES[number % 3].end(123), told)
    job: list[Turn] = [("c", b"POST /ipp/print HTTP/1.1\r\nContent-Type: application/ipp\r\n\r\n", 0.01)]
    job += [("c", 190_000, 0.02), ("s", 280, 0.4), *kept(rng, 12, 5.0, 240, 260)]
    laptop.call(58.3, (cast.PRINTING,), cast.PRINTER.at(631), job)
    tunnel: list[Turn] = []
    for _ in range(120):
        tunnel.append(("c", rng.randrange(96, 1300), rng.uniform(0.2, 0.9)))
        tunnel.append(("s", rng.randrange(128, 1400), 0.003))
    laptop.tap.udp(0.3, cast.ME.at(51820), cast.VPN.end(51820), tunnel)  # the kernel's own: no program holds it


def lease(laptop: Laptop) -> None:
    """The address is kept for another while (RFC 2131)."""
    mine, cookie = packed(cast.ME.address), b"\x63\x82\x53\x63\x35\1"
    middle, rest = laptop.rng.randbytes(4) + bytes(4) + mine, mac_bytes(cast.LAPTOP_MAC) + bytes(202)
    renewal = b"\1\1\6\0" + middle + bytes(12) + rest + cookie + b"\3\xff"
    grant = b"\2\1\6\0" + middle + mine + bytes(8) + rest + cookie + b"\5\xff"
    laptop.tap.udp(27.5, cast.ME.at(68), cast.ROUTER.at(67), [("c", renewal, 0), ("s", grant, 0.004)])


def neighbourhood(laptop: Laptop) -> None:
    """ARP among all machines of the hall, pings, mDNS, and a switch that says its name."""
    tap, rng, hall = laptop.tap, laptop.rng, cast.NEIGHBOURS
    for number in range(15):
        t, peer = 0.8 + 6 * number, (cast.ROUTER, *hall)[number % 6]
        tap.arp(t, 1, cast.ME, peer, BROADCAST if number < 6 else peer.mac)
        tap.arp(t + peer.rtt, 2, peer, cast.ME, cast.LAPTOP_MAC)
        sought = cast.ROUTER if number % 2 else hall[(number + 2) % 5]
        tap.arp(t + 2.9, 1, hall[number % 5], sought, BROADCAST)
    for number, peer in enumerate((cast.ROUTER, cast.LAB.end(0))):
        ping(tap, 22.0 + 18 * number, peer, rng)
    speakers = (
        (cast.PRINTER, cast.MDNS),
        (cast.ME, cast.MDNS),
        (cast.PRINTER_LINK, cast.MDNS6),
        (cast.PHONE, cast.MDNS),
    )
    for number, (speaker, group) in enumerate(speakers):
        for count in range(5):
            told = question(0, "_ipp._tcp.local", 12)
            tap.datagram(3.3 + 4.1 * number + 17 * count, replace(speaker, ttl=255).at(5353), group, told)
    for count in range(3):
        switch = b"\2\7\4\x02\x5e\x10\0\0\2\4\5\7hall3\6\2\0\x78\0\0"
        tap.put(8.0 + 30 * count, ether("01:80:c2:00:00:0e", "02:5e:10:00:00:02", 0x88CC, switch))


def ping(tap: Tap, start: float, peer: End, rng: random.Random) -> None:
    """Twelve echoes."""
    ident = rng.randrange(65536)
    for count in range(12):
        rest, t = struct.pack(">HH", ident, count) + bytes(48), start + count
        tap.icmp(t, cast.ME, peer, 8, 0, rest)
        tap.icmp(t + peer.rtt * rng.uniform(1, 1.3), peer, cast.ME, 0, 0, rest)


def discovery(laptop: Laptop) -> None:
    """IPv6 asks for its router's MAC, and the router says that it is one (RFC 4861)."""
    router, near, tap = cast.ROUTER_LINK, cast.ME_LINK, laptop.tap
    for t in (5.0, 47.0):
        tap.icmp(t, near, router, 135, 0, bytes(4) + packed(router.address) + b"\1\1" + mac_bytes(near.mac))
        reply = b"\xe0\0\0\0" + packed(router.address) + b"\2\1" + mac_bytes(router.mac)
        tap.icmp(t + 0.0011, router, near, 136, 0, reply)
    prefix = b"\3\4\x40\xc0" + struct.pack(">III", 86400, 14400, 0) + packed("2001:db8:6:1::")
    for t in (11.0, 71.0):
        tap.icmp(t, router, cast.ALL_NODES, 134, 0, b"\x40\0\x07\x08" + bytes(8) + prefix)


def strangers(laptop: Laptop) -> None:
    """A scan from the internet; readers of the wiki, from there and from next door."""
    rng = laptop.rng
    for number, port in enumerate((23, 445, 3389, 8291, 2323)):
        refused(laptop.tap, 37.0 + 0.4 * number, cast.SCANNER.end(44100 + 4 * number), cast.ME.at(port))
    readers = (cast.READER.end(50210), cast.READER.end(50377), cast.PHONE.at(41216), cast.BUILD.at(40330))
    for t, far in zip((4.6, 29.8, 2.2, 62.4), readers, strict=True):
        talk: list[Turn] = []
        for path in ("/wiki/Penguin", "/wiki/Ice", "/wiki/Drill"):
            talk.append(("c", get(path, "wiki.example:8080"), rng.uniform(0.2, 2.9)))
            talk.append(("s", rng.randrange(4_000, 31_000), 0.02))
        talk += [("c", get("/favicon.ico", "wiki.example:8080"), 4.0), ("s", 900, 0.002)]
        laptop.visit(t, far, (cast.WIKI_PY,), cast.WIKI, talk)


def refused(tap: Tap, t: float, far: End, near: End) -> None:
    """A SYN to a port where nobody listens, and the reset that says so."""
    seq = tap.rng.getrandbits(32)
    for source, target, flags, number, ack in ((far, near, 2, seq, 0), (near, far, 0x14, 0, seq + 1 & 0xFFFFFFFF)):
        head = struct.pack(">HHIIBBHHH", source.port, target.port, number, ack, 0x50, flags, 1024, 0, 0)
        tap.packet(t, source, target, 6, summed(source, target, 6, head, 16))
        t += 0.00005


def servers(laptop: Laptop) -> None:
    """Who waits for visitors."""
    laptop.listens(cast.SSHD, "TCP", 22)
    laptop.listens(cast.SSHD, "TCP", 22, six=True)
    laptop.listens(cast.WIKI_PY, "TCP", cast.WIKI)
    laptop.listens(cast.SERVER, "TCP", 8000)
    laptop.listens(cast.DATABASE, "TCP", 5432)
    laptop.listens(cast.PRINTING, "TCP", 631, "127.0.0.1")
    laptop.listens(cast.RESOLVER, "UDP", 53, "127.0.0.53")
    laptop.listens(cast.NETWORK, "UDP", 68, cast.ME.address)
    laptop.listens(cast.DISCOVERY, "UDP", 5353)
    laptop.listens(cast.DISCOVERY, "UDP", 5353, six=True)


SCENES = (
    servers, browse, stream, copy_out, correspond, work, upkeep, lease, neighbourhood, discovery, strangers,
)  # fmt: skip
