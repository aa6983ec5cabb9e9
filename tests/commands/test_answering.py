"""From options to a question and a writer."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from ratop_py.commands.answering import asks_for_names, first, order, plan
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.sources import Sources
from ratop_py.config import DEFAULTS
from ratop_py.errors import Exit, RatopError
from ratop_py.export import jsonl
from ratop_py.view import Order, View
from tests.helpers.tables import story

FILE = Sources(files=("x.pcap",))


def asked(**options: Any) -> PrintOptions:
    return PrintOptions(**{"sources": FILE, **options})


def test_text_has_argus_columns_by_default() -> None:
    assert plan(asked()).view.fields == DEFAULTS.fields


def test_owners_are_shown_where_they_are_known() -> None:
    known = Sources(files=("x.pcap",), context="x.json")
    assert plan(asked(sources=known)).view.fields == DEFAULTS.fields + DEFAULTS.owners


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_programs_get_all_promised_keys(name: str) -> None:
    assert plan(asked(format=name)).view.fields == jsonl.FIELDS_BY_DEFAULT


def test_a_grouping_shows_its_keys_and_sums() -> None:
    view = plan(asked(group="saddr,proto")).view
    assert view.group == ("saddr", "proto")
    assert view.fields == ("saddr", "proto", *DEFAULTS.sums)


def test_other_words_for_fields_are_understood() -> None:
    assert plan(asked(columns=("app",), sort="packets")).view.order == (Order("pkts"),)


def test_columns_can_be_chosen() -> None:
    assert plan(asked(columns=("saddr bytes",))).view.fields == ("saddr", "bytes")


def test_the_filter_and_the_limit_are_part_of_the_question() -> None:
    view = plan(asked(filter="tcp", count=3)).view
    assert (view.filter, view.limit) == ("tcp", 3)


def test_numbers_sort_downwards_and_names_upwards() -> None:
    assert order("bytes") == Order("bytes", descending=True)
    assert order("saddr") == Order("saddr", descending=False)
    assert order("dport") == Order("dport", descending=False)


def test_a_minus_turns_the_order() -> None:
    assert order("-bytes") == Order("bytes", descending=False)
    assert order("-saddr") == Order("saddr", descending=True)


@pytest.mark.parametrize("options", [{"sort": "bites"}, {"group": "sadr"}, {"columns": ("bites",)}])
def test_a_wrong_name_is_found_before_anything_is_opened(options: dict[str, Any]) -> None:
    with pytest.raises(RatopError, match="no field") as caught:
        plan(asked(**options))
    assert caught.value.exit_code is Exit.USAGE


def test_a_wrong_filter_is_found_before_anything_is_opened() -> None:
    with pytest.raises(RatopError) as caught:
        plan(asked(filter="tpc"))
    assert caught.value.exit_code is Exit.USAGE


def test_a_separator_is_for_text_alone() -> None:
    with pytest.raises(RatopError, match="-c is for text"):
        plan(asked(format="csv", separator=";"))


def test_a_separator_cannot_steer_the_terminal() -> None:
    with pytest.raises(RatopError, match="printable"):
        plan(asked(separator="\x1b[31m"))
    plan(asked(separator="\t"))


@pytest.mark.parametrize(
    ("name", "begins"), [("text", b"StartTime"), ("csv", b"stime,"), ("jsonl", b"{"), ("parquet", b"PAR1")]
)
def test_the_writer_writes_the_format(name: str, begins: bytes) -> None:
    out = BytesIO()
    write = plan(asked(format=name, output="x")).write
    assert write is not None
    assert write(iter([story()]), out) == 2
    assert out.getvalue().lstrip().startswith(begins)


def test_the_first_rows_of_a_snapshot_are_whole() -> None:
    part = first(story(), 1)
    assert len(part) == len(part.ended) == 1
    assert {len(column) for column in part.columns.values()} == {1}
    assert first(story(), 5) is not None
    assert len(first(story(), 5)) == 2


def test_a_view_says_how_rows_are_put_together_ordered_and_shown() -> None:
    made = plan(PrintOptions(view="hosts")).view
    assert (made.group, made.order[0].field, made.fields[0]) == (("peer",), "bps", "peer")
    assert plan(PrintOptions(view="tree")).view.tree


def test_own_columns_and_order_go_before_those_of_the_view() -> None:
    made = plan(PrintOptions(view="hosts", columns=("peer bytes",), sort="bytes")).view
    assert (made.fields, made.order[0].field) == (("peer", "bytes"), "bytes")


def test_a_view_and_a_grouping_exclude_each_other() -> None:
    with pytest.raises(RatopError, match="either --view or --group"):
        plan(PrintOptions(view="hosts", group="proto"))


@pytest.mark.parametrize("name", ["parquet", "pcapng"])
def test_a_format_for_files_wants_the_name_of_one(name: str) -> None:
    with pytest.raises(RatopError, match="written to a file") as caught:
        plan(PrintOptions(format=name))
    assert "-o flows." in caught.value.hint


def test_packets_have_no_columns_and_no_separator() -> None:
    with pytest.raises(RatopError, match="-s is for rows"):
        plan(PrintOptions(format="pcapng", output="x", columns=("saddr",)))
    with pytest.raises(RatopError, match="-c is for text"):
        plan(PrintOptions(format="pcapng", output="x", separator=","))
    assert plan(PrintOptions(format="pcapng", output="x")).write is None


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        (View(fields=("saddr", "bytes"), filter="tcp and port 443 and user = ada"), False),
        (View(fields=("saddr", "dname")), True),
        (View(group=("peername",)), True),
        (View(order=(Order("sni"),)), True),
        (View(filter="tcp and peername ~ example"), True),
        (View(filter="name ~ example"), True),
        (View(filter="src namehow = sni"), True),
    ],
)
def test_names_are_heard_only_where_some_are_asked_for(view: View, wanted: bool) -> None:
    assert asks_for_names(view) is wanted
