"""The compiled writer, the same file uncompiled, and a plain reference say the same."""

from __future__ import annotations

import importlib.util
import ipaddress
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.export import lines

INT64 = st.integers(-(1 << 63) + 1, (1 << 63) - 1)
ANY64 = st.integers(-(1 << 63), (1 << 63) - 1)


def uncompiled() -> ModuleType:
    """The same file as plain Python, whatever lies beside it."""
    path = Path(lines.__file__).with_name("lines.py")
    spec = importlib.util.spec_from_file_location("uncompiled_lines", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cython", None)  # as on a machine without Cython
        spec.loader.exec_module(module)
    return module


PURE = uncompiled()
BOTH = pytest.mark.parametrize("writer", [lines, PURE], ids=["installed", "uncompiled"])


def fill(
    writer: ModuleType,
    rows: Sequence[Sequence[int]],
    steps: Sequence[Sequence[int]],
    words: Sequence[bytes],
    room: int = 4096,
) -> bytes:
    """Write rows (as tuples of values) and return the bytes."""
    values = np.array(rows, np.int64).T.copy()
    ends = np.cumsum([0, *map(len, words)]).astype(np.int64)
    parts: list[Any] = [values, np.array(steps, np.int64), b"".join(words), ends]
    buffer = bytearray(room)
    row, size = writer.fill(memoryview(buffer), *[memoryview(part) for part in parts], 0, len(rows), 0)
    assert row == len(rows)
    return bytes(buffer[:size])


def one(writer: ModuleType, what: int, *values: int, argument: int = 0, quote: int = 0) -> str:
    """One value as text."""
    return fill(writer, [values], [(what, 0, argument, 1, quote)], [b"null", b"", b"zero", b"one"]).decode()


def signed(value: int) -> int:
    """64 bits as int64 holds them."""
    return value - (1 << 64) if value >> 63 else value


def test_this_is_the_compiled_file_where_the_build_requires_it() -> None:
    assert PURE.COMPILED is False
    if not lines.__file__.endswith(".py"):
        assert lines.COMPILED is True


@BOTH
@given(value=INT64)
def test_whole_numbers_are_written_as_python_writes_them(writer: ModuleType, value: int) -> None:
    assert one(writer, lines.INT, value) == str(value)


@BOTH
@given(value=INT64, decimals=st.integers(0, 9))
def test_fixed_numbers_keep_every_digit(writer: ModuleType, value: int, decimals: int) -> None:
    whole, part = divmod(abs(value), 10**decimals)
    expected = f"{'-' if value < 0 else ''}{whole}" + (f".{part:0{decimals}d}" if decimals else "")
    assert one(writer, lines.FIXED, value, argument=decimals) == expected


@BOTH
@given(
    value=st.integers(0, (1 << 128) - 1) | st.lists(st.sampled_from([0, 0, 0, 1, 0xFFFF, 0xAB]), min_size=8, max_size=8)
)
def test_ipv6_addresses_are_written_as_rfc_5952_wants(writer: ModuleType, value: int | list[int]) -> None:
    if isinstance(value, list):
        value = int("".join(f"{group:04x}" for group in value), 16)
    got = one(writer, lines.ADDRESS, 6, signed(value >> 64), signed(value & (1 << 64) - 1))
    assert got == plain_ipv6(value)


def plain_ipv6(value: int) -> str:
    """RFC 5952 by search over all runs; `ipaddress` changed its mind about mapped addresses in Python 3.13."""
    text = ":".join(f"{value >> (112 - 16 * i) & 0xFFFF:x}" for i in range(8))
    assert ipaddress.ip_address(text) == ipaddress.IPv6Address(value)
    groups = text.split(":")
    runs = [(i, j) for i in range(8) for j in range(i + 2, 9) if set(groups[i:j]) == {"0"}]
    if not runs:
        return text
    start, end = max(runs, key=lambda run: (run[1] - run[0], -run[0]))
    return ":".join(groups[:start]) + "::" + ":".join(groups[end:])


@BOTH
@given(value=st.integers(0, (1 << 32) - 1))
def test_ipv4_addresses_are_written_with_dots(writer: ModuleType, value: int) -> None:
    assert one(writer, lines.ADDRESS, 4, 0, 0xFFFF << 32 | value) == str(ipaddress.IPv4Address(value))


@BOTH
@given(value=st.integers(0, (1 << 48) - 1))
def test_macs_have_six_groups_of_two_digits(writer: ModuleType, value: int) -> None:
    expected = ":".join(f"{byte:02x}" for byte in value.to_bytes(6, "big"))
    assert one(writer, lines.MAC, value) == expected
    assert one(writer, lines.ADDRESS, 3, 0, value) == expected


@BOTH
@given(value=st.integers(0, (1 << 63) - 1), least=st.integers(1, 8))
def test_hexadecimal_numbers_have_a_prefix_and_leading_zeros(writer: ModuleType, value: int, least: int) -> None:
    assert one(writer, lines.HEX, value, argument=least) == f"0x{value:0{least}x}"


@BOTH
@given(text=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=32))
def test_text_of_fixed_width_ends_at_its_first_zero(writer: ModuleType, text: str) -> None:
    raw = text.encode().ljust(32, b"\0")
    values = [int.from_bytes(raw[i : i + 8], "little", signed=True) for i in range(0, 32, 8)]
    assert one(writer, lines.CHARS, *values, argument=4, quote=39) == f"'{text}'"


