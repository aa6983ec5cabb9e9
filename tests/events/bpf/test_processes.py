"""Programs on processes; what they tell is seen where they are attached."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ratop_py.events.bpf.processes import execed, forked
from ratop_py.events.bpf.writer import Writer


@pytest.mark.parametrize("write", [execed, forked])
def test_what_needs_the_kernel_s_types_says_so_without_them(write: Callable[[Writer], bytes]) -> None:
    with pytest.raises(LookupError, match="BTF"):
        write(Writer(3, 4, 5, None))
