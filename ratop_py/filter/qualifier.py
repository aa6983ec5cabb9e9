"""Primitives with a qualifier: host, net, port, portrange, proto, ether; a protocol or direction may stand before.

Promise: a value is read as its qualifier says, and so is what follows after `and`, `or`.
Does not know: fields, and, or, not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ratop_py.fields.words import ETHERTYPES
from ratop_py.filter import literal, services, syntax
from ratop_py.filter.comparison import Comparison
from ratop_py.filter.error import nearest
from ratop_py.filter.syntax import ANY, DST, SRC, Node
from ratop_py.filter.tokens import Is, Token
from ratop_py.filter.vocabulary import PROTOCOL_WORDS, QUALIFIERS, known_words
from ratop_py.kinds import Kind

if TYPE_CHECKING:
    from ratop_py.filter.parser import Parser

Carried = Callable[[], Node]
"""Reads one more value for the last qualifier."""
WITH_PORTS = ("tcp", "udp", "sctp", "dccp")
NETWORKS = ("ip", "ip4", "ip6", "ipv4", "ipv6")
BEFORE = (*WITH_PORTS, *NETWORKS, "arp", "rarp", "icmp", "icmp6", "ether")
"""Protocols that may stand before another primitive: `tcp port 80`, `ip host 10.0.0.1`, `ether multicast`."""
CASTS = ("multicast", "broadcast")


class Qualified:
    """Reads one such primitive for a parser."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser

    def primitive(self, side: str) -> Node | None:
        """The primitive that stands here; None: none of these does."""
        token, after = self.parser.token, self.parser.after
        if token.kind is not Is.WORD:
            return None
        if not side and token.word("ether") and after.word("host", SRC, DST, "proto"):
            self.parser.take()
            return self._ether()
        if not side and token.text in BEFORE and after.word(SRC, DST, *QUALIFIERS, *CASTS):
            return self._after_protocol(self.parser.take().text)
        if token.word("proto") and (after.word("in", "not") or after.sign("=", "==", "!=", "~", "!~", "~*", "!~*")):
            return None  # proto = tcp: the field
        return self._qualified(side, "")

    def _after_protocol(self, proto: str) -> Node:
        if self.parser.token.word(*CASTS):
            return _within(proto, syntax.Word(self.parser.take().text))
        node = self._qualified(self.parser.side(), proto)
        if node is None:
            raise self.parser.wrong("“host”, “net”, “port” or “portrange” is expected")
        return node

    def _qualified(self, side: str, proto: str) -> Node | None:
        """host, net, port …; after a direction or a protocol also an address alone."""
        readers = self._readers(side or ANY, proto)
        word = self.parser.token.text
        if word in readers and self.parser.token.kind is Is.WORD:
            if word in ("port", "portrange") and proto not in ("", *WITH_PORTS, *NETWORKS):
                raise self.parser.wrong(f"{proto} has no ports: “host” or “net” is expected")
            self.parser.take()
            return self._carry(readers[word])
        if self._address_stands_here(bool(side)):
            return self._carry(lambda: _within(proto, self._net(side or ANY, whole=False)))
        return None

    def _readers(self, side: str, proto: str) -> Mapping[str, Carried]:
        return {
            "host": lambda: _within(proto, self._net(side, whole=True)),
            "net": lambda: _within(proto, self._net(side, whole=False)),
            "port": lambda: self._port(side, proto),
            "portrange": lambda: self._range(side, proto),
            "proto": lambda: _within(proto, self._protocol()),
        }

    def _address_stands_here(self, sided: bool) -> bool:
        """`10.0.0.1`, `10.0.0.0/8`, `2001:db8::1` alone, or anything such after src or dst."""
        text = self.parser.token.text
        if self.parser.token.kind is not Is.WORD or not (sided or text.count(".") == 3 or text.count(":") > 1):
            return False
        try:
            literal.prefix(text)
        except ValueError:
            return False
        return True

    def _ether(self) -> Node:
        which = self.parser.take().text
        if which == "proto":
            return self._carry(self._etype)
        if self.parser.token.word("host"):
            self.parser.take()
        side = which if which in (SRC, DST) else ANY
        return self._carry(lambda: syntax.Ether(side, int(self._number(Kind.MAC))))

    def _etype(self) -> Node:
        token = self.parser.token
        word = token.text.removeprefix("\\")
        if token.kind is Is.WORD and word in (*NETWORKS, "arp", "rarp", *ETHERTYPES.values()):
            self.parser.take()
            return syntax.Word("ip4" if word == "ip" else "ip6" if word == "ipv6" else word)
        number = int(self._number(Kind.COUNT))
        names = {0x0800: "ip4", 0x86DD: "ip6", 0x0806: "arp", 0x8035: "rarp"}
        if number in names:
            return syntax.Word(names[number])
        return syntax.And(syntax.Word("ether"), syntax.Equals("proto", (_etype_name(number),)))

    def _carry(self, read: Carried) -> Node:
        """Read a value, or `(a or b)`, or `in (a, b)`, and remember how for what follows `and`, `or`."""
        parser = self.parser
        parser.carry(read)
        if parser.token.word("not") and parser.after.word("in"):
            parser.take()
            parser.take()
            return syntax.Not(self._several(read))
        if parser.token.word("in"):
            parser.take()
            return self._several(read)
        if parser.token.sign("("):
            return self._several(read)
        node = read()
        while parser.token.sign(","):
            parser.take()
            node = syntax.Or(node, read())
        return node

    def _several(self, read: Carried) -> Node:
        parser = self.parser
        if not parser.token.sign("("):
            return read()
        parser.take()
        node = read()
        while not parser.token.sign(")"):
            if parser.token.sign(",", "||") or parser.token.word("or"):
                parser.take()
                node = syntax.Or(node, read())
            elif parser.token.word("and") or parser.token.sign("&&"):
                parser.take()
                node = syntax.And(node, read())
            else:
                raise parser.wrong("“,”, “or” or “)” is expected")
        parser.take()
        return node

    def _value(self, expected: str) -> Token:
        if self.parser.token.kind not in (Is.WORD, Is.STRING) or self.parser.token.word("and", "or", "not"):
            raise self.parser.wrong(expected)
        return self.parser.take()

    def _net(self, side: str, *, whole: bool) -> Node:
        expected = "an address is expected, as 10.0.0.1 or 2001:db8::1"
        if self.parser.token.sign("!="):
            self.parser.take()
            return syntax.Not(self._net(side, whole=whole))
        if self.parser.token.sign("=", "=="):
            self.parser.take()
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
            number, named = self._port_of(self._value("a port is expected"), proto)
            return _ports(side, sign, number, proto or named)
        token = self._value("a port is expected, a number or a service name")
        low, dash, high = token.text.partition("-")
        if dash and _decimal(low) and _decimal(high):
            return self._ranged(side, proto, token)
        number, named = self._port_of(token, proto)
        return _ports(side, "=", number, proto or named)

    def _port_of(self, token: Token, proto: str) -> tuple[int, str]:
        """(number, the only protocol that a name means)."""
        try:
            return services.port(token.text, proto if proto in WITH_PORTS else "")
        except ValueError as error:
            raise self.parser.wrong(str(error), token, nearest(token.text, known_words())) from None

    def _range(self, side: str, proto: str) -> Node:
        return self._ranged(side, proto, self._value("a range of ports is expected, as 1000-2000"))

    def _ranged(self, side: str, proto: str, token: Token) -> Node:
        low, _, high = token.text.partition("-")
        if not (_decimal(low) and _decimal(high) and int(low) <= int(high) <= 65535):
            raise self.parser.wrong("a range of ports is expected, as 1000-2000", token)
        return _ranged(side, int(low), int(high), proto)

    def _protocol(self) -> Node:
        token = self._value("a protocol is expected, a name or a number")
        word = token.text.removeprefix("\\").removeprefix("ip-")
        if _decimal(word) and int(word) < 256:
            return syntax.Protocol(int(word))
        if word in PROTOCOL_WORDS:
            return syntax.Word(word)
        raise self.parser.wrong("a protocol is expected, a name or a number", token, nearest(word, PROTOCOL_WORDS))

    def _number(self, kind: Kind) -> float:
        token = self._value("a value is expected")
        try:
            return literal.parse(kind, token.text, self.parser.now)
        except ValueError as error:
            raise self.parser.wrong(str(error), token) from None


def high_bits(bits: int) -> int:
    """A mask of the first `bits` of 128."""
    return (1 << 128) - (1 << (128 - bits))


def _within(proto: str, node: Node) -> Node:
    """The node, of this protocol's flows only; `ether` is all of them."""
    return syntax.And(syntax.Word(proto), node) if proto not in ("", "ether") else node


def _ports(side: str, sign: str, number: int, proto: str) -> Node:
    low, high = {
        "=": (number, number),
        "!=": (number, number),
        ">": (number + 1, 65535),
        ">=": (number, 65535),
        "<": (0, number - 1),
        "<=": (0, number),
    }[sign]
    node = _ranged(side, low, high, proto)
    return syntax.Not(node) if sign == "!=" else node


def _ranged(side: str, low: int, high: int, proto: str) -> Node:
    if proto in NETWORKS:
        return _within(proto, syntax.Ports(side, low, high))
    return syntax.Ports(side, low, high, proto)


def _decimal(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _etype_name(number: int) -> str:
    return ETHERTYPES.get(number, f"ether-0x{number:04x}")
