"""Pictures of the main states, at three sizes, in four themes. To take them anew: pytest --snapshot-update, then look."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from ratop_py.tui import cells, feed
from tests.helpers.scenes import MOMENT, SCENES, SERVICES, SIZES

OFTEN = ("flows", "details", "why", "filter-error", "help", "refused", "export", "choose", "overload")
COVERED = ("coverage", "coverage-light", "coverage-none", "coverage-empty", "coverage-lost", "events-lost")
EXPORTS = ("export-packets", "export-taken", "export-writing")
VIEWED = ("view-programs", "view-risks", "view-tree", "view-rates", "history", "facts")
SMALL = OFTEN + COVERED + EXPORTS + VIEWED
"""Scenes that are looked at in small windows too."""
PICTURES = [(name, size) for name in SCENES for size in SIZES if size == "160x44" or name in SMALL]


@pytest.fixture(autouse=True)
def _fixed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One place, one moment, one list of services."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(feed, "wall", lambda: MOMENT)
    monkeypatch.setattr(cells, "service", lambda port, _: SERVICES.get(port, ""))
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(("name", "size"), PICTURES, ids=lambda word: word)
def test_the_screen_looks_as_it_did(snap_compare: Callable[..., bool], name: str, size: str) -> None:
    scene = SCENES[name]
    assert snap_compare(scene.app(), terminal_size=SIZES[size], run_before=scene.before())
