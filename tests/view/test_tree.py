from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.flow.flows import Flows, Owner
from ratop_py.kinds import MISSING, Text
from ratop_py.view import tree
from ratop_py.view.model import Order, Snapshot, View
from ratop_py.view.select import select
from tests.helpers.flowset import flows, row

NOW = 1_700_000_010.0
INIT, SHELL = (1, "systemd"), (20, "bash")
CURL = Owner(30, 5.0, 1000, "ada", "curl", ppid=20, parent="bash", forebears=(INIT,))
WGET = Owner(31, 6.0, 1000, "ada", "wget", ppid=20, parent="bash", forebears=(INIT,))
SSHD = Owner(40, 7.0, 0, "root", "sshd", ppid=1, parent="systemd")
FIELDS = ("tree", "program", "pid", "user", "ownerwhy", "trans", "bytes")
VIEW = View(tree=True, order=(Order("bytes"),), fields=FIELDS)


def held(*owners: Owner | None, sizes: tuple[int, ...] = ()) -> Flows:
    """A flow of each; None: nobody's."""
    rows = [
        row(f"10.0.0.1:{40000 + at}", "10.0.0.2:80", size=(sizes[at] if sizes else 100, 0), number=at + 1)
        for at in range(len(owners))
    ]
    known = [each for each in dict.fromkeys(owners) if each is not None]
    made = flows(
        *rows,
        s_holder=[known.index(each) + 1 if each else 0 for each in owners],
        s_match=[7 if each else 0 for each in owners],
        way=[2] * len(owners),
    )
    return replace(made, holders=((), *((each,) for each in known)))


def numbers(shown: Snapshot, name: str) -> list[int]:
    """A column of numbers."""
    column = shown.columns[name]
    assert isinstance(column, np.ndarray)
    return [int(each) for each in column]


def drawn(shown: Snapshot) -> list[str]:
    """Each row: branches and program, or the reason."""
    branches, program, why = (shown.columns[name] for name in ("tree", "program", "ownerwhy"))
    assert isinstance(branches, Text)
    assert isinstance(program, Text)
    assert isinstance(why, Text)
    return [branches.at(at) + (program.at(at) or "? " + why.at(at)) for at in range(len(shown))]


def test_children_stand_below_their_parents_the_largest_first() -> None:
    shown = select(held(CURL, WGET, SSHD, sizes=(100, 200, 50)), VIEW, NOW)
    assert drawn(shown) == ["systemd", "├─bash", "│ ├─wget", "│ └─curl", "└─sshd"]


def test_a_row_sums_up_what_is_below_it() -> None:
    shown = select(held(CURL, CURL, WGET, SSHD, sizes=(1, 2, 4, 8)), VIEW, NOW)
    sums = dict(zip((each[each.rfind("─") + 1 :] for each in drawn(shown)), numbers(shown, "bytes"), strict=True))
    assert sums == {"systemd": 15, "bash": 7, "curl": 3, "wget": 4, "sshd": 8}
    assert numbers(shown, "trans")[0] == 4


def test_a_forebear_is_known_by_what_its_children_know() -> None:
    shown = select(held(CURL), VIEW, NOW)
    assert numbers(shown, "pid") == [1, 20, 30]
    user = shown.columns["user"]
    assert isinstance(user, Text)
    assert [user.at(at) for at in range(3)] == ["", "", "ada"]


def test_flows_without_an_owner_stand_beside_with_their_reason() -> None:
    shown = select(held(CURL, None), VIEW, NOW)
    (beside,) = [at for at, text in enumerate(drawn(shown)) if text.startswith("? ")]
    assert numbers(shown, "pid")[beside] == MISSING


def test_what_is_folded_hides_its_children_and_says_so() -> None:
    whole = select(held(CURL, WGET, SSHD), VIEW, NOW)
    bash = next(int(whole.ids[at]) for at, text in enumerate(drawn(whole)) if text.endswith("bash"))
    shown = select(held(CURL, WGET, SSHD), replace(VIEW, folded=frozenset({bash})), NOW)
    assert drawn(shown) == ["systemd", "├─▸bash", "└─sshd"]
    assert numbers(shown, "bytes")[:2] == [300, 200]


def test_rows_keep_their_ids_when_flows_come_and_go() -> None:
    first, then = (select(held(*owners), VIEW, NOW) for owners in ((CURL, SSHD), (SSHD, WGET, CURL)))
    assert set(first.ids.tolist()) < set(then.ids.tolist())


def test_a_parent_whose_number_is_used_by_its_own_child_makes_no_circle() -> None:
    one = Owner(5, 1.0, 0, "root", "a", ppid=6, parent="b", forebears=((5, "a"), (6, "b")))
    two = Owner(6, 2.0, 0, "root", "b", ppid=5, parent="a")
    assert sorted(numbers(select(held(one, two), VIEW, NOW), "pid")) == [5, 6]


def test_a_window_of_the_tree_is_a_part_of_it() -> None:
    whole = select(held(CURL, WGET, SSHD), VIEW, NOW)
    part = select(held(CURL, WGET, SSHD), replace(VIEW, window=(1, 2)), NOW)
    assert (part.ids.tolist(), part.matched) == (whole.ids.tolist()[1:3], whole.matched)


def test_no_flows_no_tree() -> None:
    assert len(select(held(), VIEW, NOW)) == 0


owners = st.builds(
    lambda pid, ppid, above: Owner(pid, 1.0, 0, "root", f"p{pid}", ppid=ppid, parent="x", forebears=tuple(above)),
    st.integers(2, 8),
    st.integers(0, 8),
    st.lists(st.tuples(st.integers(1, 8), st.just("y")), max_size=4),
)


@given(st.lists(st.one_of(owners, st.none()), max_size=12))
def test_every_flow_is_in_its_process_and_once_in_each_above(who: list[Owner | None]) -> None:
    grown = tree.grow(held(*who))
    groups, roots = grown.groups, np.flatnonzero(grown.parents < 0)
    for at in range(len(grown.owners)):
        members = groups.of(np.array([at]))
        assert len(set(members.tolist())) == len(members)
        if grown.parents[at] >= 0:
            assert set(members.tolist()) <= set(groups.of(grown.parents[at : at + 1]).tolist())
    assert sorted(groups.of(roots).tolist()) == list(range(len(who)))
