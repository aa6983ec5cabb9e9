from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.net.address import parse
from ratop_py.net.conntrack import Face, Translated, count, entry, line, translated
from tests.helpers.netns import inside, pair

INSIDE, OUTSIDE, FAR = ("10.78.0.2", 4000), ("10.77.0.1", 4001), ("192.0.2.1", 53)
LINE = (
    b"ipv4     2 udp      17 29 src=10.78.0.2 dst=192.0.2.1 sport=4000 dport=53 "
    b"[UNREPLIED] src=192.0.2.1 dst=10.77.0.1 sport=53 dport=4001 mark=0 use=1"
)


def place(end: tuple[str, int]) -> tuple[int, int]:
    return parse(end[0])[0], end[1]


def attribute(kind: int, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def packed(address: str) -> tuple[int, bytes]:
    value, family = parse(address)
    return (1, value.to_bytes(16, "big")[-4:]) if family == 4 else (3, value.to_bytes(16, "big"))


def face(proto: int, source: tuple[str, int], target: tuple[str, int]) -> bytes:
    (kind, here), (_, there) = packed(source[0]), packed(target[0])
    ports = (struct.pack(">H", source[1]), struct.pack(">H", target[1]))
    ends = attribute(0x8001, attribute(kind, here), attribute(kind + 1, there))
    return ends + attribute(0x8002, attribute(1, bytes([proto])), attribute(2, ports[0]), attribute(3, ports[1]))


def told(proto: int, *ends: tuple[str, int]) -> bytes:
    caller, called, answerer, seen = ends
    return bytes(4) + attribute(0x8001, face(proto, caller, called)) + attribute(0x8002, face(proto, answerer, seen))


def expected(proto: int) -> Translated:
    one: Face = (proto, place(INSIDE), place(FAR))
    return Translated(one, (proto, place(FAR), place(OUTSIDE)))


def test_an_entry_has_both_faces_of_a_connection() -> None:
    assert entry(told(17, INSIDE, FAR, FAR, OUTSIDE)) == expected(17)
    six = ("fd00::2", 4000), ("fd77::1", 80), ("fd00::9", 8080), ("fd00::2", 4000)
    found = entry(told(6, *six))
    assert found is not None
    assert found.answered == (6, place(six[2]), place(six[3]))


def test_what_is_not_translated_is_left_out() -> None:
    assert entry(told(17, INSIDE, FAR, FAR, INSIDE)) is None
    assert line(LINE.replace(b"dst=10.77.0.1", b"dst=10.78.0.2").replace(b"4001", b"4000")) is None


def test_a_line_of_the_file_says_the_same() -> None:
    assert line(LINE) == expected(17)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"ipv4",
        LINE[:70],
        LINE.replace(b"=53", b"=x"),
        LINE.replace(b"192.0.2.1", b"\xff"),
        b"ipv4 2 icmp 1 29 src=1.1.1.1 dst=2.2.2.2 type=8 code=0 id=1 src=2.2.2.2 dst=3.3.3.3 type=0 code=0 id=1",
    ],
)
def test_a_line_that_is_cut_or_has_no_ports_is_none(text: bytes) -> None:
    assert line(text) is None


@given(st.binary(max_size=200), st.integers(0, 200))
def test_no_bytes_are_too_strange(data: bytes, cut: int) -> None:
    entry(data)
    line(data)
    entry(told(17, INSIDE, FAR, FAR, OUTSIDE)[:cut])


def test_without_a_table_nothing_is_counted(tmp_path: Path) -> None:
    assert count(tmp_path / "none") == 0


@pytest.mark.root
@pytest.mark.system
@pytest.mark.tool("nft")
def test_the_kernel_and_its_file_tell_what_it_translates(monkeypatch: pytest.MonkeyPatch) -> None:
    send = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('10.77.0.2', 7))"
    rules = "add table ip t; add chain ip t p { type nat hook postrouting priority 100; }; "
    rules += "add rule ip t p udp dport 7 snat to 10.77.0.1:5000"
    with pair("ct") as hosts:
        subprocess.run(["ip", "netns", "exec", hosts.a, "nft", rules], check=True)
        subprocess.run(["ip", "netns", "exec", hosts.a, "python3", "-c", send], check=True)
        with inside(hosts.a):
            asked = translated()
            monkeypatch.setattr("ratop_py.net.netlink.told", refused)
            read = translated(Path("/proc/thread-self/net/nf_conntrack"))
    assert [each.answered[2] for each in asked] == [place(("10.77.0.1", 5000))]
    assert read == asked


def refused(*_: object) -> list[bytes]:
    raise PermissionError(1, "Operation not permitted")
