"""Facts are plain values."""

from __future__ import annotations

import pytest

from ratop_py.events.fact import Ended, Facts, Held, Tied


@pytest.mark.parametrize("fact", [Held(1.0, 2, None, True), Tied(1.0, 2, b"ends"), Ended(1.0, 2, None)])  # type: ignore[arg-type]
def test_every_fact_says_when_and_of_which_socket(fact: Held | Tied | Ended) -> None:
    assert (fact.at, fact.cookie) == (1.0, 2)


def test_a_batch_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Facts("kernel", 0.0, 0, ()).lost = 1  # type: ignore[misc]
