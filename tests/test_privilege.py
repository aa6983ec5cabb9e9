"""What was given up does not come back: looked at in processes of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ratop_py.privilege import KEPT, Capability, give_up

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
MASK = sum(1 << each for each in KEPT)
SHOW = "print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith(('Cap', 'NoNew'))])"


def after(text: str) -> list[str]:
    """Inheritable, permitted, effective, bounding, ambient sets and no-new-privileges of a process of this text."""
    script = f"import subprocess, sys\nfrom ratop_py.privilege import give_up\n{text}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.root
@pytest.mark.system
def test_root_keeps_what_is_named_and_nothing_more() -> None:
    _, permitted, effective, bounding, _, sealed = after(f"print(give_up(), end=' ', file=sys.stderr)\n{SHOW}")
    assert (int(permitted, 16), int(effective, 16), int(bounding, 16)) == (MASK, MASK, MASK)
    assert sealed == "1"


@pytest.mark.root
@pytest.mark.system
def test_a_program_that_root_starts_afterwards_has_no_more() -> None:
    _, permitted, effective, *_ = after(f"give_up()\nsubprocess.run([sys.executable, '-c', {SHOW!r}], check=True)")
    assert int(permitted, 16) | int(effective, 16) == MASK


@pytest.mark.root
@pytest.mark.system
def test_what_is_lacking_is_named_unless_something_stands_for_it() -> None:
    show = "from ratop_py.privilege import Capability, lacking\nprint(lacking(Capability.BPF, Capability.NET_RAW))"
    assert after(f"give_up()\n{show}") == ["no", "CAP_BPF"]
    assert after(f"from ratop_py.privilege import Capability\ngive_up((Capability.SYS_ADMIN,))\n{show}") == []


@pytest.mark.root
@pytest.mark.system
def test_threads_begun_afterwards_have_no_more() -> None:
    show = "print(*[l.split()[1] for l in open('/proc/thread-self/status') if l.startswith('Cap')])"
    _, permitted, effective, *_ = after(
        f"import threading\ngive_up()\nt = threading.Thread(target=lambda: exec({show!r})); t.start(); t.join()"
    )
    assert int(permitted, 16) | int(effective, 16) == MASK


@pytest.mark.root
@pytest.mark.system
def test_it_says_whether_there_was_anything_to_give_up() -> None:
    assert after("print(give_up(), give_up())") == ["True", "False"]


@pytest.mark.root
@pytest.mark.system
@pytest.mark.tool("setpriv")
def test_a_user_with_a_few_capabilities_keeps_those_that_are_named() -> None:
    few = [
        "setpriv",
        "--reuid=65534",
        "--clear-groups",
        "--inh-caps=-all,+net_raw,+bpf",
        "--ambient-caps=-all,+net_raw,+bpf",
    ]
    script = f"from ratop_py.privilege import give_up\ngive_up()\n{SHOW}"
    told = subprocess.run([*few, sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    inheritable, permitted, effective, _, ambient, sealed = told.split()
    raw = 1 << Capability.NET_RAW
    assert [int(each, 16) for each in (inheritable, permitted, effective, ambient)] == [raw] * 4
    assert sealed == "1"


@LINUX
def test_who_has_none_gives_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ratop_py.privilege.held", lambda: (0, 0, 0))
    assert not give_up()


def test_elsewhere_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not give_up()
