"""The real screen over a fake feed, in a real terminal: `python -m tests.helpers.screenrunner [ROWS] [-- OPTIONS]`."""

from __future__ import annotations

import argparse
import os
import sys

from ratop_py.errors import RatopError
from ratop_py.tui.options import Options
from ratop_py.tui.run import run
from tests.helpers.fakefeed import FakeFeed, hostile, many, story


def main(words: list[str]) -> int:
    """Run until quit; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--rate", type=float, default=2.0)
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--wander", type=float, default=0.0)
    parser.add_argument("--hostile", action="store_true", help="names that try to reach the terminal")
    parser.add_argument("--fail", action="store_true", help="the feed breaks at its tenth answer")
    chosen = parser.parse_args(words)
    data = many(chosen.rows) if chosen.rows else hostile() if chosen.hostile else story()
    stray = os.environ.get("RATOP_TEST_STRAY")
    feed = FakeFeed(data, wander=chosen.wander, fails_at=10 if chosen.fail else 0, stray=stray)
    try:
        return run(feed, Options(theme=chosen.theme, rate=chosen.rate, ascii=chosen.ascii))
    except RatopError as error:
        sys.stderr.write(f"ratop: {error.message} ({error.hint})\n")
        return int(error.exit_code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
