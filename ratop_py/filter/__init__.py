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


LATER = 400 * 86_400.0
"""Another time than 0, in every way that a filter can speak of time."""


@lru_cache(maxsize=64)
def _timeless(text: str) -> Filter | None:
    """The filter, if it means the same at all times."""
    node = parse(text, 0.0)
    return Filter(text, node) if node == parse(text, LATER) else None


def compile_filter(text: str, now: float) -> Filter:
    """Understand a filter. `now`: seconds since the epoch, for relative times. FilterError: it cannot be understood."""
    return _timeless(text) or Filter(text, parse(text, now))
