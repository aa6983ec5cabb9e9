"""The box of the export."""

from ratop_py.tui.save import Save, format_of, renamed
from tests.helpers.piloted import playing


def test_a_names_end_says_the_format() -> None:
    assert format_of("a.jsonl") == "jsonl"
    assert format_of("a.txt") == "text"
    assert format_of("a", "jsonl") == "jsonl"


def test_another_format_gives_another_end() -> None:
    assert renamed("a.csv", "csv", "jsonl") == "a.jsonl"
    assert renamed("a.backup", "csv", "jsonl") == "a.backup"


async def test_formats_are_turned_and_fields_chosen() -> None:
    async with playing() as screen:
        await screen.press("e", "tab")
        box = screen.app.screen
        assert isinstance(box, Save)
        assert box.format == "jsonl"
        assert box.line.text.endswith(".jsonl")
        await screen.press("shift+tab", "shift+tab")
        assert box.line.text.endswith(".txt")
        await screen.press("ctrl+a")
        assert "all there are" in screen.text()


async def test_without_a_name_nothing_is_written() -> None:
    async with playing() as screen:
        await screen.press("e", "ctrl+u", "enter")
        assert "a name is needed" in screen.text()
        assert screen.feed.exported == []
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage


async def test_letters_are_the_name_not_keys() -> None:
    async with playing() as screen:
        await screen.press("e", "ctrl+u")
        await screen.type("q?")
        box = screen.app.screen
        assert isinstance(box, Save)
        assert box.line.text == "q?"
