from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.lsof import endpoints, is_fields, parse, state, unescaped
from ratop_py.events.socket import SocketState
from ratop_py.net.address import parse as address

FIELDS = """p702\0R1\0csshd\0u0\0Lroot\0
f3\0tIPv4\0PTCP\0n*:22\0TST=LISTEN\0TQR=0\0TQS=0\0
f4\0tIPv6\0PTCP\0n[2001:db8::5]:22->[2001:db8::9]:40000\0TST=ESTABLISHED\0
p4101\0R1\0cmy pr\u00e9og %d\0u1000\0Lada\0
f9\0tIPv4\0PUDP\0n10.0.0.5:5353\0
f10\0tIPv4\0PUDP\0n10.0.0.5:40000->10.0.0.53:53\0
"""
LINUX = r"""COMMAND    PID USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
sshd       702 root    3u  IPv4  76035      0t0  TCP *:22 (LISTEN)
my\x20pr   4101 ada    9u  IPv6  76036      0t0  UDP [fe80::1%eth0]:5353
nginx      812 www    10u  IPv4  76037           TCP 10.0.0.5:80->10.0.0.9:40001 (ESTABLISHED)
odd        900 root    1u  sock    0,9      0t0 7654 can't identify protocol
"""
MACOS = """COMMAND     PID   USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME
rapportd    331 carter    4u  IPv4 0x9f1a3c5b7d9e0f11      0t0  TCP *:59563 (LISTEN)
Keynote      53 carter   21u  IPv4 0x9f1a3c5b7d9e0f13      0t0  TCP 10.0.0.5:50000->17.0.0.1:443 (FIN_WAIT_1)
"""


def test_field_output_gives_sockets_with_all_their_facts() -> None:
    listening, established, bound, connected = parse(FIELDS)
    assert (listening.proto, listening.local, listening.lport, listening.state) == (6, 0, 22, SocketState.LISTEN)
    assert (established.family, established.remote, established.rport) == (6, address("2001:db8::9")[0], 40000)
    assert (bound.proto, bound.rport) == (17, 0)
    assert connected.remote == address("10.0.0.53")[0]
    (owner,) = bound.owners
    assert (owner.pid, owner.user, owner.uid, owner.program, owner.ppid) == (4101, "ada", 1000, "my pr\u00e9og %d", 1)


def test_newlines_may_stand_for_nul() -> None:
    assert parse(FIELDS.replace("\0\n", "\n").replace("\0", "\n")) == parse(FIELDS)


def test_the_linux_table_is_read_even_where_a_column_is_missing() -> None:
    listening, udp, web = parse(LINUX)
    assert listening.owners[0].program == "sshd"
    assert (udp.family, udp.lport, udp.owners[0].program) == (6, 5353, "my pr")
    assert (web.owners[0].pid, web.owners[0].user, web.rport) == (812, "www", 40001)


def test_the_macos_table_and_its_states_are_read() -> None:
    listening, closing = parse(MACOS)
    assert (listening.owners[0].program, listening.lport) == ("rapportd", 59563)
    assert closing.state is SocketState.FIN_WAIT1


def test_a_socket_that_several_hold_is_one_with_all_of_them() -> None:
    two = "p5\ncold\nf1\ntIPv4\nPTCP\nn*:80\nTST=LISTEN\np3\ncnew\nf1\ntIPv4\nPTCP\nn*:80\nTST=LISTEN\n"
    (shared,) = parse(two)
    assert [owner.pid for owner in shared.owners] == [3, 5]


THREADS = r"""COMMAND   PID  PPID   TID TASKCMD      USER   FD   TYPE DEVICE SIZE/OFF NODE NAME
java     1000     1                     tom    5u  IPv6  33333      0t0  TCP *:8080 (LISTEN)
java     1000     1  1001 http-nio      tom    5u  IPv6  33333      0t0  TCP *:8080 (LISTEN)
12345    1002     1                    1007    6u  inet  33334      0t0  UDP *:68
"""


def test_columns_that_options_add_do_not_shift_the_others() -> None:
    (java,) = [socket for socket in parse(THREADS) if socket.lport == 8080]
    assert [(owner.pid, owner.user, owner.program) for owner in java.owners] == [(1000, "tom", "java")]
    (dhcp,) = [socket for socket in parse(THREADS) if socket.lport == 68]
    assert [(owner.pid, owner.uid, owner.program) for owner in dhcp.owners] == [(1002, 1007, "12345")]


def test_escaped_names_are_the_bytes_that_they_stand_for() -> None:
    assert unescaped(r"pr\xc3\xa9\x20og") == "pr\u00e9 og"
    assert unescaped(r"Google\x2") == r"Google\x2"


def test_a_newline_in_a_name_is_no_new_field() -> None:
    (one,) = parse("p5\0cevil\nf1\0u0\0Lroot\0\nf3\0tIPv4\0PTCP\0n*:22\0\n")
    assert (one.lport, one.owners[0].pid) == (22, 5)


def test_arrows_may_be_written_as_xml() -> None:
    (one,) = parse("x 5 root 3u IPv4 1 0t0 TCP 10.0.0.1:22-&gt;10.0.0.2:40000 (ESTABLISHED)")
    assert one.rport == 40000


def test_an_event_around_the_table_does_not_disturb() -> None:
    assert len(parse("prog:/usr/bin/lsof\n<ArgusEvent>\n  <ArgusEventData>\n    " + LINUX.replace("\n", "\n    "))) == 3


def test_nothing_from_a_stranger_reaches_the_terminal() -> None:
    (only,) = parse("p5\nc\x1b[31mred\nL\x07bell\nf1\ntIPv4\nPTCP\nn*:80\n")
    assert only.owners[0].program.isprintable()
    assert only.owners[0].user.isprintable()


@pytest.mark.parametrize(
    "word", ["LISTEN", "(LISTEN)", "SYN_RCVD", "SYN_RECV", "FIN_WAIT_2", "FIN_WAIT2", "CLOSE", "CLOSED"]
)
def test_states_have_one_spelling(word: str) -> None:
    assert state(word) is not SocketState.NONE


@pytest.mark.parametrize(
    "name", ["", "->", "*:99999", "10.0.0.1", "[::1:80", "a:b", "10.0.0.1:80->x:1", "999.1.1.1:80"]
)
def test_names_that_are_no_endpoints_give_nothing(name: str) -> None:
    assert endpoints(name) is None


@given(st.text(max_size=300))
def test_any_text_gives_sockets_or_none(text: str) -> None:
    for socket in parse(text):
        assert 0 <= socket.lport <= 65535


LINES = st.lists(
    st.sampled_from([*FIELDS.replace("\0", "\n").split("\n"), *LINUX.split("\n"), "p", "n*:", "TST=", "f"]), max_size=30
)


@given(LINES, st.sampled_from(["\n", "\0"]))
def test_any_order_of_true_lines_gives_sockets_or_none(lines: list[str], end: str) -> None:
    parse(end.join(lines))


def test_the_form_is_told_by_its_first_line() -> None:
    assert is_fields(FIELDS)
    assert not is_fields(LINUX)
    assert not is_fields("")
