from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.capture.devices import all_up, default_devices, devices, no_such, routed_interfaces
from ratop_py.errors import Exit

ROUTE6 = "{to} {bits} 0 00 0 00000400 00000001 00000000 {flags} {name}"


class Machine:
    """A /sys/class/net and a /proc/net to read."""

    def __init__(self, folder: Path) -> None:
        self.sys, self.proc = folder / "sys", folder / "proc"
        self.sys.mkdir()
        self.proc.mkdir()

    def add(self, name: str, *, up: bool = True) -> Path:
        place = self.sys / name
        place.mkdir()
        (place / "flags").write_text("0x1003" if up else "0x1002")
        (place / "operstate").write_text("up" if up else "down")
        return place

    def route(self, *names: str) -> None:
        (self.proc / "route").write_text("Iface\tDestination\n" + "".join(f"{name}\t00000000\n" for name in names))

    def chosen(self) -> list[str]:
        return [device.name for device in default_devices(self.sys, self.proc)]

    def why(self, name: str) -> str:
        return next(device.why for device in devices(self.sys, self.proc) if device.name == name)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_is_up_and_has_a_route_is_watched_and_loopback(machine: Machine) -> None:
    for name, up in (("eth0", True), ("eth1", False), ("eth2", True), ("lo", True)):
        machine.add(name, up=up)
    machine.route("eth0", "eth1")
    assert machine.chosen() == ["eth0", "lo"]
    assert (machine.why("eth1"), machine.why("eth2")) == ("down", "no route")


def test_members_of_a_bridge_give_way_to_it(machine: Machine) -> None:
    bridge = machine.add("br0")
    (bridge / "bridge").mkdir()
    (bridge / "lower_eth0").symlink_to(machine.sys)
    (machine.add("eth0") / "master").symlink_to(bridge)
    machine.route("br0", "eth0")
    assert machine.chosen() == ["br0"]
    assert machine.why("eth0") == "its packets are seen on br0"


def test_a_vlan_gives_way_to_the_interface_below_it(machine: Machine) -> None:
    machine.add("eth0")
    (machine.add("eth0.7") / "lower_eth0").symlink_to(machine.sys / "eth0")
    machine.route("eth0", "eth0.7")
    assert machine.chosen() == ["eth0"]


def test_any_is_all_that_is_up_but_no_packet_twice(machine: Machine) -> None:
    machine.add("eth0")
    (machine.add("eth0.7") / "lower_eth0").symlink_to(machine.sys / "eth0")
    machine.add("dummy0")
    machine.add("off", up=False)
    machine.route("eth0")
    assert [device.name for device in all_up(machine.sys, machine.proc)] == ["dummy0", "eth0"]


def test_ipv6_routes_count_but_not_link_local_and_multicast_ones(machine: Machine) -> None:
    lines = [
        ROUTE6.format(to="20010db8" + "0" * 24, bits="40", flags="00000001", name="six"),
        ROUTE6.format(to="fe80" + "0" * 28, bits="40", flags="00000001", name="local"),
        ROUTE6.format(to="ff00" + "0" * 28, bits="08", flags="00000001", name="group"),
        ROUTE6.format(to="0" * 31 + "1", bits="80", flags="80200001", name="own"),
        "torn line",
    ]
    (machine.proc / "ipv6_route").write_text("\n".join(lines))
    assert routed_interfaces(machine.proc) == {"six"}


def test_a_wrong_name_is_answered_with_what_there_is_and_the_nearest(machine: Machine) -> None:
    machine.add("wlp2s0")
    machine.add("lo", up=False)
    error = no_such("wlp3s0", machine.sys, machine.proc)
    assert "lo (down), wlp2s0 (up)" in error.message
    assert error.hint == "ratop -i wlp2s0"
    assert error.exit_code is Exit.NO_SOURCE


def test_a_system_without_these_folders_has_no_interfaces(tmp_path: Path) -> None:
    assert devices(tmp_path / "none", tmp_path / "none") == ()
