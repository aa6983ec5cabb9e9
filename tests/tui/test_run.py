"""From the first line to the terminal as it was before."""

import os
import sys
from typing import Any, ClassVar

import pytest

from ratop_py.errors import Exit, RatopError
from ratop_py.tui import keymap, run, terminal
from ratop_py.tui.ink import PALETTES
from ratop_py.tui.keymap import KEYS
from ratop_py.tui.options import Options
from tests.helpers.fakefeed import FakeFeed


class Screen:
    """Stands for the screen: ends at once, as it is told."""

    failure: Exception | None = None
    refusal: RatopError | None = None
    code: int | None = 0
    raises: Exception | None = None
    begun: ClassVar[list[tuple[Options, str]]]

    def __init__(self, _: FakeFeed, options: Options, theme: str) -> None:
        self.begun.append((options, theme))

    def run(self, *, mouse: bool) -> int | None:
        if self.raises is not None:
            raise self.raises
        return self.code


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> type[Screen]:
    """A terminal, and a screen that ends at once."""

    class Fresh(Screen):
        begun: ClassVar[list[tuple[Options, str]]] = []

    monkeypatch.setattr(run, "RatopApp", Fresh)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(terminal, "theme", lambda wanted, _: wanted)
    monkeypatch.setattr(terminal, "narrow", lambda _: False)
    return Fresh


def shown(**more: Any) -> tuple[int, FakeFeed]:
    feed = FakeFeed()
    return run.run(feed, Options(theme="dark", **more)), feed


def test_without_a_keyboard_it_is_not_begun(screen: type[Screen], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(RatopError, match="needs a keyboard") as refused:
        shown()
    assert refused.value.exit_code == Exit.USAGE
    assert refused.value.hint
    assert screen.begun == []


@pytest.mark.parametrize(("code", "told"), [(None, 0), (0, 0), (130, 130)])
def test_the_exit_code_is_the_screens_and_the_feed_is_stopped(
    screen: type[Screen], code: int | None, told: int
) -> None:
    screen.code = code
    found, feed = shown()
    assert found == told
    assert feed.stopped


def test_a_source_that_was_refused_decides_the_exit_code(screen: type[Screen]) -> None:
    screen.refusal = RatopError("no", exit_code=Exit.NOT_PERMITTED)
    assert shown()[0] == Exit.NOT_PERMITTED


def test_a_failure_of_our_own_is_told_in_a_report(
    screen: type[Screen], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    screen.failure = ValueError("broken")
    with pytest.raises(RatopError, match="ValueError"):
        shown()


def test_the_feed_is_stopped_even_when_the_screen_breaks(screen: type[Screen]) -> None:
    screen.raises = OSError("the terminal is gone")
    feed = FakeFeed()
    with pytest.raises(OSError, match="terminal"):
        run.run(feed, Options(theme="dark"))
    assert feed.stopped


def test_a_size_that_a_shell_once_exported_is_not_believed(
    screen: type[Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    shown()
    assert "COLUMNS" not in os.environ
    assert "LINES" not in os.environ
    assert len(screen.begun) == 1


def test_where_only_ascii_can_be_shown_only_ascii_is(screen: type[Screen], monkeypatch: pytest.MonkeyPatch) -> None:
    shown()
    monkeypatch.setattr(terminal, "narrow", lambda _: True)
    shown()
    assert [options.ascii for options, _ in screen.begun] == [False, True]


def test_a_persons_keys_and_themes_are_in_force_before_it_begins(screen: type[Screen]) -> None:
    seen: list[object] = []
    screen.__init__ = lambda _, *__: seen.append((keymap.worn(), "mine" in PALETTES))  # type: ignore[method-assign]
    keys = KEYS[:-1]
    try:
        shown(keys=keys, themes={"mine": PALETTES["dark"]})
    finally:
        keymap.wear()
        PALETTES.pop("mine", None)
    assert seen == [(keys, True)]
