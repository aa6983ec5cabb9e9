from __future__ import annotations

from ratop_py.events.poller import Poller, Recorded, Silence
from ratop_py.events.socket import CLOSING, EventSource, SocketState


def test_every_source_fits_the_seam() -> None:
    names = [name for name in EventSource.__dict__ if not name.startswith("_")]
    for source in (Poller, Recorded, Silence):
        assert all(callable(getattr(source, name)) for name in names)


def test_states_are_spelled_as_lsof_spells_them() -> None:
    assert SocketState("LISTEN") is SocketState.LISTEN
    assert SocketState.NONE.value == ""


def test_closing_states_are_those_that_a_process_may_have_left() -> None:
    assert SocketState.TIME_WAIT in CLOSING
    assert not CLOSING & {SocketState.ESTABLISHED, SocketState.LISTEN, SocketState.NONE}
