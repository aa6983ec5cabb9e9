"""What a reader asks (`View`), the immutable answer (`Snapshot`), and how one becomes the other."""

from ratop_py.kinds import Addresses, Column, Text
from ratop_py.view.model import (
    Coverage,
    Detail,
    EventMeter,
    FindingFacts,
    Meters,
    NameFact,
    Order,
    OtherFlow,
    OwnerFacts,
    Pulse,
    Share,
    SideFacts,
    Snapshot,
    View,
)
from ratop_py.view.rates import Rates
from ratop_py.view.select import Answer, answer, select
from ratop_py.view.sights import BY, SIGHTS, Sight, sight_of

__all__ = [
    "BY",
    "SIGHTS",
    "Addresses",
    "Answer",
    "Column",
    "Coverage",
    "Detail",
    "EventMeter",
    "FindingFacts",
    "Meters",
    "NameFact",
    "Order",
    "OtherFlow",
    "OwnerFacts",
    "Pulse",
    "Rates",
    "Share",
    "SideFacts",
    "Sight",
    "Snapshot",
    "Text",
    "View",
    "answer",
    "select",
    "sight_of",
]
