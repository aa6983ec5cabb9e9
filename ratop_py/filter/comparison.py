"""A field compared: `bytes > 1M`, `src pkts gt 3`, `user alice`, `program ~ "^ssh"`, `port in (80, 443)`.

Promise: the value is read by the field's kind, so a wrong unit is an error with the units that are right.
Does not know: and, or, not.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from ratop_py.fields import ALIASES, FIELDS
from ratop_py.filter import literal, pattern, syntax
from ratop_py.filter.error import nearest
from ratop_py.filter.syntax import ALL, DST, SRC, Node
from ratop_py.filter.tokens import Is, Token
from ratop_py.filter.vocabulary import CLOSED, PAIR_ALIASES, canonical, known_words
from ratop_py.filter.words import WORDS
from ratop_py.kinds import Kind

if TYPE_CHECKING:
    from ratop_py.filter.parser import Parser

RELATIONS = {
    "=": "=", "==": "=", "!=": "!=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", "eq": "=", "equal": "=", "gt": ">",
    "greater": ">", "lt": "<", "less": "<", "gte": ">=", "ge": ">=", "lte": "<=", "le": "<=", "ne": "!=",
}  # fmt: skip
TEXTS = frozenset({Kind.TEXT, Kind.LIST})
LIKE = ("~", "!~", "~*", "!~*")
LEVEL_FIELDS = frozenset({"risk", "level"})
LONG_NAMES = {"program": "prog"}
"""Fields whose sided twins have a shorter name."""


def field_named(word: str, side: str = "") -> tuple[str, ...] | None:
    """The fields that a word means: one, or source's and destination's; None: no field."""
    name = ALIASES.get(word, word)
    if name in FIELDS and not side:
        return (name,)
    name = PAIR_ALIASES.get(name, name)
    name = LONG_NAMES.get(name, name) if side else name
    pair = (f"s{name}", f"d{name}")
    if pair[0] not in FIELDS or pair[1] not in FIELDS:
        return None
    return pair[:1] if side == SRC else pair[1:] if side == DST else pair


class Comparison:
    """Reads one comparison for a parser."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser

    def sign(self) -> str | None:
        """A relation, taken; None: there is none."""
        token = self.parser.token
        if token.kind in (Is.SIGN, Is.WORD) and token.text in RELATIONS:
            return RELATIONS[self.parser.take().text]
        return None

    def field(self, side: str) -> Node | None:
        """A comparison that begins with a field's name; None: no field stands there."""
        token = self.parser.token
        if token.kind is not Is.WORD:
            return None
        if token.text in ("greater", "less") and not side:
            return self._frame_size()
        names = field_named(token.text, side)
        if names is None or self._is_a_word(token, side):
            return None
        self.parser.take()
        return self._read(names, side)

    def _is_a_word(self, token: Token, side: str) -> bool:
        """Some words are states as well as fields: then a relation decides."""
        if token.text not in WORDS:
            return False
        after = self.parser.after
        compares = after.text in (*RELATIONS, *LIKE) and after.kind is Is.SIGN
        return not (compares or after.word("in") or (side and after.text in RELATIONS))

    def _frame_size(self) -> Node:
        """Tcpdump's `greater N` and `less N`."""
        sign = ">=" if self.parser.take().text == "greater" else "<="
        return self._number("bytes", sign)

    def _read(self, names: tuple[str, ...], side: str) -> Node:
        """Relation and value; several values after `in`; a regular expression after `~`."""
        parser = self.parser
        if parser.token.sign(*LIKE):
            return self._pattern(names, side, parser.take().text)
        if parser.token.word("in") and not parser.closes(parser.after):  # way in: there `in` is the value
            parser.take()
            return self._listed(names, side)
        if parser.token.word("not") and parser.after.word("in"):
            parser.take()
            parser.take()
            return syntax.Not(self._listed(names, side))
        sign = self.sign()
        if sign is None and not self._value_follows():
            raise parser.wrong(f"a comparison is expected, as {names[0]} {_example(FIELDS[names[0]].kind)}")
        parser.carry(lambda: self._each(names, side, self.sign() or "="))
        return self._each(names, side, sign or "=")

    def _value_follows(self) -> bool:
        token = self.parser.token
        return token.kind is Is.STRING or (token.kind is Is.WORD and not token.word("and", "or"))

    def _each(self, names: tuple[str, ...], side: str, sign: str) -> Node:
        """All of these fields against one value; it is read anew for each, from the same place."""
        place, nodes = self.parser.place, []
        for name in names:
            self.parser.go(place)
            nodes.append(self._one(name, sign))
        return _joined(nodes, side)

    def _one(self, name: str, sign: str) -> Node:
        kind, token = FIELDS[name].kind, self.parser.token
        if (other := self._other_field(name)) is not None:
            return syntax.Pair(name, sign, other)
        if name in LEVEL_FIELDS and token.text in literal.LEVELS:
            return self._level(sign)
        if kind in TEXTS:
            return self._text(name, sign)
        return self._address(name, sign) if kind is Kind.ADDRESS else self._number(name, sign)

    def _other_field(self, name: str) -> str | None:
        """`sttl != dttl`, `src bytes > dst bytes`: a field of the same kind stands where a value may; taken."""
        parser, kind = self.parser, FIELDS[name].kind
        if parser.token.kind is not Is.WORD or kind in TEXTS:
            return None
        sided = parser.token.word(SRC, DST)
        word = parser.after if sided else parser.token
        names = field_named(word.text, parser.token.text if sided else "") if word.kind is Is.WORD else None
        if names is None or len(names) != 1 or names[0] == name or FIELDS[names[0]].kind is not kind:
            return None
        for _ in range(1 + sided):
            parser.take()
        return names[0]

    def _level(self, sign: str) -> Node:
        """`risk >= medium`: the risk from which the level begins; `level high` is one level only."""
        low = literal.LEVELS[self.parser.take().text]
        high = min((value for value in literal.LEVELS.values() if value > low), default=101)
        tests: dict[str, Node] = {
            ">=": syntax.Compare("risk", ">=", low, str(low)),
            "<": syntax.Compare("risk", "<", low, str(low)),
            ">": syntax.Compare("risk", ">=", high, str(high)),
            "<=": syntax.Compare("risk", "<", high, str(high)),
        }
        if sign in tests:
            return tests[sign]
        same = syntax.And(tests[">="], tests["<="])
        return same if sign == "=" else syntax.Not(same)

    def _value(self, expected: str) -> Token:
        token = self.parser.token
        if token.kind not in (Is.WORD, Is.STRING) or token.word("and", "or", "not"):
            raise self.parser.wrong(expected)
        return self.parser.take()

    def _text(self, name: str, sign: str) -> Node:
        if sign not in ("=", "!="):
            raise self.parser.wrong(f"{name} is text: =, !=, ~ or in is expected", self.parser.token)
        token = self._value("a word is expected")
        word = canonical(name, token.text)
        if word is None:
            few = f": {', '.join(CLOSED[name])}" if len(CLOSED[name]) < 8 else ""
            raise self.parser.wrong(f"a word that {name} can be is expected{few}", token, _like(token.text, name))
        return syntax.Equals(name, (word,), sign == "=")

    def _number(self, name: str, sign: str) -> Node:
        kind = FIELDS[name].kind
        token = self._value(f"a value is expected, as {_example(kind)}")
        text = token.text
        try:
            value = literal.parse(kind, text, self.parser.now)
        except ValueError as error:
            raise self.parser.wrong(str(error), token, nearest(text, FIELDS)) from None
        if literal.bare(text) and (unit := self._unit_of(kind, text)):
            text += unit
            value = literal.parse(kind, text, self.parser.now)
        return syntax.Compare(name, sign, value, text)

    def _unit_of(self, kind: Kind, number: str) -> str:
        """`1 MB`, `2 s`: a unit that stands apart, taken; empty: none does."""
        token = self.parser.token
        if token.kind is not Is.WORD or not token.text.replace("/", "").isalpha() or token.text in known_words():
            return ""
        try:
            literal.parse(kind, number + token.text, self.parser.now)
        except ValueError:
            return ""
        return self.parser.take().text

    def _address(self, name: str, sign: str) -> Node:
        if sign not in ("=", "!="):
            raise self.parser.wrong(f"{name} is an address: =, != or in is expected")
        token = self._value("an address or network is expected")
        if (mac := literal.mac(token.text)) is not None:
            return syntax.Within(name, mac, 128, token.text, sign == "=", ether=True)
        try:
            value, bits = literal.prefix(token.text)
        except ValueError as error:
            raise self.parser.wrong(str(error), token) from None
        return syntax.Within(name, value, bits, token.text, sign == "=")

    def _listed(self, names: tuple[str, ...], side: str) -> Node:
        """`in (a, b)`, or `in 10.0.0.0/8`."""
        parser = self.parser
        parser.carry(lambda: self._each(names, side, "="))
        if not parser.token.sign("("):
            return self._each(names, side, "=")
        parser.take()
        node = self._each(names, side, "=")
        while parser.token.sign(",") or parser.token.word("or"):
            parser.take()
            node = _merged(node, self._each(names, side, "="))
        if not parser.token.sign(")"):
            raise parser.wrong("“,” or “)” is expected")
        parser.take()
        return node

    def _pattern(self, names: tuple[str, ...], side: str, sign: str) -> Node:
        """A regular expression for a text field; with `*` without regard to case."""
        parser = self.parser
        if FIELDS[names[0]].kind not in TEXTS:
            raise parser.wrong(f"{names[0]} is no text: a comparison with a value is expected", parser.before)
        parser.carry(lambda: self._pattern(names, side, parser.take().text if parser.token.sign(*LIKE) else sign))
        token = self._value("a regular expression is expected")
        text = f"(?i){token.text}" if sign.endswith("*") else token.text
        if reason := pattern.trouble(text):
            raise parser.wrong(reason, token)
        return _joined([syntax.Like(name, text, sign[0] == "~") for name in names], side)


def _joined(nodes: list[Node], side: str) -> Node:
    return reduce(syntax.And if side == ALL else syntax.Or, nodes)


def _like(word: str, field: str) -> str:
    spelled = {each.lower(): each for each in CLOSED[field]}
    return spelled.get(nearest(word, spelled), "")


def _merged(left: Node, right: Node) -> Node:
    """`a in (x, y)` of words is one node."""
    if isinstance(left, syntax.Equals) and isinstance(right, syntax.Equals) and left.field == right.field:
        return syntax.Equals(left.field, (*left.words, *right.words))
    return syntax.Or(left, right)


def _example(kind: Kind) -> str:
    return {
        Kind.BYTES: "> 1M",
        Kind.BITRATE: "> 64k",
        Kind.DURATION: ">= 2s",
        Kind.TIME: "> -5m",
        Kind.ADDRESS: "= 10.0.0.0/8",
        Kind.MAC: "= 02:00:5e:10:00:01",
        Kind.TEXT: "= word",
        Kind.LIST: "= word",
    }.get(kind, "> 10")
