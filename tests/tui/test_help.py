"""Help."""

import pytest

from ratop_py.fields import FIELDS
from ratop_py.filter import compile_filter
from ratop_py.tui import help as help_
from ratop_py.tui.commands import COMMANDS
from ratop_py.tui.keymap import KEYS
from tests.helpers.piloted import playing


async def test_help_opens_everywhere_and_escape_closes_it() -> None:
    async with playing() as screen:
        await screen.type("?")
        assert "Help: flows" in screen.text()
        await screen.type("?")
        assert "Command line" in screen.text()
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage
        await screen.type("/")
        await screen.press("f1")
        assert "Filter" in screen.text()


def test_all_of_it_has_every_command_and_every_field() -> None:
    text = "\n".join("".join(part for part, _ in line) for line in help_.everything(120))
    for command in COMMANDS:
        assert command.does[:20] in text
    for name in FIELDS:
        assert name in text


def test_every_example_is_understood() -> None:
    for example, _ in help_.EXAMPLES:
        compile_filter(example, 0.0)


async def test_help_scrolls_where_it_does_not_fit() -> None:
    async with playing(size=(60, 16)) as screen:
        await screen.type("?")
        assert "lines more" in screen.text()
        await screen.press("end")
        assert "lines more" not in screen.text()
        await screen.press("j", "k", "space", "b", "home")
        assert "Views" in screen.text()


@pytest.mark.parametrize("width", [54, 74, 82, 126, 146])
def test_no_line_of_the_keys_is_cut(width: int) -> None:
    text = "\n".join("".join(part for part, _ in line) for line in help_.keys_in_columns(width))
    for key in KEYS:
        assert not key.section or key.does in text
