"""Draw the pictures of the README and the guide from the real program, playing the demo recording:

    python -m assets.make_pictures            all of them
    python -m assets.make_pictures tree rates some of them

The screen runs without a terminal; nothing is drawn by hand. What differs from run to run is where within a second of
the recording the picture is taken. To add one, add an entry to PICTURES.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ["TZ"] = "UTC"
time.tzset()

LARGEST = 150_000
"""Bytes of a picture: they are kept with the source."""
MONO = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
NAMED = {"_": "space", ":": "colon", "/": "slash", ">": "greater_than_sign", "@": "at", "~": "tilde"}
"""Keys that type a letter, where they have another name; `_` is a blank."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is done before a picture is taken."""

    keys: str
    """Keys to press, with blanks between; what begins with `:` or `/` is typed letter by letter."""
    size: tuple[int, int] = (120, 30)
    theme: str = "dark"
    path: str = ""
    """Below the checkout; empty: docs/pictures/NAME.svg."""
    skip: float = 40.0
    """Seconds of the recording that are there at once: the story has been told by then."""
    watched: float = 20.0
    """Seconds that are played, so that rates and sparks are there."""


PICTURES = {
    "screen": Picture(":sort_risk enter g j enter", (150, 40), path="assets/screen.svg"),
    "programs": Picture("2"),
    "tree": Picture("9", (120, 32)),
    "rates": Picture("r", (120, 32)),
    "hosts": Picture("3", (120, 24), theme="light"),
    "filter": Picture("/program_~_fire_and_bytes_>_10kX", (120, 20)),
    "export": Picture("e", (120, 30)),
    "history": Picture("[ [ [", (120, 26), watched=45.0),
    "narrow": Picture("j", (60, 16)),
}


async def draw(name: str, picture: Picture) -> Path:
    """Play, press the keys, and write one picture."""
    from ratop_py.commands.demo import recording
    from ratop_py.commands.screen import open_desk
    from ratop_py.tui.app import RatopApp
    from ratop_py.tui.options import Options

    desk = open_desk(recording().settings("", speed=1.0, skip=picture.skip))
    app = RatopApp(desk, Options(command="ratop demo"), picture.theme)
    path = ROOT / (picture.path or f"docs/pictures/{name}.svg")
    try:
        async with app.run_test(size=picture.size) as pilot:
            await pilot.pause(picture.watched)
            for word in picture.keys.split():
                typed = word[0] in ":/" and len(word) > 1
                await pilot.press(*(NAMED.get(char, char) for char in word) if typed else (word,))
                await pilot.pause(0.3)
            await pilot.pause(2.5)
            path.parent.mkdir(exist_ok=True)
            path.write_text(alone(app.export_screenshot(title="ratop")), encoding="utf-8")
    finally:
        desk.stop()
    return path


def alone(svg: str) -> str:
    """The picture without fonts from elsewhere: it must look right where nothing may be loaded; and smaller."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: Fira Code[^;]*;", f"font-family: {MONO};", svg)
    svg = re.sub(r"terminal-\d+-", "t-", svg)
    svg = re.sub(r' clip-path="url\(#t-line-\d+\)"', "", svg)
    svg = re.sub(r'<clipPath id="t-line-\d+">\s*<rect[^>]*/>\s*</clipPath>\s*', "", svg)
    svg = re.sub(r' shape-rendering="crispEdges"', "", svg)
    svg = svg.replace("<style>", "<style>\n    g rect { shape-rendering: crispEdges }", 1)
    return svg.replace("<text ", '<text xml:space="preserve" ').replace("&#160;", " ")


def main(names: list[str]) -> None:
    """Pictures, one after the other."""
    for name in names or list(PICTURES):
        path = asyncio.run(draw(name, PICTURES[name]))
        size = path.stat().st_size
        print(f"{path.relative_to(ROOT)} {size:,} bytes{' TOO LARGE' if size > LARGEST else ''}")


if __name__ == "__main__":
    main(sys.argv[1:])
