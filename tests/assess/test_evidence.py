"""How facts add up."""

from __future__ import annotations

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.assess import evidence
from ratop_py.assess.evidence import BOUNDS, CODES, Code, Finding, finding, level, ordered, risk, total

CLASSES = {"P": (26, 30), "S": (18, 22), "W": (4, 8), "C": (2, 8), "U": (0, 0)}
"""Points that a class may have."""
RANK = {name: number for number, name in enumerate(evidence.LEVELS)}


def facts(*codes: str) -> list[Finding]:
    return [Finding(code, "") for code in codes]


@pytest.fixture
def more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes that no detector of this edition has."""
    extra = [Code(f"weak-{group}", group, "W", 8, "", "") for group in "HKTQ"]
    extra += [Code(f"beside-{number}", "F", "C", 2 + number, "", "") for number in range(5)]
    extra.append(Code("unseen", "X", "U", 0, "", ""))
    monkeypatch.setattr(evidence, "CODES", {**CODES, **{each.code: each for each in extra}})


@pytest.mark.parametrize("code", CODES.values(), ids=str)
def test_points_lie_where_their_class_allows(code: Code) -> None:
    least, most = CLASSES[code.strength]
    assert least <= code.points <= most


@pytest.mark.parametrize("code", CODES.values(), ids=str)
def test_every_code_has_a_name_like_the_others_a_sentence_and_a_doc(code: Code) -> None:
    assert CODES[code.code] is code
    assert code.code == code.code.lower().replace("_", "-")
    assert code.sentence.endswith(".")
    assert code.doc


@pytest.mark.parametrize("code", CODES.values(), ids=str)
def test_a_sentence_is_filled_with_the_flows_own_values(code: Code) -> None:
    names = [name for _, name, _, _ in Formatter().parse(code.sentence) if name]
    told = finding(code.code, 7, **{name: f"<{name}>" for name in names})
    assert all(f"<{name}>" in told.sentence for name in names)
    assert (told.code, told.at, told.points) == (code.code, 7, code.points)


def test_one_proof_is_high() -> None:
    assert {level(total(facts(code.code))) for code in CODES.values() if code.strength == "P"} == {"high"}


def test_one_strong_fact_is_medium() -> None:
    assert {level(total(facts(code.code))) for code in CODES.values() if code.strength == "S"} == {"medium"}


def test_one_weak_fact_is_not_above_info() -> None:
    assert {level(total(facts(code.code))) for code in CODES.values() if code.strength == "W"} <= {"none", "info"}


def test_weak_facts_alone_never_pass_low(more: None) -> None:
    assert total(facts("bogon-source", "weak-H", "weak-K", "weak-T", "weak-Q")) == 17
    assert level(17) == "low"


def test_a_strong_fact_with_a_weak_one_is_high(more: None) -> None:
    assert level(total(facts("no-owner", "weak-H"))) == "high"


def test_of_a_group_only_the_strongest_counts() -> None:
    assert total(facts("offlink-neighbour-mac", "offlink-to-neighbour")) == 28
    assert total(facts("offlink-unknown-mac", "offlink-neighbour-mac")) == 28


def test_groups_add_up() -> None:
    assert total(facts("offlink-neighbour-mac", "no-owner")) == 46


def test_corroboration_counts_for_nothing_alone(more: None) -> None:
    assert total(facts("beside-4", "beside-3")) == 0
    assert total(facts("beside-4", "bogon-source")) == 8


def test_the_two_strongest_corroborations_count_beside_a_strong_fact_up_to_eight(more: None) -> None:
    assert total(facts("no-owner", "beside-1")) == 18 + 3
    assert total(facts("no-owner", "beside-0", "beside-1", "beside-2")) == 18 + 4 + 3
    assert total(facts("no-owner", "beside-4", "beside-3")) == 18 + 8


def test_what_is_unknown_counts_for_nothing(more: None) -> None:
    assert total(facts("unseen")) == 0
    assert total(facts("unseen", "no-owner")) == 18


def test_risk_is_twice_the_sum_and_at_most_a_hundred() -> None:
    assert risk(facts("no-owner")) == 36
    assert risk(facts("no-owner", "offlink-neighbour-mac", "arp-claims-router", "martian-source")) == 100


@pytest.mark.parametrize(("points", "name"), [(0, "none"), (5, "none"), (6, "info"), (11, "info"), (12, "low")])
def test_the_lower_levels_begin_where_they_should(points: int, name: str) -> None:
    assert level(points) == name


@pytest.mark.parametrize(("points", "name"), [(17, "low"), (18, "medium"), (24, "medium"), (25, "high"), (200, "high")])
def test_the_upper_levels_begin_where_they_should(points: int, name: str) -> None:
    assert level(points) == name
    assert len(BOUNDS) == 4


def test_findings_stand_strongest_first_and_once() -> None:
    told = ordered(facts("bogon-source", "no-owner", "land", "no-owner", "martian-source"))
    assert [each.code for each in told] == ["land", "martian-source", "no-owner", "bogon-source"]


@given(st.lists(st.sampled_from(sorted(CODES)), max_size=12), st.sampled_from(sorted(CODES)))
def test_another_fact_never_lowers_a_level(codes: list[str], code: str) -> None:
    assert RANK[level(total(facts(*codes, code)))] >= RANK[level(total(facts(*codes)))]


@given(st.lists(st.sampled_from(sorted(CODES)), max_size=12), st.randoms())
def test_the_order_of_facts_does_not_matter(codes: list[str], random: object) -> None:
    shuffled = list(codes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert risk(facts(*shuffled)) == risk(facts(*codes))
