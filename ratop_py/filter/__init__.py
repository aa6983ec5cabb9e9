"""The filter language: text to syntax tree, to numpy mask, to what the kernel can do of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ratop_py.filter.completion import completions
from ratop_py.filter.error import FilterError
from ratop_py.filter.mask import Evaluation
from ratop_py.filter.parser import parse
from ratop_py.filter.pushdown import packet_level
from ratop_py.filter.syntax import Node, unparse
from ratop_py.filter.words import Mask
from ratop_py.flow.flows import Flows

__all__ = ["Filter", "FilterError", "compile_filter", "completions", "parse", "unparse"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was understood."""

    text: str
    node: Node

    def mask(self, flows: Flows) -> Mask:
        """One boolean a flow."""
        return Evaluation(flows).mask(self.node)

    @property
    def packet_level(self) -> str | None:
        """A tcpdump expression that loses no packet of a matching flow; None: there is none."""
        return packet_level(self.node)


@lru_cache(maxsize=64)
def _compiled(text: str, now: float) -> Filter:
    return Filter(text, parse(text, now))


def compile_filter(text: str, now: float) -> Filter:
    """Understand a filter. `now`: seconds since the epoch, for relative times. FilterError: it cannot be understood."""
    relative = any(word[:1] in "+-" or ":" in word for word in text.split())
    return _compiled(text.strip(), now if relative else 0.0)
