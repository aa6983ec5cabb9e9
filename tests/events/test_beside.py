"""Two sources at once."""

from __future__ import annotations

from collections.abc import Sequence

from ratop_py.events.beside import Beside
from ratop_py.events.socket import Health, Listing


class Fake:
    """A source with a name."""

    def __init__(self, name: str, *, ok: bool = True) -> None:
        self.name, self.ok = name, ok
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def take(self) -> Sequence[Listing]:
        return (Listing(self.name, 1.0, 2.0, True, ()),)

    def health(self) -> Health:
        return Health(self.name, self.ok, f"{self.name} works", cost=1.0, failures=2)

    def stop(self) -> None:
        self.calls.append("stop")


def test_what_both_tell_is_told() -> None:
    assert [each.source for each in Beside(Fake("one"), Fake("two")).take()] == ["one", "two"]


def test_it_does_as_well_as_the_first_and_says_how_the_second_does() -> None:
    health = Beside(Fake("one", ok=False), Fake("two")).health()
    assert (health.name, health.ok, health.cost, health.failures) == ("one", False, 2.0, 4)
    assert health.words == "one works; the rest: two works"


def test_both_begin_and_end() -> None:
    one, two = Fake("one"), Fake("two")
    both = Beside(one, two)
    both.start()
    both.stop()
    assert one.calls == two.calls == ["start", "stop"]
