from __future__ import annotations

import time
from pathlib import Path

import pytest

from ratop_py.events import child
from ratop_py.events.child import Output, run
from ratop_py.events.looker import LookError


def sh(script: str, deadline: float = 5.0) -> Output:
    return run(["/bin/sh", "-c", script], deadline, time.monotonic, lambda: False)


def ended(pid: int) -> bool:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_what_it_prints_its_code_and_its_first_complaint_are_told() -> None:
    output = sh("printf 'a\\nb'; printf 'no \\033[31mway\\nmore' >&2; exit 3")
    assert (output.text, output.code) == ("a\nb", 3)
    assert output.words.startswith("no ")
    assert output.words.isprintable()
    assert "more" not in output.words


def test_bytes_that_are_no_text_do_not_fail() -> None:
    assert sh("printf '\\377\\000x'").text == "\udcff\0x"


def test_it_gets_a_fixed_environment_and_nothing_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("SECRET", "x")
    assert sh("echo $LC_ALL $LANG $SECRET; cat").text == "C C\n"


def test_one_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(LookError, match="did not answer"):
        sh(f"sleep 60 & echo $! > {tmp_path}/pid; wait", 0.3)
    assert time.monotonic() - began < 3
    assert ended(int((tmp_path / "pid").read_text()))


def test_one_that_closes_its_pipes_and_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(LookError, match="did not answer"):
        sh(f"echo $$ > {tmp_path}/pid; exec >&- 2>&-; sleep 60", 0.3)
    assert ended(int((tmp_path / "pid").read_text()))


def test_one_that_prints_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST", 1 << 20)
    with pytest.raises(LookError, match="more than 1 MB"):
        sh("yes")


def test_complaints_without_end_are_let_go() -> None:
    assert sh("yes no 2>/dev/null | head -c 3000000 >&2; echo done").text == "done\n"


def test_one_that_nobody_waits_for_is_ended_soon() -> None:
    began = time.monotonic()
    with pytest.raises(LookError, match="nobody waits"):
        run(["/bin/sleep", "60"], 60, time.monotonic, lambda: time.monotonic() - began > 0.2)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("command", ["/no/such/lsof", "/", "\0"])
def test_one_that_cannot_be_run_is_told(command: str) -> None:
    with pytest.raises(LookError, match="cannot run"):
        run([command], 1, time.monotonic, lambda: False)
