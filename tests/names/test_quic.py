from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.names import quic
from ratop_py.names.tls import client_hello
from tests.helpers import talk as t

ID = bytes.fromhex("8394c8f03e515708")
HELLO = bytes.fromhex(
    "010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b"
    "6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024001d0020"
    "9370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e04030503060302030804080508"
    "06002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e"
    "51570806048000ffff"
)
"""The ClientHello of RFC 9001, appendix A.2."""
PROTECTED_BEGIN = bytes.fromhex(
    "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c"
)
PROTECTED_END = bytes.fromhex("e221af44860018ab0856972e194cd934")
"""First 48 and last 16 bytes of the protected packet there."""


@pytest.mark.parametrize(
    ("version", "key", "iv", "header"),
    [
        (1, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2"),
        (
            0x6B3343CF,
            "8b1a0bc121284290a29e0971b5cd045d",
            "91f73e2351d8fa91660e909f",
            "45b95e15235d6f45a6b19cbcb0294ba9",
        ),
    ],
)
def test_keys_are_those_of_the_rfcs(version: int, key: str, iv: str, header: str) -> None:
    """RFC 9001, appendix A.1; RFC 9369, appendix A.1."""
    assert quic.derived(version, ID) == quic.Keys(*(bytes.fromhex(each) for each in (key, iv, header)))


def test_the_packet_of_the_rfc_is_opened() -> None:
    packet = t.initial(t.crypto(0, HELLO), number=2)
    assert (packet[:48], packet[-16:]) == (PROTECTED_BEGIN, PROTECTED_END)
    assert quic.pieces(packet, None) == ([(0, HELLO)], quic.derived(1, ID))
    assert client_hello(HELLO).name == "example.com"


def test_version_two_is_opened() -> None:
    assert quic.pieces(t.initial(t.crypto(0, b"abc"), version=quic.VERSION_2), None)[0] == [(0, b"abc")]


def test_pings_acknowledgements_and_padding_are_stepped_over() -> None:
    acks = b"\2\5\0\1\0\1\1" + b"\3\5\0\0\0\1\1\1"
    assert quic.pieces(t.initial(b"\1\0" + t.crypto(7, b"ab") + acks + t.crypto(0, b"c")), None)[0] == [
        (7, b"ab"),
        (0, b"c"),
    ]


def test_two_packets_in_a_datagram_are_both_read() -> None:
    both = t.initial(t.crypto(0, b"ab"))[:1200] + t.initial(t.crypto(2, b"c"), number=1)
    assert quic.pieces(both, None)[0] == [(0, b"ab"), (2, b"c")]


def test_later_packets_open_with_the_first_ones_keys_or_after_a_retry_with_their_own() -> None:
    keys = quic.derived(1, ID)
    later = t.initial(t.crypto(0, b"ab"), connection=b"server's", keys=keys)
    assert quic.pieces(later, keys) == ([(0, b"ab")], keys)
    assert quic.pieces(later, None) == ([], None)
    again = t.initial(t.crypto(0, b"cd"), connection=b"another1", token=b"token")
    assert quic.pieces(again, keys) == ([(0, b"cd")], quic.derived(1, b"another1"))


def test_a_packet_that_was_changed_or_cut_does_not_open() -> None:
    packet = t.initial(t.crypto(0, b"ab"))
    assert quic.pieces(packet[:-1], None) == ([], None)
    assert quic.pieces(packet[:-1] + bytes([packet[-1] ^ 1]), None) == ([], None)


def test_frames_end_at_one_that_does_not_belong() -> None:
    assert quic.pieces(t.initial(t.crypto(0, b"a") + b"\x1c" + t.crypto(1, b"b")), None)[0] == [(0, b"a")]
    assert quic.pieces(t.initial(t.crypto(0, b"a") + b"\2\0\0\x7f\xff"), None)[0] == [(0, b"a")]


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    quic.pieces(data, None)
    quic.pieces(b"\xc3\0\0\0\1" + data, quic.derived(1, ID))


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_any_frames_are_read(frames: bytes) -> None:
    quic.pieces(t.initial(frames), None)
