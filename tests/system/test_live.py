"""Two hosts on one wire, real sockets, the real ring, the real lsof: what was sent is what is told, and by whom.

One conversation of each kind is held for some seconds while `ratop print` runs on both ends; then each promise is asked of
what it wrote. Nothing leaves the two namespaces.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.netns import Pair, inside, pair

pytestmark = [
    pytest.mark.root,
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.tool("ip"),
    pytest.mark.tool("lsof"),
]

NOBODY = 65534
ROUNDS = 6
"""Messages in each direction of each conversation, one every half second, at least…"""
PATIENCE = 60.0
"""…and on until lsof has looked meanwhile: where it costs much it looks seldom. Seconds to wait for that."""
V4, V6, LOOP = "10.77.0.2", "fd77::2", "127.0.0.1"
SIZES = {"tcp": 3000, "udp": 500}
UNDER_UDP = {V4: 14 + 20 + 8, V6: 14 + 40 + 8, LOOP: 14 + 20 + 8}
FIELDS = (
    "proto saddr sport daddr dport spkts dpkts sbytes dbytes sappbytes dappbytes "
    "user pid program owner suser spid duser dpid"
)
COUNTED = ("spkts", "dpkts", "sbytes", "dbytes", "sappbytes", "dappbytes")
Conversation = tuple[str, str]
"""(tcp or udp, the address called)"""


@dataclass(frozen=True, slots=True)
class Told:
    """What one `ratop print` said, and what the kernel counted on its interface meanwhile."""

    records: list[dict[str, Any]]
    packets: int
    bytes: int
    words: str

    def of(self, conversation: Conversation, ports: dict[Conversation, int]) -> list[dict[str, Any]]:
        """Records of one conversation."""
        proto, address = conversation
        wanted = (proto, ports[conversation], address)
        return [each for each in self.records if (each["proto"], each["sport"], each["daddr"]) == wanted]

    def sums(self, conversation: Conversation, ports: dict[Conversation, int]) -> Counter[str]:
        """Its counters, over all records."""
        total: Counter[str] = Counter()
        for record in self.of(conversation, ports):
            total.update({name: record[name] for name in COUNTED})
        return total


@dataclass(slots=True)
class Talk:
    """All that is known after the talking."""

    told: dict[str, Told] = field(default_factory=dict)
    """By where ratop ran: `a` called, `b` answered, `lo` did both."""
    ports: dict[Conversation, int] = field(default_factory=dict)
    """Local port of the caller."""
    rounds: dict[str, int] = field(default_factory=dict)
    """Messages in each direction of each conversation; by where."""
    caller: dict[str, int] = field(default_factory=dict)
    answerer: dict[str, int] = field(default_factory=dict)
    """Process ids; by where."""


class Watch:
    """`ratop print` on one interface of one namespace."""

    def __init__(self, namespace: str, device: str, folder: Path) -> None:
        self.namespace, self.device = namespace, device
        self.out, self.words = folder / f"{namespace}-{device}.jsonl", folder / f"{namespace}-{device}.txt"
        command = ["-m", "ratop_py", "print", "-i", device, "--format", "jsonl", "-s", FIELDS.replace(" ", ",")]
        command += ["--interval", "1", "--events", "lsof:1s"]
        with self.out.open("wb") as out, self.words.open("wb") as words:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", namespace, sys.executable, *command], stdout=out, stderr=words
            )
        self._listens()
        self.before = carried(namespace, device)

    def _listens(self) -> None:
        sockets = Path(f"/proc/{self.process.pid}/net/packet")
        until = time.monotonic() + 15
        while self.process.poll() is None and time.monotonic() < until:
            if len(sockets.read_text().splitlines()) > 1:
                time.sleep(0.5)
                return
            time.sleep(0.05)
        pytest.fail(f"ratop does not listen: {self.words.read_text()}")

    def named(self) -> set[Conversation]:
        """Conversations of which an owner was told by now. The last line may still be being written."""
        lines = self.out.read_bytes().split(b"\n")[:-1]
        records = [json.loads(line) for line in lines]
        return {(each["proto"], each["daddr"]) for each in records if each["pid"]}

    def end(self) -> Told:
        """Ctrl-C, and what it said."""
        packets, size = (
            now - then for now, then in zip(carried(self.namespace, self.device), self.before, strict=True)
        )
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(15) == 0, self.words.read_text()
        records = [json.loads(line) for line in self.out.read_text().splitlines()]
        return Told(records, packets, size, self.words.read_text())

    def kill(self) -> None:
        """If the test failed before `end`."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(5)


