from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.errors import Exit, RatopError
from ratop_py.events.spec import EventSpec, parse


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("lsof", EventSpec("lsof", 2.0)),
        ("lsof:5s", EventSpec("lsof", 5.0)),
        ("lsof:500ms", EventSpec("lsof", 0.5)),
        ("lsof:1m", EventSpec("lsof", 60.0)),
        ("psutil:1s", EventSpec("psutil", 1.0)),
        ("none", EventSpec("none")),
        ("diag:500ms", EventSpec("diag", 0.5)),
        ("auto", EventSpec("auto")),
        ("kernel", EventSpec("kernel")),
        ("prog:lsof:30s", EventSpec("lsof", 30.0)),
        ("prog:lsof", EventSpec("lsof", 30.0)),
        ("prog:/usr/local/bin/argus-lsof:30s", EventSpec("prog", 30.0, ("/usr/local/bin/argus-lsof",))),
        ("prog:/usr/local/bin/argus-lsof", EventSpec("prog", 30.0, ("/usr/local/bin/argus-lsof",))),
        ("prog:/opt/list sockets 'a b':1M", EventSpec("prog", 2_592_000.0, ("/opt/list", "sockets", "a b"))),
    ],
)
def test_every_form_is_read(text: str, spec: EventSpec) -> None:
    assert parse(text) == spec


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lsof:",
        "lsof:fast",
        "lsof:0",
        "lsof:0.01s",
        "lsof:\u0663s",
        "lsof:99999999y",
        "prog:",
        "prog::5s",
        "prog:'/x:5s",
        "prog:/x:5s:compress",
        "netstat",
        "none:",
        "none:5s",
        "kernel:1s",
        "auto:",
        "lsof:2s:3",
        "psutil:-1s",
    ],
)
def test_other_forms_are_refused_with_the_right_ones(text: str) -> None:
    with pytest.raises(RatopError) as caught:
        parse(text)
    assert caught.value.exit_code is Exit.USAGE
    assert "lsof:2s" in caught.value.hint


@given(st.text(max_size=30))
def test_any_text_is_a_spec_or_an_error(text: str) -> None:
    try:
        assert parse(text).seconds >= 0.1
    except RatopError:
        pass
