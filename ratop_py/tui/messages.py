"""What other threads tell the screen.

Promise: of answers that wait only the newest is shown: a burst costs one repaint.
Does not know: who sends, who reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from ratop_py.tui.feed import Answer


class Answered(Message):
    """The reader has an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    def can_replace(self, message: Message) -> bool:
        """A newer answer takes the place of one that still waits; a failure waits its turn."""
        return isinstance(message, Answered) and message.answer.failure is None


Value = TypeVar("Value")


class Done(Message):
    """Something done on another thread is over; `then` runs on the screen's own."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self.then = then


def tell(screen: MessagePump, then: Callable[[Value], None], value: Value) -> None:
    """From another thread: what came of something."""
    screen.post_message(Done(lambda: then(value)))
