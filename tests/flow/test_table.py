from __future__ import annotations

import random
import subprocess
import sys

import numpy as np
import pytest

from ratop_py.flow.layout import Cause, Life, row_dtype
from ratop_py.flow.table import Table
from tests.helpers import frames as f
from tests.helpers.feeding import START, MakeTable, counts, feed, only, pair, used

SECOND = 1_000_000_000
TIMEOUTS = np.array([60, 20, 5, 30, 10, 40], np.int64) * SECOND


def numbered(number: int) -> bytes:
    """A frame of flow `number`."""
    return f.ether(f.ip4(f.udp(b"", number & 0xFFFF, 2), 17, f"10.0.{number >> 16}.1"))


def identity(table: Table) -> set[tuple[int, int]]:
    """(id, port) of live flows."""
    rows = table.rows[table.live()]
    return set(zip(rows["id"].tolist(), rows["port_a"].tolist(), strict=True))


def test_a_table_says_whether_it_is_compiled() -> None:
    assert not Table(8, pure=True).compiled


@pytest.mark.parametrize(("value", "compiled"), [("1", "False"), ("0", None), ("", None)])
def test_the_environment_may_ask_for_the_uncompiled_engine(value: str, compiled: str | None) -> None:
    code = "from ratop_py.flow.table import Table; print(Table(8).compiled)"
    said = subprocess.run(
        [sys.executable, "-c", code], env={"RATOP_PURE": value}, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == (compiled or str(Table(8).compiled))


def test_the_engine_runs_where_cython_is_not_installed() -> None:
    code = (
        "import sys; sys.modules['cython'] = None; from ratop_py.flow.table import Table; t = Table(8, pure=True);"
        "t.engine.feed_frame(bytes(60), 60, 1, 1, 0); print(t.counters()['packets'])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"


def test_rows_are_a_view_that_grows_and_never_moves(make: MakeTable) -> None:
    table = make()
    feed(table, numbered(1))
    before = table.rows
    feed(table, numbered(1), numbered(2))
    assert (pair(before[0], "pkts"), len(before), len(table.rows)) == ((2, 0), 1, 2)
    assert table.rows.dtype == row_dtype()


def test_only_what_a_packet_touched_since_has_changed(table: Table) -> None:
    table.engine.epoch = 3
    feed(table, numbered(1), numbered(2))
    table.engine.epoch = 4
    feed(table, numbered(2))
    assert (table.changed(4).tolist(), table.changed(3).tolist()) == ([1], [0, 1])


def test_an_end_is_a_change(table: Table) -> None:
    feed(table, numbered(1))
    table.engine.epoch = 9
    table.engine.end(0, Cause.EVICTED)
    assert (table.changed(9).tolist(), int(only(table)["cause"]), table.live().tolist()) == ([0], Cause.EVICTED, [])


def test_an_ended_flow_stays_readable_until_it_is_released(table: Table) -> None:
    feed(table, numbered(1))
    table.engine.end(0, Cause.IDLE)
    feed(table, numbered(1))
    assert [(int(row["id"]), int(row["life"])) for row in used(table)] == [(1, Life.ENDED), (2, Life.LIVE)]
    table.engine.release(0)
    assert [int(row["id"]) for row in used(table)] == [2]


def test_a_released_row_is_used_again_under_a_new_id(table: Table) -> None:
    feed(table, numbered(1))
    table.engine.end(0, Cause.IDLE)
    table.engine.release(0)
    feed(table, numbered(2))
    assert (len(table.rows), int(only(table)["id"]), pair(only(table), "pkts")) == (1, 2, (1, 0))


def test_a_live_row_is_not_released_and_an_ended_one_not_ended_again(table: Table) -> None:
    feed(table, numbered(1))
    table.engine.release(0)
    table.engine.end(0, Cause.IDLE)
    table.engine.end(0, Cause.EVICTED)
    assert int(only(table)["cause"]) == Cause.IDLE
    assert counts(table)["ended"] == 1


@pytest.mark.parametrize("row", [-1, 1, 1 << 40])
def test_rows_that_were_never_used_are_refused(table: Table, row: int) -> None:
    feed(table, numbered(1))
    for deed in (table.engine.release, table.engine.take_mark, lambda at: table.engine.end(at, 1)):
        with pytest.raises(IndexError):
            deed(row)


def test_a_full_table_counts_what_it_refuses_and_goes_on(make: MakeTable) -> None:
    table = make(2)
    feed(table, numbered(1), numbered(2), numbered(3), numbered(2))
    assert (len(used(table)), counts(table)["full"], counts(table)["packets"]) == (2, 1, 4)
    assert pair(used(table)[1], "pkts") == (2, 0)


def test_a_taken_mark_waits_for_the_next_packet(table: Table) -> None:
    feed(table, numbered(1), numbered(1))
    assert int(only(table)["rec_first"]) == START
    table.engine.take_mark(0)
    assert int(only(table)["rec_first"]) == 0
    feed(table, numbered(1), start=START + 7)
    assert int(only(table)["rec_first"]) == START + 7


SYN, SYNACK, ACK = f.tcp(f.SYN, 1), f.tcp(f.SYN | f.ACK, 9, 2, sport=80, dport=1000), f.tcp(f.ACK, 2, 10)
OPEN = (f.ether(f.ip4(SYN, 6)), f.ether(f.ip4(SYNACK, 6, f.B, f.A)), f.ether(f.ip4(ACK, 6)))
RESET = (*OPEN, f.ether(f.ip4(f.tcp(f.RST, 2), 6)))


@pytest.mark.parametrize(
    ("frames", "seconds", "cause"),
    [
        (OPEN, 60, Cause.IDLE),
        (OPEN[:1], 20, Cause.IDLE),
        (RESET, 5, Cause.CLOSED),
        ((numbered(1),), 30, Cause.IDLE),
        ((f.ether(f.ip4(f.icmp(8), 1)),), 10, Cause.IDLE),
        ((f.ether(f.arp(1), 0x0806),), 40, Cause.IDLE),
        ((f.ether(f.ip4(bytes(9), 50)),), 40, Cause.IDLE),
    ],
    ids=["open", "half-open", "closed", "udp", "icmp", "arp", "esp"],
)
def test_each_class_ends_after_its_own_silence(
    table: Table, frames: tuple[bytes, ...], seconds: int, cause: int
) -> None:
    feed(table, *frames, step=0)
    limit = START + seconds * SECOND
    assert table.engine.idle(0, 10, limit, TIMEOUTS) == 0
    assert table.engine.idle(0, 10, limit + 1, TIMEOUTS) == 1
    assert (int(only(table)["life"]), int(only(table)["cause"])) == (Life.ENDED, cause)


def test_the_clock_hand_looks_at_its_rows_only(table: Table) -> None:
    feed(table, *(numbered(number) for number in range(10)))
    assert table.engine.idle(2, 3, START * 2, TIMEOUTS) == 3
    assert table.live().tolist() == [0, 1, 5, 6, 7, 8, 9]


def test_timeouts_that_are_too_few_are_refused(table: Table) -> None:
    with pytest.raises(ValueError, match="six"):
        table.engine.idle(0, 1, 0, TIMEOUTS[:5])


def test_many_flows_outgrow_the_first_slots_and_are_all_found_again(make: MakeTable) -> None:
    table = make(4000)
    frames = [numbered(number) for number in range(4000)]
    feed(table, *frames, *frames)
    assert len(table.rows) == 4000
    assert (table.rows["pkts"][:, 0] == 2).all()
    assert (np.sort(table.rows["id"]) == np.arange(1, 4001)).all()


def test_ending_in_any_order_loses_nobody_else(make: MakeTable) -> None:
    table, rng, model = make(700), random.Random(5), {}
    for _ in range(5000):
        number = rng.randrange(900)
        if rng.random() < 0.6:
            feed(table, numbered(number))
            for row in table.rows[table.live()]:
                model[int(row["port_a"])] = int(row["id"])
        elif number < len(table.rows) and table.rows[number]["life"] == Life.LIVE:
            del model[int(table.rows[number]["port_a"])]
            table.engine.end(number, Cause.EVICTED)
            table.engine.release(number)
        if rng.random() < 0.01:
            assert identity(table) == {(key, port) for port, key in model.items()}
    assert len(model) > 100


def test_the_same_seed_and_frames_give_the_same_bytes_in_both_modes() -> None:
    tables = [Table(256, seed=9, pure=pure) for pure in (False, True)]
    for table in tables:
        feed(table, *(numbered(number) for number in range(200)), *RESET)
    assert tables[0].rows.tobytes() == tables[1].rows.tobytes()
