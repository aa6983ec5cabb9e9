"""Flows that this machine sends, and that no program of it could: absence, where presence would have been seen.

Codes: no-owner. The correlator proves the absence (`Why.NO_SOCKET`: two complete listings in the flow's life without a
socket on that port, and neither the kernel nor a container speaks there).
Does not know: listings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ratop_py.assess.evidence import finding
from ratop_py.assess.scene import Hit, Scene
from ratop_py.correlate.match import Match, Why
from ratop_py.net.host import HostNet

ABSENT = (Why.NO_SOCKET, Why.PACKET)
"""Reasons that prove that no socket was there; who could send frames by hand may have, and need not."""
OUT = 2
"""`way` of flows that this machine began."""


class Ownerless:
    """Reads the notes, remembers nothing."""

    def learn(self, scene: Scene) -> None:
        """Nothing to remember."""

    def hits(self, scene: Scene) -> Iterator[Hit]:
        """Flows from here."""
        notes = scene.flows.notes
        nobody = (notes["way"] == OUT) & (notes["s_match"] <= Match.LIKELY) & np.isin(notes["s_why"], ABSENT)
        for row in np.flatnonzero(nobody).tolist():
            sides = scene.rows["first"][row]
            yield row, finding("no-owner", int(sides[scene.rows["init"][row]]))

    def silent(self, host: HostNet) -> Iterator[str]:
        """Own addresses are needed, and that nobody else's flows leave under them."""
        if not host.knows:
            yield "no-owner: this machine's addresses are not known."
        elif host.masquerades:
            yield "no-owner: this machine forwards, or may: what leaves under its address can be another's."
