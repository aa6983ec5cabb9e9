from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.correlate.label import label, parse
from ratop_py.flow.flows import Owner


def owner(pid: int, user: str, program: str) -> Owner:
    return Owner(pid, None, 0, user, program)


def test_one_holder_is_written_as_argus_does() -> None:
    assert label((owner(53, "carter", "Keynote"),)) == "pid=53:usr=carter:app=Keynote"


def test_several_holders_give_lists_of_what_differs() -> None:
    both = (owner(1, "root", "a"), owner(2, "root", "b"))
    assert label(both) == "pid=1,2:usr=root:app=a,b"


def test_nobody_has_no_label() -> None:
    assert label(()) == ""


NAMES = st.text(min_size=1, max_size=12)


@given(st.lists(st.builds(owner, st.integers(1, 99999), NAMES, NAMES), min_size=1, max_size=4))
def test_no_name_can_break_the_grammar(holders: list[Owner]) -> None:
    told = parse(label(tuple(holders)))
    assert list(told) == ["pid", "usr", "app"]
    assert told["pid"] == tuple(dict.fromkeys(str(each.pid) for each in holders))


def test_labels_of_others_are_read_too() -> None:
    assert parse("hello:pid=1,2:srv=http") == {"": ("hello",), "pid": ("1", "2"), "srv": ("http",)}
