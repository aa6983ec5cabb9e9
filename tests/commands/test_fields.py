"""The list of fields."""

from __future__ import annotations

import json

from click.testing import CliRunner

from ratop_py.commands.fields import command
from ratop_py.errors import RatopError
from ratop_py.fields import FIELDS


def listed(*words: str) -> list[str]:
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_every_field_has_a_line() -> None:
    assert [line.split()[0] for line in listed()] == ["name", *FIELDS]


def test_jsonl_has_the_same_fields() -> None:
    rows = [json.loads(line) for line in listed("--format", "jsonl")]
    assert [row["name"] for row in rows] == list(FIELDS)
    assert set(rows[0]) == {"name", "title", "kind", "width", "doc"}


def test_markdown_is_a_table() -> None:
    lines = listed("--format", "markdown")
    assert lines[1] == "|---|---|---|---|---|"
    assert len(lines) == len(FIELDS) + 2
    assert all(line.replace("\\|", "").count("|") == 6 for line in lines)


def test_single_fields_can_be_asked_for() -> None:
    assert [line.split()[0] for line in listed("dport", "bytes")] == ["name", "dport", "bytes"]


def test_an_unknown_field_is_an_error_with_the_nearest() -> None:
    result = CliRunner().invoke(command, ["bytez"])
    assert isinstance(result.exception, RatopError)
    assert "`bytes`" in result.exception.hint
