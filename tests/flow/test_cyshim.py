from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ratop_py.flow import cyshim

ENGINE = Path(cyshim.__file__).with_name("engine.py")
USED = sorted(
    {
        node.attr
        for node in ast.walk(ast.parse(ENGINE.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cython"
    }
)


@pytest.mark.parametrize("name", USED)
def test_all_that_the_engine_uses_of_cython_is_there(name: str) -> None:
    assert hasattr(cyshim, name)


def test_decorators_give_back_what_they_decorate() -> None:
    def function() -> int:
        return 7

    for decorate in (cyshim.cfunc, cyshim.inline, cyshim.nogil, cyshim.exceptval(-1), cyshim.boundscheck(False)):
        assert decorate(function) is function


def test_a_declared_global_is_its_value() -> None:
    assert cyshim.declare(cyshim.longlong, 5) == 5


def test_without_the_gil_is_a_block_like_any_other() -> None:
    with cyshim.nogil:
        done = True
    assert done


def test_uncompiled_says_so() -> None:
    assert cyshim.compiled is False
