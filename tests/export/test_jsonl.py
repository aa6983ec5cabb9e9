"""JSON lines."""

from __future__ import annotations

import json
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.export import jsonl
from ratop_py.view import Snapshot
from tests.helpers.tables import rows_of, snapshot, story, words


def written(*snapshots: Snapshot) -> bytes:
    out = BytesIO()
    count = jsonl.write(snapshots, out)
    assert count == out.getvalue().count(b"\n")
    return out.getvalue()


def test_a_row_is_one_object_with_argus_names() -> None:
    first, second = map(json.loads, written(story()).splitlines())
    assert first == {
        "stime": 1700000000.005,
        "dur": 0.080002,
        "proto": "tcp",
        "saddr": "10.0.0.1",
        "sport": 42001,
        "daddr": "192.0.2.7",
        "dport": 80,
        "sbytes": 4814,
        "svlan": 100,
        "smac": "02:00:00:00:00:01",
        "program": 'a "b", c',
        "load": 1234.568,
        "why": ["OWN", "BOGON"],
    }
    assert second["saddr"] == "fe80::1"


def test_what_is_missing_is_null_and_no_reason_is_an_empty_list() -> None:
    row = json.loads(written(story()).splitlines()[1])
    assert [name for name, value in row.items() if value is None] == [
        "sport",
        "daddr",
        "dport",
        "svlan",
        "smac",
        "program",
        "load",
    ]
    assert row["why"] == []
    assert row["sbytes"] == 0


def test_times_are_numbers_with_microseconds() -> None:
    assert written(story()).startswith(b'{"stime":1700000000.005000,"dur":0.080002,')


def test_keys_stand_in_the_order_of_the_view() -> None:
    assert list(json.loads(written(story()).splitlines()[0])) == list(story().columns)


def test_pieces_give_the_same_bytes_as_the_whole() -> None:
    whole = story()
    assert written(rows_of(whole, 0, 1), rows_of(whole, 1, 2)) == written(whole)


def test_nothing_gives_nothing() -> None:
    assert written() == b""
    assert written(rows_of(story(), 0, 0)) == b""


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_any_word_comes_back(values: list[str]) -> None:
    values = [value.encode("utf-8", "replace").decode() for value in values]
    read = [
        json.loads(line)["program"] for line in written(snapshot({"program": words(*values)})).decode().split("\n")[:-1]
    ]
    assert read == [value or None for value in values]


def test_the_default_keys_are_those_that_are_promised() -> None:
    promised = (
        "stime ltime dur proto saddr sport daddr dport spkts dpkts sbytes dbytes sappbytes dappbytes state sttl dttl"
        " smac dmac svlan dvlan cid user pid program owner risk level why"
    )
    assert " ".join(jsonl.FIELDS_BY_DEFAULT) == promised
