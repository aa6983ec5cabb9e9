"""A short look at real flows, told as checks."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import CliRunner

from ratop_py.commands import doctor, watch
from ratop_py.commands.doctor import as_jsonl, as_text
from ratop_py.commands.probes import Check
from ratop_py.errors import Exit, RatopError
from ratop_py.view import Coverage, EventMeter, Meters, Share

NAMED = Share("cookie", "socket cookie", 19, 9000)
KERNEL = Share("kernel", "It is the kernel itself.", 1, 1000)
UNKNOWN = Share("exited", "It was gone.", 5, 1000, settled=False)
METERS = Meters(
    source="lo",
    clock=102.0,
    began=100.0,
    coverage=Coverage((NAMED,), (KERNEL,)),
    events=(EventMeter("kernel", True, "14 eBPF hooks", told=40),),
    counters={"kernel_drops": 0},
)


class Fake:
    """An engine that has seen what it is told."""

    def __init__(self, meters: Meters = METERS, failure: Exception | None = None) -> None:
        self.told, self.failure, self.stopped = meters, failure, False

    def start(self) -> None:
        if self.failure is not None:
            raise self.failure

    def meters(self) -> Meters:
        return self.told

    def stop(self) -> None:
        self.stopped = True


def checks(engine: Fake, pause: Callable[[float], object] = lambda _: None) -> list[Check]:
    return list(watch.watch(2.0, lambda: engine, pause))  # type: ignore[arg-type,return-value]


def test_who_was_named_is_told_with_how_and_why_not() -> None:
    coverage, source, lost = checks(Fake())
    assert coverage.ok
    assert coverage.words.startswith("20 flows with an end here heard in 2.0 s: 95.0 % named, 5.0 % have no owner")
    assert [line.split()[0:4] for line in coverage.details] == [
        ["found", "by", "socket", "cookie"],
        ["no", "owner", "kernel", "5.0"],
    ]
    assert source.words == "kernel: 14 eBPF hooks; told 40, lost 0, CPU 0.00 s"
    assert (lost.ok, lost.words) == (True, "nothing")


def test_many_that_nobody_knows_are_less_well_and_have_a_command() -> None:
    unknown = replace(METERS, coverage=Coverage((NAMED,), (UNKNOWN,)))
    check = checks(Fake(unknown))[0]
    assert not check.ok
    assert check.fix == "ratop print 'owner = unknown'"


def test_a_better_source_that_is_not_in_use_is_named_and_is_what_to_do() -> None:
    better = EventMeter("kernel", False, "Operation not permitted", taken=False)
    unknown = replace(METERS, coverage=Coverage((), (UNKNOWN,)), events=(EventMeter("diag", True, "x"), better))
    coverage, source, _ = checks(Fake(unknown))
    assert coverage.fix.startswith("sudo ")
    assert list(source.details) == ["not kernel: Operation not permitted"]


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (Coverage(), "no flow was seen in 2.0 s on lo"),
        (Coverage(elsewhere=3), "3 flows in 2.0 s, none with an end here"),
    ],
)
def test_where_nothing_was_seen_it_is_said(coverage: Coverage, words: str) -> None:
    check = checks(Fake(replace(METERS, coverage=coverage)))[0]
    assert (check.ok, check.words, check.fix) == (True, words, "")


def test_losses_are_told() -> None:
    lost = checks(Fake(replace(METERS, counters={"kernel_drops": 2, "events_dropped": 1})))[2]
    assert not lost.ok
    assert "2 packets were dropped by the kernel" in lost.words
    assert "1 event of a socket was lost" in lost.words


@pytest.mark.parametrize(
    ("failure", "words", "fix"),
    [
        (RatopError("may not capture on lo", hint="x", exit_code=Exit.NOT_PERMITTED), "may not capture", "sudo "),
        (
            RatopError("no such thing", hint="ratop -i lo\nmore", exit_code=Exit.NO_SOURCE),
            "no such thing",
            "ratop -i lo",
        ),
        (OSError(12, "Cannot allocate memory"), "Cannot allocate memory", "sudo "),
    ],
)
def test_where_nothing_can_be_captured_it_is_said_why(failure: Exception, words: str, fix: str) -> None:
    engine = Fake(failure=failure)
    (check,) = checks(engine)
    assert check.words.startswith(f"not measured: {words}")
    assert check.fix.startswith(fix)
    assert not check.needed
    assert engine.stopped


def test_ctrl_c_ends_the_wait_and_what_was_seen_is_told() -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    engine = Fake()
    assert checks(engine, interrupted)[0].words.startswith("20 flows")
    assert engine.stopped


def test_a_failure_leaves_nothing_open() -> None:
    def broken(_: float) -> None:
        raise ZeroDivisionError

    engine = Fake()
    with pytest.raises(ZeroDivisionError):
        checks(engine, broken)
    assert engine.stopped


def test_json_has_numbers_and_text_has_lines() -> None:
    coverage, source, _ = checks(Fake())
    told = json.loads("".join(as_jsonl(coverage)))
    assert (told["flows"], told["seconds"], told["found"][0]["flows"]) == (20, 2.0, 19)
    assert told["missing"][0]["words"] == "It is the kernel itself."
    assert json.loads("".join(as_jsonl(source)))["sources"][0]["told"] == 40
    assert len(list(as_text(coverage))) == 3


def test_zero_seconds_is_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "everything", lambda: iter([]))
    monkeypatch.setattr(doctor, "watch", lambda _: pytest.fail("it watched"))
    result = CliRunner().invoke(doctor.command, ["--watch", "0"], standalone_mode=False)
    assert (result.return_value, result.output) == (Exit.OK, "")


@pytest.mark.root
@pytest.mark.system
def test_on_this_machine_a_conversation_is_seen_and_named_in_the_time_that_was_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak(seconds: float) -> None:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                with socket.create_connection(server.getsockname()) as one, server.accept()[0] as other:
                    one.sendall(b"?")
                    other.recv(1)
                time.sleep(0.05)

        began = time.monotonic()
        coverage, source, _ = watch.watch(1.0, pause=speak)
        taken = time.monotonic() - began
    assert coverage.facts["flows"] > 5
    assert sum(share["flows"] for share in coverage.facts["found"]) > 0
    assert source.ok
    assert taken < 6
