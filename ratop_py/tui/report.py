"""A failure of our own: a sentence for the person, the traceback in a file.

Promise: the file is new, readable by its owner alone, and named in the hint; where it cannot be written, that is said.
Does not know: what failed.
"""

from __future__ import annotations

import os
import tempfile
import traceback

from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean


def told(error: Exception, *, debug: bool = False) -> RatopError:
    """The error as a person is told."""
    sentence = f"the screen failed: {type(error).__name__}: {clean(str(error), 200)}"
    if debug:
        raise error
    path = write("".join(traceback.format_exception(error)))
    hint = f"the report is in {path}; --debug shows it here" if path else "--debug shows where"
    return RatopError(sentence, hint=hint, exit_code=Exit.FAILED)


def write(text: str) -> str:
    """Write the report; its path, or nothing if that is not possible."""
    try:
        descriptor, path = tempfile.mkstemp(prefix="ratop-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as out:
            out.write(text)
    except OSError:
        return ""
    return path
