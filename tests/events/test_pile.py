"""Records that waited, read together."""

from __future__ import annotations

from collections.abc import Callable

from ratop_py.events import pile
from ratop_py.events.bpf import record
from ratop_py.events.bpf.ring import HEAD
from ratop_py.events.pile import WHOLE, gather


def one(letter: bytes, size: int = record.SIZE) -> bytes:
    """A record as the ring has it."""
    return size.to_bytes(4, "little") + bytes(HEAD - 4) + letter * size


def many(letters: bytes) -> memoryview:
    return memoryview(b"".join(one(bytes([each])) for each in letters))


def program(path: bytes) -> memoryview:
    """A record with a path behind it."""
    data = bytes(record.SIZE) + path.ljust(record.PATH, b"\0") + b"word\0".ljust(record.ARGUMENTS, b"\0")
    return memoryview(len(data).to_bytes(4, "little") + bytes(HEAD - 4) + data)


def counts(*numbers: int) -> Callable[[], int]:
    left = list(numbers)
    return lambda: left.pop(0)


def test_they_stand_one_behind_the_other_in_their_order() -> None:
    told = gather([many(b"ab"), program(b"/bin/x"), many(b"c")], counts(0, 0), 0)
    letters = [told.fixed[at : at + 1] for at in range(0, len(told.fixed), record.SIZE)]
    assert letters == [b"a", b"b", b"\0", b"c"]
    assert told.programs == {2: ("/bin/x", ["word"])}
    assert (told.whole, told.lost, told.again) == (4, 0, False)


def test_no_records_are_no_pile() -> None:
    assert gather([], counts(0, 0), 0).fixed == b""


def test_what_was_written_before_a_loss_is_known() -> None:
    fits = WHOLE // pile.STEP
    told = gather([many(b"a" * (fits - 1)), program(b"/bin/x"), many(b"b" * 5)], counts(3, 3), 0)
    assert told.whole == fits - 1
    assert not told.again


def test_a_loss_that_was_known_before_concerns_nothing_of_now() -> None:
    assert gather([many(b"ab")], counts(3, 3), 3).whole == 2


def test_a_loss_while_they_were_read_is_told() -> None:
    assert gather([many(b"ab")], counts(0, 1), 0).again
