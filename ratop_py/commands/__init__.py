"""One module a command; imported when chosen."""

from __future__ import annotations

from typing import Any

PLAIN: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
"""Context settings of every command…"""
FILTERED: dict[str, Any] = {**PLAIN, "allow_interspersed_args": False}
"""…and of those that end with filter words: after the first of them nothing is an option."""


class OwnProcess:
    """Stands in the context of a command line that is the process's own, not a part of another program."""
