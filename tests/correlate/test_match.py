from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.correlate.match import (
    MATCH_NAMES,
    MATCH_WORDS,
    NOBODY,
    OWNER_WORDS,
    UNNAMED,
    WHY_SENTENCES,
    WHY_WORDS,
    Match,
    Why,
    owner_word,
    sentence,
)


def test_every_number_has_a_word_and_every_reason_a_sentence() -> None:
    assert {*MATCH_WORDS} == {*Match}
    assert {*WHY_WORDS} == {*WHY_SENTENCES} == {*Why}
    assert all(WHY_SENTENCES[why].endswith(".") for why in Why if why)
    assert all(len(word) <= 14 for word in WHY_WORDS.values())


@pytest.mark.parametrize(
    ("match", "why", "holders", "word"),
    [
        (Match.EXACT, Why.KNOWN, 1, "ok"), (Match.STALE, Why.KNOWN, 1, "ok"), (Match.BOUND, Why.KNOWN, 1, "ok"),
        (Match.EXACT, Why.KNOWN, 2, "shared"), (Match.LISTENER, Why.KNOWN, 1, "listener"), (Match.LISTENER, Why.KNOWN, 3, "shared"),
        (Match.NONE, Why.KERNEL, 0, "none"), (Match.NONE, Why.NO_SOCKET, 0, "none"), (Match.NONE, Why.EXITED, 0, "unknown"),
        (Match.NONE, Why.KNOWN, 0, "unknown"),
    ],
)  # fmt: skip
def test_the_owner_word_says_how_sure_it_is(match: Match, why: Why, holders: int, word: str) -> None:
    assert owner_word(match, why, holders) == word
    assert word in OWNER_WORDS


def test_nobody_is_not_the_same_as_not_knowing() -> None:
    assert Why.EXITED not in NOBODY
    assert Why.KERNEL in NOBODY


def test_a_surer_match_is_a_greater_one() -> None:
    assert Match.EXACT > Match.STALE > Match.LISTENER > Match.BOUND > Match.WILDCARD > Match.NONE


def test_the_reason_says_how_much_was_lost() -> None:
    assert "(1,234)." in sentence(Match.NONE, Why.LOST, 1234)
    assert sentence(Match.NONE, Why.LOST) == WHY_SENTENCES[Why.LOST]
    assert "--context" in sentence(Match.NONE, Why.KNOWN)


def test_evidence_is_no_owner() -> None:
    assert {owner_word(match, Why.PACKET, 2) for match in UNNAMED} == {"unknown"}
    assert owner_word(Match.LIKELY, Why.NAT, 1) == "none"


def test_the_page_explains_every_reason_and_says_rightly_whether_it_is_an_answer() -> None:
    page = (Path(__file__).parents[2] / "docs" / "owners.md").read_text()
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| `")]
    told = {word: owner.strip() for words, owner in rows for word in words.strip().strip("`").split("` `")}
    for why in Why:
        if why is not Why.KNOWN:
            assert told[WHY_WORDS[why]] == ("none" if why in NOBODY else "unknown"), why


def test_the_page_explains_every_kind_of_match() -> None:
    page = (Path(__file__).parents[2] / "docs" / "owners.md").read_text()
    assert all(f"`{name}`" in page for name in MATCH_NAMES if name)
