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


def test_a_tag_needs_a_live_interface_and_other_words_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(library: object, snaplen: int, device: str) -> int:
        asked.append(device)
        raise RatopError("no", exit_code=Exit.NOT_PERMITTED)

    if bpf.compile_expression("udp", 1, 96, "eth0") is None:
        return
    monkeypatch.setattr(bpf, "_live", refuse)
    assert bpf.compile_expression("udp", 1, 96, "eth0") == bpf.compile_expression("udp", 1, 96)
    assert bpf.compile_expression("vlan 7", 1, 96)
    with pytest.raises(RatopError):
        bpf.compile_expression("udp and vlan 7", 1, 96, "eth0")
    assert asked == ["eth0"]


def test_strangers_text_in_an_expression_is_refused_in_words() -> None:
    for text in ("host \x1b[31m", "host \udcff", "(" * 50):
        try:
            assert bpf.compile_expression(text, 1, 96) is None
        except RatopError as error:
            assert "\x1b" not in error.message


def test_without_libpcap_there_is_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bpf, "_libpcap", lambda: None)
    assert bpf.compile_expression("udp", 1, 128) is None
