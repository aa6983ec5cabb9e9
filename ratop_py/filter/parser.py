"""Tokens into a tree.

Promise: `and` and `or` bind equally, from left to right, `not` binds tighter (tcpdump, Argus). After `and`/`or` the
last qualifier goes on applying: `port 80 or 443`. Every refusal is a FilterError with place, expectation and the
nearest word.
Does not know: columns, evaluation.
"""

from __future__ import annotations

from ratop_py.filter import syntax
from ratop_py.filter.comparison import Comparison, field_named
from ratop_py.filter.error import FilterError, nearest
from ratop_py.filter.qualifier import Carried, Qualified
from ratop_py.filter.syntax import ALL, ANY, DST, SRC, Node
from ratop_py.filter.tokens import Is, Token, tokens
from ratop_py.filter.vocabulary import QUALIFIERS, known_words, misspelt
from ratop_py.filter.words import WORDS

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

    @property
    def before(self) -> Token:
        """The one that was taken last."""
        return self._tokens[max(self._at - 1, 0)]

    @staticmethod
    def closes(token: Token) -> bool:
        """A primitive ends before this token."""
        return token.kind is Is.END or token.word("and", "or") or token.sign(")", "&&", "||")

    def take(self) -> Token:
        """Go on by one token."""
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    @property
    def place(self) -> int:
        """Where it stands…"""
        return self._at

    def go(self, place: int) -> None:
        """…so that it can stand there again."""
        self._at = place

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
            return token.text in (">", "<", ">=", "<=", "=", "==", "!=", "~", "!~", "~*", "!~*")
        starts = token.text in STARTS or token.text in WORDS or field_named(token.text) is not None
        return token.kind is Is.WORD and not starts

    # -- primitives ----------------------------------------------------------------------------------------------------

    def _primitive(self) -> Node:
        token = self.token
        self._carried = None
        if token.kind is Is.STRING:
            return syntax.Contains(self.take().text)
        if token.kind is not Is.WORD:
            raise self.wrong("a host, port, protocol, state or field is expected")
        side, qualified = self.side(), Qualified(self)
        return qualified.primitive(side) or self._compared(side) or self._plain(side)

    def side(self) -> str:
        """src, dst, `src or dst`, `src and dst`; empty if none stands there."""
        if not self.token.word(SRC, DST):
            return ""
        first = self.take().text
        if self.token.word("or", "and") and self.after.word(SRC, DST) and self.after.text != first:
            both = ALL if self.take().text == "and" else ANY
            self.take()
            return both
        return first

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
        if token.text.startswith("@") and token.kind is Is.WORD:
            raise self.wrong("no saved filter is known here", token)
        if token.kind is not Is.WORD or not self.closes(self.after) or misspelt(token.text):
            near = nearest(token.text, known_words()) if token.kind is Is.WORD else ""
            raise self.wrong("a field, a word of the language or text in quotes is expected", near=near)
        self.take()
        return syntax.Contains(token.text)
