from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.capture.devices import addresses, all_up, default_devices, devices, no_such, routed_interfaces
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


def test_a_vlan_is_watched_where_the_interface_below_it_is_not(machine: Machine) -> None:
    machine.add("eth0")
    (machine.add("eth0.7") / "lower_eth0").symlink_to(machine.sys / "eth0")
    machine.route("eth0.7")
    assert machine.chosen() == ["eth0.7"]


def test_a_tunnel_is_watched_too_for_below_it_its_packets_are_wrapped(machine: Machine) -> None:
    machine.add("eth0")
    tunnel = machine.add("vx0")
    (tunnel / "lower_eth0").symlink_to(machine.sys / "eth0")
    (tunnel / "uevent").write_text("DEVTYPE=vxlan\nINTERFACE=vx0\n")
    machine.route("eth0", "vx0")
    assert machine.chosen() == ["eth0", "vx0"]


def test_a_member_is_watched_where_its_bridge_is_down(machine: Machine) -> None:
    bridge = machine.add("br0", up=False)
    (bridge / "bridge").mkdir()
    (machine.add("eth0") / "master").symlink_to(bridge)
    machine.route("eth0")
    assert machine.chosen() == ["eth0"]


def test_what_stands_upon_all_its_members_gives_way_to_them(machine: Machine) -> None:
    vrf = machine.add("vrf0")  # not a bridge: what it shows is what its members carry
    for name in ("eth0", "eth1"):
        (vrf / f"lower_{name}").symlink_to(machine.sys / name)
        (machine.add(name) / "master").symlink_to(vrf)
    machine.route("eth0", "eth1", "vrf0")
    assert machine.chosen() == ["eth0", "eth1"]
    assert machine.why("vrf0") == "its packets are seen on eth0, eth1"


def test_a_vlan_upon_a_member_of_a_bridge_does_not_give_way_to_it(machine: Machine) -> None:
    bridge = machine.add("br0")
    (bridge / "bridge").mkdir()
    (machine.add("eth0") / "master").symlink_to(bridge)
    (machine.add("eth0.7") / "lower_eth0").symlink_to(machine.sys / "eth0")
    assert [device.name for device in all_up(machine.sys, machine.proc)] == ["br0", "eth0.7"]


@pytest.mark.skipif(not Path("/proc/net/route").exists(), reason="Linux")
def test_this_machine_s_own_addresses_are_told() -> None:
    assert "127.0.0.1" in addresses().get("lo", ["127.0.0.1"])


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
    error = no_such("wlp3s0", machine.sys, machine.proc, {"wlp2s0": ["10.0.0.5", "fe80::5"]})
    assert error.message.endswith("lo down; wlp2s0 up 10.0.0.5 fe80::5")
    assert error.hint == "ratop -i wlp2s0"
    assert error.exit_code is Exit.NO_SOURCE


def test_a_system_without_these_folders_has_no_interfaces(tmp_path: Path) -> None:
    assert devices(tmp_path / "none", tmp_path / "none") == ()
