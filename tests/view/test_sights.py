from __future__ import annotations

import pytest

from ratop_py.config import VIEWS
from ratop_py.fields import FIELDS
from ratop_py.view.select import select
from ratop_py.view.sights import SIGHTS, Sight
from tests.helpers.flowset import mixed

NOW = 1_700_000_010.0
EACH = pytest.mark.parametrize("sight", SIGHTS.values(), ids=lambda sight: str(sight.name))


def test_the_door_knows_the_same_names_in_the_same_order() -> None:
    assert tuple(SIGHTS) == VIEWS


@EACH
def test_every_column_is_a_field(sight: Sight) -> None:
    assert {*sight.group, *sight.fields, *(each.field for each in sight.order)} <= {*FIELDS}


@EACH
def test_what_rows_are_grouped_by_is_shown(sight: Sight) -> None:
    assert not sight.group or {*sight.group} <= {*sight.fields}


@pytest.mark.parametrize("name", [name for name in SIGHTS if name != "tree"])
def test_every_flow_is_in_one_row(name: str) -> None:
    sight = SIGHTS[name]
    flows = mixed()
    shown = select(flows, sight.view(order=sight.order, fields=("trans", "bytes")), NOW)
    assert sum(shown.columns["trans"]) == len(flows)  # type: ignore[arg-type]
    assert sum(shown.columns["bytes"]) == int(flows.rows["bytes"].sum())  # type: ignore[arg-type]
