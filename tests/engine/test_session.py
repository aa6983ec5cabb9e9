from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ratop_py.capture.source import Losses, Sink
from ratop_py.engine.session import Engine
from ratop_py.engine.settings import Settings
from ratop_py.engine.wires import World
from ratop_py.errors import Exit, RatopError
from ratop_py.events.poller import Silence
from ratop_py.fields import FIELDS as ALL
from ratop_py.fields.texts import text_of
from ratop_py.flow.layout import Cause
from ratop_py.kinds import Text
from ratop_py.net.host import HostNet
from ratop_py.view import Order, Snapshot, View
from tests.helpers import frames

START = 1_700_000_000 * 10**9
LSOF = "p4101\nR1\ncfirefox\nu1000\nLada\nf9\ntIPv4\nPUDP\nn10.0.0.1:1000->10.0.0.2:2000\n"
FIELDS = ("saddr", "daddr", "spkts", "user", "pid", "program", "owner")


def recording(folder: Path, seconds: float = 2.0, packets: int = 20) -> Settings:
    """A UDP flow of this machine and one of others, with a sidecar."""
    mine = frames.ether(frames.ip4(frames.udp(b"mine"), 17))
    other = frames.ether(frames.ip4(frames.udp(b"other", sport=5, dport=6), 17, src="10.0.0.8", dst="10.0.0.9"))
    step = int(seconds * 1e9 / packets)
    taken = [(START + n * step, other if n % 4 == 3 else mine) for n in range(packets)]
    (folder / "x.pcap").write_bytes(frames.pcap(taken))
    (folder / "lsof.txt").write_text(LSOF)
    context = {
        "srcid": "laptop",
        "interfaces": [{"name": "eth0", "mac": frames.MAC_A, "addresses": ["10.0.0.1/24"]}],
        "sockets": [{"time": START / 1e9 + 0.5, "file": "lsof.txt", "complete": True}],
    }
    (folder / "host.json").write_text(json.dumps(context))
    return Settings(files=(str(folder / "x.pcap"),), context=str(folder / "host.json"))


def word(column: object, row: int = 0) -> str:
    assert isinstance(column, Text)
    return column.at(row)


def test_a_file_is_read_to_its_end_and_labelled_as_a_live_host_is(tmp_path: Path) -> None:
    engine = Engine(recording(tmp_path))
    engine.run_to_end()
    shown = engine.ask(View(fields=FIELDS, order=(Order("spkts"),)))
    engine.stop()
    assert shown.matched == 2
    assert word(shown.columns["program"]) == "firefox"
    assert word(shown.columns["owner"]) == "ok"
    assert word(shown.columns["owner"], 1) == "none"
    assert shown.meters.state == "done"
    assert shown.meters.packets == 20
    assert shown.meters.attributed == 1.0


def test_a_filter_and_a_window_are_answered(tmp_path: Path) -> None:
    engine = Engine(recording(tmp_path))
    engine.run_to_end()
    assert engine.ask(View(filter="user ada", fields=("saddr",))).matched == 1
    shown = engine.ask(View(fields=("saddr",), window=(1, 1)))
    engine.stop()
    assert (shown.first, len(shown), shown.matched) == (1, 1, 2)


def wait_for(test: Callable[[], bool], seconds: float = 8.0) -> None:
    until = time.monotonic() + seconds
    while not test() and time.monotonic() < until:
        time.sleep(0.02)
    assert test()


def test_a_replay_follows_the_packets_times_and_ends(tmp_path: Path) -> None:
    settings = recording(tmp_path)
    engine = Engine(Settings(files=settings.files, context=settings.context, speed=2.0, tick=0.05))
    began = time.monotonic()
    engine.start()
    wait_for(lambda: engine.meters().packets > 0)
    assert engine.meters().state == "replay"
    wait_for(lambda: engine.meters().state == "done")
    assert 0.5 < time.monotonic() - began < 8
    assert engine.meters().packets == 20
    wait_for(lambda: engine.meters().attributed == 1.0)
    engine.stop()


