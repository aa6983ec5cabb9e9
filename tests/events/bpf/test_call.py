"""The system call itself."""

from __future__ import annotations

import os
import platform

import pytest

from ratop_py.events.bpf import call
from ratop_py.events.bpf.assembler import Assembler, R
from ratop_py.events.bpf.call import MapKind, ProgramKind, available, create_map, load

root = [pytest.mark.root, pytest.mark.system]


def code(result: int) -> bytes:
    a = Assembler()
    a.leave(result)
    return a.code()


def test_a_machine_whose_number_is_not_known_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "vax\x1b[31m")
    assert "vax" in available()
    assert "\x1b" not in available()
    with pytest.raises(OSError, match="not known"):
        create_map(MapKind.ARRAY, 4, 8, 1, "none")


class TestAsRoot:
    pytestmark = root

    def test_a_program_that_only_passes_is_taken(self) -> None:
        os.close(load(ProgramKind.CGROUP_SOCK, code(1), "test_pass", attach_type=2))

    def test_a_refusal_says_what_the_verifier_said(self) -> None:
        a = Assembler()
        a.load(8, R.R0, R.R3)
        a.leave(0)
        with pytest.raises(OSError, match="R3"):
            load(ProgramKind.CGROUP_SOCK, a.code(), "test_refused", attach_type=2)


def test_a_name_longer_than_the_kernel_s_is_cut_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def asked(_: object, attributes: bytes) -> int:
        seen.append(attributes)
        return 3

    monkeypatch.setattr(call, "bpf", asked)
    create_map(MapKind.ARRAY, 4, 8, 1, "n" * 40)
    assert b"n" * 15 + b"\0" in seen[0]
    assert b"n" * 16 not in seen[0]
