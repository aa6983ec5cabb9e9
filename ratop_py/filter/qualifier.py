"""Primitives with a qualifier: host, net, port, portrange, proto, ether; a protocol or direction may stand before.

Promise: a value is read as its qualifier says, and so is what follows after `and`, `or`.
Does not know: fields, and, or, not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ratop_py.fields.words import ETHERTYPES
from ratop_py.filter import literal, syntax
from ratop_py.filter.comparison import Comparison
from ratop_py.filter.error import nearest
from ratop_py.filter.syntax import ANY, DST, SRC, Node
from ratop_py.filter.tokens import Is, Token
from ratop_py.filter.vocabulary import PROTOCOL_WORDS, QUALIFIERS, known_words
from ratop_py.filter.words import WORDS
from ratop_py.kinds import Kind

if TYPE_CHECKING:
    from ratop_py.filter.parser import Parser

Carried = Callable[[], Node]
"""Reads one more value for the last qualifier."""
BEFORE = ("tcp", "udp", "sctp", "dccp", "ip", "ip4", "ip6", "ipv4", "ipv6", "arp", "rarp", "icmp", "icmp6")
"""Protocols that may stand before port or host: `tcp port 80`, `ip host 10.0.0.1`."""


class Qualified:
    """Reads one such primitive for a parser."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser

    def special(self, side: str) -> Node | None:
        if self.parser.token.text == "proto":
            if self.parser.after.word("in") or (self.parser.after.kind is Is.SIGN and not self.parser.after.sign("(")):
                return None  # proto = tcp: the field
            self.parser.take()
            return self._carry(self._protocol)
        if self.parser.after.word("host", SRC, DST, "proto") and not side:
            self.parser.take()
            return self._ether()
        return None

    def _ether(self) -> Node:
        which = self.parser.take().text
        if which == "proto":
            return self._etype(int(self._number(Kind.COUNT)))
        if self.parser.token.word("host"):
            self.parser.take()
        side = which if which in (SRC, DST) else ANY
        return self._carry(lambda: syntax.Ether(side, int(self._number(Kind.MAC))))

    def _etype(self, number: int) -> Node:
        names = {0x0800: "ip4", 0x86DD: "ip6", 0x0806: "arp", 0x8035: "rarp"}
        if number in names:
            return syntax.Word(names[number])
        return syntax.And(syntax.Word("ether"), syntax.Equals("proto", (_etype_name(number),)))

    def primitive(self, side: str) -> Node | None:
        """host, net, port, portrange; a protocol may stand before them."""
        proto = ""
        if not side and self.parser.token.text in BEFORE and self.parser.after.word(SRC, DST, *QUALIFIERS):
            proto = self.parser.take().text
            side = self.parser.side()
        word = self.parser.token.text if self.parser.token.kind is Is.WORD else ""
        readers: dict[str, Carried] = {
            "host": lambda: self.net(side or ANY, whole=True),
            "net": lambda: self.net(side or ANY, whole=False),
            "port": lambda: self._port(side or ANY, proto),
            "portrange": lambda: self._range(side or ANY, proto),
        }
        if word not in readers or (word in ("host", "net") and self.parser.after.kind is Is.END):
            if proto:
                raise self.parser.wrong("“host”, “net”, “port” or “portrange” is expected")
            if word in readers:
                self.parser.take()
                raise self.parser.wrong("an address is expected")
            return None
        self.parser.take()
        node = self._carry(readers[word])
        if proto and word in ("host", "net"):
            return syntax.And(syntax.Word(proto), node)
        return node

    def _carry(self, read: Carried) -> Node:
        """Read a value, or `(a or b)`, or `in (a, b)`, and remember how for what follows `and`, `or`."""
        self.parser.carry(read)
        if self.parser.token.word("in"):
            self.parser.take()
            return self._several(read)
        if self.parser.token.sign("("):
            return self._several(read)
        node = read()
        while self.parser.token.sign(","):
            self.parser.take()
            node = syntax.Or(node, read())
        return node

    def _several(self, read: Carried) -> Node:
        if not self.parser.token.sign("("):
            return read()
        self.parser.take()
        node = read()
        while not self.parser.token.sign(")"):
            if self.parser.token.sign(",") or self.parser.token.word("or") or self.parser.token.sign("||"):
                self.parser.take()
                node = syntax.Or(node, read())
            elif self.parser.token.word("and") or self.parser.token.sign("&&"):
                self.parser.take()
                node = syntax.And(node, read())
            else:
                raise self.parser.wrong("“,”, “or” or “)” is expected")
        self.parser.take()
        return node

    def _value(self, expected: str) -> Token:
        if self.parser.token.kind not in (Is.WORD, Is.STRING) or self.parser.token.word("and", "or", "not"):
            raise self.parser.wrong(expected)
        return self.parser.take()

    def net(self, side: str, *, whole: bool) -> Node:
        expected = "an address is expected, as 10.0.0.1 or 2001:db8::1"
        token = self._value(expected)
        try:
            value, bits = literal.prefix(token.text)
        except ValueError as error:
            raise self.parser.wrong(str(error), token) from None
        if self.parser.token.word("mask") and not whole:
            self.parser.take()
            bits = self._mask()
        if whole and "/" not in token.text and bits != 128:
            raise self.parser.wrong(expected, token, near=f"net {token.text}")
        return syntax.Net(side, value & high_bits(bits), bits)

    def _mask(self) -> int:
        token = self._value("a network mask is expected, as 255.255.255.0")
        try:
            value, _ = literal.prefix(token.text)
        except ValueError as error:
            raise self.parser.wrong(str(error), token) from None
        low = value & 0xFFFFFFFF
        bits = low.bit_count()
        if low != ((1 << bits) - 1) << (32 - bits):
            raise self.parser.wrong("a network mask is ones, then zeros", token)
        return 96 + bits

    def _port(self, side: str, proto: str) -> Node:
        """A port; a name means its protocol only. `80-90` is a range, `> 1000` and `gt 1000` compare."""
        comparison = Comparison(self.parser)
        if (sign := comparison.sign()) is not None:
            number = int(self._port_of(self._value("a port is expected"), proto)[0])
            return _ports(side, sign, number, proto)
        token = self._value("a port is expected, a number or a service name")
        low, dash, high = token.text.partition("-")
        if dash and low.isdecimal() and high.isdecimal():
            return self._ranged(side, proto, token)
        number, named = self._port_of(token, proto)
        return syntax.Ports(side, number, number, proto or named)

    def _port_of(self, token: Token, proto: str) -> tuple[int, str]:
        try:
            return literal.port(token.text, (proto,) if proto else ("tcp", "udp"))
        except ValueError as error:
            raise self.parser.wrong(str(error), token, nearest(token.text, known_words())) from None

    def _range(self, side: str, proto: str) -> Node:
        return self._ranged(side, proto, self._value("a range of ports is expected, as 1000-2000"))

    def _ranged(self, side: str, proto: str, token: Token) -> Node:
        low, _, high = token.text.partition("-")
        if not (low.isdecimal() and high.isdecimal() and int(low) <= int(high) <= 65535):
            raise self.parser.wrong("a range of ports is expected, as 1000-2000", token)
        return syntax.Ports(side, int(low), int(high), proto)

    def _protocol(self) -> Node:
        token = self._value("a protocol is expected, a name or a number")
        if token.text.isdecimal() and int(token.text) < 256:
            return syntax.Protocol(int(token.text))
        word = token.text.removeprefix("ip-")
        if word.isdecimal() and int(word) < 256:
            return syntax.Protocol(int(word))
        if token.text in WORDS and token.text in PROTOCOL_WORDS:
            return syntax.Word(token.text)
        raise self.parser.wrong(
            "a protocol is expected, a name or a number", token, nearest(token.text, PROTOCOL_WORDS)
        )

    def _number(self, kind: Kind) -> float:
        token = self._value("a value is expected")
        try:
            return literal.parse(kind, token.text, self.parser.now)
        except ValueError as error:
            raise self.parser.wrong(str(error), token) from None


def high_bits(bits: int) -> int:
    """A mask of the first `bits` of 128."""
    return (1 << 128) - (1 << (128 - bits))


def _ports(side: str, sign: str, number: int, proto: str) -> Node:
    low, high = {
        "=": (number, number),
        "!=": (number, number),
        ">": (number + 1, 65535),
        ">=": (number, 65535),
        "<": (0, number - 1),
        "<=": (0, number),
    }[sign]
    node = syntax.Ports(side, low, high, proto)
    return syntax.Not(node) if sign == "!=" else node


def _etype_name(number: int) -> str:
    return ETHERTYPES.get(number, f"ether-0x{number:04x}")
