"""Tokens into a tree.

Promise: `and` and `or` bind equally, from left to right, `not` binds tighter (tcpdump, Argus). After `and`/`or` the
last qualifier goes on applying: `port 80 or 443`. Every refusal is a FilterError with place, expectation and the
nearest word.
Does not know: columns, evaluation.
"""

from __future__ import annotations

from collections.abc import Callable

from ratop_py.filter import literal, syntax
from ratop_py.filter.comparison import Comparison, field_named
from ratop_py.filter.error import FilterError, nearest
from ratop_py.filter.syntax import ALL, ANY, DST, SRC, Node
from ratop_py.filter.tokens import Is, Token, tokens
from ratop_py.filter.vocabulary import QUALIFIERS, known_words
from ratop_py.filter.words import WORDS
from ratop_py.kinds import Kind

Carried = Callable[[], Node]
"""Reads one more value for the last qualifier."""
STARTS = frozenset({SRC, DST, "not", "ether", *QUALIFIERS})
"""Words that begin a primitive, so they are no value for the last qualifier."""
DEEPEST = 200
"""Nested parentheses and nots."""


def parse(text: str, now: float = 0.0) -> Node:
    """The tree of a filter. `now`: seconds, for relative times."""
    return Parser(text, now).whole()


class Parser:
    """Reads one filter, once."""

    def __init__(self, text: str, now: float) -> None:
        self.text = text
        self.now = now
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0
        self._carried: Carried | None = None

    # -- tokens --------------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The token that is next."""
        return self._tokens[self._at]

    @property
    def ended(self) -> bool:
        """Nothing is left."""
        return self.token.kind is Is.END

    @property
    def after(self) -> Token:
        """The one behind it."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Go on by one token."""
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def wrong(self, expected: str, token: Token | None = None, near: str = "") -> FilterError:
        """An error at a token."""
        at = token or self.token
        return FilterError(self.text, at.start, at.end, expected, near)

    def _sign(self, sign: str, expected: str) -> None:
        if not self.token.sign(sign):
            raise self.wrong(expected)
        self.take()

    # -- and, or, not --------------------------------------------------------------------------------------------------

    def whole(self) -> Node:
        """All of the text."""
        if self.ended:
            return syntax.Everything()
        node = self._expression()
        rest = self.token
        if rest.kind is not Is.END:
            raise self.wrong("“and”, “or” or the end is expected", near=self._joiner())
        return node

    def _joiner(self) -> str:
        return nearest(self.token.text, ("and", "or")) if self.token.kind is Is.WORD else ""

    def _expression(self) -> Node:
        node = self._term()
        while self.token.word("and", "or") or self.token.sign("&&", "||"):
            joined = syntax.And if self.take().text in ("and", "&&") else syntax.Or
            node = joined(node, self._term(carry=True))
        return node

    def _term(self, *, carry: bool = False) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.wrong(f"a filter is nested at most {DEEPEST} deep")
        try:
            return self._unary(carry=carry)
        finally:
            self._depth -= 1

    def _unary(self, *, carry: bool) -> Node:
        if self.token.word("not") or self.token.sign("!"):
            self.take()
            return syntax.Not(self._term(carry=carry))
        if self.token.sign("("):
            self.take()
            node = self._expression()
            self._sign(")", "“)” is expected")
            return node
        if carry and self._carries():
            assert self._carried is not None
            return self._carried()
        return self._primitive()

    def _carries(self) -> bool:
        """Whether what comes is a value for the last qualifier and no primitive of its own."""
        token = self.token
        if self._carried is None:
            return False
        if token.kind is Is.SIGN:
            return token.text in (">", "<", ">=", "<=", "=", "==", "!=")
        starts = token.text in STARTS or token.text in WORDS or field_named(token.text) is not None
        return token.kind is Is.WORD and not starts

    # -- primitives ----------------------------------------------------------------------------------------------------

    def _primitive(self) -> Node:
        token = self.token
        if token.kind is Is.STRING:
            self._carried = None
            return syntax.Contains(self.take().text)
        if token.kind is not Is.WORD:
            raise self.wrong("a host, port, protocol, state or field is expected")
        side = self._side()
        if token.text in ("proto", "ether") and (found := self._special(side)) is not None:
            return found
        return self._qualified(side) or self._compared(side) or self._plain(side)

    def _side(self) -> str:
        """src, dst, `src or dst`, `src and dst`; empty if none stands there."""
        if not self.token.word(SRC, DST):
            return ""
        first = self.take().text
        if self.token.word("or", "and") and self.after.word(SRC, DST) and self.after.text != first:
            both = ALL if self.take().text == "and" else ANY
            self.take()
            return both
        return first

    def _special(self, side: str) -> Node | None:
        if self.token.text == "proto":
            if self.after.word("in") or (self.after.kind is Is.SIGN and not self.after.sign("(")):
                return None  # proto = tcp: the field
            self.take()
            return self._carry(self._protocol)
        if self.after.word("host", SRC, DST, "proto") and not side:
            self.take()
            return self._ether()
        return None

    def _ether(self) -> Node:
        which = self.take().text
        if which == "proto":
            return self._etype(int(self._number(Kind.COUNT)))
        if self.token.word("host"):
            self.take()
        side = which if which in (SRC, DST) else ANY
        return self._carry(lambda: syntax.Ether(side, int(self._number(Kind.MAC))))

    def _etype(self, number: int) -> Node:
        names = {0x0800: "ip4", 0x86DD: "ip6", 0x0806: "arp", 0x8035: "rarp"}
        if number in names:
            return syntax.Word(names[number])
        return syntax.And(syntax.Word("ether"), syntax.Equals("proto", (_etype_name(number),)))

    def _qualified(self, side: str) -> Node | None:
        """host, net, port, portrange; a protocol may stand before them."""
        proto = ""
        if not side and self.token.text in literal_protos() and self.after.word(SRC, DST, *QUALIFIERS):
            proto = self.take().text
            side = self._side()
        word = self.token.text if self.token.kind is Is.WORD else ""
        readers: dict[str, Carried] = {
            "host": lambda: self._net(side or ANY, whole=True),
            "net": lambda: self._net(side or ANY, whole=False),
            "port": lambda: self._port(side or ANY, proto),
            "portrange": lambda: self._range(side or ANY, proto),
        }
        if word not in readers or (word in ("host", "net") and self.after.kind is Is.END):
            if proto:
                raise self.wrong("“host”, “net”, “port” or “portrange” is expected")
            if word in readers:
                self.take()
                raise self.wrong("an address is expected")
            return None
        self.take()
        node = self._carry(readers[word])
        if proto and word in ("host", "net"):
            return syntax.And(syntax.Word(proto), node)
        return node

    def _carry(self, read: Carried) -> Node:
        """Read a value, or `(a or b)`, or `in (a, b)`, and remember how for what follows `and`, `or`."""
        self._carried = read
        if self.token.word("in"):
            self.take()
            return self._several(read)
        if self.token.sign("("):
            return self._several(read)
        node = read()
        while self.token.sign(","):
            self.take()
            node = syntax.Or(node, read())
        return node

    def _several(self, read: Carried) -> Node:
        if not self.token.sign("("):
            return read()
        self.take()
        node = read()
        while not self.token.sign(")"):
            if self.token.sign(",") or self.token.word("or") or self.token.sign("||"):
                self.take()
                node = syntax.Or(node, read())
            elif self.token.word("and") or self.token.sign("&&"):
                self.take()
                node = syntax.And(node, read())
            else:
                raise self.wrong("“,”, “or” or “)” is expected")
        self.take()
        return node

    def _value(self, expected: str) -> Token:
        if self.token.kind not in (Is.WORD, Is.STRING) or self.token.word("and", "or", "not"):
            raise self.wrong(expected)
        return self.take()

    def _net(self, side: str, *, whole: bool) -> Node:
        expected = "an address is expected, as 10.0.0.1 or 2001:db8::1"
        token = self._value(expected)
        try:
            value, bits = literal.prefix(token.text)
        except ValueError as error:
            raise self.wrong(str(error), token) from None
        if self.token.word("mask") and not whole:
            self.take()
            bits = self._mask()
        if whole and "/" not in token.text and bits != 128:
            raise self.wrong(expected, token, near=f"net {token.text}")
        return syntax.Net(side, value & _high(bits), bits)

    def _mask(self) -> int:
        token = self._value("a network mask is expected, as 255.255.255.0")
        try:
            value, _ = literal.prefix(token.text)
        except ValueError as error:
            raise self.wrong(str(error), token) from None
        low = value & 0xFFFFFFFF
        bits = low.bit_count()
        if low != ((1 << bits) - 1) << (32 - bits):
            raise self.wrong("a network mask is ones, then zeros", token)
        return 96 + bits

    def _port(self, side: str, proto: str) -> Node:
        """A port; a name means its protocol only. `80-90` is a range, `> 1000` and `gt 1000` compare."""
        comparison = Comparison(self)
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
            raise self.wrong(str(error), token, nearest(token.text, known_words())) from None

    def _range(self, side: str, proto: str) -> Node:
        return self._ranged(side, proto, self._value("a range of ports is expected, as 1000-2000"))

    def _ranged(self, side: str, proto: str, token: Token) -> Node:
        low, _, high = token.text.partition("-")
        if not (low.isdecimal() and high.isdecimal() and int(low) <= int(high) <= 65535):
            raise self.wrong("a range of ports is expected, as 1000-2000", token)
        return syntax.Ports(side, int(low), int(high), proto)

    def _protocol(self) -> Node:
        token = self._value("a protocol is expected, a name or a number")
        if token.text.isdecimal() and int(token.text) < 256:
            return syntax.Protocol(int(token.text))
        word = token.text.removeprefix("ip-")
        if word.isdecimal() and int(word) < 256:
            return syntax.Protocol(int(word))
        if token.text in WORDS and token.text in known_protocols():
            return syntax.Word(token.text)
        raise self.wrong("a protocol is expected, a name or a number", token, nearest(token.text, known_protocols()))

    def _number(self, kind: Kind) -> float:
        token = self._value("a value is expected")
        try:
            return literal.parse(kind, token.text, self.now)
        except ValueError as error:
            raise self.wrong(str(error), token) from None

    def _compared(self, side: str) -> Node | None:
        """A field and what it is compared with."""
        return Comparison(self).field(side)

    def carry(self, read: Carried) -> None:
        """Go on reading values like this after `and`, `or`."""
        self._carried = read

    def _plain(self, side: str) -> Node:
        """A word of its own: tcp, syn, vlan 100 …; else text to look for."""
        token = self.token
        meaning = WORDS.get(token.text) if token.kind is Is.WORD else None
        if meaning is None:
            return self._unknown(side)
        if side and not meaning.sided:
            raise self.wrong(f"“{token.text}” has no direction", token)
        self.take()
        self._carried = None
        if token.text in ("vlan", "mpls") and self.token.kind is Is.WORD and self.token.text.isdecimal():
            return self._tag(token.text, side)
        return syntax.Word(token.text, side if side in (SRC, DST) else "")

    def _tag(self, word: str, side: str) -> Node:
        token = self.take()
        names = {"vlan": ("svid", "dvid"), "mpls": ("smpls", "dmpls")}[word]
        both = [syntax.Compare(name, "=", int(token.text), token.text) for name in names]
        return both[0] if side == SRC else both[1] if side == DST else syntax.Or(*both)

    def _unknown(self, side: str) -> Node:
        token = self.token
        if side:
            raise self.wrong("“host”, “net”, “port” or a field is expected", near=nearest(token.text, QUALIFIERS))
        if (net := self._bare_address()) is not None:
            return net
        near = nearest(token.text, known_words())
        if near or (self.after.kind is Is.SIGN and not self.after.sign("(", ")", "&&", "||", ",")):
            raise self.wrong("a field, a word of the language or a value is expected", near=near)
        self.take()
        self._carried = None
        return syntax.Contains(token.text)

    def _bare_address(self) -> Node | None:
        """`10.0.0.1`, `10.0.0.0/8`, `2001:db8::1` alone mean host or net."""
        text = self.token.text
        if text.count(".") != 3 and text.count(":") < 2:
            return None
        try:
            value, bits = literal.prefix(text)
        except ValueError:
            return None
        self.take()
        self._carried = lambda: self._net(ANY, whole=False)
        return syntax.Net(ANY, value & _high(bits), bits)


def _high(bits: int) -> int:
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


def literal_protos() -> tuple[str, ...]:
    """Protocols that may stand before port or host: `tcp port 80`, `ip host 10.0.0.1`."""
    return ("tcp", "udp", "sctp", "dccp", "ip", "ip4", "ip6", "ipv4", "ipv6", "arp", "rarp", "icmp", "icmp6")


def known_protocols() -> tuple[str, ...]:
    """Words that name a protocol."""
    from ratop_py.filter.vocabulary import PROTOCOL_WORDS

    return PROTOCOL_WORDS


def _etype_name(number: int) -> str:
    from ratop_py.fields.words import ETHERTYPES

    return ETHERTYPES.get(number, f"ether-0x{number:04x}")
