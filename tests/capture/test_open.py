from __future__ import annotations

from typing import Any

import pytest

from ratop_py.capture import devices, libpcap, link, ring
from ratop_py.capture import open as module
from ratop_py.capture.bpf import accept
from ratop_py.capture.devices import Device
from ratop_py.capture.longer import longer
from ratop_py.capture.open import open_interfaces
from ratop_py.errors import Exit, RatopError

UP = (Device("eth0", True, "up, has a route", chosen=True), Device("lo", True, "loopback", chosen=True))


REFUSED = {"bad0": Exit.NOT_PERMITTED, "can0": Exit.NO_SOURCE}


class Fake:
    """A ring that only remembers."""

    made: list[Fake] = []  # noqa: RUF012

    def __init__(self, name: str, program: Any, number: int, size: int, *, promiscuous: bool) -> None:
        if name in REFUSED:
            raise RatopError("no", exit_code=REFUSED[name])
        self.name, self.program, self.number, self.size, self.closed = name, program, number, size, False
        self.promiscuous = promiscuous
        Fake.made.append(self)

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    Fake.made = []
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(ring, "Ring", Fake)
    monkeypatch.setattr(link, "hardware", lambda name: 1)
    monkeypatch.setattr(devices, "devices", lambda *_: (*UP, Device("bad0", True, "", chosen=False)))
    monkeypatch.setattr(devices, "default_devices", lambda: UP)
    monkeypatch.setattr(devices, "all_up", lambda: UP)


def test_without_names_the_default_interfaces_are_opened_and_share_the_memory() -> None:
    sources, notices = open_interfaces((), None, 96, 32 << 20, promiscuous=False)
    assert [source.name for source in sources] == ["eth0", "lo"]
    assert [fake.size for fake in Fake.made] == [16 << 20, module.LOOPBACK_RING]
    assert [fake.number for fake in Fake.made] == [0, 1]
    assert notices == ()


def test_a_name_twice_is_opened_once() -> None:
    assert len(open_interfaces(("eth0", "eth0"), None, 96, 8 << 20, promiscuous=True)[0]) == 1
    assert Fake.made[0].promiscuous


def test_when_one_cannot_be_opened_none_stays_open() -> None:
    with pytest.raises(RatopError):
        open_interfaces(("eth0", "bad0"), None, 96, 8 << 20, promiscuous=False)
    assert [fake.closed for fake in Fake.made] == [True]


CAN = Device("can0", True, "up", chosen=True)


def test_what_was_not_named_and_cannot_be_captured_is_left_out_with_a_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "all_up", lambda: (CAN, *UP))
    sources, notices = open_interfaces(("any",), None, 96, 32 << 20, promiscuous=False)
    assert [source.name for source in sources] == ["eth0", "lo"]
    assert [fake.number for fake in Fake.made] == [0, 1]
    assert notices == ("no.",)


def test_what_was_named_must_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "devices", lambda *_: (*UP, CAN))
    with pytest.raises(RatopError):
        open_interfaces(("eth0", "can0"), None, 96, 32 << 20, promiscuous=False)
    assert [fake.closed for fake in Fake.made] == [True]


def test_when_nothing_opens_the_first_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "all_up", lambda: (CAN,))
    with pytest.raises(RatopError):
        open_interfaces(("any",), None, 96, 32 << 20, promiscuous=False)


def test_any_is_not_promiscuous_and_says_so() -> None:
    _, notices = open_interfaces(("any",), None, 96, 32 << 20, promiscuous=True)
    assert not any(fake.promiscuous for fake in Fake.made)
    assert notices == (module.UNPROMISING,)


def test_many_interfaces_have_small_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "all_up", lambda: UP * 50)
    open_interfaces(("any",), None, 96, 32 << 20, promiscuous=False)
    assert {fake.size for fake in Fake.made} == {module.LEAST_RING}


def test_other_systems_use_libpcap_and_say_that_it_is_untested(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wire:
        def __init__(self, name: str | None, *_: object, promiscuous: bool) -> None:
            self.name = name

    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr(libpcap, "Libpcap", Wire)
    sources, notices = open_interfaces((), "udp", 96, 32 << 20, promiscuous=False)
    assert len(sources) == 1
    assert "untested" in notices[0]


def test_a_wrong_name_is_an_error_before_anything_is_opened() -> None:
    with pytest.raises(RatopError) as caught:
        open_interfaces(("eth9",), None, 96, 8 << 20, promiscuous=False)
    assert caught.value.hint == "ratop -i eth0"
    assert Fake.made == []


def test_without_libpcap_the_kernel_passes_everything_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "compile_expression", lambda *_: None)
    _, notices = open_interfaces(("eth0",), "arp", 96, 8 << 20, promiscuous=False)
    assert Fake.made[0].program == longer(accept(96), 96)
    assert "libpcap is not installed" in notices[0]


def test_no_interface_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "default_devices", lambda: ())
    with pytest.raises(RatopError, match="no interface is up"):
        open_interfaces((), None, 96, 8 << 20, promiscuous=False)
