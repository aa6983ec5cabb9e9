"""Argus's words for a flow: state, direction arrow, flags.

Promise: as the ra manual and `ra` print them: the order of tests is Argus's. Each function gives codes into a list of
words, word 0 empty; vectorised.
Does not know: fields, formats.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Rows, sides
from ratop_py.flow.layout import Cause, Encaps, Family, Mark
from ratop_py.flow.states import State

Words = tuple[NDArray[np.int32], list[str]]

STATES = ["", "RST", "FIN", "CLO", "TIM", "CON", "ACC", "REQ", "INT", "RSP", "UNK"]
_AT = {word: number for number, word in enumerate(STATES)}
ICMP_TYPES = {
    0: "ECR", 4: "SRC", 5: "RED", 8: "ECO", 9: "RTA", 10: "RTS", 11: "TXD", 12: "PAR",
    13: "TST", 14: "TSR", 15: "IRQ", 16: "IRR", 17: "MAS", 18: "MSR",
}  # fmt: skip
"""RFC 792, 950, 1256."""
UNREACHABLE = (
    "URN", "URH", "URO", "URP", "URF", "URS", "URNU", "URHU", "URISO", "URNPRO", "URHPRO", "URNTOS", "URHTOS", "URFIL",
    "URPRE", "URCUT",
)  # fmt: skip
"""ICMP type 3 by code (RFC 792, 1812)."""
ICMP6_TYPES = {
    2: "PTB", 128: "ECO", 129: "ECR", 130: "MLQ", 131: "MLR", 132: "MLD", 133: "RTS", 134: "RTA",
    135: "NNS", 136: "NNA", 137: "RED", 143: "MLR",
}  # fmt: skip
"""RFC 4443, 4861, 2710, 3810."""
CODES6 = {3: ("TXT", "TXR"), 4: ("PPH", "PPNH", "PPO")}
"""Time exceeded in transit, in reassembly; parameter problem: header, next header, option."""
UNREACHABLE6 = ("URNR", "URAD", "URBS", "URAR", "URP", "URSF", "URRR", "URES")
ARROWS = ["", " ->", "<->", "<- ", " ?>", "<?>", "<? ", "who", "tel"]
TCP_SEEN = 4
"""Bit of `seen`: a SYN or SYN+ACK was there, so who began is certain."""


def states(rows: Rows) -> Words:
    """The state word of each flow."""
    words = list(STATES)
    protos = rows["proto"].copy()
    codes = np.where(protos == 6, _tcp(rows), _BY_SENDERS[_senders(rows)])
    for proto, number_of in ((1, _icmp4), (58, _icmp6)):
        at = np.flatnonzero(protos == proto)
        at = at[rows["marks"][at] & Mark.FRAG_ONLY == 0]
        for packed in sorted(set(rows["icmp"][at].tolist())):
            word = number_of(packed >> 8, packed & 255)
            if word not in words:
                words.append(word)
            codes[at[rows["icmp"][at] == packed]] = words.index(word)
    return codes, words


def _senders(rows: Rows) -> NDArray[np.uint8]:
    """Bit 0, 1: A, B sent; bit 2: B began."""
    pkts = rows["pkts"]
    return np.asarray((pkts[:, 0] > 0) | (pkts[:, 1] > 0) * np.uint8(2) | rows["init"] << 2)


_BY_SENDERS = np.array([_AT[each] for each in ("UNK", "INT", "RSP", "CON", "UNK", "RSP", "INT", "CON")], np.int32)


def _tcp(rows: Rows) -> NDArray[np.int32]:
    return _BY_STATE[rows["state"] | (rows["cause"] == Cause.IDLE) * np.uint8(128)]


def _by_state() -> NDArray[np.int32]:
    """The word by TCP state, + 128 for those that were idle."""
    words = np.full(256, _AT["CON"], np.int32)
    words[128:] = _AT["TIM"]
    for state, word in (
        (State.REQ, "REQ"),
        (State.ACC, "ACC"),
        (State.FIN, "FIN"),
        (State.FINS, "FIN"),
        (State.CLO, "FIN"),  # as ra: FIN is asked before CLO, and a closed connection has seen one
        (State.RST, "RST"),
    ):
        words[state] = _AT[word]
        if word in ("FIN", "RST"):
            words[state + 128] = _AT[word]
    return words


_BY_STATE = _by_state()


def _icmp4(kind: int, code: int) -> str:
    if kind == 3:
        return UNREACHABLE[code] if code < len(UNREACHABLE) else "UR"
    return ICMP_TYPES.get(kind, "UNK")


def _icmp6(kind: int, code: int) -> str:
    if kind == 1:
        return UNREACHABLE6[code] if code < len(UNREACHABLE6) else "UR"
    if kind in CODES6:
        return CODES6[kind][min(code, len(CODES6[kind]) - 1)]
    return ICMP6_TYPES.get(kind, "UNK")


def directions(rows: Rows) -> Words:
    """The arrow of each flow: who sent; a `?` where who began is a guess."""
    out, back = (side > 0 for side in sides(rows, "pkts"))
    codes = np.select([out & back, out, back], [2, 1, 3], 0).astype(np.int32)
    tcp = rows["proto"] == 6
    sure = tcp & (rows["seen"] & TCP_SEEN > 0)
    codes[sure] = 1
    guess = tcp & ~sure & (codes > 0)
    codes[guess] = np.select([codes[guess] == 2, codes[guess] == 1], [5, 4], 6)
    codes[rows["family"] == Family.ARP] = 7
    codes[rows["family"] == Family.RARP] = 8
    return codes, list(ARROWS)


def flags(rows: Rows) -> Words:
    """Argus's nine flag columns; the first is always a blank here (no NetFlow, no merged records)."""
    lost, ecn = _signs(rows)
    key = rows["encaps"].astype(np.int64) << 20 | rows["marks"].astype(np.int64) << 4 | lost << 2 | ecn
    distinct, codes = np.unique(key, return_inverse=True)
    words = ["", *(_letters(each >> 20, each >> 4 & 0xFFFF, each >> 2 & 3, each & 3) for each in distinct.tolist())]
    return codes.reshape(-1).astype(np.int32) + 1, words


