"""What was asked of `print`."""

from __future__ import annotations

from ratop_py.commands.print_options import PrintOptions


def test_nothing_asked_is_live_text_without_a_limit() -> None:
    options = PrintOptions()
    assert options.sources.live
    assert (options.format, options.count, options.once) == ("text", None, False)
