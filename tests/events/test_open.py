"""From words to a source."""

from __future__ import annotations

import sys

import pytest

from ratop_py.errors import Exit, RatopError
from ratop_py.events import kernel
from ratop_py.events import open as opening
from ratop_py.events.open import open_source
from ratop_py.events.poller import Poller, Silence
from ratop_py.events.spec import EventSpec
from ratop_py.events.tracefs import source


def never() -> float:
    return 0.0


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(kernel, "Kernel", no)
    monkeypatch.setattr(source, "Tracefs", lambda: no(None))


def test_a_poller_is_opened_by_its_name() -> None:
    assert isinstance(open_source(EventSpec("lsof"), never), Poller)
    assert isinstance(open_source(EventSpec("none"), never), Silence)


@pytest.mark.usefixtures("refused")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is lsof alone")
def test_the_best_there_is_is_a_listing_where_the_kernel_may_not_be_asked() -> None:
    opened = open_source(EventSpec("auto"), never)
    health = opened.health()
    opened.stop()
    assert health.name == "diag"
    assert ("kernel", "Operation not permitted") in health.standby


@pytest.mark.usefixtures("refused")
def test_the_kernel_by_name_is_an_error_where_it_may_not_be_asked() -> None:
    with pytest.raises(RatopError, match="Operation not permitted") as caught:
        open_source(EventSpec("kernel"), never)
    assert caught.value.exit_code is Exit.NOT_PERMITTED
    assert "sudo" in caught.value.hint


def test_a_kernel_that_lacks_it_is_another_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(_: object) -> None:
        raise LookupError("this kernel has no bpf")

    monkeypatch.setattr(kernel, "Kernel", no)
    with pytest.raises(RatopError, match="no bpf") as caught:
        opening.open_source(EventSpec("kernel"), never)
    assert caught.value.exit_code is Exit.NO_SOURCE


@pytest.mark.usefixtures("refused")
def test_tracepoints_by_name_are_an_error_where_they_may_not_be_listened_to() -> None:
    with pytest.raises(RatopError, match="no tracepoints to be listened to: Operation not permitted"):
        open_source(EventSpec("tracefs"), never)


@pytest.mark.root
@pytest.mark.system
def test_the_next_best_are_tracepoints_with_the_socket_tables_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(kernel, "Kernel", no)
    opened = open_source(EventSpec("auto"), never)
    health = opened.health()
    opened.stop()
    assert health.name == "tracefs"
    assert "the rest: socket tables every 1 s" in health.words


@pytest.mark.root
@pytest.mark.system
def test_the_best_there_is_is_the_kernel_for_root_here() -> None:
    source = open_source(EventSpec("auto"), never)
    assert source.health().name == "kernel"
    source.stop()
