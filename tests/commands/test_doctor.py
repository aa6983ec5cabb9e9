"""What the doctor says of given answers."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ratop_py.commands import doctor
from ratop_py.commands.doctor import as_jsonl, as_text, verdict
from ratop_py.commands.probes import Check
from ratop_py.errors import Exit

GOOD = Check("capture", True, "may open packet sockets", needed=True)
BAD = Check("capture", False, "not permitted", "sudo ratop", needed=True)
WEAK = Check("lsof", False, "not installed", "apt-get install lsof")


def test_what_works_has_one_line() -> None:
    assert list(as_text(GOOD)) == ["ok  capture     may open packet sockets"]


def test_what_does_not_work_has_a_line_to_type() -> None:
    lines = [line for check in (BAD, WEAK) for line in as_text(check)]
    assert lines[0].startswith("no  capture")
    assert lines[1].strip() == "sudo ratop"
    assert lines[2].startswith(" -  lsof")


def test_details_stand_between_the_words_and_what_to_type() -> None:
    check = Check("coverage", False, "few", "sudo ratop", details=("found by x",), facts={"flows": 3})
    assert [line.strip() for line in as_text(check)][1:] == ["found by x", "sudo ratop"]
    assert json.loads(next(as_jsonl(check)))["flows"] == 3


def test_only_what_is_needed_decides() -> None:
    assert verdict([GOOD, WEAK]) is Exit.OK
    assert verdict([BAD]) is Exit.NOT_PERMITTED


def test_json_has_the_same_facts() -> None:
    assert [json.loads(line) for line in as_jsonl(WEAK)] == [
        {"name": "lsof", "ok": False, "words": "not installed", "fix": "apt-get install lsof", "needed": False}
    ]


@pytest.mark.parametrize(("found", "code"), [(GOOD, Exit.OK), (BAD, Exit.NOT_PERMITTED)])
def test_the_exit_code_says_whether_it_may_capture(found: Check, code: Exit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "everything", lambda: iter([found, WEAK]))
    result = CliRunner().invoke(doctor.command, ["--watch", "0"], standalone_mode=False)
    assert result.return_value is code
    assert "lsof" in result.output
