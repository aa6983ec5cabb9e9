"""Draw the picture of the README from the real program, playing the demo recording: `python assets/make_pictures.py`.

The screen runs without a terminal; nothing is drawn by hand. What differs from run to run is where within a second of
the recording the picture is taken.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path

HERE = Path(__file__).parent
os.environ["TZ"] = "UTC"
time.tzset()

SKIP = 40.0
"""Seconds of the recording before the picture: the story has been told by then."""
WATCHED = 20.0
"""Seconds that are played, so that rates and sparks are there."""
PICTURES = {
    "screen.svg": ((150, 40), "dark", ":sort_risk enter g j enter"),
}
"""Size, theme and keys of each."""
MONO = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


async def draw(name: str, size: tuple[int, int], theme: str, keys: str) -> None:
    """Play, press the keys, and write one picture."""
    from ratop_py.commands.demo import recording
    from ratop_py.commands.screen import open_desk
    from ratop_py.tui.app import RatopApp
    from ratop_py.tui.options import Options

    desk = open_desk(recording().settings("", speed=1.0, skip=SKIP))
    app = RatopApp(desk, Options(), theme)
    try:
        async with app.run_test(size=size) as pilot:
            await pilot.pause(WATCHED)
            for word in keys.split():
                await pilot.press(*(pressed(char) for char in word) if word[0] == ":" else (word,))
                await pilot.pause(0.2)
            await pilot.pause(2.5)
            (HERE / name).write_text(alone(app.export_screenshot(title="ratop")), encoding="utf-8")
    finally:
        desk.stop()


def pressed(char: str) -> str:
    """The key that types a letter; `:` opens the command line, `_` is a blank."""
    return {"_": "space", ":": "colon"}.get(char, char)


def alone(svg: str) -> str:
    """The picture without fonts from elsewhere: it must look right where nothing may be loaded."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {MONO};", svg)
    return svg.replace("<text ", '<text xml:space="preserve" ').replace("&#160;", " ")


def main() -> None:
    """All pictures, one after the other."""
    for name, (size, theme, keys) in PICTURES.items():
        asyncio.run(draw(name, size, theme, keys))
        print(name)


if __name__ == "__main__":
    main()