@BOTH
@pytest.mark.parametrize("what", [lines.INT, lines.FIXED, lines.WORD, lines.ADDRESS, lines.MAC, lines.HEX, lines.CHARS])
def test_no_value_is_word_zero_without_quotes(writer: ModuleType, what: int) -> None:
    assert one(writer, what, lines.NONE, 0, 0, argument=1, quote=34) == "null"


@BOTH
def test_words_are_counted_from_the_argument(writer: ModuleType) -> None:
    assert one(writer, lines.WORD, 1, argument=2) == "one"


@BOTH
def test_each_step_writes_its_word_first(writer: ModuleType) -> None:
    steps = [(lines.INT, 0, 0, 1, 0), (lines.INT, 1, 0, 2, 0), (lines.LITERAL, 0, 0, 3, 0)]
    assert fill(writer, [(1, 2), (3, 4)], steps, [b"", b"a=", b",b=", b"\n"]) == b"a=1,b=2\na=3,b=4\n"


@BOTH
def test_rows_that_may_not_fit_are_left_for_the_next_call(writer: ModuleType) -> None:
    values, steps = np.array([[7, 8, 9]], np.int64), np.array([(lines.INT, 0, 0, 1, 0)], np.int64)
    ends = np.array([0, 0, 1], np.int64)
    buffer = bytearray(5)
    whole: list[Any] = [values, steps, b"\n", ends]
    parts = [memoryview(part) for part in whole]
    assert writer.fill(memoryview(buffer), *parts, 0, 3, 2) == (2, 4)
    assert writer.fill(memoryview(buffer), *parts, 2, 3, 2) == (3, 2)
    assert bytes(buffer[:2]) == b"\n9"


@BOTH
def test_a_buffer_too_small_is_an_error_and_not_a_write_past_its_end(writer: ModuleType) -> None:
    with pytest.raises((IndexError, ValueError)):
        fill(writer, [(123456,)], [(lines.INT, 0, 0, 0, 0)], [b""], room=3)


@given(
    data=st.data(),
    kinds=st.lists(
        st.sampled_from([lines.INT, lines.FIXED, lines.ADDRESS, lines.MAC, lines.HEX, lines.CHARS]),
        min_size=1,
        max_size=6,
    ),
)
def test_compiled_and_uncompiled_write_the_same_bytes(data: st.DataObject, kinds: list[int]) -> None:
    width = 4 * len(kinds)
    rows = data.draw(st.lists(st.lists(ANY64, min_size=width, max_size=width), min_size=1, max_size=4))
    steps = [(kind, 4 * n, 4, 1, 34 * (n % 2)) for n, kind in enumerate(kinds)]
    for row in rows:
        for n, kind in enumerate(kinds):
            if kind == lines.ADDRESS:
                row[4 * n] = data.draw(st.sampled_from([1, 2, 3, 4, 6, lines.NONE]))
            if kind in (lines.HEX, lines.MAC):
                row[4 * n] &= (1 << 62) - 1
    words = [b"null", b","]
    assert fill(lines, rows, steps, words) == fill(PURE, rows, steps, words)
