"""TCP sockets as the kernel's tracepoints show them, each life of an address in the kernel under a number of its own.

Promise: a process stands for a socket only where it was running for it: when it connects, sends, receives, closes; in
an interrupt whoever runs is a stranger. Ends are told once they are whole, as of the socket's beginning. A number is
never given twice, and never is a cookie. After a loss no socket is taken for the one it was; where only uses were lost,
its holders and ends are told anew.
Does not know: rings, processes beyond the owner it is given.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

from ratop_py.events.fact import Ended, Fact, Held, Tied
from ratop_py.events.tracefs.record import Changed, Used
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key

ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT1, CLOSE, LAST_ACK, LISTEN = 1, 2, 3, 4, 7, 9, 10
"""linux/net/tcp_states.h"""
TCP = 6
MOST = 200_000
"""Sockets known."""
CLOSING = {FIN_WAIT1: (ESTABLISHED, SYN_RECV), LAST_ACK: (8,)}
"""State → those from which only a process's close or shutdown leads to it; 8: CLOSE_WAIT."""


class Sock:
    """One life of a socket."""

    __slots__ = ("number", "since", "tied", "told", "users")

    def __init__(self, number: int, since: int) -> None:
        self.number, self.since = number, since
        self.tied = self.told = False
        """Its ends were told, since the last doubt; anything was, ever."""
        self.users: set[tuple[int, bool]] = set()
        """(pid, whether it used the socket) of those told."""


class Sockets:
    """Makes facts of records, in their order."""

    def __init__(self, since: int, owner: Callable[[int, int], Owner | None], wall: Callable[[int], float]) -> None:
        """`since`: when listening began, ns. `owner`: pid, when → who that was. `wall`: ns → s since the epoch."""
        self._since, self._owner, self._wall = since, owner, wall
        self._socks: OrderedDict[int, Sock] = OrderedDict()
        self._last = 0

    def facts(self, record: Changed | Used) -> Iterator[Fact]:
        """What it tells."""
        if isinstance(record, Used):
            yield from self._held(record, self._known(record.socket), used=True)
        elif record.new == LISTEN or record.old == LISTEN:
            yield from self._listens(record)
        elif record.new == SYN_SENT:
            yield from self._gone(record.at, record.socket)
            yield from self._held(record, self._begun(record.socket, record.at), used=False)
            while len(self._socks) > MOST:
                yield from self._gone(record.at, next(iter(self._socks)))
        elif record.new == CLOSE:
            yield from self._tied(record, self._known(record.socket))
            yield from self._gone(record.at, record.socket)
        else:
            sock = self._known(record.socket)
            yield from self._tied(record, sock)
            if record.old in CLOSING.get(record.new, ()) and not sock.users:
                yield from self._held(record, sock, used=False)

    def missed(self, at: int) -> Iterator[Fact]:
        """Records before this time were lost: a socket may have been closed, its address given to another."""
        for sock in self._socks.values():
            if sock.told:
                yield Ended(self._wall(at), sock.number, None)
        self._socks.clear()
        self._since = at

    def doubt(self) -> None:
        """Uses were lost, or facts: what is known stays, and is told once more when it is seen again."""
        for sock in self._socks.values():
            sock.tied = False
            sock.users.clear()

    def _listens(self, record: Changed) -> Iterator[Fact]:
        """A listener, or the child that takes a connection: it is a copy that begins in the listener's state."""
        yield from self._gone(record.at, record.socket)
        if record.new == SYN_RECV:
            self._begun(record.socket, record.at)
            while len(self._socks) > MOST:
                yield from self._gone(record.at, next(iter(self._socks)))

    def _begun(self, address: int, at: int) -> Sock:
        self._last -= 1
        sock = self._socks[address] = Sock(self._last, at)
        return sock

    def _known(self, address: int) -> Sock:
        """The socket at this address; if nobody told of its beginning, it is from before."""
        return self._socks.get(address) or self._begun(address, self._since)

    def _held(self, record: Changed | Used, sock: Sock, used: bool) -> Iterator[Fact]:
        who = (record.pid, used)
        if record.pid <= 0 or record.pid >> 31 or who in sock.users:
            return
        owner = self._owner(record.pid, record.at)
        if owner is not None:
            sock.users.add(who)
            sock.told = True
            yield Held(self._wall(record.at), sock.number, owner, used)

    def _tied(self, record: Changed, sock: Sock) -> Iterator[Fact]:
        if sock.tied or not (record.lport and record.rport and record.local and record.remote):
            return
        sock.tied = sock.told = True
        ends = key(TCP, (record.local, record.lport), (record.remote, record.rport))
        yield Tied(self._wall(sock.since), sock.number, ends)

    def _gone(self, at: int, address: int) -> Iterator[Fact]:
        sock = self._socks.pop(address, None)
        if sock is not None and sock.told:
            yield Ended(self._wall(at), sock.number, None)
