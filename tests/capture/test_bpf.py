from __future__ import annotations

import pytest

from ratop_py.capture import bpf
from ratop_py.errors import Exit, RatopError


def test_accepting_everything_is_one_instruction() -> None:
    assert bpf.accept(256) == ((6, 0, 0, 256),)


def test_an_expression_is_compiled_where_libpcap_is(monkeypatch: pytest.MonkeyPatch) -> None:
    program = bpf.compile_expression("udp", 1, 128)
    if program is None:
        assert bpf._libpcap() is None
        return
    assert (6, 0, 0, 128) in program
    with pytest.raises(RatopError) as caught:
        bpf.compile_expression("no such words", 1, 128)
    assert caught.value.exit_code is Exit.USAGE


def test_without_libpcap_there_is_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bpf, "_libpcap", lambda: None)
    assert bpf.compile_expression("udp", 1, 128) is None
