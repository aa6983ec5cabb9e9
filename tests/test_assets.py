"""The demo recording is what its maker makes, and holds what it is there to show."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assets.make_demo import LOOKS, SHIPPED, make

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 400_000
"""Bytes that a recording may add to an installation."""
HONEST_MOST = {"none", "info", "low"}
STORY = {
    ("203.0.113.90", "192.0.2.17", 8080): ("high", "wiki.py"),
    ("192.0.2.17", "203.0.113.90", 8443): ("high", "agent"),
    ("192.0.2.17", "198.51.100.9", 53): ("medium", None),
    ("192.0.2.1", "192.0.2.17", 5 << 8 | 1): ("high", None),
}
"""(saddr, daddr, dport; of ICMP type and code) → level, program."""


@cache
def rows() -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "ratop_py", "print", "--format", "jsonl"]
    files = ["-r", str(SHIPPED / "demo.pcap.gz"), "--context", str(SHIPPED / "demo.json")]
    done = subprocess.run([*command, *files], cwd=ROOT, capture_output=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def key(row: dict[str, Any]) -> tuple[str, str, int | None]:
    return row["saddr"], row["daddr"], row["dport"]


def test_the_maker_reproduces_the_shipped_bytes() -> None:
    for name, data in make():
        shipped = SHIPPED / (name + ".gz" if name.endswith(".pcap") else name)
        found = gzip.decompress(shipped.read_bytes()) if shipped.suffix == ".gz" else shipped.read_bytes()
        assert found == data, f"{shipped.name} is stale: python -m assets.make_demo"


def test_another_seed_makes_another_recording() -> None:
    assert dict(make(1))["demo.pcap"] != dict(make(2))["demo.pcap"]


def test_nothing_ships_that_the_maker_does_not_make() -> None:
    made = {name + ".gz" if name.endswith(".pcap") else name for name, _ in make()}
    assert {path.name for path in SHIPPED.glob("demo*")} == made


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.glob("demo*")) <= LARGEST


def test_its_listings_are_those_of_the_sidecar() -> None:
    told = json.loads((SHIPPED / "demo.json").read_text())["sockets"]
    assert len(told) == len(LOOKS)
    assert all((SHIPPED / each["file"]).is_file() and each["complete"] for each in told)


@pytest.mark.system
def test_the_forged_flow_and_the_loot_stand_out() -> None:
    found = {key(row): (row["level"], row["program"]) for row in rows() if key(row) in STORY}
    assert found == STORY


@pytest.mark.system
def test_nothing_honest_is_above_low() -> None:
    assert [row for row in rows() if key(row) not in STORY and row["level"] not in HONEST_MOST] == []


@pytest.mark.system
def test_it_is_a_whole_laptop() -> None:
    programs = {row["program"] for row in rows()}
    wanted = {"firefox", "thunderbird", "ssh", "git-remote-http", "rclone", "code", "dockerd", "cupsd", "postgres"}
    assert programs >= wanted | {"wiki.py", "helper", "agent"}
    assert {row["proto"] for row in rows()} >= {"tcp", "udp", "arp", "icmp"}
    assert any(":" in row["saddr"] for row in rows())
    assert 150 <= len(rows()) <= 300


@pytest.mark.system
def test_some_flows_are_shorter_than_the_time_between_two_looks() -> None:
    assert sum(row["owner"] == "unknown" for row in rows()) > 10
    assert sum(row["owner"] in {"ok", "shared"} for row in rows()) > len(rows()) / 2


@pytest.mark.system
def test_the_kernels_own_tunnel_has_no_owner_and_no_blame() -> None:
    (tunnel,) = (row for row in rows() if row["dport"] == 51820)
    assert (tunnel["owner"], tunnel["level"]) == ("none", "none")
