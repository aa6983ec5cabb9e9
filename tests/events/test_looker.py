from __future__ import annotations

import pytest

from ratop_py.events.looker import Looker, LookError
from ratop_py.events.program import ProgramLooker
from ratop_py.events.psutil_looker import psutil_looker

LOOKERS: list[Looker] = [psutil_looker(), ProgramLooker("lsof", ["/bin/sleep", "9"], lambda: 0.0)]


@pytest.mark.parametrize("looker", LOOKERS, ids=lambda each: each.name)
def test_a_look_that_nobody_waits_for_ends(looker: Looker) -> None:
    with pytest.raises(LookError, match="nobody waits"):
        looker.look(lambda: True)
