from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.errors import Exit, RatopError
from ratop_py.net.address import parse, parse_mac
from ratop_py.net.context import KeyProblemError, _context, load

WHOLE: dict[str, Any] = {
    "interfaces": [
        {
            "name": "eth0",
            "mac": "02:00:00:00:00:05",
            "addresses": ["10.0.0.5/24", "2001:db8::5/64"],
            "kind": "bridge",
            "vlan": 7,
        }
    ],
    "routes": [
        {"dst": "default", "via": "10.0.0.1", "dev": "eth0", "metric": 100},
        {"dst": "10.0.0.0/24", "via": None},
    ],
    "neighbours": [
        {"ip": "10.0.0.1", "mac": "02:00:00:00:00:01", "state": "REACHABLE", "router": True, "vlan": [7, 8]}
    ],
    "sockets": [{"time": 1.5, "file": "a.txt", "complete": True}],
    "srcid": "laptop",
    "forwarding": False,
    "capture": {"start": 1.0},
    "inside": ["10.0.0.0/8"],
    "nat": ["192.0.2.1"],
}


def written(folder: Path, tree: object) -> str:
    path = folder / "host.json"
    path.write_text(json.dumps(tree))
    return str(path)


def test_every_key_is_read(tmp_path: Path) -> None:
    context = load(written(tmp_path, WHOLE))
    host = context.host
    assert host.own_macs == {parse_mac("02:00:00:00:00:05")}
    assert parse("2001:db8::5")[0] in host.own_addresses
    assert host.router_macs == {parse_mac("02:00:00:00:00:01")}
    assert host.interfaces[0].vlan == (7,)
    assert host.neighbours[0].vlan == (7, 8)
    assert (host.srcid, host.forwarding) == ("laptop", False)
    assert context.sockets[0].path == tmp_path / "a.txt"
    assert (context.sockets[0].time, context.sockets[0].complete) == (1.5, True)


def test_conntrack_says_masquerade_or_is_an_error(tmp_path: Path) -> None:
    assert load(written(tmp_path, {"conntrack": "masquerade"})).host.masquerades
    assert not load(written(tmp_path, {})).host.masquerades
    for value in ("none", True, 1):
        with pytest.raises(RatopError, match="conntrack must be"):
            load(written(tmp_path, {"conntrack": value}))


def test_sockets_may_be_one_file_of_unknown_time(tmp_path: Path) -> None:
    (only,) = load(written(tmp_path, {"sockets": "lsof.txt"})).sockets
    assert (only.time, only.complete) == (None, False)


@pytest.mark.parametrize(
    ("tree", "named"),
    [
        ({"interface": []}, "unknown key interface"),
        ({"interfaces": [{"name": "e", "colour": 1}]}, "unknown key interfaces[0].colour"),
        ({"interfaces": [{"mac": "02:00:00:00:00:05"}]}, "interfaces[0].name is missing"),
        ({"interfaces": [{"name": "e", "mac": "5"}]}, "interfaces[0].mac must be a MAC"),
        ({"interfaces": [{"name": "e", "addresses": ["10.0.0.5/99"]}]}, "interfaces[0].addresses[0]"),
        ({"interfaces": {}}, "interfaces must be a list"),
        ({"routes": [{"dst": 5}]}, "routes[0].dst must be a string"),
        ({"neighbours": [{"ip": "10.0.0.1", "router": "yes"}]}, "neighbours[0].router must be true or false"),
        ({"sockets": [{"time": "now", "file": "x"}]}, "sockets[0].time must be a number"),
        ({"forwarding": 1}, "forwarding must be true or false"),
        ([], "it must be an object"),
        ("text", "it must be an object"),
    ],
)
def test_a_wrong_key_or_type_is_named(tmp_path: Path, tree: object, named: str) -> None:
    with pytest.raises(RatopError) as caught:
        load(written(tmp_path, tree))
    assert named in caught.value.message
    assert caught.value.exit_code is Exit.BAD_DATA


def test_no_file_and_no_json_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(RatopError) as missing:
        load(str(tmp_path / "none.json"))
    assert missing.value.exit_code is Exit.NO_SOURCE
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(RatopError, match="no JSON"):
        load(str(tmp_path / "x.json"))


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*WHOLE, "name", "mac", "ip", "dst", "file", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(TREES)
def test_any_json_is_a_context_or_names_a_key(tree: object) -> None:
    try:
        _context(tree, Path("."))
    except KeyProblemError as error:
        assert str(error)
