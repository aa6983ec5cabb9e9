from __future__ import annotations

import pytest

from ratop_py.filter import parse, unparse
from ratop_py.filter.syntax import And, Everything, Net, Not, Word


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Everything(), ""),
        (Not(Word("tcp")), "not (tcp)"),
        (And(Word("syn", "src"), Word("udp")), "(src syn) and (udp)"),
        (Net("src", 0xFFFF0A000000, 104), "src net 10.0.0.0/8"),
        (Net("src or dst", 0x20010DB8 << 96, 32), "src or dst net 2001:db8::/32"),
    ],
)
def test_a_node_is_written_as_a_person_would(node: object, text: str) -> None:
    assert unparse(node) == text  # type: ignore[arg-type]
    assert parse(text) == node
