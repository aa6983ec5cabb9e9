"""Programs as text; that the kernel takes them is seen where they are attached."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ratop_py.events.bpf.programs import Programs
from ratop_py.events.bpf.record import What


def plain() -> Programs:
    return Programs(3, 4, 5, None)


WITHOUT_TYPES: dict[str, Callable[[Programs], bytes]] = {
    "sent": lambda programs: programs.packet(sent=True),
    "came": lambda programs: programs.packet(sent=False),
    "held": lambda programs: programs.owner(What.HELD, programs.of_context, 1),
    "ended": Programs.end,
}
TYPED: dict[str, Callable[[Programs], bytes]] = {
    "used": lambda programs: programs.owner(What.USED, programs.of_argument, 0),
    "execed": Programs.execed,
    "forked": Programs.forked,
}


@pytest.mark.parametrize("name", WITHOUT_TYPES)
def test_a_program_of_a_cgroup_ends_by_letting_pass(name: str) -> None:
    code = WITHOUT_TYPES[name](plain())
    assert code[-16:] == bytes.fromhex("b700000001000000") + bytes.fromhex("9500000000000000")


@pytest.mark.parametrize("name", TYPED)
def test_what_needs_the_kernel_s_types_says_so_without_them(name: str) -> None:
    with pytest.raises(LookupError, match="BTF"):
        TYPED[name](plain())


def test_fewer_privileges_make_a_shorter_program() -> None:
    programs = plain()
    lengths = []
    for told in (1, 0):
        programs.told = told
        lengths.append(len(programs.end()))
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > lengths[1]
