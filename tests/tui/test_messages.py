"""What other threads tell the screen."""

from ratop_py.tui.feed import Answer, Question
from ratop_py.tui.messages import Answered, Done
from ratop_py.view import View

GOOD = Answered(Answer(Question(View()), None, None, 0.0))
BAD = Answered(Answer(Question(View()), None, ValueError(), 0.0))


def test_a_burst_of_answers_costs_one_repaint() -> None:
    assert GOOD.can_replace(GOOD)


def test_a_failure_is_never_lost_in_a_burst() -> None:
    assert not GOOD.can_replace(BAD)


def test_other_messages_are_not_replaced() -> None:
    assert not GOOD.can_replace(Done(lambda: None))
