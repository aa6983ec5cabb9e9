from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ratop_py.engine import answers as module
from ratop_py.engine.answers import Answers
from ratop_py.view import Meters, Order, Snapshot, View, select
from ratop_py.view import answer as select_answer
from tests.helpers.flowset import mixed

FLOWS = mixed()
METERS = Meters(clock=1_700_000_010.0)
VIEW = View(order=(Order("bytes"),), fields=("saddr", "bytes"), window=(0, 3))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[View]:
    """Views that were evaluated, not taken from the slot."""
    told: list[View] = []
    real = select_answer

    def counted(flows: Any, view: View, *more: Any) -> Any:
        told.append(view)
        return real(flows, view, *more)

    monkeypatch.setattr(module, "answer", counted)
    return told


def ask(answers: Answers, view: View, flows: Any = FLOWS, meters: Meters = METERS) -> Snapshot:
    return answers.snapshot(flows, view, meters, 1, None)


def test_another_window_is_cut_from_the_same_answer(made: list[View]) -> None:
    answers = Answers()
    first, then = ask(answers, VIEW), ask(answers, replace(VIEW, window=(3, 3), anchor=4, detail=2))
    assert len(made) == 1
    wanted = select(FLOWS, replace(VIEW, window=None), METERS.clock).ids.tolist()
    assert first.ids.tolist() + then.ids.tolist() == wanted[:6]
    assert then.detail is not None
    assert then.anchor_rank is not None


@pytest.mark.parametrize(
    "other",
    [
        replace(VIEW, filter="tcp"), replace(VIEW, order=()), replace(VIEW, group=("proto",), fields=("proto",)),
        replace(VIEW, tree=True), replace(VIEW, at=1.0), replace(VIEW, ended=False), replace(VIEW, limit=2),
    ],
)  # fmt: skip
def test_another_question_is_evaluated(made: list[View], other: View) -> None:
    answers = Answers()
    ask(answers, VIEW)
    ask(answers, other)
    assert len(made) == 2


def test_other_flows_are_evaluated(made: list[View]) -> None:
    answers = Answers()
    ask(answers, VIEW)
    ask(answers, VIEW, mixed())
    assert len(made) == 2


def test_other_columns_of_flows_come_from_the_same_answer_but_groups_are_made_anew(made: list[View]) -> None:
    answers = Answers()
    ask(answers, VIEW)
    assert set(ask(answers, replace(VIEW, fields=("daddr",))).columns) == {"daddr"}
    grouped = replace(VIEW, group=("proto",), fields=("proto", "bytes"))
    ask(answers, grouped)
    assert set(ask(answers, replace(grouped, fields=("proto", "pkts"), order=())).columns) == {"proto", "pkts"}
    assert len(made) == 3


def test_meters_are_those_of_the_question() -> None:
    answers = Answers()
    ask(answers, VIEW)
    assert ask(answers, VIEW, meters=replace(METERS, state="paused")).meters.state == "paused"
