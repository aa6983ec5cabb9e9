"""Defaults and limits."""

from __future__ import annotations

from ratop_py.config import DEFAULTS, LIMITS
from ratop_py.fields import FIELDS


def test_every_default_column_is_a_field() -> None:
    assert set(DEFAULTS.fields) | set(DEFAULTS.owners) | set(DEFAULTS.sums) <= set(FIELDS)


def test_text_columns_are_those_of_ra() -> None:
    assert " ".join(DEFAULTS.fields) == "stime flgs proto saddr sport dir daddr dport pkts bytes state"


def test_the_default_rate_is_within_the_limit() -> None:
    assert 0 < DEFAULTS.rate <= LIMITS.rate