def _signs(rows: Rows) -> tuple[NDArray[Any], NDArray[Any]]:
    """Bits of what lies in other columns: retransmissions of source, destination; congestion marks of both."""
    lost, ecn = sides(rows, "retrans"), sides(rows, "tos")
    sign = (lost[0] > 0) * 1 + (lost[1] > 0) * 2
    return sign, (ecn[0] & 3 == 3) * 1 + (ecn[1] & 3 == 3) * 2


def _letters(encaps: int, marks: int, lost: int, ecn: int) -> str:
    mapped = ((Mark.ICMP_UNREACH, "U"), (Mark.ICMP_REDIRECT, "R"), (Mark.ICMP_TIMEX, "T"), (Mark.ICMP_OTHER, "I"))
    icmp = next((letter for bit, letter in mapped if marks & bit), " ")
    loss = " sd*"[lost] if lost else ("i" if marks & Mark.OUT_OF_ORDER else " ")
    shut = "S" if marks & Mark.ZERO_WINDOW else " "
    frag = "V" if marks & Mark.FRAG_OVERLAP else "f" if marks & Mark.FRAG_ONLY else "F" if marks & Mark.FRAG else " "
    options = "O" if marks & Mark.IP_OPTIONS else " "
    return f" {encapsulation(encaps)}{icmp}{loss}{shut}{' xtE'[ecn]}{frag}{options}".rstrip()


ENCAPS_LETTERS = (
    (Encaps.ETHER, "e"), (Encaps.VLAN, "v"), (Encaps.QINQ, "v"), (Encaps.MPLS, "m"), (Encaps.PPPOE, "p"),
    (Encaps.PPP, "p"), (Encaps.LLC, "l"), (Encaps.SNAP, "l"), (Encaps.SLL, "S"), (Encaps.WIFI, "w"),
    (Encaps.IPIP, "P"), (Encaps.GRE, "G"), (Encaps.UDPTUN, "T"),
)  # fmt: skip


def encapsulation(encaps: int) -> str:
    """One letter for one encapsulation, `*` for several."""
    letters = encapsulations(encaps)
    return " " if not letters else letters if len(letters) == 1 else "*"


def encapsulations(encaps: int) -> str:
    """A letter for each encapsulation."""
    return "".join(dict.fromkeys(letter for bit, letter in ENCAPS_LETTERS if encaps & bit))
