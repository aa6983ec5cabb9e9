"""A look through a table."""

from __future__ import annotations

import os

import pytest

from ratop_py.events import table_looker
from ratop_py.events.looker import LookError
from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.table_looker import PARTLY, TableLooker
from ratop_py.flow.flows import Owner

MINE = Socket(6, 4, 0, 22, 0, 0, SocketState.LISTEN, (Owner(os.getpid(), None, 0, "root", ""),))
NOBODYS = Socket(6, 4, 1, 80, 2, 9, SocketState.TIME_WAIT, ())
DOUBTFUL = Socket(17, 4, 1, 53, 0, 0, SocketState.NONE, ())


def test_owners_are_described_and_what_nobody_holds_is_told_when_it_is_sure() -> None:
    looker = TableLooker("table", lambda: [MINE, NOBODYS, DOUBTFUL])
    for unheld in ([NOBODYS], [NOBODYS, DOUBTFUL]):  # the second look finds the same
        sockets, _, _ = looker.look(lambda: False)
        assert sockets[0].owners[0].program
        assert list(sockets[1:]) == unheld


@pytest.mark.parametrize(("everybody", "why_not"), [(True, ""), (False, PARTLY)])
def test_who_cannot_see_everybody_says_so(monkeypatch: pytest.MonkeyPatch, everybody: bool, why_not: str) -> None:
    monkeypatch.setattr(table_looker, "sees_everybody", lambda: everybody)
    assert TableLooker("table", list).look(lambda: False) == ((), everybody, why_not)


def test_who_is_told_to_stop_does_not_look() -> None:
    with pytest.raises(LookError):
        TableLooker("table", list).look(lambda: True)
