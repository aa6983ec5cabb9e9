"""Words on stderr."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ratop_py.commands.narration import tell, tell_below


def test_a_line_says_who_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    tell("no such file: x")
    assert capsys.readouterr() == ("", "ratop: no such file: x\n")


def test_lines_below_are_indented(capsys: pytest.CaptureFixture[str]) -> None:
    tell_below("one\n  two")
    assert capsys.readouterr().err == "       one\n         two\n"


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_a_terminal_obeys_gets_through(capsys: pytest.CaptureFixture[str], words: str) -> None:
    tell(words)
    said = capsys.readouterr().err
    assert said.endswith("\n")
    assert said[:-1].isprintable()
