"""The last answer, for whoever asks the same again: another window, another anchor, of the same flows.

Promise: what is answered is what `view.select` would; nothing is sorted or grouped twice while flows and question are
the same. One answer is kept.
Does not know: where flows come from.
"""

from __future__ import annotations

from dataclasses import replace

from ratop_py.flow.flows import Flows
from ratop_py.view import Answer, Meters, Rates, Snapshot, View, answer


class Answers:
    """One slot."""

    def __init__(self) -> None:
        self._known: tuple[Flows, View, Answer] | None = None

    def snapshot(self, flows: Flows, view: View, meters: Meters, generation: int, rates: Rates | None) -> Snapshot:
        """The answer to a view, its window only. FilterError: the filter is wrong."""
        return self._answer(flows, view, meters, generation, rates).shown()

    def _answer(self, flows: Flows, view: View, meters: Meters, generation: int, rates: Rates | None) -> Answer:
        asked, known = decisive(view), self._known
        if known is None or known[0] is not flows or known[1] != asked:
            known = flows, asked, answer(flows, view, meters.clock, meters, generation, rates)
            self._known = known
        return replace(known[2], view=view, meters=meters, generation=generation, rates=rates)


def decisive(view: View) -> View:
    """What decides rows and order; of groups the columns, too, which are made with them."""
    fields = view.fields if view.group or view.tree else ()
    return replace(view, fields=fields, window=None, anchor=None, detail=None, sparks=0)
