"""Who was named in the last minute, flows that are gone included."""

from __future__ import annotations

from typing import Any

import numpy as np

from ratop_py.correlate.match import WHY_SENTENCES, WHY_WORDS, Match, Why
from ratop_py.engine.minute import EVERY, Minute
from ratop_py.flow.flows import Flows
from ratop_py.view import Coverage, Share
from tests.helpers.flowset import SECOND, START, flows, row

NOW = START + 2 * SECOND


def some(*facts: tuple[int, int], way: int = 2, first: float = 0.0, **notes: Any) -> Flows:
    """Flows of this machine: (match, reason) each; each has sent 100 bytes more than the one before."""
    rows = [row(f"10.0.0.1:{n}", "10.0.0.2:2", first=first, size=(100 * n, 0)) for n in range(1, len(facts) + 1)]
    match, why = zip(*facts, strict=True)
    return flows(*rows, way=way, s_match=match, s_why=why, **notes)


def counts(coverage: Coverage) -> dict[str, tuple[int, int]]:
    return {each.name: (each.flows, each.bytes) for each in (*coverage.found, *coverage.missing)}


def test_flows_are_counted_by_match_and_the_others_by_reason() -> None:
    told = Minute().coverage(
        some((Match.COOKIE, 0), (Match.EXACT, 0), (Match.COOKIE, 0), (0, Why.KERNEL), (0, Why.LOST)), NOW
    )
    assert counts(told) == {"cookie": (2, 400), "exact": (1, 200), "kernel": (1, 400), "events lost": (1, 500)}
    assert [each.name for each in told.found] == ["cookie", "exact"]
    assert told.parts == (0.6, 0.2, 0.2)


def test_who_could_be_meant_is_no_owner() -> None:
    unsure = tuple((match, Why.NO_SOCKET) for match in Match if match < Match.WILDCARD)
    told = Minute().coverage(some(*unsure), NOW)
    assert counts(told).keys() == {WHY_WORDS[Why.NO_SOCKET]}
    assert told.flows == len(unsure)


def test_a_reason_comes_with_its_sentence_and_whether_it_is_an_answer() -> None:
    told = Minute().coverage(some((0, Why.CLOSED_PORT), (0, Why.TOO_YOUNG), (0, Why.TOO_YOUNG)), NOW)
    young, closed = told.missing
    assert (young.name, young.flows, young.settled) == ("too young", 2, False)
    assert closed == Share(WHY_WORDS[Why.CLOSED_PORT], WHY_SENTENCES[Why.CLOSED_PORT], 1, 100, settled=True)


def test_what_was_not_heard_for_a_minute_does_not_count() -> None:
    assert Minute().coverage(some((Match.COOKIE, 0)), NOW + 61 * SECOND).flows == 0
    assert Minute().coverage(some((Match.COOKIE, 0)), NOW + 58 * SECOND).flows == 1


def test_of_a_whole_file_everything_counts() -> None:
    told = Minute().coverage(some((Match.COOKIE, 0)), NOW + 600 * SECOND, 0.0)
    assert (told.flows, told.seconds) == (1, 0.0)


def test_what_was_given_back_counts_until_its_minute_is_over() -> None:
    minute = Minute()
    minute.left(some((Match.COOKIE, 0), (0, Why.EXITED)), NOW)
    nothing = some((Match.COOKIE, 0), way=0)
    assert counts(minute.coverage(nothing, NOW + 30 * SECOND)) == {"cookie": (1, 100), "exited": (1, 200)}
    assert minute.coverage(nothing, NOW + 70 * SECOND).flows == 0


def test_what_is_long_gone_is_forgotten() -> None:
    minute = Minute()
    minute.left(some((Match.COOKIE, 0)), NOW)
    minute.mark(flows().rows, NOW + 70 * SECOND)
    assert minute._gone == {}


def test_bytes_of_long_ago_do_not_count() -> None:
    minute, old = Minute(), some((Match.COOKIE, 0), (Match.EXACT, 0))
    minute.mark(old.rows, NOW)
    later = some((Match.COOKIE, 0), (Match.EXACT, 0), first=90)
    later.rows["bytes"] += 7
    assert counts(minute.coverage(later, NOW + 91 * SECOND)) == {"cookie": (1, 14), "exact": (1, 14)}


def test_a_new_flow_in_an_old_ones_row_has_sent_all_of_its_bytes_now() -> None:
    minute = Minute()
    minute.mark(some((Match.COOKIE, 0)).rows, NOW)
    other = some((Match.COOKIE, 0), first=90)
    other.rows["id"] = 77
    assert minute.coverage(other, NOW + 91 * SECOND).bytes == 100


def test_no_more_is_written_down_than_a_minute_needs() -> None:
    minute, rows = Minute(), some((Match.COOKIE, 0)).rows
    for second in range(0, 400, 5):
        minute.mark(rows, NOW + second * SECOND)
    ages = [395 - (when - NOW) / SECOND for when, _, _ in minute._marks]
    assert 60 <= ages[0] < 60 + EVERY
    assert len(ages) == 3


def test_flows_of_others_are_counted_apart() -> None:
    told = Minute().coverage(some((0, Why.NOT_LOCAL), (0, Why.NOT_LOCAL), way=0), NOW)
    assert (told.flows, told.elsewhere, told.placed) == (0, 2, True)


def test_without_a_machine_it_is_said() -> None:
    assert not Minute().coverage(some((0, 0), way=0), NOW).placed
    assert not Minute().coverage(some((0, Why.NO_HOST), way=0), NOW).placed
    assert Minute().coverage(flows(), NOW).placed


def test_a_flow_is_named_by_the_owner_that_stands_for_it() -> None:
    inward = some((0, Why.NOT_LOCAL), way=1, d_match=np.uint8(Match.LISTENER))
    assert counts(Minute().coverage(inward, NOW)) == {"listener": (1, 100)}
