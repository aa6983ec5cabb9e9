from __future__ import annotations

import pytest

from ratop_py.fields import FIELDS
from ratop_py.filter.vocabulary import CLOSED, PROTOCOL_WORDS, SIDED, canonical, could_hold, known_words, misspelt
from ratop_py.filter.words import WORDS
from ratop_py.kinds import Text
from tests.helpers.flowset import mixed


def test_every_field_and_word_is_known_to_errors_and_completion() -> None:
    assert {*FIELDS, *WORDS, "host", "net", "port", "src"} <= {*known_words()}


def test_protocols_and_sided_fields_are_found() -> None:
    assert {"tcp", "udp", "arp", "icmp6", "lldp"} <= {*PROTOCOL_WORDS}
    assert {"ttl", "tos", "vid"} <= {*SIDED}


@pytest.mark.parametrize("field", sorted(CLOSED))
def test_closed_fields_hold_their_words_and_no_others(field: str) -> None:
    column = FIELDS[field].get(mixed())
    assert isinstance(column, Text)
    assert {column.at(row) for row in range(len(column))} <= {"", *CLOSED[field]}
    assert all(canonical(field, word.upper()) == word for word in CLOSED[field])
    assert canonical(field, "nonsense") is None


def test_open_fields_hold_any_word() -> None:
    assert canonical("user", "Ada") == "Ada"
    assert canonical("state", "") == ""


def test_where_a_text_cannot_be_nobody_looks() -> None:
    assert could_hold("state", "fi")
    assert not could_hold("state", "firefox")
    assert could_hold("proto", "253")
    assert could_hold("user", "firefox")


def test_slips_are_told_from_names() -> None:
    assert all(map(misspelt, ("tpc", "TCP", "tcpp", "prot", "443", "in")))
    assert not any(map(misspelt, ("ssh", "cron", "node", "unbound", "ss", "x")))
