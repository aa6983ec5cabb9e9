"""Rows + what the host knows → findings, risk: every rule over the flows that changed.

Promise: findings are recomputed, not accumulated: a MAC later learned as a router clears them at the next look. A rule
that lacks what it needs is silent, and `silent` says so.
Does not know: how a rule works, what the screen shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess.address import Addresses
from ratop_py.assess.binding import Bindings
from ratop_py.assess.evidence import Finding, Findings, ordered, risk
from ratop_py.assess.link import Links
from ratop_py.assess.messages import Messages
from ratop_py.assess.ownerless import Ownerless
from ratop_py.assess.scene import Detector, scene
from ratop_py.flow.flows import Flows
from ratop_py.net.host import HostNet


class Observer:
    """What was learned so far, detector by detector; each part is bounded. A new detector stands here."""

    def __init__(self) -> None:
        self.bindings = Bindings()
        self.links = Links(self.bindings)
        self.detectors: tuple[Detector, ...] = (
            self.bindings, self.links, Addresses(), Messages(self.links), Ownerless(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """In the order of the flows given."""

    risk: NDArray[np.uint8]
    whys: Mapping[int, tuple[str, ...]]
    """row → codes, strongest first; rows without findings are absent."""
    findings: Mapping[int, Findings]
    """flow id → findings; flows without are absent."""
    silent: tuple[str, ...]


def assess(flows: Flows, observer: Observer, host: HostNet, now: int, *, final: bool = False) -> Assessed:
    """Judge these flows. `now`: packet time, ns. `final`: nothing will come any more, so nobody waits for grace."""
    seen = scene(flows, host, now, final=final)
    for detector in observer.detectors:
        detector.learn(seen)
    found: dict[int, list[Finding]] = {}
    for detector in observer.detectors:
        for row, finding in detector.hits(seen):
            found.setdefault(row, []).append(finding)
    silent = [*host.unknown, *(told for detector in observer.detectors for told in detector.silent(host))]
    return _assessed(flows, found, tuple(silent))


def _assessed(flows: Flows, found: Mapping[int, list[Finding]], silent: tuple[str, ...]) -> Assessed:
    risks = np.zeros(len(flows), np.uint8)
    whys: dict[int, tuple[str, ...]] = {}
    findings: dict[int, Findings] = {}
    for row, several in found.items():
        told = ordered(several)
        risks[row] = risk(told)
        whys[row] = tuple(each.code for each in told)
        findings[int(flows.rows["id"][row])] = told
    return Assessed(risks, whys, findings, silent)
