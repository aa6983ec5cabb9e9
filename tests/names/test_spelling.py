from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.names.spelling import LONGEST, labelled, spelled


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"WWW.Example.com.", "www.example.com"),
        (b"xn--bcher-kva.example", "xn--bcher-kva.example"),
        (b"_ldap._tcp.example", "_ldap._tcp.example"),
        (b"evil\x1b[31m.example", "evil··31m.example"),
        ("bücher.example".encode(), "b··cher.example"),
        (b"is it? no.example", "is·it··no.example"),
        (b"", ""),
        (b"192.0.2.1", ""),
        (b"192.0.2.0x1", ""),
        (b"2130706433", ""),
        (b"a1.example1", "a1.example1"),
        (b"a" * 300, ""),
    ],
)
def test_a_name_is_written_in_letters_digits_and_stand_ins(raw: bytes, text: str) -> None:
    assert spelled(raw) == text


def test_a_dot_inside_a_label_is_none_between_two() -> None:
    assert labelled([b"www.example", b"com"]) == "www·example.com"


@given(st.binary(max_size=300))
def test_no_name_holds_anything_else(raw: bytes) -> None:
    assert set(spelled(raw)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_*.·")
    assert len(spelled(raw)) <= LONGEST + 1
