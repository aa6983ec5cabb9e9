"""Every promise of the engine is asked of both: compiled, and the same file uncompiled."""

from __future__ import annotations

import os

import pytest

from ratop_py.flow.table import Table
from tests.helpers.feeding import MakeTable


@pytest.fixture(params=["compiled", "uncompiled"])
def make(request: pytest.FixtureRequest) -> MakeTable:
    """Makes tables of one of the two modes."""
    pure = request.param == "uncompiled"
    if not pure and not Table(1, seed=1, pure=False).compiled:
        if os.environ.get("RATOP_CI"):
            pytest.fail("the engine is not compiled", pytrace=False)
        pytest.skip("the engine is not compiled here")

    def table(capacity: int = 64, inner: bool = False) -> Table:
        return Table(capacity, inner, seed=1, pure=pure)

    return table


@pytest.fixture
def table(make: MakeTable) -> Table:
    """A small table of one of the two modes."""
    return make()
