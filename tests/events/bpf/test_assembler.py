"""Instructions as RFC 9669 writes them."""

from __future__ import annotations

import struct

import pytest

from ratop_py.events.bpf.assembler import Assembler, R


def words(code: bytes) -> list[tuple[int, int, int, int]]:
    """(operation, registers, offset, value) of each instruction."""
    return [struct.unpack_from("<BBhi", code, at) for at in range(0, len(code), 8)]


def test_return_is_a_constant_in_r0_and_exit() -> None:
    a = Assembler()
    a.leave(1)
    assert words(a.code()) == [(0xB7, 0, 0, 1), (0x95, 0, 0, 0)]


def test_a_jump_counts_from_the_instruction_behind_it() -> None:
    a = Assembler()
    a.jump_if(R.R1, "==", 7, "out")
    a.put(R.R2, 1)
    a.put(R.R2, 2)
    a.label("out")
    a.leave(0)
    assert words(a.code())[0] == (0x15, 1, 2, 7)


def test_a_map_takes_two_places() -> None:
    a = Assembler()
    a.jump("out")
    a.map(R.R1, 9)
    a.label("out")
    a.leave(0)
    code = words(a.code())
    assert code[0][2] == 2
    assert code[1:3] == [(0x18, 0x11, 0, 9), (0, 0, 0, 0)]


def test_loads_and_stores_carry_size_registers_and_offset() -> None:
    a = Assembler()
    a.load(2, R.R3, R.R6, 12)
    a.store(8, R.FP, -16, R.R7)
    a.write(4, R.FP, -8, 5)
    assert words(a.code()) == [(0x69, 0x63, 12, 0), (0x7B, 0x7A, -16, 0), (0x62, 0x0A, -8, 5)]


def test_a_value_beyond_31_bits_keeps_its_bits() -> None:
    a = Assembler()
    a.write(4, R.FP, -8, 0xFFFFFFFF)
    assert words(a.code()) == [(0x62, 0x0A, -8, -1)]


def test_the_stack_is_cleared_in_words() -> None:
    a = Assembler()
    a.clear(-24, 24)
    assert [(op, offset, value) for op, _, offset, value in words(a.code())] == [
        (0x7A, -24, 0),
        (0x7A, -16, 0),
        (0x7A, -8, 0),
    ]


def test_a_label_that_is_nowhere_is_an_error_here() -> None:
    a = Assembler()
    a.jump("nowhere")
    with pytest.raises(KeyError):
        a.code()
