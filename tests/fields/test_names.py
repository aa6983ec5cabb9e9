from __future__ import annotations

from dataclasses import replace

from ratop_py.fields import FIELDS
from ratop_py.filter import compile_filter
from ratop_py.flow.flows import Flows, Name
from ratop_py.kinds import Text
from tests.helpers.flowset import flows, row

SURE, CLAIM, SAID = Name("a.example", "dns", 1.0), Name("b.example", "mdns", 2.0), Name("c.example", "sni", 0.0)
NAMES = ((), (SURE, CLAIM), (CLAIM,), (SAID,))


def named() -> Flows:
    rows = (row(f"10.0.0.1:{number}", "10.0.0.2:443") for number in range(1, 5))
    found = flows(*rows, s_name=[0, 2, 0, 2], d_name=[1, 2, 3, 0], sni=[3, 0, 3, 0], way=[2, 1, 0, 1])
    return replace(found, names=NAMES)


def words(name: str) -> list[str]:
    column = FIELDS[name].get(named())
    assert isinstance(column, Text)
    return [column.at(place) for place in range(len(column))]


def test_the_surest_name_of_each_end_is_told_and_a_claim_is_marked() -> None:
    assert words("sname") == ["", "b.example?", "", "b.example?"]
    assert words("dname") == ["a.example", "b.example?", "c.example?", ""]
    assert words("sni") == ["c.example?", "", "c.example?", ""]


def test_the_peer_is_the_end_that_is_not_this_machine() -> None:
    assert words("peername") == ["a.example", "b.example?", "c.example?", "b.example?"]
    assert words("peernamehow") == ["dns", "mdns", "sni", "mdns"]


def test_how_a_name_is_known_stands_beside_it() -> None:
    assert words("snamehow") == ["", "mdns", "", "mdns"]
    assert words("dnamehow") == ["dns", "mdns", "sni", ""]


def test_filters_ask_for_names_and_addresses_stay_addresses() -> None:
    for text, expected in (
        ("peername ~ example", [True] * 4),
        ("dname = a.example", [True, False, False, False]),
        ('dname = "b.example?"', [False, True, False, False]),
        ("host 10.0.0.2", [True] * 4),
    ):
        assert compile_filter(text, 0.0).mask(named()).tolist() == expected
