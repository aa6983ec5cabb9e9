from __future__ import annotations

import pytest

from ratop_py.flow import layout
from ratop_py.flow.layout import NOTE, ROW, Fact


@pytest.mark.parametrize("fact", ROW, ids=lambda fact: fact.name)
def test_numpy_and_the_engine_agree_where_a_fact_lies(fact: Fact) -> None:
    names = layout.row_dtype().fields
    assert names is not None
    assert names[fact.name][1] == layout.number(fact.name) * layout.SIZES[fact.type]


def test_a_row_is_full() -> None:
    assert layout.ROW_OFFSETS[""] == layout.ROW_BYTES == layout.row_dtype().itemsize


def test_the_key_is_one_word() -> None:
    at = layout.ROW_OFFSETS
    assert [at[name] - at["port_a"] for name in ("port_b", "proto", "family", "depth", "spare_key")] == [2, 4, 5, 6, 7]
    assert at["port_a"] % 8 == 0
    assert at["pkts"] == at["port_a"] + 8


def test_the_macs_lie_side_by_side_for_the_engine() -> None:
    at = layout.ROW_OFFSETS
    assert [at[name] - at["mac_a"] for name in ("mac_b", "mac_to_a", "mac_to_b")] == [6, 12, 18]
    assert at["mac_a"] % 2 == 0


@pytest.mark.parametrize("facts", [ROW, NOTE])
def test_no_name_is_used_twice(facts: tuple[Fact, ...]) -> None:
    assert len({fact.name for fact in facts}) == len(facts)


def test_a_fact_that_is_not_aligned_is_refused() -> None:
    with pytest.raises(AssertionError, match="aligned"):
        layout.offsets((Fact("a", "u8", 1, ""), Fact("b", "u64", 1, "")))
