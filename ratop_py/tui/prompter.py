"""Typing: keys change the line, the line is checked at once, a filter is tried when the keys rest.

Promise: a line that is wrong changes nothing; Esc brings back what was; what was taken can be typed again with ↑.
Does not know: widgets; what a taken line does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ratop_py.tui import lineedit
from ratop_py.tui.lineedit import Typed
from ratop_py.tui.prompt import Prompt, Trouble

MOST = 100
"""Lines that are remembered of each kind."""


EMPTY: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class Language:
    """What a kind of line means."""

    check: Callable[[str], Trouble | None]
    take: Callable[[str], None]
    """Enter: carry it out."""
    offers: Callable[[str], tuple[Sequence[str], int]]
    """Words that could stand at the end of this text, and where they would begin."""
    change: Callable[[str | None], None] = lambda _: None
    """The line is right and was changed; None: typing was given up."""


class Prompter:
    """The line that is being typed, if there is one."""

    def __init__(self, languages: Mapping[str, Language], history: Mapping[str, Sequence[str]] = EMPTY) -> None:
        self.languages = languages
        self.prompt: Prompt | None = None
        self.history = {kind: list(lines)[-MOST:] for kind, lines in history.items()}

    def open(self, kind: str, text: str = "") -> None:
        """Begin to type."""
        self.prompt = Prompt(kind, lineedit.typed(text))
        self._check()

    def key(self, key: str, character: str | None) -> bool:
        """A key that is no deed; True: it changed the line."""
        if self.prompt is None:
            return False
        line = lineedit.edit(self.prompt.line, key, character)
        if line is None:
            return False
        self._set(line)
        return True

    def paste(self, text: str) -> None:
        """Text from the clipboard."""
        if self.prompt is not None:
            self._set(lineedit.insert(self.prompt.line, text))

    def do(self, deed: str) -> bool:
        """Carry out a deed of typing; False: it is none."""
        deeds: dict[str, Callable[[], None]] = {
            "prompt-take": self._take,
            "prompt-drop": self._drop,
            "prompt-complete": self._complete,
            "prompt-before": lambda: self._recall(1),
            "prompt-after": lambda: self._recall(-1),
        }
        if self.prompt is None or deed not in deeds:
            return False
        deeds[deed]()
        return True

    def shown(self, text: str) -> None:
        """The table shows this filter now."""
        if self.prompt is not None and self.prompt.kind == "filter" and self.prompt.line.text.strip() == text:
            self.prompt = replace(self.prompt, applied=True)

    def refused(self, text: str, trouble: Trouble) -> None:
        """A line that looked right was refused; what is said of an older line is not said of this one."""
        if self.prompt is not None and self.prompt.line.text.strip() == text.strip():
            self.prompt = replace(self.prompt, trouble=trouble)

    # -- steps ---------------------------------------------------------------------------------------------------------

    @property
    def _language(self) -> Language:
        assert self.prompt is not None
        return self.languages[self.prompt.kind]

    def _set(self, line: Typed) -> None:
        assert self.prompt is not None
        changed = line.text != self.prompt.line.text
        self.prompt = replace(self.prompt, line=line, offers=(), chosen=-1)
        if changed:
            self._check()

    def _check(self) -> None:
        assert self.prompt is not None
        text = self.prompt.line.text.strip()
        trouble = self._language.check(self.prompt.line.text)
        self.prompt = replace(self.prompt, trouble=trouble, applied=False)
        if trouble is None:
            self._language.change(text)

    def _take(self) -> None:
        assert self.prompt is not None
        if self.prompt.trouble is not None:
            return
        kind, text, language = self.prompt.kind, self.prompt.line.text.strip(), self._language
        self.prompt = None
        if text:
            past = self.history.setdefault(kind, [])
            past[:] = [*(line for line in past if line != text), text][-MOST:]
        language.take(text)

    def _drop(self) -> None:
        language, self.prompt = self._language, None
        language.change(None)

    def _recall(self, step: int) -> None:
        assert self.prompt is not None
        past = self.history.get(self.prompt.kind, [])
        at = max(0, min(len(past), self.prompt.past + step))
        if at == self.prompt.past:
            return
        draft = self.prompt.line.text if self.prompt.past == 0 else self.prompt.draft
        text = past[-at] if at else draft
        self.prompt = replace(self.prompt, past=at, draft=draft)
        self._set(lineedit.typed(text))

    def _complete(self) -> None:
        prompt = self.prompt
        assert prompt is not None
        if prompt.trouble is not None and prompt.trouble.nearest:
            trouble = prompt.trouble
            self._set(lineedit.replace(prompt.line, trouble.start, trouble.end, trouble.nearest))
            return
        if prompt.offers:
            self._offer(prompt, (prompt.chosen + 1) % len(prompt.offers))
            return
        words, start = self._language.offers(prompt.line.text[: prompt.line.at])
        if words:
            prompt = replace(prompt, offers=tuple(words), offer_from=start, chosen=-1)
            self._offer(prompt, 0)
            if self.prompt is not None and len(words) == 1:
                self.prompt = replace(self.prompt, offers=())

    def _offer(self, prompt: Prompt, number: int) -> None:
        word = prompt.offers[number]
        line = lineedit.replace(prompt.line, prompt.offer_from, prompt.line.at, word)
        self.prompt = replace(prompt, line=line, chosen=number)
        offers = self.prompt.offers
        self._check()
        self.prompt = replace(self.prompt, offers=offers, chosen=number)
