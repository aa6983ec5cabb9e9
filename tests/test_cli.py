"""The door: commands, exit codes, and what a person reads when something fails."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from ratop_py import __version__, cli
from ratop_py.errors import Exit, RatopError
from tests.helpers.frames import pcap

ROOT = Path(cli.__file__).resolve().parents[1]
PYTHON = [sys.executable, "-m", "ratop_py"]


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the command `doctor` fail."""

    @click.command()
    def command() -> None:
        raise error

    monkeypatch.setattr("ratop_py.commands.doctor.command", command)


def test_the_version_says_which_engine_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"ratop {__version__} (")
    assert ("compiled engine" in said) != ("pure-Python engine" in said)


def test_help_names_every_command_and_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out
    for name in cli.COMMANDS:
        assert f"\n  {name} " in said
    for code in Exit:
        assert f"{code.value} " in said


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: ratop {name}")


def test_a_failure_is_a_sentence_a_hint_and_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, RatopError("cannot open eth9", hint="ip link", exit_code=Exit.NO_SOURCE))
    assert cli.main(["doctor"]) == Exit.NO_SOURCE
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "ratop: cannot open eth9\n       ip link\n"


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(monkeypatch, RatopError("no"))
    cli.main(["--debug", "doctor"])
    assert "Traceback" in capsys.readouterr().err


def test_a_bug_is_one_sentence_and_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    failing(monkeypatch, ZeroDivisionError("x"))
    assert cli.main(["doctor"]) == Exit.FAILED
    err = capsys.readouterr().err
    (report,) = tmp_path.iterdir()
    assert err.count("\n") == 1
    assert str(report) in err
    assert "Traceback" in report.read_text()
    assert f"ratop {__version__}" in report.read_text()


def test_ctrl_c_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    assert cli.main(["doctor"]) == Exit.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_a_wrong_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["print", "--formt", "csv"]) == Exit.USAGE
    assert "--format" in capsys.readouterr().err


def test_an_unknown_command_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pritn"]) == Exit.USAGE
    assert "`print`" in capsys.readouterr().err


def test_a_wrong_filter_is_shown_with_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["print", "-r", "x.pcap", "tcp", "and", "prot", "80"]) == Exit.USAGE
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "       tcp and prot 80"
    assert lines[2] == "       " + " " * len("tcp and ") + "^^^^"


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ([], ()),
        (["udp"], ("udp",)),
        (["-i", "lo", "port", "53"], ("port", "53")),
        (["--debug", "-i", "lo", "udp"], ("udp",)),
        (["top", "udp"], ("udp",)),
        (["udp", "and", "bytes", ">", "-5"], ("udp", "and", "bytes", ">", "-5")),
    ],
)
def test_without_a_command_it_is_top(words: list[str], rest: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, ...]] = []

    @click.command(context_settings={"allow_interspersed_args": False})
    @click.option("-i", "interfaces", multiple=True)
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def command(interfaces: tuple[str, ...], words: tuple[str, ...]) -> None:
        seen.append(words)

    monkeypatch.setattr("ratop_py.commands.top.command", command)
    assert cli.main(words) == 0
    assert seen == [rest]


def run(*words: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PYTHON, *words], cwd=ROOT, capture_output=True, timeout=60, **more)  # type: ignore[call-overload]


@pytest.mark.system
def test_a_reader_that_goes_away_is_no_failure() -> None:
    with subprocess.Popen([*PYTHON, "fields"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.system
def test_a_full_disk_is_a_failure_in_words() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*PYTHON, "fields"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    assert done.returncode == Exit.FAILED
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.system
def test_ctrl_c_in_a_file_half_read_is_quiet_and_has_its_code(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)  # both ends are open: neither side waits for the other
    os.write(held, pcap([(10**9, bytes(60))])[:-20])
    command = [*PYTHON, "print", "-r", str(pipe)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            wait_until(lambda: not waiting(held))  # it has read what there is, and waits for more
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
            os.close(held)
    assert (out, err, process.returncode) == (b"", b"", Exit.INTERRUPTED)


@pytest.mark.system
def test_shell_completion_is_offered() -> None:
    done = run(env={**os.environ, "_RATOP_COMPLETE": "bash_source"})
    assert b"complete" in done.stdout


@pytest.mark.system
@pytest.mark.slow
def test_help_is_there_at_once() -> None:
    """The budget is 150 ms; the work of the best of several runs, and with room: a shared machine works slower too."""
    assert min(worked("--help") for _ in range(5)) < 0.25


def worked(*words: str) -> float:
    """Seconds of a processor that a run took; waiting for others does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run(*words).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def waiting(pipe: int) -> int:
    """Bytes in a pipe that nobody has read."""
    count = bytearray(4)
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return int.from_bytes(count, sys.byteorder)


def wait_until(so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Until it is so."""
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until
        time.sleep(0.005)
