from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.assess.evidence import CODES

DOC = (Path(__file__).parents[1] / "docs" / "risk.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained_with_its_points(code: str) -> None:
    told = CODES[code]
    assert f"| `{code}` | {told.group} | {told.strength} | {told.points} | {told.doc} |" in DOC


def test_no_code_is_explained_that_does_not_exist() -> None:
    named = {line.split("`")[1] for line in DOC.splitlines() if line.startswith("| `")}
    assert named == {*CODES}
