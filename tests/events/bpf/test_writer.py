"""What programs have in common; what it does is seen where they are attached."""

from __future__ import annotations

import pytest

from ratop_py.events.bpf.assembler import Assembler
from ratop_py.events.bpf.writer import DELETE, Writer, ended


def calls(code: bytes) -> list[int]:
    """Numbers of the helpers that are called, in order."""
    return [int.from_bytes(code[at + 4 : at + 8], "little") for at in range(0, len(code), 8) if code[at] == 0x85]


def test_what_found_no_room_is_to_be_told_again() -> None:
    a = Assembler()
    Writer(3, 4, 5, None).send(a)
    assert DELETE in calls(ended(a, 0))


def test_a_member_is_not_guessed() -> None:
    with pytest.raises(LookupError, match="BTF"):
        Writer(3, 4, 5, None).at("task_struct", "tgid")
