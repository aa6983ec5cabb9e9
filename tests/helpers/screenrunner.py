"""The real screen over a fake feed, in a real terminal: `python -m tests.helpers.screenrunner [ROWS] [-- OPTIONS]`."""

from __future__ import annotations

import argparse
import sys

from ratop_py.errors import RatopError
from ratop_py.tui.app import run
from ratop_py.tui.options import Options
from tests.helpers.fakefeed import FakeFeed, many, story


def main(words: list[str]) -> int:
    """Run until quit; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--rate", type=float, default=2.0)
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--wander", type=float, default=0.0)
    parser.add_argument("--fail", action="store_true", help="the feed breaks at its tenth answer")
    chosen = parser.parse_args(words)
    feed = FakeFeed(
        many(chosen.rows) if chosen.rows else story(), wander=chosen.wander, fails_at=10 if chosen.fail else 0
    )
    try:
        return run(feed, Options(theme=chosen.theme, rate=chosen.rate, ascii=chosen.ascii))
    except RatopError as error:
        print(f"ratop: {error.message} ({error.hint})", file=sys.stderr)
        return int(error.exit_code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
