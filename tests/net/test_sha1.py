"""Digests as the standard library makes them, compiled and not."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.net import sha1


def uncompiled() -> ModuleType:
    """The same file as plain Python, whatever lies beside it."""
    spec = importlib.util.spec_from_file_location("uncompiled_sha1", Path(sha1.__file__).with_name("sha1.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cython", None)  # as on a machine without Cython
        spec.loader.exec_module(module)
    return module


PURE = uncompiled()
BOTH = pytest.mark.parametrize("module", [sha1, PURE], ids=["installed", "uncompiled"])


def digests(module: ModuleType, messages: bytes, size: int, count: int) -> list[bytes]:
    work, out = np.zeros(80, np.uint32), bytearray(count * module.DIGITS)
    module.base64_digests(memoryview(messages), size, work.data, memoryview(out))
    return [bytes(out[at : at + module.DIGITS]) for at in range(0, len(out), module.DIGITS)]


@BOTH
@settings(max_examples=40, deadline=None)
@given(size=st.integers(1, 55), data=st.data())
def test_digests_are_those_of_the_standard_library(module: ModuleType, size: int, data: st.DataObject) -> None:
    messages = data.draw(st.lists(st.binary(min_size=size, max_size=size), min_size=1, max_size=3))
    expected = [base64.b64encode(hashlib.sha1(message).digest()) for message in messages]
    assert digests(module, b"".join(messages), size, len(messages)) == expected


@BOTH
def test_a_longer_message_is_refused(module: ModuleType) -> None:
    with pytest.raises(ValueError, match="too long"):
        digests(module, bytes(56), 56, 1)


@BOTH
def test_sizes_that_do_not_agree_are_refused(module: ModuleType) -> None:
    with pytest.raises(ValueError, match="do not agree"):
        digests(module, bytes(31), 16, 2)
