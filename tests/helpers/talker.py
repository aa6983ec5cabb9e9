"""Two programs that talk to each other and know exactly what they said.

`python -m tests.helpers.talker answer ADDRESS…` echoes on TCP and UDP; prints its ports as JSON, ends with its stdin.
`python -m tests.helpers.talker ask UID PLAN` opens the conversations of a plan, sends a part of it at each line on stdin,
and prints its local ports as JSON. UID: whom it becomes first, so that owners differ.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from typing import Any

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def answer(addresses: list[str]) -> None:
    """Echo what comes."""
    ports: dict[str, int] = {}
    for address in addresses:
        stream = socket.create_server((address, 0), family=family(address))
        datagrams = socket.socket(family(address), socket.SOCK_DGRAM)
        datagrams.bind((address, 0))
        threading.Thread(target=accept, args=(stream,), daemon=True).start()
        threading.Thread(target=echo_datagrams, args=(datagrams,), daemon=True).start()
        ports |= {f"tcp {address}": stream.getsockname()[1], f"udp {address}": datagrams.getsockname()[1]}
    say(ports)
    sys.stdin.read()


def accept(server: socket.socket) -> None:
    while True:
        stream, _ = server.accept()
        threading.Thread(target=echo, args=(stream,), daemon=True).start()


def echo(stream: socket.socket) -> None:
    with stream:
        while part := stream.recv(65536):
            stream.sendall(part)


def echo_datagrams(server: socket.socket) -> None:
    while True:
        part, peer = server.recvfrom(65536)
        server.sendto(part, peer)


def ask(uid: int, plan: list[list[Any]]) -> None:
    """Conversations [kind, address, port, size]: at each line on stdin one message of that size, and its echo."""
    if uid:
        os.setuid(uid)
    lines = [opened(kind, address, port) for kind, address, port, _ in plan]
    say([line.getsockname()[1] for line in lines])
    for _ in sys.stdin:
        for line, (_, _, _, size) in zip(lines, plan, strict=True):
            line.sendall(bytes(size))
            left = size
            while left:
                left -= len(line.recv(65536))
        say("said")
    for line in lines:
        line.close()


def opened(kind: str, address: str, port: int) -> socket.socket:
    line = socket.socket(family(address), KINDS[kind])
    line.connect((address, port))
    return line


def say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "answer":
        answer(sys.argv[2:])
    else:
        ask(int(sys.argv[2]), json.loads(sys.argv[3]))
