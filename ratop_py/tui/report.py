"""A failure of our own: a sentence for the person, the traceback in a file.

Promise: the file is named in the hint; where it cannot be written, that is said.
Does not know: what failed.
"""

from __future__ import annotations

from ratop_py import report
from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean


def told(error: Exception, *, debug: bool = False) -> RatopError:
    """The error as a person is told."""
    sentence = f"the screen failed: {type(error).__name__}: {clean(str(error), 200)}"
    if debug:
        raise error
    path = report.write(error)
    hint = f"the report is in {path}; --debug shows it here" if path else "--debug shows where"
    return RatopError(sentence, hint=hint, exit_code=Exit.FAILED)
