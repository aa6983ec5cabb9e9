from __future__ import annotations

import os
import re

import pytest

from ratop_py.filter import parse
from tests.docs import DOCS, pages


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_what_the_tables_say(name: str) -> None:
    if os.environ.get("RATOP_WRITE_DOCS"):
        (DOCS / name).write_text(pages()[name], encoding="utf-8")
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "RATOP_WRITE_DOCS=1 pytest tests/test_docs.py"


def test_every_filter_in_the_page_is_one() -> None:
    text = pages()["filter.md"]
    examples = re.findall(r"`((?:udp|port|host|src|user|pid|ttl|risk)[^`]*)`", text.split("## Words")[0])
    assert len(examples) > 8
    for example in examples:
        parse(example, 1_700_000_000.0)