def test_a_replay_that_is_held_stands_still_and_goes_on_from_there(tmp_path: Path) -> None:
    settings = recording(tmp_path)
    engine = Engine(Settings(files=settings.files, context=settings.context, speed=2.0, tick=0.02))
    engine.start()
    wait_for(lambda: engine.ask(View()).matched > 0)
    engine.hold(True)
    before = engine.ask(View(fields=("spkts",)))
    time.sleep(0.1)  # the packet that was on its way
    reached = engine.table.engine.clock()
    time.sleep(0.4)
    held = engine.ask(View(fields=("spkts",)))
    assert engine.table.engine.clock() == reached < START + 1.9e9
    assert held.columns["spkts"].tolist() == before.columns["spkts"].tolist()  # type: ignore[union-attr]
    assert held.meters.state == "paused"
    engine.hold(False)
    wait_for(lambda: engine.ask(View(fields=("spkts",))).columns["spkts"].sum() == 20)  # type: ignore[union-attr]
    engine.stop()


class Wire:
    """A source of frames, one each time it is asked."""

    name, interfaces, live, trouble = "eth7", ("eth7",), True, ""

    def step(self, sink: Sink, wait: float) -> bool:
        time.sleep(0.005)
        sink.feed_frame(frames.ether(frames.ip4(frames.udp(b"mine"), 17)), 60, time.time_ns(), 1, 0)
        return True

    def losses(self) -> Losses:
        return Losses()

    def close(self) -> None: ...


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on a wire that is never silent."""
    world = World((Wire(),), Silence("none"), HostNet, live=True)
    monkeypatch.setattr("ratop_py.engine.session.open_world", lambda *_: world)
    engine = Engine(Settings(tick=0.05))
    engine.start()
    yield engine
    engine.stop()


def test_what_is_held_does_not_change_while_capture_goes_on(wired: Engine) -> None:
    wait_for(lambda: wired.ask(View()).matched > 0)
    wired.hold(True)
    before, packets = wired.ask(View(fields=("spkts",))), wired.table.counters()["packets"]
    wait_for(lambda: wired.table.counters()["packets"] > packets + 5)
    held = wired.ask(View(fields=("spkts",)))
    assert texts(held) == texts(before)
    wired.hold(False)
    wait_for(lambda: texts(wired.ask(View(fields=("spkts",)))) != texts(before))


def test_a_reader_may_look_back_while_all_goes_on_and_while_it_is_held(wired: Engine) -> None:
    wait_for(lambda: wired.meters().oldest is not None)
    oldest = wired.meters().oldest
    assert oldest is not None
    then = View(fields=("spkts",), at=oldest)
    before = wired.ask(then)
    assert (before.meters.state, before.meters.flows, before.taken_at) == ("history", 1, oldest)
    now = wired.ask(View(fields=("spkts",)))
    assert 0 < int(texts(before)[0]["spkts"]) < int(texts(now)[0]["spkts"])
    wired.hold(True)
    assert texts(wired.ask(then)) == texts(before) == texts(wired.answer(then).snapshot())
    assert wired.ask(View(at=1.0)).taken_at == oldest
    assert oldest < wired.ask(View(at=1e11)).taken_at <= wired.now() / 1e9
    assert wired.ask(View()).meters.state == "paused"


def test_rates_of_the_last_seconds_come_with_rows_groups_and_details(wired: Engine) -> None:
    wait_for(lambda: len(wired.meters().pulse) > 1)
    heard = sum(each.rx for each in wired.meters().pulse)
    rows, groups = (wired.ask(View(sparks=30, group=group)) for group in ((), ("proto",)))
    for shown in (rows, groups):
        assert shown.sparks is not None
        assert shown.sparks.shape == (1, 30)
        assert shown.sparks.sum() >= heard > 0
    detail = wired.ask(View(detail=int(rows.ids[0]))).detail
    assert detail is not None
    assert sum(map(sum, detail.past)) >= heard


def test_of_a_file_that_was_read_at_once_no_moment_and_no_rate_is_kept(tmp_path: Path) -> None:
    engine = Engine(recording(tmp_path))
    engine.run_to_end()
    meters = engine.meters()
    assert (meters.oldest, meters.pulse, meters.speed, meters.position) == (None, (), 0.0, 1.0)
    shown = engine.ask(View(at=START / 1e9, sparks=10))
    with pytest.raises(RatopError):
        engine.pace(2.0)
    engine.stop()
    assert (shown.meters.state, shown.sparks) == ("done", None)


def test_a_replay_can_be_looked_back_at_when_it_is_over(tmp_path: Path) -> None:
    settings = recording(tmp_path, seconds=8.0, packets=80)
    engine = Engine(Settings(files=settings.files, context=settings.context, speed=20.0, tick=0.5))
    engine.start()
    wait_for(lambda: engine.meters().packets > 0)
    assert engine.meters().speed == 20.0
    wait_for(lambda: 0.2 < (engine.meters().position or 0) < 0.9)
    wait_for(lambda: engine._generation > 0 and engine.meters().state == "done" and engine._rows is None)
    meters = engine.meters()
    assert meters.oldest is not None
    shown = engine.ask(View(fields=("pkts",), at=meters.oldest + 1))
    last = engine.ask(View(fields=("pkts",)))
    engine.stop()
    assert (meters.speed, meters.position) == (0.0, 1.0)
    assert shown.meters.state == "history"
    assert 0 < shown.columns["pkts"].sum() < last.columns["pkts"].sum() == 80  # type: ignore[union-attr]
    assert sum(each.rx + each.tx for each in meters.pulse) > 0


def test_the_pace_of_a_replay_is_changed_while_it_is_played(tmp_path: Path) -> None:
    settings = recording(tmp_path, seconds=100.0, packets=100)
    engine = Engine(Settings(files=settings.files, speed=1.0, tick=0.05))
    engine.start()
    wait_for(lambda: engine.meters().packets > 0)
    before = engine.table.engine.clock()
    engine.pace(1000.0)
    assert engine.table.engine.clock() <= before + 2e9  # no jump
    wait_for(lambda: engine.meters().state == "done")
    engine.stop()
    assert engine.meters().packets == 100


def played(settings: Settings, deeds: Callable[[Engine], None]) -> tuple[list[dict[str, str]], float]:
    """All that is shown when a replay is over, and what was heard second by second."""
    engine = Engine(settings)
    engine.start()
    deeds(engine)
    wait_for(lambda: engine._state == "done" and engine._rows is None and engine._generation > 0)
    facts = ("saddr", "daddr", "spkts", "sbytes", "stime", "ltime", "state", "program")
    shown, heard = texts(engine.ask(View(fields=facts))), engine.meters().pulse
    engine.stop()
    return shown, sum(each.rx + each.tx for each in heard) / 8


def test_whatever_its_pace_was_a_replay_ends_the_same(tmp_path: Path) -> None:
    told = recording(tmp_path, seconds=20.0, packets=100)
    settings = Settings(files=told.files, speed=100.0, tick=0.1)

    def fitful(engine: Engine) -> None:
        wait_for(lambda: engine.meters().packets > 0)
        for speed in (20.0, 1000.0, 10.0, 0.0):
            engine.hold(True)
            engine.pace(speed)
            engine.hold(False)
            time.sleep(0.05)

    steady = played(settings, lambda engine: None)
    assert played(settings, fitful) == steady
    assert steady[1] == sum(int(flow["sbytes"]) for flow in steady[0]) > 0


def test_an_answer_never_changes_while_the_table_goes_on(tmp_path: Path) -> None:
    settings = recording(tmp_path)
    engine = Engine(Settings(files=settings.files, context=settings.context, speed=4.0, tick=0.02))
    view = View(fields=tuple(ALL), order=(Order("bytes"),))
    engine.start()
    wait_for(lambda: engine.ask(View()).matched > 0)
    found = engine.answer(view)
    before, early = found.snapshot(), texts(found.snapshot())
    wait_for(lambda: engine._state == "done")
    wait_for(lambda: engine.ask(View(fields=("pkts",))).columns["pkts"].sum() == 20)  # type: ignore[union-attr]
    assert texts(before) == texts(found.snapshot()) == early
    assert texts(engine.ask(view)) != early
    engine.stop()


def texts(shown: Snapshot) -> list[dict[str, str]]:
    """Everything that is shown."""
    return [
        {name: text_of(ALL[name].kind, column, at) for name, column in shown.columns.items()}
        for at in range(len(shown))
    ]


def test_records_of_a_replay_add_up_to_its_flows(tmp_path: Path) -> None:
    settings = recording(tmp_path)
    engine = Engine(Settings(files=settings.files, context=settings.context, speed=4.0, tick=0.05))
    engine.start()
    total = 0
    for answer in engine.records(View(fields=("pkts",)), 0.2):
        total += sum(int(part.columns["pkts"].sum()) for part in answer.snapshots())  # type: ignore[union-attr,misc]
        if engine._state == "done":
            engine._stop.set()
    engine.stop()
    assert total == 20


def test_records_are_taken_of_the_rows_in_use_while_others_were_given_back(tmp_path: Path) -> None:
    engine = Engine(recording(tmp_path))
    engine.run_to_end()
    left = int(engine.table.rows["pkts"][1].sum())
    engine.table.engine.end(0, Cause.IDLE)
    engine.table.engine.release(0)
    answer = next(engine.records(View(fields=("pkts",)), 0.0))
    assert [part.columns["pkts"].tolist() for part in answer.snapshots()] == [[left]]  # type: ignore[union-attr]
    engine.stop()


def test_of_a_file_all_flows_of_this_machine_are_covered(tmp_path: Path) -> None:
    engine = Engine(recording(tmp_path))
    engine.run_to_end()
    told = engine.meters().coverage
    engine.stop()
    assert [(each.name, each.flows) for each in told.found] == [("exact", 1)]
    assert (told.seconds, told.missing, told.elsewhere) == (0.0, (), 1)


def test_a_flow_that_was_given_back_is_covered_until_its_minute_is_over(tmp_path: Path) -> None:
    settings = recording(tmp_path)
    engine = Engine(Settings(files=settings.files, context=settings.context, speed=50.0, tick=60.0, keep_ended=1.0))
    engine.start()
    wait_for(lambda: engine._state == "done")
    engine._state = "replay"
    now = START + 3 * 10**9
    engine.tick(now)
    for row in range(2):
        engine.table.engine.end(row, Cause.IDLE)
    engine.tick(now)
    engine.tick(now + 2 * 10**9)
    shown = engine.ask(View())
    engine.stop()
    assert shown.total == 0
    assert [(each.name, each.flows) for each in shown.meters.coverage.found] == [("exact", 1)]


def test_what_cannot_be_opened_is_told_before_anything_starts(tmp_path: Path) -> None:
    engine = Engine(Settings(files=(str(tmp_path / "none.pcap"),)))
    with pytest.raises(RatopError) as caught:
        engine.start()
    assert caught.value.exit_code is Exit.NO_SOURCE
    engine.stop()


def test_a_thread_that_fails_tells_whoever_asks_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(Settings(files=recording(tmp_path).files, speed=1.0, tick=0.01))

    def fail(*words: object, **more: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(engine.ledger, "look", fail)
    engine.start()
    wait_for(lambda: engine._crew._failure is not None)
    with pytest.raises(KeyError):
        engine.ask(View())
    with pytest.raises(KeyError):
        next(engine.records(View(), 0.0))
    engine.stop()


def test_uncompiled_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATOP_PURE", "1")
    engine = Engine(recording(tmp_path))
    engine.run_to_end()
    meters = engine.meters()
    engine.stop()
    assert not meters.compiled
    assert "pure-Python engine" in meters.notices[0]


class Away:
    """A source whose interface comes and goes."""

    name, interfaces, live, trouble = "eth7", ("eth7",), True, "eth7 is gone"

    def step(self, sink: object, wait: float) -> bool:
        time.sleep(0.01)
        return True

    def losses(self) -> Losses:
        return Losses()

    def close(self) -> None: ...


def test_an_interface_that_is_away_is_told_until_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    away, near = Away(), Away()
    near.trouble = ""
    world = World((away, near), Silence("none"), HostNet, live=True)
    monkeypatch.setattr("ratop_py.engine.session.open_world", lambda *_: world)
    engine = Engine(Settings(tick=60))
    engine.start()
    try:
        told = []
        for away.trouble, near.trouble in (("eth7 is gone", ""), ("eth7 is gone", "eth8 is down"), ("", "")):
            engine.tick(engine.now())
            told.append((engine.meters().state, engine.meters().reason))
    finally:
        engine.stop()
    assert told == [("live", "eth7 is gone"), ("gone", "eth7 is gone; eth8 is down"), ("live", "")]
