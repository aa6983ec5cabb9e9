from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.flow.layout import HEARD, Hint, offsets
from ratop_py.flow.table import Table
from ratop_py.names.heard import HEAD, Heard, heard
from tests.helpers import frames as f


def test_the_head_is_as_the_layout_says() -> None:
    assert HEAD.size == offsets(HEARD)[""]
    assert [fact.type for fact in HEARD] == ["u64", "i64", "u32", "u8", "u8", "u16"]


def test_what_the_engine_kept_is_told_one_by_one() -> None:
    table = Table(4, seed=1)
    table.engine.listen(9)
    question = f.ether(f.ip4(f.udp(b"?", 4000, 53), 17, f.A, f.B))
    for at, payload in ((5, b"answer"), (6, b"another"), (7, b"12345678")):
        frame = f.ether(f.ip4(f.udp(payload, 53, 4000), 17, f.B, f.A))
        table.engine.feed_frame(frame, len(frame), at, 1, 0)
        table.engine.feed_frame(question, len(question), at, 1, 0)
    assert list(heard(table.engine.take_heard())) == [
        Heard(1, 5, 0, Hint.DNS, 1, asked=False, data=b"answer"),
        Heard(1, 6, 0, Hint.DNS, 1, asked=True, data=b"another"),
        Heard(1, 7, 0, Hint.DNS, 1, asked=True, data=b"12345678"),
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_to_their_end(kept: bytes) -> None:
    assert sum(24 + len(each.data) for each in heard(kept)) <= len(kept)
