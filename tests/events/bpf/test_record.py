"""One layout for those who write and for those who read."""

from __future__ import annotations

import pytest

from ratop_py.events.bpf.record import AT, FIELDS, KEY, LAYOUT, LONG_SIZE, PATH, SIZE, Record, program, read


def test_fields_of_eight_bytes_stand_at_multiples_of_eight() -> None:
    assert [name for name, kind in FIELDS if kind == "Q" and AT[name] % 8] == []
    assert SIZE % 8 == 0


def test_the_key_is_from_the_cookie_to_the_addresses() -> None:
    assert (AT["cookie"], 48) == KEY
    assert {name for name in AT if KEY[0] <= AT[name] < sum(KEY)} == {
        *("cookie", "what", "proto", "family", "spare", "lport", "rport", "local", "remote")
    }


def test_the_record_s_names_are_the_layout_s() -> None:
    assert Record._fields == tuple(name for name, _ in FIELDS)


def test_what_was_written_is_read() -> None:
    values = (1, 2, 3, 4, 6, 0, b"\0P", b"\1\2", b"a" * 16, b"b" * 16, 7, 8, 9, 10, 11, 12, b"comm" + bytes(12))
    assert tuple(read(memoryview(LAYOUT.pack(*values)))) == values


def test_a_record_that_is_cut_is_an_error() -> None:
    with pytest.raises(Exception, match="buffer"):
        read(memoryview(bytes(SIZE - 1)))


def test_path_and_words_stand_behind_it() -> None:
    data = bytes(SIZE) + b"/usr/bin/python3".ljust(PATH, b"\0") + b"python3\0back up.py\0"
    assert program(memoryview(data.ljust(LONG_SIZE, b"\0"))) == ("/usr/bin/python3", ["python3", "back up.py"])
