from __future__ import annotations

from ratop_py.fields import FIELDS
from ratop_py.filter.vocabulary import PROTOCOL_WORDS, SIDED, known_words
from ratop_py.filter.words import WORDS


def test_every_field_and_word_is_known_to_errors_and_completion() -> None:
    assert {*FIELDS, *WORDS, "host", "net", "port", "src"} <= {*known_words()}


def test_protocols_and_sided_fields_are_found() -> None:
    assert {"tcp", "udp", "arp", "icmp6", "lldp"} <= {*PROTOCOL_WORDS}
    assert {"ttl", "tos", "vid"} <= {*SIDED}
