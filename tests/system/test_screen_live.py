"""The real screen in a real terminal over a real wire: two hosts of the test's own, a program that talks, and a person
who looks at it from every side, at three sizes and on several kinds of terminal.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.netns import ip, pair
from tests.helpers.tmux import Tmux, terminal

pytestmark = [pytest.mark.system, pytest.mark.root, pytest.mark.tool("tmux"), pytest.mark.tool("ip")]

LISTEN = """
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(data)
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("10.77.0.2", 7777), Echo).serve_forever()
"""
TALK = """
import socket, time
for attempt in range(100):
    try:
        one = socket.create_connection(("10.77.0.2", 7777))
        break
    except OSError:
        time.sleep(0.1)
while True:
    one.sendall(b"x" * 2000)
    one.recv(65536)
    time.sleep(0.1)
"""
KINDS = (
    (200, 60, {"TERM": "tmux-256color"}),
    (80, 24, {"TERM": "xterm"}),
    (60, 16, {"TERM": "linux"}),
    (120, 32, {"TERM": "xterm-256color", "NO_COLOR": "1"}),
)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The namespace from which `talker.py` talks to port 7777 of the other one."""
    folder = tmp_path_factory.mktemp("live")
    programs = []
    with pair("sl") as made:
        try:
            for namespace, name, text in ((made.b, "echoer.py", LISTEN), (made.a, "talker.py", TALK)):
                (folder / name).write_text(text)
                command = ["ip", "netns", "exec", namespace, sys.executable, str(folder / name)]
                programs.append(subprocess.Popen(command))
            yield made.a
        finally:
            for each in programs:
                each.kill()
                each.wait()


def start(it: Tmux, namespace: str, *options: str) -> None:
    words = " ".join(options)
    it.type(f"ip netns exec {namespace} {sys.executable} -m ratop_py -i va --no-state {words}; echo EX''IT $?\n")
    it.wait("talker.py", 30)


def quit_well(it: Tmux) -> None:
    it.keys("q")
    it.wait("EXIT 0")
    it.restored()


@pytest.mark.parametrize(("width", "height", "environ"), KINDS, ids=lambda each: str(each).replace(" ", ""))
def test_a_program_on_the_wire_is_seen_in_every_view(
    host: str, width: int, height: int, environ: dict[str, str]
) -> None:
    with terminal(width, height, environ) as it:
        start(it, host)
        for key, name, wanted in (
            ("2", "programs", "talker.py"), ("3", "hosts", "10.77.0.2"), ("4", "users", "root"), ("5", "risks", "why"),
            ("6", "ports", "7777"), ("7", "networks", "10.77.0.0/24"), ("8", "interfaces", "va"),
            ("9", "tree", "talker.py"), ("r", "rates", "↓ in"), ("1", "flows", "talker.py"),
        ):  # fmt: skip
            it.keys(key)
            it.match(rf" {name} \d+ ")  # the tab in force alone has a count
            it.wait(wanted)
        it.keys("j", "Enter")
        it.wait("Who" if width >= 100 else "Flow ")
        it.keys("Escape")
        it.gone("Esc")  # else what follows would be Alt and a key
        it.keys("2", "j", "Enter")
        it.match(r" flows \d+ of \d+ ")
        it.keys("BSpace")
        it.match(r" programs \d+ ")
        quit_well(it)


def test_what_was_a_moment_ago_can_be_looked_at_while_the_wire_goes_on(host: str) -> None:
    with terminal(160, 44) as it:
        start(it, host)
        time.sleep(4)
        it.keys("[")
        it.wait("◀")
        it.wait(" back")
        then = re.search(r"◀ (\d\d:\d\d:\d\d)", it.seen())
        time.sleep(1.5)
        assert then is not None
        assert then[0] in it.seen()  # it stands still
        it.keys("L")
        it.wait("● live")
        quit_well(it)


def test_an_interface_that_goes_away_is_said_and_comes_back_by_itself(host: str) -> None:
    with terminal(120, 32) as it:
        start(it, host)
        ip("-n", host, "link", "set", "va", "down")
        try:
            it.wait("○", 20)
        finally:
            ip("-n", host, "link", "set", "va", "up")
        it.wait("● live", 20)
        quit_well(it)


def test_a_window_that_becomes_tiny_and_large_again_loses_nothing(host: str) -> None:
    with terminal(160, 44) as it:
        start(it, host)
        it.keys("9")
        it.wait("talker.py")
        it.do("resize-window", "-t", "it", "-x", "38", "-y", "8")
        it.wait("needs 40×10")
        it.do("resize-window", "-t", "it", "-x", "160", "-y", "44")
        it.wait("talker.py")
        quit_well(it)


def test_the_screen_on_paper_is_what_print_says(host: str, tmp_path: Path) -> None:
    there = tmp_path / "rows.csv"
    with terminal(160, 44) as it:
        start(it, host, "'port 7777'")
        it.keys("e", "C-u")
        it.type(str(there))
        it.keys("Enter")
        it.wait("written")
        quit_well(it)
    assert "talker.py" in there.read_text()
