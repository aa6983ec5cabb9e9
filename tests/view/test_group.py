from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS, Merge
from ratop_py.fields.texts import text_of
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Life
from ratop_py.kinds import Text
from ratop_py.view.group import Groups, ended, gather, merged
from ratop_py.view.model import View
from ratop_py.view.select import select
from tests.helpers.flowset import SECOND, START, flows, mixed, row

SUMMED = tuple(name for name, field in FIELDS.items() if field.merge is Merge.SUM)
NAMES = st.lists(
    st.sampled_from(["saddr", "daddr", "dport", "proto", "program", "state", "way", "cid", "pcr"]),
    min_size=1,
    max_size=3,
    unique=True,
)


def of(name: str, given_flows: Flows, *by: str) -> list[str]:
    """A merged column as text, in the order of the groups."""
    groups = gather(given_flows, by)
    column = merged(given_flows, groups, [name])[name]
    return [text_of(FIELDS[name].kind, column, at) for at in range(len(groups.starts))]


def members(groups: Groups) -> list[set[int]]:
    """Rows of each group."""
    return [set(part.tolist()) for part in np.split(groups.order, groups.starts[1:])]


def three() -> Flows:
    """Two flows to one server, one to another."""
    return flows(
        row("10.0.0.1:1", "10.0.0.9:80", pkts=(3, 2), size=(300, 2000), seconds=1, ttl=(64, 57)),
        row("10.0.0.2:2", "10.0.0.9:80", pkts=(5, 0), size=(500, 0), first=3, seconds=2, ttl=(64, 0)),
        row("10.0.0.1:3", "10.0.0.8:443", pkts=(1, 1), size=(70, 90)),
        risk=[10, 40, 0],
    )  # fmt: skip


@given(NAMES)
def test_every_flow_is_in_one_group_with_those_that_read_the_same(names: list[str]) -> None:
    made = mixed()
    texts = [tuple(text_of(FIELDS[name].kind, FIELDS[name].get(made), at) for name in names) for at in range(len(made))]
    groups = members(gather(made, names))
    assert sorted(at for group in groups for at in group) == list(range(len(made)))
    assert all(len({texts[at] for at in group}) == 1 for group in groups)
    assert len(groups) == len(set(texts))


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_group_shows_what_its_flows_agree_in(name: str) -> None:
    made = mixed()
    column = FIELDS[name].get(made)
    assert sorted(of(name, made, name)) == sorted({text_of(FIELDS[name].kind, column, at) for at in range(len(made))})


@given(NAMES, st.lists(st.integers(0, 7), min_size=1, max_size=20))
def test_sums_of_groups_add_up_to_those_of_the_flows(names: list[str], index: list[int]) -> None:
    some = mixed().take(np.array(index))
    columns: Any = merged(some, gather(some, names), SUMMED)
    for name in SUMMED:
        alone: Any = FIELDS[name].get(some)
        assert columns[name].sum() == pytest.approx(alone.sum()), name


@given(NAMES, st.permutations(range(8)), st.sets(st.integers(0, 7), min_size=1))
def test_a_group_has_the_same_number_in_whatever_company(names: list[str], order: list[int], kept: set[int]) -> None:
    def numbers(made: Flows) -> dict[tuple[str, ...], int]:
        groups = gather(made, names)
        columns = [FIELDS[name].get(made) for name in names]
        firsts = groups.order[groups.starts].tolist()
        keys = [tuple(text_of(FIELDS[n].kind, c, at) for n, c in zip(names, columns, strict=True)) for at in firsts]
        return dict(zip(keys, groups.ids.tolist(), strict=True))

    whole, part = numbers(mixed()), numbers(mixed().take(np.array([at for at in order if at in kept])))
    assert part.items() <= whole.items()
    assert len(set(whole.values())) == len(whole)


def test_flows_in_a_group_are_counted() -> None:
    assert of("trans", three(), "daddr") == ["1", "2"]


def test_what_all_agree_on_stays_and_what_they_differ_in_is_missing() -> None:
    assert of("dport", three(), "daddr") == ["443", "80"]
    assert of("sport", three(), "daddr") == ["3", ""]
    assert of("saddr", three(), "daddr") == ["10.0.0.1", ""]
    assert of("proto", three(), "daddr") == ["tcp", "tcp"]


def test_what_means_nothing_for_a_group_is_missing_even_in_groups_of_one() -> None:
    assert of("dir", three(), "daddr") == of("tcprtt", three(), "daddr") == of("cid", three(), "daddr") == ["", ""]


def test_a_group_lasts_from_its_first_packet_to_its_last() -> None:
    made = three()
    groups = gather(made, ["daddr"])
    columns: Any = merged(made, groups, ["stime", "ltime", "dur"])
    assert columns["stime"].tolist() == [START, START]
    assert columns["ltime"].tolist() == [START + SECOND, START + 5 * SECOND]
    assert columns["dur"].tolist() == [SECOND, 5 * SECOND]


def test_rates_of_a_group_are_those_of_its_sums() -> None:
    made = three()
    columns: Any = merged(made, gather(made, ["daddr"]), ["rate", "smeansz", "load"])
    assert columns["rate"][1] == pytest.approx((10 - 1) / 5)
    assert columns["smeansz"][1] == pytest.approx(800 / 8)


def test_a_group_is_as_suspicious_as_its_worst_flow() -> None:
    assert of("risk", three(), "daddr") == ["0", "40"]
    assert of("level", three(), "daddr") == ["none", "medium"]


def test_the_least_of_a_group_passes_over_what_is_missing() -> None:
    made = flows(
        row("10.0.0.1:1", "10.0.0.9:80", pkts=(1, 0)),
        row("10.0.0.2:2", "10.0.0.9:80", first=2),
    )
    columns: Any = merged(made, gather(made, ["daddr"]), ["dstime"])
    assert columns["dstime"].tolist() == [START + 2 * SECOND + 1000]


def test_the_least_of_nothing_is_missing() -> None:
    made = flows(row("10.0.0.1:1", "10.0.0.9:80", pkts=(1, 0)))
    columns: Any = merged(made, gather(made, ["daddr"]), ["dstime", "dltime"])
    assert columns["dstime"].tolist() == columns["dltime"].tolist() == [-1]


def test_a_group_has_ended_when_all_its_flows_have() -> None:
    made = flows(
        row("10.0.0.1:1", "10.0.0.8:80", life=Life.ENDED),
        row("10.0.0.1:2", "10.0.0.9:80", life=Life.ENDED),
        row("10.0.0.1:3", "10.0.0.9:80"),
    )
    assert ended(made, gather(made, ["daddr"])).tolist() == [True, False]


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_field_groups_and_merges_also_where_there_is_nothing(name: str) -> None:
    assert of("pkts", mixed(), name)
    assert of(name, flows(), "proto") == of("pkts", flows(), name) == []
    assert len(of(name, mixed(), "proto")) == 4


def test_an_address_is_the_same_one_in_arp_and_in_ip() -> None:
    assert of("trans", mixed(), "saddr") == ["4", "2", "1", "1"]


def test_different_values_are_counted_and_missing_ones_are_none() -> None:
    view = View(group=("proto",), fields=("proto", "peers", "programs", "trans"))
    shown = select(mixed(), view, START / SECOND)
    words = shown.columns["proto"]
    assert isinstance(words, Text)
    told = {
        words.at(at): tuple(int(shown.columns[name][at]) for name in ("peers", "programs", "trans"))  # type: ignore[index]
        for at in range(len(shown))
    }
    assert told["tcp"] == (2, 2, 3)
    assert told["udp"] == (2, 0, 3)
