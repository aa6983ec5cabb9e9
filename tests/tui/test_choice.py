"""What was chosen at an export."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.choice import FORMATS, ROWS, SAID, Choice, format_of, renamed

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.sampled_from([*FORMATS, *ROWS]), st.lists(st.text())
)


def test_it_comes_back_as_it_was_remembered() -> None:
    choice = Choice("all", "parquet", True, "/tmp/out")
    assert Choice.from_dict(choice.as_dict()) == choice
    assert all(isinstance(value, str | bool) for value in choice.as_dict().values())


@given(st.dictionaries(st.sampled_from(["rows", "format", "all_fields", "directory", "else"]), VALUES))
def test_what_makes_no_sense_is_passed_over(told: dict[str, object]) -> None:
    choice = Choice.from_dict(told)
    assert choice.rows in ROWS
    assert choice.format in FORMATS
    assert isinstance(choice.all_fields, bool)
    assert choice.directory.isprintable()


def test_the_folder_of_the_last_file_is_remembered() -> None:
    assert Choice().written("~/flows/a.csv").directory == "~/flows"
    assert Choice(directory="~/flows").written("a.csv").directory == ""


def test_every_format_is_explained_and_known_by_its_end() -> None:
    assert SAID.keys() == FORMATS.keys()
    for name, end in FORMATS.items():
        assert format_of("a" + end) == name


def test_a_names_end_says_the_format() -> None:
    assert format_of("a.jsonl") == "jsonl"
    assert format_of("a", "jsonl") == "jsonl"


def test_another_format_gives_another_end() -> None:
    assert renamed("a.csv", "csv", "jsonl") == "a.jsonl"
    assert renamed("a.backup", "csv", "jsonl") == "a.backup"
