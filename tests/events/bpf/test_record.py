"""One layout for those who write and for those who read."""

from __future__ import annotations

import numpy as np
import pytest

from ratop_py.events.bpf.record import AT, KEY, LAYOUT, LONG_SIZE, PATH, SIZE, batch, ends, program
from ratop_py.flow.key import key
from ratop_py.net.address import parse


def test_fields_of_eight_bytes_stand_at_multiples_of_eight_without_gaps() -> None:
    fields = dict(LAYOUT.fields or {})
    assert [name for name, (kind, *_) in fields.items() if kind.base.itemsize == 8 and AT[name] % 8] == []
    assert sum(kind.itemsize for kind, *_ in fields.values()) == SIZE
    assert SIZE % 8 == 0


def test_the_key_is_from_the_cookie_to_the_addresses() -> None:
    assert (AT["cookie"], 48) == KEY
    assert {name for name in AT if KEY[0] <= AT[name] < sum(KEY)} == {
        *("cookie", "what", "proto", "family", "spare", "lport", "rport", "local", "remote")
    }


@pytest.mark.parametrize(
    ("family", "here", "there"),
    [(4, "10.0.0.1", "10.0.0.2"), (4, "10.0.0.2", "10.0.0.1"), (6, "2001:db8::2", "fe80::1")],
)
def test_what_was_written_is_read_as_a_flow_s_ends(family: int, here: str, there: str) -> None:
    one = bytearray(SIZE)
    one[AT["proto"]], one[AT["family"]] = 17, family
    one[AT["lport"] : AT["rport"] + 2] = b"\x13\x88\x00\x35"
    for name, text in (("local", here), ("remote", there)):
        raw = parse(text)[0].to_bytes(16, "big")[-4 if family == 4 else -16 :]
        one[AT[name] : AT[name] + len(raw)] = raw
    assert ends(batch(one + one)) == 2 * [key(17, (parse(here)[0], 5000), (parse(there)[0], 53))]


def test_no_records_have_no_ends() -> None:
    assert ends(batch(b"")) == []


def test_a_batch_that_is_cut_is_an_error() -> None:
    with pytest.raises(ValueError, match="buffer size"):
        batch(bytes(SIZE - 1))


def test_columns_are_plain_values() -> None:
    one = batch(bytes(SIZE))
    assert one["comm"].tolist() == [bytes(16)]
    assert isinstance(one["pid"].tolist()[0], int)
    assert one["at"].dtype == np.uint64


def test_path_and_words_stand_behind_it() -> None:
    data = bytes(SIZE) + b"/usr/bin/python3".ljust(PATH, b"\0") + b"python3\0back up.py\0"
    assert program(memoryview(data.ljust(LONG_SIZE, b"\0"))) == ("/usr/bin/python3", ["python3", "back up.py"])
