"""docs/fields.md, filter.md, config.md and keys.md are what the program's own tables say."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ratop_py.commands.checking import checked
from ratop_py.events import aside
from ratop_py.fields import FIELDS
from ratop_py.filter import compile_filter, unparse
from ratop_py.filter.examples import EXAMPLES
from ratop_py.filter.vocabulary import CLOSED
from ratop_py.filter.words import WORDS
from ratop_py.habits.configfile import read
from ratop_py.habits.preferences import settings
from ratop_py.kinds import Kind
from ratop_py.tui.keymap import KEYS
from tests.docs import KINDS, PAGES

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_in_the_docs_is_up_to_date(name: str) -> None:
    page = PAGES[name]()
    if os.environ.get("RATOP_WRITE_DOCS"):
        (DOCS / name).write_text(page, encoding="utf-8")
    assert (DOCS / name).read_text(encoding="utf-8") == page, "RATOP_WRITE_DOCS=1 pytest tests/test_docs.py writes it"


def test_every_field_and_every_word_is_told() -> None:
    fields, words = PAGES["fields.md"](), PAGES["filter.md"]()
    assert [name for name in FIELDS if f"| `{name}` |" not in fields] == []
    assert [name for name in WORDS if f"`{name}`" not in words] == []


def test_every_setting_and_every_deed_is_told() -> None:
    config, keys = PAGES["config.md"](), PAGES["keys.md"]()
    assert [name for name in settings() if f"| `{name}` |" not in config] == []
    assert [key.deed for key in KEYS if f"| `{key.deed}` |" not in keys] == []


@pytest.mark.parametrize("page", ["config.md", "keys.md"])
def test_configuration_that_the_pages_show_is_right(page: str) -> None:
    for block in re.findall(r"```toml\n(.*?)```", PAGES[page](), re.DOTALL):
        assert checked(read(block, page), lent=False).troubles == ()


def means(text: str, now: float = 1_700_000_000.0) -> str:
    return unparse(compile_filter(text, now).node)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tcp or udp and port 53", "(tcp or udp) and port 53"),
        ("port 80 or 443", "port 80 or port 443"),
        ("src host 10.0.0.1 or 10.0.0.2", "src host 10.0.0.1 or src host 10.0.0.2"),
        ("user alice or bob", "user alice or user bob"),
        ("bytes > 1k and < 2M", "bytes > 1k and bytes < 2M"),
        ("not port 22 or 443", "(not port 22) or port 443"),
        ("port 80 or tcp", "(port 80) or (tcp)"),
        ("port 53", "src or dst port 53"),
        ("greater 100", "bytes >= 100"),
        ("net 10.0.0.0 mask 255.0.0.0", "net 10.0.0.0/8"),
        ("src net 192.168/16", "src net 192.168.0.0/16"),
        ("owner none", "owner = none"),
        ("not (tcp && udp) || ! arp", "(not (tcp and udp)) or (not arp)"),
    ],
)
def test_what_the_page_says_of_the_grammar_is_so(said: str, meant: str) -> None:
    assert means(said) == means(meant)


@pytest.mark.parametrize("kind", Kind)
def test_values_typed_as_the_page_says_are_read(kind: Kind) -> None:
    """Every value in quotes of code that stands in the column, against a field of that kind."""
    field = next(field for field in FIELDS.values() if field.kind is kind and field.name not in CLOSED)
    for value in re.findall(r"`([^`]+)`", KINDS[kind][1]):
        compile_filter(value if value.split()[0] in FIELDS else f"{field.name} = {value}", 0.0)


@pytest.mark.parametrize(
    "value",
    [
        "-5m",
        "-1.5h",
        "+10s",
        "14:30",
        "14:30:15.5",
        "2026-11-24",
        "2026-11-24T14:30",
        "2026-11-24T14:30:00+01:00",
        "1732458600",
        "1732458600.25",
    ],
)
def test_times_typed_as_the_page_says_are_read(value: str) -> None:
    assert f"`{value}`" in PAGES["filter.md"]()
    compile_filter(f"stime > {value}", 1_700_000_000.0)


def test_examples_are_different_questions() -> None:
    meanings = {means(text) for text, _ in EXAMPLES}
    assert len(meanings) == len(EXAMPLES)


def test_from_which_size_on_translations_are_not_read_is_told() -> None:
    assert f"more than {aside.MOST:,} entries" in (DOCS / "owners.md").read_text(encoding="utf-8")
