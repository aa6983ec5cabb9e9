"""Filters worth showing."""

from __future__ import annotations

import pytest

from ratop_py.filter import compile_filter
from ratop_py.filter.examples import EXAMPLES


@pytest.mark.parametrize("text", [text for text, _ in EXAMPLES])
def test_every_example_is_understood(text: str) -> None:
    assert compile_filter(text, 1_700_000_000.0).text == text


def test_every_example_is_explained() -> None:
    assert all(meaning for _, meaning in EXAMPLES)
