"""`python -m ratop_py` is `ratop`."""

from __future__ import annotations

import sys

from ratop_py.cli import main

if __name__ == "__main__":
    sys.exit(main())