def carried(namespace: str, device: str) -> tuple[int, int]:
    """(packets, bytes) that an interface sent and received."""
    command = ["ip", "-n", namespace, "-s", "-j", "link", "show", device]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    stats = json.loads(text)[0]["stats64"]
    return tuple(stats["rx"][name] + stats["tx"][name] for name in ("packets", "bytes"))


@contextmanager
def talker(namespace: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """One of the two programs; it ends with its stdin."""
    command = ["ip", "netns", "exec", namespace, sys.executable, "-m", "tests.helpers.talker", *words]
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
    try:
        yield process
    finally:
        process.communicate(timeout=10)


def heard(process: subprocess.Popen[str]) -> Any:
    """The next thing a talker says."""
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def converse(
    talk: Talk, where: str, caller: str, answerer: str, addresses: tuple[str, ...], watches: list[Watch]
) -> None:
    """Both programs talk until those who watch have named them, and hang up."""
    with talker(answerer, "answer", *addresses) as server:
        ports = heard(server)
        plan = [
            [*name.split(), port, SIZES[name.split()[0]]] for name, port in ports.items()
        ]  # the order in which the caller names its ports
        with talker(caller, "ask", str(NOBODY), json.dumps(plan)) as client:
            mine = heard(client)
            talk.ports |= {(kind, address): port for (kind, address, _, _), port in zip(plan, mine, strict=True)}
            talk.caller[where], talk.answerer[where] = client.pid, server.pid
            talk.rounds[where] = say_on(client, watches, {(kind, address) for kind, address, _, _ in plan})
    time.sleep(0.3)


def say_on(client: subprocess.Popen[str], watches: list[Watch], wanted: set[Conversation]) -> int:
    """Say something in all conversations, again and again; returns how often."""
    rounds, until = 0, time.monotonic() + PATIENCE
    while rounds < ROUNDS or (any(wanted - watch.named() for watch in watches) and time.monotonic() < until):
        assert client.stdin is not None
        client.stdin.write("\n")
        client.stdin.flush()
        assert heard(client) == "said"
        rounds += 1
        time.sleep(0.5)
    return rounds


def silence(made: Pair) -> None:
    """Wait until the kernels have stopped announcing themselves: nothing else may be on the wire while it is counted."""
    for namespace, device in ((made.a, "va"), (made.b, "vb")):
        with inside(namespace):
            Path(f"/proc/sys/net/ipv6/conf/{device}/router_solicitations").write_text("0")
    until, quiet, before = time.monotonic() + 15, 0, (0, 0)
    while quiet < 4 and time.monotonic() < until:
        time.sleep(0.5)
        now = carried(made.a, "va")
        quiet, before = (quiet + 1 if now == before else 0), now


@pytest.fixture(scope="module")
def hosts() -> Iterator[Pair]:
    with pair("live") as made:
        silence(made)
        yield made


@pytest.fixture(scope="module")
def talk(hosts: Pair, tmp_path_factory: pytest.TempPathFactory) -> Talk:
    """Everything happens once; the tests below read what came of it."""
    folder, talk = tmp_path_factory.mktemp("live"), Talk()
    with ExitStack() as stack:
        watches = {}
        for where, namespace, device in (("a", hosts.a, "va"), ("b", hosts.b, "vb"), ("lo", hosts.a, "lo")):
            watches[where] = Watch(namespace, device, folder)
            stack.callback(watches[where].kill)
        converse(talk, "wire", hosts.a, hosts.b, (V4, V6), [watches["a"], watches["b"]])
        converse(talk, "lo", hosts.a, hosts.a, (LOOP,), [watches["lo"]])
        talk.told = {where: watch.end() for where, watch in watches.items()}
    return talk


WIRE = [(kind, address) for kind in ("tcp", "udp") for address in (V4, V6)]
EVERYWHERE = [*((where, each) for where in ("a", "b") for each in WIRE), ("lo", ("tcp", LOOP)), ("lo", ("udp", LOOP))]
each_one = pytest.mark.parametrize(("where", "conversation"), EVERYWHERE, ids=lambda value: " ".join(value))
each_datagram = pytest.mark.parametrize(
    ("where", "conversation"), [each for each in EVERYWHERE if each[1][0] == "udp"], ids=lambda value: " ".join(value)
)
each_host = pytest.mark.parametrize("where", ["a", "b"])


def rounds(talk: Talk, where: str) -> int:
    """How often everything was said there."""
    return talk.rounds["lo" if where == "lo" else "wire"]


@each_host
def test_no_packet_of_the_wire_is_missing_or_counted_twice(talk: Talk, where: str) -> None:
    told = talk.told[where]
    assert sum(each["spkts"] + each["dpkts"] for each in told.records) == told.packets
    assert sum(each["sbytes"] + each["dbytes"] for each in told.records) == told.bytes


def test_a_packet_over_loopback_is_seen_once(talk: Talk) -> None:
    told = talk.told["lo"]
    assert sum(each["spkts"] + each["dpkts"] for each in told.records) == told.packets / 2


@each_one
def test_the_payload_is_what_the_programs_said(talk: Talk, where: str, conversation: Conversation) -> None:
    sums = talk.told[where].sums(conversation, talk.ports)
    said = rounds(talk, where) * SIZES[conversation[0]]
    assert (sums["sappbytes"], sums["dappbytes"]) == (said, said)


@each_datagram
def test_each_datagram_is_one_packet_of_its_size(talk: Talk, where: str, conversation: Conversation) -> None:
    sums = talk.told[where].sums(conversation, talk.ports)
    said = rounds(talk, where)
    size = said * (SIZES["udp"] + UNDER_UDP[conversation[1]])
    assert (sums["spkts"], sums["dpkts"], sums["sbytes"], sums["dbytes"]) == (said, said, size, size)


@each_one
def test_records_come_while_the_flow_lives(talk: Talk, where: str, conversation: Conversation) -> None:
    assert len(talk.told[where].of(conversation, talk.ports)) >= 3


def last(talk: Talk, where: str, conversation: Conversation) -> dict[str, Any]:
    """The flow's last record: by then everything that can be known is."""
    return talk.told[where].of(conversation, talk.ports)[-1]


@pytest.mark.parametrize("conversation", WIRE, ids=" ".join)
def test_the_caller_owns_the_flow_on_its_own_host(talk: Talk, conversation: Conversation) -> None:
    found = last(talk, "a", conversation)
    assert (found["pid"], found["user"], found["owner"]) == (talk.caller["wire"], "nobody", "ok")
    assert (found["spid"], found["dpid"]) == (talk.caller["wire"], None)


@pytest.mark.parametrize("conversation", WIRE, ids=" ".join)
def test_the_answerer_owns_the_flow_on_its_own_host(talk: Talk, conversation: Conversation) -> None:
    found = last(talk, "b", conversation)
    assert (found["pid"], found["user"]) == (talk.answerer["wire"], "root")
    assert (found["spid"], found["dpid"]) == (None, talk.answerer["wire"])


@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_over_loopback_both_ends_have_their_owner(talk: Talk, kind: str) -> None:
    found = last(talk, "lo", (kind, LOOP))
    assert (found["spid"], found["suser"]) == (talk.caller["lo"], "nobody")
    assert (found["dpid"], found["duser"]) == (talk.answerer["lo"], "root")


@pytest.mark.parametrize("where", ["a", "b", "lo"])
def test_nothing_was_lost_and_nobody_complained(talk: Talk, where: str) -> None:
    assert talk.told[where].words == ""
