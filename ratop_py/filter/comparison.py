"""A field compared: `bytes > 1M`, `src pkts gt 3`, `user alice`, `program ~ "^ssh"`, `port in (80, 443)`.

Promise: the value is read by the field's kind, so a wrong unit is an error with the units that are right.
Does not know: and, or, not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ratop_py.fields import ALIASES, FIELDS
from ratop_py.filter import literal, syntax
from ratop_py.filter.error import nearest
from ratop_py.filter.syntax import ALL, DST, SRC, Node
from ratop_py.filter.tokens import Is, Token
from ratop_py.kinds import Kind

if TYPE_CHECKING:
    from ratop_py.filter.parser import Parser

RELATIONS = {
    "=": "=", "==": "=", "!=": "!=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", "eq": "=", "equal": "=", "gt": ">",
    "greater": ">", "lt": "<", "less": "<", "gte": ">=", "ge": ">=", "lte": "<=", "le": "<=", "ne": "!=",
}  # fmt: skip
TEXTS = frozenset({Kind.TEXT, Kind.LIST})
LONGEST_PATTERN = 256
LEVEL_FIELDS = frozenset({"risk", "level"})
_NESTED = re.compile(r"[+*}]\)?[+*{]|\([^)]*[+*][^)]*\)[+*{]")


def field_named(word: str) -> tuple[str, ...] | None:
    """The fields that a word means: one, or source's and destination's; None: no field."""
    name = ALIASES.get(word, word)
    if name in FIELDS:
        return (name,)
    pair = (f"s{name}", f"d{name}")
    return pair if pair[0] in FIELDS and pair[1] in FIELDS else None


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
        parser, token = self.parser, self.parser.token
        if token.kind is not Is.WORD or (token.text in ("greater", "less") and not side):
            return self._frame_size() if token.word("greater", "less") else None
        names = self._names(token.text, side)
        if names is None or self._is_a_word(token, side):
            return None
        parser.take()
        return self._read(names, side)

    def _is_a_word(self, token: Token, side: str) -> bool:
        """Some words are states as well as fields (`proto` names): then a relation decides."""
        from ratop_py.filter.words import WORDS

        if token.text not in WORDS:
            return False
        after = self.parser.after
        compares = after.text in RELATIONS or after.sign("~", "!~") or after.word("in")
        return not (compares and (after.kind is Is.SIGN or side or after.word("in")))

    def _frame_size(self) -> Node:
        """Tcpdump's `greater N` and `less N`."""
        sign = ">=" if self.parser.take().text == "greater" else "<="
        return self._number("bytes", sign)

    def _names(self, word: str, side: str) -> tuple[str, ...] | None:
        name = ALIASES.get(word, word)
        if side in (SRC, DST):
            sided = ("s" if side == SRC else "d") + name
            sided = {"suser": "suser", "sprogram": "sprog", "dprogram": "dprog"}.get(sided, sided)
            return (sided,) if sided in FIELDS else None
        if side:
            pair = (f"s{name}", f"d{name}")
            return pair if pair[0] in FIELDS else None
        return field_named(word)

    def _read(self, names: tuple[str, ...], side: str) -> Node:
        """Relation and value; several values after `in`; a regular expression after `~`."""
        parser = self.parser
        if parser.token.sign("~", "!~"):
            return self._joined(names, side, self._pattern(names[0]))
        if parser.token.word("in"):
            parser.take()
            return self._listed(names, side)
        given = self.sign()
        sign = given or "="
        if given is None and not self._value_follows():
            raise parser.wrong(f"a comparison is expected, as {names[0]} {_example(FIELDS[names[0]].kind)}")
        parser.carry(lambda: self._again(names, side))
        return self._joined(names, side, [self._one(name, sign, at > 0) for at, name in enumerate(names)])

    def _value_follows(self) -> bool:
        token = self.parser.token
        return token.kind is Is.STRING or (token.kind is Is.WORD and not token.word("and", "or"))

    def _again(self, names: tuple[str, ...], side: str) -> Node:
        sign = self.sign() or "="
        return self._joined(names, side, [self._one(name, sign, at > 0) for at, name in enumerate(names)])

    def _joined(self, names: tuple[str, ...], side: str, nodes: list[Node]) -> Node:
        if len(names) == 1:
            return nodes[0]
        return syntax.And(*nodes) if side == ALL else syntax.Or(*nodes)

    def _one(self, name: str, sign: str, again: bool) -> Node:
        """One field against the value; `again`: the value was read already for the other side."""
        parser = self.parser
        if again:
            parser.back()  # the same token means the same for both sides
        token = parser.token
        if token.kind is Is.WORD and self._other_field(name, token.text):
            parser.take()
            return syntax.Pair(name, sign, token.text)
        kind = FIELDS[name].kind
        if name in LEVEL_FIELDS and token.text in literal.LEVELS:
            return self._level(name, sign)
        if kind in TEXTS:
            return self._text(name, sign)
        return self._address(name, sign) if kind is Kind.ADDRESS else self._number(name, sign)

    def _other_field(self, name: str, word: str) -> bool:
        """`sttl != dttl`: a field of the same kind stands where a value may."""
        kind = FIELDS[name].kind
        return word in FIELDS and word != name and FIELDS[word].kind is kind and kind not in TEXTS

    def _level(self, name: str, sign: str) -> Node:
        """`risk >= medium`: the risk from which the level begins; `level high` is one level only."""
        word = self.parser.take().text
        low = literal.LEVELS[word]
        above = [value for value in literal.LEVELS.values() if value > low]
        high = min(above, default=101)
        tests: dict[str, Node] = {
            ">=": syntax.Compare("risk", ">=", low, str(low)),
            "<": syntax.Compare("risk", "<", low, str(low)),
            ">": syntax.Compare("risk", ">=", high, str(high)),
            "<=": syntax.Compare("risk", "<", high, str(high)),
        }
        if sign in tests:
            return tests[sign]
        same = syntax.And(tests[">="], tests["<="])
        del name
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
        return syntax.Equals(name, (token.text,), sign == "=")

    def _number(self, name: str, sign: str) -> Node:
        kind = FIELDS[name].kind
        token = self._value(f"a value is expected, as {_example(kind)}")
        try:
            value = literal.parse(kind, token.text, self.parser.now)
        except ValueError as error:
            raise self.parser.wrong(str(error), token, nearest(token.text, FIELDS)) from None
        return syntax.Compare(name, sign, value, token.text)

    def _address(self, name: str, sign: str) -> Node:
        if sign not in ("=", "!="):
            raise self.parser.wrong(f"{name} is an address: =, != or in is expected")
        token = self._value("an address or network is expected")
        try:
            value, bits = literal.prefix(token.text)
        except ValueError as error:
            raise self.parser.wrong(str(error), token) from None
        return syntax.Within(name, value, bits, token.text, sign == "=")

    def _listed(self, names: tuple[str, ...], side: str) -> Node:
        """`in (a, b)`, or `in 10.0.0.0/8`."""
        parser = self.parser
        opened = parser.token.sign("(")
        if opened:
            parser.take()
        nodes = self._each(names, side)
        while opened and (parser.token.sign(",") or parser.token.word("or")):
            parser.take()
            nodes = _merged(nodes, self._each(names, side))
        if opened and not parser.token.sign(")"):
            raise parser.wrong("“,” or “)” is expected")
        if opened:
            parser.take()
        return nodes

    def _each(self, names: tuple[str, ...], side: str) -> Node:
        return self._joined(names, side, [self._one(name, "=", at > 0) for at, name in enumerate(names)])

    def _pattern(self, name: str) -> list[Node]:
        """A regular expression for a text field."""
        parser = self.parser
        if FIELDS[name].kind not in TEXTS:
            raise parser.wrong(f"{name} is no text: a comparison with a value is expected")
        found = parser.take().text == "~"
        token = self._value("a regular expression is expected")
        if len(token.text) > LONGEST_PATTERN:
            raise parser.wrong(f"a regular expression of at most {LONGEST_PATTERN} characters is expected", token)
        if _NESTED.search(token.text):
            raise parser.wrong("repetitions within repetitions can take for ever: a simpler one is expected", token)
        try:
            re.compile(token.text)
        except (re.error, OverflowError, RecursionError) as error:
            raise parser.wrong(f"a regular expression is expected ({error})", token) from None
        pair = [name] if name in FIELDS and not self._paired(name) else [name, f"d{name[1:]}"]
        return [syntax.Like(each, token.text, found) for each in pair]

    def _paired(self, name: str) -> bool:
        return name[0] == "s" and f"d{name[1:]}" in FIELDS and name[1:] not in FIELDS


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


__all__ = ["Comparison", "field_named"]
