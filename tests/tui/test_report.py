"""A failure of our own."""

import tempfile
from pathlib import Path

import pytest

from ratop_py.errors import Exit
from ratop_py.tui import report


def broken() -> ValueError:
    try:
        raise ValueError("bad \x1b[31mname")
    except ValueError as error:
        return error


def test_a_person_gets_a_sentence_and_the_report_a_file() -> None:
    error = report.told(broken())
    path = Path(error.hint.split(" is in ")[1].split(";")[0])
    assert "ValueError: bad ·[31mname" in error.message
    assert error.exit_code is Exit.FAILED
    assert "Traceback" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()


def test_debug_shows_the_failure_itself() -> None:
    with pytest.raises(ValueError, match="bad"):
        report.told(broken(), debug=True)


def test_where_no_file_can_be_written_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(tempfile, "mkstemp", full)
    assert "--debug shows where" in report.told(broken()).hint
