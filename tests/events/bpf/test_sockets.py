"""Programs on sockets as text; that the kernel takes them is seen where they are attached."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ratop_py.events.bpf.record import What
from ratop_py.events.bpf.sockets import OF_ARGUMENT, OF_CONTEXT, PASS, end, owner
from ratop_py.events.bpf.writer import Writer

PASSING = bytes.fromhex("b700000001000000") + bytes.fromhex("9500000000000000")
"""return 1"""
PROGRAMS: dict[str, Callable[[Writer], bytes]] = {
    "held": lambda writer: owner(writer, What.HELD, OF_CONTEXT, PASS),
    "ended": end,
}


def plain() -> Writer:
    return Writer(3, 4, 5, None)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_a_cgroup_ends_by_letting_pass(name: str) -> None:
    assert PROGRAMS[name](plain())[-16:] == PASSING


def test_a_socket_that_is_an_argument_is_looked_into_by_the_kernel_s_types() -> None:
    with pytest.raises(LookupError, match="BTF"):
        owner(plain(), What.USED, OF_ARGUMENT, 0)


def test_fewer_privileges_make_a_shorter_program() -> None:
    writer, lengths = plain(), []
    for told, spaces in ((1, True), (0, True), (0, False)):
        writer.told, writer.spaces = told, spaces
        lengths.append(len(owner(writer, What.HELD, OF_CONTEXT, PASS)))
    assert lengths == sorted(set(lengths), reverse=True)
