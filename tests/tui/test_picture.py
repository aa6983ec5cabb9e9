"""A picture of the screen."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ratop_py.tui.picture import svg, taken
from tests.helpers.fakefeed import FakeFeed, hostile
from tests.helpers.piloted import playing


def words(picture: str) -> str:
    """All text in it."""
    return "".join(ET.fromstring(picture).itertext()).replace("\xa0", " ")


async def test_it_shows_what_stood_there_before_the_box() -> None:
    async with playing() as screen:
        strips = taken(screen.app.stage)
        await screen.press("e")
        assert "Export" in screen.text()
        picture = words(svg(strips, "ratop"))
        assert "firefox" in picture
        assert "systemd-resolved" in picture
        assert "a new file that only you can read" not in picture


async def test_it_has_every_line_and_no_more() -> None:
    async with playing(size=(80, 24)) as screen:
        strips = taken(screen.app.stage)
        assert [strip.cell_length for strip in strips] == [80] * 24
        root = ET.fromstring(svg(strips, "ratop"))
        assert len([each for each in root.iter() if "line" in each.get("id", "")]) >= 23


async def test_a_viewer_fetches_nothing() -> None:
    async with playing() as screen:
        picture = svg(taken(screen.app.stage), "ratop")
        assert "@font-face" not in picture
        assert "url(http" not in picture
        assert "cdn" not in picture


async def test_names_of_strangers_are_no_markup() -> None:
    async with playing(FakeFeed(hostile())) as screen:
        picture = svg(taken(screen.app.stage), "ratop")
        assert "\x1b" not in picture
        ET.fromstring(picture)
