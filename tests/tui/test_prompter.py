"""Typing."""

from ratop_py.tui.prompt import Trouble
from ratop_py.tui.prompter import MOST, Language, Prompter


class Typist:
    """A prompter whose language knows one word to be wrong."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.tried: list[str | None] = []
        language = Language(self.check, self.taken.append, self.offers, self.tried.append)
        self.prompter = Prompter({"filter": language})

    def check(self, text: str) -> Trouble | None:
        return Trouble(0, 3, "no such word", "tcp") if text.startswith("tpc") else None

    def offers(self, text: str) -> tuple[list[str], int]:
        return [word for word in ("saddr", "sport", "state") if word.startswith(text)], 0

    def type(self, text: str) -> None:
        for char in text:
            self.prompter.key(char, char)

    @property
    def text(self) -> str:
        assert self.prompter.prompt is not None
        return self.prompter.prompt.line.text


def opened(text: str = "") -> Typist:
    typist = Typist()
    typist.prompter.open("filter", text)
    return typist


def test_what_is_right_is_tried_and_taken() -> None:
    typist = opened()
    typist.type("udp")
    typist.prompter.do("prompt-take")
    assert typist.tried[-1] == "udp"
    assert typist.taken == ["udp"]
    assert typist.prompter.prompt is None


def test_what_is_wrong_is_neither_tried_nor_taken() -> None:
    typist = opened()
    typist.type("tpc")
    typist.prompter.do("prompt-take")
    assert "tpc" not in typist.tried
    assert typist.taken == []
    assert typist.prompter.prompt is not None


def test_tab_takes_the_proposal() -> None:
    typist = opened("tpc and x")
    typist.prompter.do("prompt-complete")
    assert typist.text == "tcp and x"


def test_tab_walks_through_offers() -> None:
    typist = opened("s")
    seen = []
    for _ in range(4):
        typist.prompter.do("prompt-complete")
        seen.append(typist.text)
    assert seen == ["saddr", "sport", "state", "saddr"]


def test_a_single_offer_is_simply_taken() -> None:
    typist = opened("sa")
    typist.prompter.do("prompt-complete")
    assert typist.text == "saddr"
    assert typist.prompter.prompt is not None
    assert typist.prompter.prompt.offers == ()


def test_giving_up_brings_back_what_was() -> None:
    typist = opened("udp")
    typist.prompter.do("prompt-drop")
    assert typist.tried[-1] is None
    assert typist.taken == []


def test_what_was_taken_can_be_typed_again_and_the_draft_is_kept() -> None:
    typist = opened("udp")
    typist.prompter.do("prompt-take")
    typist.prompter.open("filter", "dra")
    typist.prompter.do("prompt-before")
    assert typist.text == "udp"
    typist.prompter.do("prompt-before")
    assert typist.text == "udp"
    typist.prompter.do("prompt-after")
    assert typist.text == "dra"


def test_the_history_is_bounded_and_holds_no_line_twice() -> None:
    typist = Typist()
    for number in [*range(2 * MOST), 2 * MOST - 1]:
        typist.prompter.open("filter", f"pid = {number}")
        typist.prompter.do("prompt-take")
    past = typist.prompter.history["filter"]
    assert len(past) == len(set(past)) == MOST


def test_a_refusal_of_an_older_line_is_not_said_of_this_one() -> None:
    typist = opened("udp")
    typist.prompter.refused("old", Trouble(0, 1, "no"))
    assert typist.prompter.prompt is not None
    assert typist.prompter.prompt.trouble is None
    typist.prompter.refused("udp", Trouble(0, 1, "no"))
    assert typist.prompter.prompt.trouble is not None


def test_nothing_is_done_while_nothing_is_typed() -> None:
    prompter = Typist().prompter
    assert not prompter.key("a", "a")
    assert not prompter.do("prompt-take")
    prompter.paste("x")
    prompter.shown("x")
    assert prompter.prompt is None


def test_the_verdict_follows_what_the_table_shows() -> None:
    typist = opened("udp")
    assert typist.prompter.prompt is not None
    assert not typist.prompter.prompt.applied
    typist.prompter.shown("udp")
    assert typist.prompter.prompt.applied


def test_lines_of_another_day_can_be_typed_again_and_are_bounded() -> None:
    prompter = Prompter(
        {"filter": Language(lambda _: None, lambda _: None, lambda _: ((), 0))}, {"filter": ["tcp", "udp"]}
    )
    prompter.open("filter")
    prompter.do("prompt-before")
    prompter.do("prompt-before")
    assert prompter.prompt is not None
    assert prompter.prompt.line.text == "tcp"
    assert len(Prompter({}, {"mark": [str(number) for number in range(3 * MOST)]}).history["mark"]) == MOST


def test_each_kind_of_line_has_its_own_past() -> None:
    plain = Language(lambda _: None, lambda _: None, lambda _: ((), 0))
    prompter = Prompter({"filter": plain, "mark": plain}, {"filter": ["tcp"]})
    prompter.open("mark")
    prompter.do("prompt-before")
    assert prompter.prompt is not None
    assert prompter.prompt.line.text == ""


def test_a_past_that_was_given_is_not_changed() -> None:
    given = {"filter": ["tcp"]}
    prompter = Prompter({"filter": Language(lambda _: None, lambda _: None, lambda _: ((), 0))}, given)
    prompter.open("filter", "udp")
    prompter.do("prompt-take")
    assert given == {"filter": ["tcp"]}
    assert prompter.history == {"filter": ["tcp", "udp"]}
