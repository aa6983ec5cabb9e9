"""Frames to flow rows: the compiled hot path.

Promise: no frame, whatever its bytes, does more than count: every read is bounds-checked, a packet is decoded before
its row is touched, and a forgotten check (IndexError) costs that frame, which is counted as `malformed`.
The same file runs uncompiled and then leaves the same bytes in the table. Rows lie as `layout.ROW` says, never move.
Does not know: clocks, files, sockets, owners, what a field is called on screen.

How it is written. A frame is decoded into the engine's own attributes (`src_hi`, `proto`, `l4` …: the *context*), layer
by layer; then `settle` finds the row and counts. A decoder returns 1 to go on and 0 when there is no flow to count.
Offsets are positions in the buffer of the running `feed_` call. Row columns are numbers into one flat view an item size
(U u64, I i64, D f64, W u32, H u16, B u8), made from the layout table; wrap-around is masked by hand, so that both modes
agree. Functions that return a number which cannot be -1 say so (`exceptval`): only then is their check free of the GIL.
"""

# Annotations are for Cython, which reads them its own way.
import mmap

try:
    import cython
except ImportError:
    from ratop_py.flow import cyshim as cython

from ratop_py.flow.layout import (
    COUNTERS,
    HEARD_BYTES,
    ROW_BYTES,
    SIDE_OVER,
    Cause,
    Encaps,
    Family,
    Hint,
    Life,
    Mark,
    SynOption,
    number,
)
from ratop_py.flow.states import STEPS, Seen, State

# -- numbers ----------------------------------------------------------------------------------------------------------

M16 = cython.declare(cython.longlong, 0xFFFF)
M32 = cython.declare(cython.ulonglong, 0xFFFFFFFF)
M64 = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
S32 = cython.declare(cython.longlong, 0xFFFFFFFF)
PHI = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)
V4MAP = cython.declare(cython.ulonglong, 0xFFFF00000000)
HALF = cython.declare(cython.longlong, 0x80000000)
SECOND = cython.declare(cython.longlong, 1_000_000_000)
MILLI = cython.declare(cython.longlong, 1_000_000)
LAST_SECOND = cython.declare(cython.longlong, 4_611_686_017)  # times are kept below 2**62 ns
LARGEST = cython.declare(cython.longlong, 1 << 24)  # no record claims more
PER_LIMIT = cython.declare(cython.longlong, 1 << 62)
FINE = cython.declare(cython.ulonglong, 1 << 33)  # above, a fraction times 10**9 would not fit
FRAG_AGE = cython.declare(cython.longlong, 30_000_000_000)  # as Linux keeps them
REORDER = cython.declare(cython.longlong, 3_000_000)  # a late segment within 3 ms was overtaken, not sent again
NANO = cython.declare(cython.double, 1e-9)
HEARD = cython.declare(cython.Py_ssize_t, HEARD_BYTES)
HEARD_HEAD = cython.declare(cython.Py_ssize_t, 24)
HEARD_MOST = cython.declare(cython.Py_ssize_t, 2048)  # bytes of a payload that are kept
HELLO_MOST = cython.declare(cython.longlong, 4096)  # a longer record is no first hello
WAITING = cython.declare(cython.Py_ssize_t, 256)  # flows whose hello goes on in the next segment; a power of two
EARLY = cython.declare(
    cython.ulonglong, 12
)  # packets of a side among which a handshake, TLS after STARTTLS too, begins
FIRST = cython.declare(cython.ulonglong, 4)  # datagrams of a client among which QUIC says its name
QUIC1 = cython.declare(cython.longlong, 1)
QUIC2 = cython.declare(cython.longlong, 0x6B3343CF)
HINT_SIDE = cython.declare(cython.ulonglong, 1 << 40)
HINT_ASKED = cython.declare(cython.ulonglong, 1 << 41)

RECENT = cython.declare(cython.Py_ssize_t, 1 << 14)  # entries of `recent`; a power of two
FRAGS = cython.declare(cython.Py_ssize_t, 4096)  # entries of the fragment cache; a power of two
FRAG_WORDS = cython.declare(cython.Py_ssize_t, 8)
MAX_TAGS = cython.declare(cython.int, 12)
MAX_EXTENSIONS = cython.declare(cython.int, 12)
MAX_DEPTH = cython.declare(cython.int, 6)

ET_IP4 = cython.declare(cython.longlong, 0x0800)
ET_IP6 = cython.declare(cython.longlong, 0x86DD)
ET_ARP = cython.declare(cython.longlong, 0x0806)
ET_RARP = cython.declare(cython.longlong, 0x8035)
ET_MPLS = cython.declare(cython.longlong, 0x8847)
ET_MPLS2 = cython.declare(cython.longlong, 0x8848)
ET_PPPOE = cython.declare(cython.longlong, 0x8864)

# -- columns ----------------------------------------------------------------------------------------------------------

ROW_U = cython.declare(cython.Py_ssize_t, ROW_BYTES // 8)
ROW_W = cython.declare(cython.Py_ssize_t, ROW_BYTES // 4)
ROW_H = cython.declare(cython.Py_ssize_t, ROW_BYTES // 2)
ROW_B = cython.declare(cython.Py_ssize_t, ROW_BYTES)
U_A = cython.declare(cython.Py_ssize_t, number("addr_a"))
U_B = cython.declare(cython.Py_ssize_t, number("addr_b"))
U_KEY = cython.declare(cython.Py_ssize_t, number("addr_b") + 2)  # ports, protocol, family, depth: one word
U_PKTS = cython.declare(cython.Py_ssize_t, number("pkts"))
U_BYTES = cython.declare(cython.Py_ssize_t, number("bytes"))
U_APP = cython.declare(cython.Py_ssize_t, number("app"))
U_ID = cython.declare(cython.Py_ssize_t, number("id"))
I_FIRST = cython.declare(cython.Py_ssize_t, number("first"))
I_LAST = cython.declare(cython.Py_ssize_t, number("last"))
I_SYN = cython.declare(cython.Py_ssize_t, number("t_syn"))
I_SYNACK = cython.declare(cython.Py_ssize_t, number("t_synack"))
I_ACK = cython.declare(cython.Py_ssize_t, number("t_ack"))
I_REC = cython.declare(cython.Py_ssize_t, number("rec_first"))
D_IPT2 = cython.declare(cython.Py_ssize_t, number("ipt2"))
W_EPOCH = cython.declare(cython.Py_ssize_t, number("epoch"))
W_RETRANS = cython.declare(cython.Py_ssize_t, number("retrans"))
W_NEXT = cython.declare(cython.Py_ssize_t, number("next_seq"))
W_BASE = cython.declare(cython.Py_ssize_t, number("base_seq"))
W_MPLS = cython.declare(cython.Py_ssize_t, number("mpls"))
H_WIN = cython.declare(cython.Py_ssize_t, number("win"))
H_VLAN = cython.declare(cython.Py_ssize_t, number("vlan"))
H_VLAN2 = cython.declare(cython.Py_ssize_t, number("vlan2"))
H_IPID = cython.declare(cython.Py_ssize_t, number("ipid"))
H_MSS = cython.declare(cython.Py_ssize_t, number("mss"))
H_MAXSZ = cython.declare(cython.Py_ssize_t, number("maxsz"))
H_IFACE = cython.declare(cython.Py_ssize_t, number("iface"))
H_ENCAPS = cython.declare(cython.Py_ssize_t, number("encaps"))
H_MARKS = cython.declare(cython.Py_ssize_t, number("marks"))
H_ICMP = cython.declare(cython.Py_ssize_t, number("icmp"))
H_MAC = cython.declare(cython.Py_ssize_t, number("mac_a") // 2)  # three items a MAC: A's, B's, to A, to B
B_TTL_MIN = cython.declare(cython.Py_ssize_t, number("ttl_min"))
B_TTL_MAX = cython.declare(cython.Py_ssize_t, number("ttl_max"))
B_TTL = cython.declare(cython.Py_ssize_t, number("ttl"))
B_TOS = cython.declare(cython.Py_ssize_t, number("tos"))
B_FLAGS = cython.declare(cython.Py_ssize_t, number("tcp_flags"))
B_WSCALE = cython.declare(cython.Py_ssize_t, number("wscale"))
B_SYN_OPTS = cython.declare(cython.Py_ssize_t, number("syn_opts"))
B_STATE = cython.declare(cython.Py_ssize_t, number("state"))
B_INIT = cython.declare(cython.Py_ssize_t, number("init"))
B_FINS = cython.declare(cython.Py_ssize_t, number("fins"))
B_SEEN = cython.declare(cython.Py_ssize_t, number("seen"))
B_LIFE = cython.declare(cython.Py_ssize_t, number("life"))
B_CAUSE = cython.declare(cython.Py_ssize_t, number("cause"))

_COUNTER = {name: place for place, (name, _) in enumerate(COUNTERS)}
C_PACKETS = cython.declare(cython.Py_ssize_t, _COUNTER["packets"])
C_BYTES = cython.declare(cython.Py_ssize_t, _COUNTER["bytes"])
C_NONIP = cython.declare(cython.Py_ssize_t, _COUNTER["nonip"])
C_TRUNCATED = cython.declare(cython.Py_ssize_t, _COUNTER["truncated"])
C_MALFORMED = cython.declare(cython.Py_ssize_t, _COUNTER["malformed"])
C_FULL = cython.declare(cython.Py_ssize_t, _COUNTER["full"])
C_UNLINKED = cython.declare(cython.Py_ssize_t, _COUNTER["unlinked"])
C_DEEP = cython.declare(cython.Py_ssize_t, _COUNTER["deep"])
C_INNER = cython.declare(cython.Py_ssize_t, _COUNTER["inner"])
C_CREATED = cython.declare(cython.Py_ssize_t, _COUNTER["created"])
C_ENDED = cython.declare(cython.Py_ssize_t, _COUNTER["ended"])
C_ORPHANS = cython.declare(cython.Py_ssize_t, _COUNTER["orphans"])
C_BROKEN = cython.declare(cython.Py_ssize_t, _COUNTER["broken"])
C_NAMES_MISSED = cython.declare(cython.Py_ssize_t, _COUNTER["names_missed"])

# -- bits and codes ---------------------------------------------------------------------------------------------------

F_ARP = cython.declare(cython.int, Family.ARP)
F_RARP = cython.declare(cython.int, Family.RARP)
F_ETHER = cython.declare(cython.int, Family.ETHER)
F_IP4 = cython.declare(cython.int, Family.IPV4)
F_IP6 = cython.declare(cython.int, Family.IPV6)
LIVE = cython.declare(cython.int, Life.LIVE)
ENDED = cython.declare(cython.int, Life.ENDED)
BY_IDLE = cython.declare(cython.int, Cause.IDLE)
BY_CLOSE = cython.declare(cython.int, Cause.CLOSED)
BY_REUSE = cython.declare(cython.int, Cause.REUSED)

E_ETHER = cython.declare(cython.int, Encaps.ETHER)
E_VLAN = cython.declare(cython.int, Encaps.VLAN)
E_QINQ = cython.declare(cython.int, Encaps.QINQ)
E_MPLS = cython.declare(cython.int, Encaps.MPLS)
E_PPPOE = cython.declare(cython.int, Encaps.PPPOE)
E_PPP = cython.declare(cython.int, Encaps.PPP)
E_LLC = cython.declare(cython.int, Encaps.LLC)
E_SNAP = cython.declare(cython.int, Encaps.SNAP)
E_SLL = cython.declare(cython.int, Encaps.SLL)
E_WIFI = cython.declare(cython.int, Encaps.WIFI)
E_RAW = cython.declare(cython.int, Encaps.RAW)
E_LOOP = cython.declare(cython.int, Encaps.LOOP)
E_IPIP = cython.declare(cython.int, Encaps.IPIP)
E_GRE = cython.declare(cython.int, Encaps.GRE)
E_UDPTUN = cython.declare(cython.int, Encaps.UDPTUN)
E_OTHER = cython.declare(cython.int, Encaps.OTHER)

T_NONE = cython.declare(cython.int, 0)  # what a packet carries that is a packet again
T_IP = cython.declare(cython.int, 1)
T_GRE = cython.declare(cython.int, 2)
T_VXLAN = cython.declare(cython.int, 3)
T_GENEVE = cython.declare(cython.int, 4)
T_GTP = cython.declare(cython.int, 5)
T_TEREDO = cython.declare(cython.int, 6)
T_ETHERIP = cython.declare(cython.int, 7)
T_AH = cython.declare(cython.int, 8)
T_MPLS = cython.declare(cython.int, 9)
T_GPE = cython.declare(cython.int, 10)

K_FRAG = cython.declare(cython.int, Mark.FRAG)
K_FRAG_ONLY = cython.declare(cython.int, Mark.FRAG_ONLY)
K_IP_OPTIONS = cython.declare(cython.int, Mark.IP_OPTIONS)
K_UNREACH = cython.declare(cython.int, Mark.ICMP_UNREACH)
K_REDIRECT = cython.declare(cython.int, Mark.ICMP_REDIRECT)
K_TIMEX = cython.declare(cython.int, Mark.ICMP_TIMEX)
K_ICMP_OTHER = cython.declare(cython.int, Mark.ICMP_OTHER)
K_MIDSTREAM = cython.declare(cython.int, Mark.MIDSTREAM)
K_MAC_CHANGED = cython.declare(cython.int, Mark.MAC_CHANGED)
K_VLAN_CHANGED = cython.declare(cython.int, Mark.VLAN_CHANGED)
K_OUT_OF_ORDER = cython.declare(cython.int, Mark.OUT_OF_ORDER)
K_ZERO_WINDOW = cython.declare(cython.int, Mark.ZERO_WINDOW)
K_TUNNEL = cython.declare(cython.int, Mark.TUNNEL)
K_CE = cython.declare(cython.int, Mark.CE)
K_FRAG_OVERLAP = cython.declare(cython.int, Mark.FRAG_OVERLAP)
K_TRUNCATED = cython.declare(cython.int, Mark.TRUNCATED)

O_MSS = cython.declare(cython.int, SynOption.MSS)
O_WSCALE = cython.declare(cython.int, SynOption.WSCALE)
O_SACK = cython.declare(cython.int, SynOption.SACK)
O_TIMESTAMP = cython.declare(cython.int, SynOption.TIMESTAMP)
O_ECN = cython.declare(cython.int, SynOption.ECN)
O_FASTOPEN = cython.declare(cython.int, SynOption.FASTOPEN)

ST_REQ = cython.declare(cython.int, State.REQ)
ST_ACC = cython.declare(cython.int, State.ACC)
ST_FINS = cython.declare(cython.int, State.FINS)
SOCKET_OVER = cython.declare(cython.int, SIDE_OVER)
N_DNS = cython.declare(cython.ulonglong, Hint.DNS)
N_MDNS = cython.declare(cython.ulonglong, Hint.MDNS)
N_LLMNR = cython.declare(cython.ulonglong, Hint.LLMNR)
N_DNS_TCP = cython.declare(cython.ulonglong, Hint.DNS_TCP)
N_TLS = cython.declare(cython.ulonglong, Hint.TLS)
N_TLS_MORE = cython.declare(cython.ulonglong, Hint.TLS_MORE)
N_QUIC = cython.declare(cython.ulonglong, Hint.QUIC)
SEEN_COUNT = cython.declare(cython.int, len(Seen))
SAW_SYN = cython.declare(cython.int, Seen.SYN)
SAW_SYN_ACK = cython.declare(cython.int, Seen.SYN_ACK)
SAW_ACK = cython.declare(cython.int, Seen.ACK)
SAW_REPLY = cython.declare(cython.int, Seen.REPLY)
SAW_FIN = cython.declare(cython.int, Seen.FIN)
SAW_FINS = cython.declare(cython.int, Seen.FINS)
SAW_CLOSE = cython.declare(cython.int, Seen.CLOSE)
SAW_RST = cython.declare(cython.int, Seen.RST)


def region(size):
    """Zeroed private memory that is resident only where it was touched."""
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)
    return mmap.mmap(-1, max(size, mmap.PAGESIZE), flags=flags)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def mix(h: cython.ulonglong, x: cython.ulonglong) -> cython.ulonglong:
    """One round of the hash: multiply and fold."""
    h = ((h ^ x) * PHI) & M64
    return h ^ (h >> 29)


@cython.final
@cython.cclass
class Engine:
    """The decoder and its table. One thread at a time (`table.Table.lock`); a `feed_` call releases the GIL."""

    # the table
    capacity: cython.Py_ssize_t
    used_rows: cython.Py_ssize_t
    live: cython.Py_ssize_t
    free_row: cython.Py_ssize_t  # head of the list of released rows, + 1; the next one lies in addr_a
    next_id: cython.ulonglong
    seed: cython.ulonglong
    mask: cython.ulonglong
    stamp: cython.uint
    inner: cython.bint
    U: cython.ulonglong[::1]
    I: cython.longlong[::1]
    D: cython.double[::1]
    W: cython.uint[::1]
    H: cython.ushort[::1]
    B: cython.uchar[::1]
    C: cython.ulonglong[::1]
    slots: cython.ulonglong[::1]
    frags: cython.ulonglong[::1]
    steps: cython.const[cython.uchar][::1]
    rows_memory: object
    counter_memory: object

    # payloads that may carry a name, till somebody takes them
    heard: cython.uchar[::1]
    heard_words: cython.ulonglong[::1]
    heard_used: cython.Py_ssize_t  # bytes
    heard_count: cython.Py_ssize_t
    heard_limit: cython.Py_ssize_t  # payloads between two takings; 0: nobody listens
    waits: cython.ulonglong[::1]  # (row + 1) << 32 | sequence number at which its hello goes on

    # the frame: where it lies, and what its layers said
    buf: cython.const[cython.uchar][::1]
    resume: cython.Py_ssize_t  # where the walker goes on after an IndexError
    taken: cython.Py_ssize_t  # frames of this ring block
    left: cython.longlong  # frames the block still promises
    begin: cython.Py_ssize_t  # first byte of the frame (or of the inner packet)
    stop: cython.Py_ssize_t  # behind its last captured byte
    limit: cython.Py_ssize_t  # behind its last byte on the wire
    wire: cython.longlong  # bytes of the frame, as the capture says
    ts: cython.longlong
    iface: cython.longlong
    links: cython.const[cython.longlong][:, ::1]  # interfaces of the pcapng section
    depth: cython.int
    quiet: cython.bint  # what is read is quoted or tunnelled: its faults are not the frame's
    at: cython.Py_ssize_t  # next header
    etype: cython.longlong  # its ethertype; below 1536: an LLC SAP
    mac_at: cython.Py_ssize_t  # source MAC, or -1
    mac_to_at: cython.Py_ssize_t  # destination MAC, or -1
    tags: cython.int
    vlan: cython.longlong
    vlan2: cython.longlong
    mpls: cython.longlong
    encaps: cython.longlong
    marks: cython.longlong

    src_hi: cython.ulonglong
    src_lo: cython.ulonglong
    dst_hi: cython.ulonglong
    dst_lo: cython.ulonglong
    family: cython.ulonglong
    proto: cython.ulonglong
    sport: cython.ulonglong
    dport: cython.ulonglong
    ttl: cython.int
    tos: cython.int
    ipid: cython.longlong
    l4: cython.Py_ssize_t
    l3_end: cython.Py_ssize_t  # behind the IP payload, as its length says
    frag: cython.int  # 0 whole, 1 first fragment, 2 later fragment
    frag_at: cython.longlong  # offset of this fragment
    frag_id: cython.ulonglong
    frag_proto: cython.ulonglong
    header: cython.Py_ssize_t  # length of the transport header
    icmp: cython.longlong  # type * 256 + code, or -1
    carries: cython.int  # kind of tunnel, or T_NONE
    error: cython.int  # mark for the flow that an ICMP error quotes
    is_tcp: cython.bint
    coded: cython.bint  # the ports are an ICMP type and code
    reply: cython.bint  # sent by the side that answers (ARP)
    flags: cython.int
    seq: cython.longlong
    ack: cython.longlong
    win: cython.longlong
    gap: cython.longlong  # since the sender's last packet, ns
    size: cython.longlong
    app: cython.longlong

    recent: cython.uint[::1]  # row + 1 by a cheap fold of the key: most packets need no hash
    fold: cython.Py_ssize_t

    # the key made from it
    a_hi: cython.ulonglong
    a_lo: cython.ulonglong
    b_hi: cython.ulonglong
    b_lo: cython.ulonglong
    key: cython.ulonglong
    hash: cython.ulonglong
    side: cython.Py_ssize_t  # of the sender: 0 A, 1 B
    slot: cython.ulonglong  # where the key would go

    def __init__(self, capacity: cython.Py_ssize_t, seed: cython.ulonglong, inner: cython.bint):
        if capacity < 1 or capacity > 1 << 27:
            raise ValueError("capacity must be between 1 and 134217728 rows")
        self.capacity = capacity
        self.seed = seed
        self.inner = inner
        self.used_rows = self.live = self.free_row = 0
        self.next_id = 1
        self.stamp = 0
        self.rows_memory = region(capacity * ROW_BYTES)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            advise(self.rows_memory)
        raw = memoryview(self.rows_memory)[: capacity * ROW_BYTES]
        self.U = raw.cast("Q")
        self.I = raw.cast("q")
        self.D = raw.cast("d")
        self.W = raw.cast("I")
        self.H = raw.cast("H")
        self.B = raw
        self.counter_memory = bytearray(8 * len(COUNTERS))
        self.C = memoryview(self.counter_memory).cast("Q")
        self.mask = 1023
        self.slots = memoryview(region(1024 * 8))[: 1024 * 8].cast("Q")
        self.frags = memoryview(region(FRAGS * FRAG_WORDS * 8)).cast("Q")
        self.steps = STEPS
        self.recent = memoryview(region(RECENT * 4)).cast("I")
        kept = memoryview(region(HEARD))[:HEARD]
        self.heard = kept
        self.heard_words = kept.cast("Q")
        self.heard_used = self.heard_count = self.heard_limit = 0
        self.waits = memoryview(region(WAITING * 8))[: WAITING * 8].cast("Q")
        self.buf = b""
        self.ts = 0
        self.forget()

    # -- what Python asks ---------------------------------------------------------------------------------------------

    @property
    def epoch(self):
        """Stamped into each row that a packet touches."""
        return self.stamp

    @epoch.setter
    def epoch(self, value):
        self.stamp = value & 0xFFFFFFFF

    def used(self):
        """Rows ever used: those that are valid lie below."""
        return self.used_rows

    def clock(self):
        """Time of the last packet, ns since the epoch; 0 before the first."""
        return self.ts

    def count(self):
        """Flows that live."""
        return self.live

    def memory(self):
        """All rows, `capacity * ROW_BYTES` bytes; never moves."""
        return memoryview(self.rows_memory)[: self.capacity * ROW_B]

    def counters(self):
        """Numbers as `layout.COUNTERS`; the view stays true."""
        return memoryview(self.counter_memory).cast("Q")

    def listen(self, limit: cython.Py_ssize_t):
        """From now on keep payloads that may carry a name, at most so many between two `take_heard`; 0: none."""
        if limit < 0:
            raise ValueError("limit below 0")
        self.heard_limit = limit

    def take_heard(self):
        """What was kept since the last time, as `layout.HEARD` says: a copy."""
        kept = bytes(self.heard[: self.heard_used]) if self.heard_used else b""
        self.heard_used = self.heard_count = 0
        return kept

    # -- bytes --------------------------------------------------------------------------------------------------------
    # One check for all bytes of a number, then reads that need none: the compiler makes one load of them.

    @cython.cfunc
    @cython.with_gil
    @cython.exceptval(-1)
    def outside(self) -> cython.int:
        """A read past the buffer: somebody forgot to look at `stop`."""
        raise IndexError("read past the buffer")

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.boundscheck(False)
    @cython.exceptval(-1)
    def two(self, o: cython.Py_ssize_t) -> cython.int:
        """16 bits, big-endian."""
        if o < 0 or o + 2 > len(self.buf):
            return self.outside()
        return (self.buf[o] << 8) | self.buf[o + 1]

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.boundscheck(False)
    @cython.exceptval(-1)
    def four(self, o: cython.Py_ssize_t) -> cython.longlong:
        """32 bits, big-endian."""
        if o < 0 or o + 4 > len(self.buf):
            return self.outside()
        v: cython.uint = self.buf[o]
        return (v << 24) | (self.buf[o + 1] << 16) | (self.buf[o + 2] << 8) | self.buf[o + 3]

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.boundscheck(False)
    @cython.exceptval(-1)
    def little_two(self, o: cython.Py_ssize_t) -> cython.int:
        """16 bits, little-endian."""
        if o < 0 or o + 2 > len(self.buf):
            return self.outside()
        return (self.buf[o + 1] << 8) | self.buf[o]

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.boundscheck(False)
    @cython.exceptval(-1)
    def little_four(self, o: cython.Py_ssize_t) -> cython.longlong:
        """32 bits, little-endian."""
        if o < 0 or o + 4 > len(self.buf):
            return self.outside()
        v: cython.uint = self.buf[o + 3]
        return (v << 24) | (self.buf[o + 2] << 16) | (self.buf[o + 1] << 8) | self.buf[o]

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def four_as(self, o: cython.Py_ssize_t, big: cython.bint) -> cython.longlong:
        """32 bits in the file's byte order."""
        return self.four(o) if big else self.little_four(o)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def short(self) -> cython.int:
        """A header that is needed is not there: cut by the snap length, or never sent."""
        if not self.quiet:
            self.C[C_TRUNCATED if self.stop < self.limit else C_MALFORMED] += 1
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def wrong(self) -> cython.int:
        """A header contradicts itself."""
        if not self.quiet:
            self.C[C_MALFORMED] += 1
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def too_deep(self) -> cython.int:
        """More nesting than anybody means."""
        if not self.quiet:
            self.C[C_DEEP] += 1
        return 0

    # -- a frame ------------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def forget(self) -> cython.int:
        """Clear what a frame before left in the context."""
        self.depth = 0
        self.quiet = False
        self.mac_at = -1
        self.mac_to_at = -1
        self.tags = 0
        self.vlan = self.vlan2 = self.mpls = self.encaps = 0
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def packet(
        self, begin: cython.Py_ssize_t, captured: cython.longlong, wire: cython.longlong, linktype: cython.longlong
    ) -> cython.int:
        """One frame, of which `captured` bytes lie in the buffer from `begin`; time, interface, ring tag are set."""
        if wire < captured:
            wire = captured
        self.C[C_PACKETS] += 1
        self.C[C_BYTES] += wire
        self.begin = begin
        self.stop = begin + captured
        self.limit = begin + wire
        self.wire = wire
        self.at = begin
        if linktype == 1:
            if not self.ethernet():
                return 0
        elif not self.other_link(linktype):
            return 0
        if not self.network():
            return 0
        self.settle()
        if self.inner:
            self.unwrap()
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def unwrap(self) -> cython.int:
        """Flows inside the tunnel that was just counted, outermost first."""
        while self.opens():
            if self.depth >= MAX_DEPTH:
                self.C[C_DEEP] += 1
                return 0
            self.C[C_INNER] += 1
            self.settle()
        return 0

    # -- link layers --------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def ethernet(self) -> cython.int:
        """Ethernet II or 802.3 at `at`."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 14:
            return self.short()
        if self.mac_at < 0:
            self.mac_to_at = o
            self.mac_at = o + 6
        self.encaps |= E_ETHER
        self.etype = self.two(o + 12)
        self.at = o + 14
        if self.etype == ET_IP4 or self.etype == ET_IP6:
            return 1
        return self.untag()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def untag(self) -> cython.int:
        """Walk tags, labels and shims from `etype` at `at` to what they carry."""
        step: cython.int = 1
        while step == 1:
            self.tags += 1
            if self.tags > MAX_TAGS:
                return self.too_deep()
            step = self.tag()
        return 1 if step == 2 else 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def tag(self) -> cython.int:
        """One tag: 1 it is off, 2 there is none, 0 it cannot be read."""
        e: cython.longlong = self.etype
        if e == 0x8100 or e == 0x88A8 or e == 0x9100 or e == 0x9200 or e == 0x9300:
            return self.vlan_tag()
        if e == ET_MPLS or e == ET_MPLS2:
            return self.mpls_stack()
        if e == ET_PPPOE:
            return self.pppoe()
        if e == 0x8926:  # Cisco's VN-tag
            return self.vn_tag()
        if e == 0x894F:
            return self.nsh()
        if e < 1536 and self.encaps & (E_LLC | E_SNAP) == 0:
            return self.llc()
        return 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def vlan_tag(self) -> cython.int:
        """802.1Q, 802.1ad and their forerunners."""
        if self.stop < self.at + 4:
            return self.short()
        self.push_vlan(self.two(self.at))
        self.etype = self.two(self.at + 2)
        self.at += 4
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def vn_tag(self) -> cython.int:
        """A tag of the same shape that is no VLAN."""
        if self.stop < self.at + 6:
            return self.short()
        self.etype = self.two(self.at + 4)
        self.at += 6
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def nsh(self) -> cython.int:
        """RFC 8300: length in words, then what follows."""
        if self.stop < self.at + 8:
            return self.short()
        following: cython.int = self.buf[self.at + 3]
        length: cython.Py_ssize_t = (self.buf[self.at + 1] & 0x3F) * 4
        if length < 8 or self.stop < self.at + length + 14:
            return self.short()
        self.at += length
        if following == 1 or following == 2:
            self.etype = ET_IP4 if following == 1 else ET_IP6
            return 1
        if following != 3:
            return 2
        self.etype = self.two(self.at + 12)
        self.at += 14
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def push_vlan(self, word: cython.longlong) -> cython.int:
        """Note a tag: the first is the outer one."""
        if self.encaps & E_VLAN == 0:
            self.vlan = word
            self.encaps |= E_VLAN
        elif self.encaps & E_QINQ == 0:
            self.vlan2 = word
            self.encaps |= E_QINQ
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def mpls_stack(self) -> cython.int:
        """Labels down to the bottom; what follows is guessed from its first nibble, as everybody does."""
        label: cython.longlong = 0
        depth: cython.int = 0
        while label & 0x100 == 0:
            if self.stop < self.at + 5:
                return self.short()
            label = self.four(self.at)
            self.at += 4
            depth += 1
            if depth > MAX_TAGS:
                return self.too_deep()
            if self.encaps & E_MPLS == 0:
                self.encaps |= E_MPLS
                self.mpls = (label >> 12) + 1
        return self.after_labels()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def after_labels(self) -> cython.int:
        """IP, or a pseudowire with Ethernet in it, with or without control word."""
        nibble: cython.int = self.buf[self.at] >> 4
        if nibble == 4 or nibble == 6:
            self.etype = ET_IP4 if nibble == 4 else ET_IP6
            return 2
        if nibble == 0 and self.stop >= self.at + 18 and not self.usual(self.two(self.at + 12)):
            self.at += 4  # a control word; a MAC may begin with 0 too
        if self.stop < self.at + 14:
            return self.short()
        self.etype = self.two(self.at + 12)
        self.at += 14
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def usual(self, etype: cython.int) -> cython.bint:
        """Whether this is an ethertype one expects in a pseudowire."""
        return etype == 0x0800 or etype == 0x86DD or etype == 0x0806 or etype == 0x8100 or etype == 0x88A8

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def pppoe(self) -> cython.int:
        """PPPoE session header, then PPP."""
        if self.stop < self.at + 8:
            return self.short()
        self.encaps |= E_PPPOE
        self.at += 6
        return self.ppp()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def ppp(self) -> cython.int:
        """PPP at `at`, with or without address and control, protocol compressed or not."""
        if self.stop >= self.at + 4 and self.buf[self.at] == 0xFF and self.buf[self.at + 1] == 3:
            self.at += 2
        if self.stop < self.at + 2:
            return self.short()
        self.encaps |= E_PPP
        self.etype = self.buf[self.at]
        if self.etype & 1:
            self.at += 1
        else:
            self.etype = self.two(self.at)
            self.at += 2
        return self.ppp_protocol()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def ppp_protocol(self) -> cython.int:
        """PPP's protocol number to the ethertype that means the same."""
        if self.etype == 0x21:
            self.etype = ET_IP4
        elif self.etype == 0x57:
            self.etype = ET_IP6
        elif self.etype == 0x281 or self.etype == 0x283:
            self.etype = ET_MPLS
            return 1
        return 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def llc(self) -> cython.int:
        """802.2 at `at`; SNAP carries an ethertype, the rest is known by its SAP."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 3:
            return self.short()
        self.encaps |= E_LLC
        dsap: cython.int = self.buf[o]
        if dsap == 0xAA and self.buf[o + 1] == 0xAA and self.stop >= o + 8:
            return self.snap(o)
        self.at = o + 3
        self.etype = dsap
        if dsap == 6 and self.buf[o + 1] == 6:
            self.etype = ET_IP4
        elif dsap == 0xFE and self.stop >= o + 4:
            self.nlpid(o + 3)
        return 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def snap(self, o: cython.Py_ssize_t) -> cython.int:
        """The ethertype behind a SNAP header; other organisations' numbers are no ethertypes, but name the frame."""
        organisation: cython.longlong = self.four(o + 2) & 0xFFFFFF
        self.encaps |= E_SNAP
        self.etype = self.two(o + 6)
        self.at = o + 8
        return 1 if organisation == 0 or organisation == 0xF8 else 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def nlpid(self, o: cython.Py_ssize_t) -> cython.int:
        """OSI network layer identifier at `o`: IP by two of its values."""
        if self.buf[o] == 0xCC:
            self.etype = ET_IP4
            self.at = o + 1
        elif self.buf[o] == 0x8E:
            self.etype = ET_IP6
            self.at = o + 1
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def other_link(self, linktype: cython.longlong) -> cython.int:
        """Everything but Ethernet, by LINKTYPE number."""
        step: cython.int = self.peel(linktype)
        if step == 1:
            return self.untag()
        return 1 if step else 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def peel(self, linktype: cython.longlong) -> cython.int:
        """The link header: 1 what follows may be tagged, 2 it is a network header, 0 it cannot be read."""
        if linktype == 1:
            return self.ethernet()
        if linktype == 12 or linktype == 14 or linktype == 101 or linktype == 228 or linktype == 229:
            return self.raw(0)
        if linktype == 0 or linktype == 108:
            return self.loop()
        if linktype == 113:
            return self.cooked(16, 14, 5, 6)
        if linktype == 276:
            return self.cooked(20, 0, 11, 12)
        if linktype == 105 or linktype == 119 or linktype == 127 or linktype == 163 or linktype == 192:
            return self.radio(linktype)
        if linktype == 9 or linktype == 50 or linktype == 51 or linktype == 104 or linktype == 107 or linktype == 204:
            return self.serial(linktype)
        return self.rare(linktype)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def serial(self, linktype: cython.longlong) -> cython.int:
        """PPP and its neighbours: HDLC, Cisco's HDLC, frame relay."""
        if self.stop < self.at + 4:
            return self.short()
        if linktype == 107:
            return self.frame_relay()
        if linktype == 51:
            return self.pppoe()
        if linktype == 204:  # a byte says which way it went
            self.at += 1
        elif linktype == 104 or (linktype == 50 and self.buf[self.at] & 0x7F == 0x0F and self.buf[self.at + 1] == 0):
            self.encaps |= E_OTHER
            self.etype = self.two(self.at + 2)
            self.at += 4
            return 1 if self.etype >= 1536 else 2
        return self.ppp()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def frame_relay(self) -> cython.int:
        """Q.922 address, then an NLPID (RFC 2427) or, as Cisco has it, an ethertype."""
        o: cython.Py_ssize_t = self.at
        self.encaps |= E_OTHER
        while o < self.at + 4 and o < self.stop and self.buf[o] & 1 == 0:
            o += 1
        o += 1
        if self.stop < o + 4:
            return self.short()
        if self.buf[o] != 3:
            self.etype = self.two(o)
            self.at = o + 2
            return 1 if self.etype >= 1536 else 2
        o += 1
        if self.buf[o] == 0:
            o += 1
        if self.buf[o] == 0x80 and self.stop >= o + 6:
            return self.snap(o - 2)
        self.etype = self.buf[o]
        self.at = o + 1
        self.nlpid(o)
        return 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def rare(self, linktype: cython.longlong) -> cython.int:
        """Links one meets in collections of captures."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 4:
            return self.short()
        if linktype == 239:
            return self.nflog()
        if linktype == 8:  # SLIP as BPF gives it
            return self.raw(16)
        if linktype == 109:  # OpenBSD enc
            return self.raw(12)
        if linktype == 117:  # OpenBSD pflog
            return self.raw((self.buf[o] + 3) & 0xFC)
        if linktype == 226:  # Solaris ipnet
            return self.raw(24)
        if linktype == 10:
            return self.fddi()
        if linktype == 100 or linktype == 106:  # LLC over ATM
            return self.llc()
        if linktype == 123:  # SunATM
            self.at += 4
            return self.llc()
        if linktype == 242:  # IP over InfiniBand
            return self.typed(40, 44)
        if linktype == 284:  # Marvell DSA
            return self.switch_tag(16)
        if linktype == 285:
            return self.switch_tag(20)
        if linktype == 258 or linktype == 149:
            return self.pktap()
        self.C[C_UNLINKED] += 1
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def typed(self, place: cython.Py_ssize_t, length: cython.Py_ssize_t) -> cython.int:
        """A header of fixed length with an ethertype at a fixed place."""
        if self.stop < self.at + length:
            return self.short()
        self.encaps |= E_OTHER
        self.etype = self.two(self.at + place)
        self.at += length
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def switch_tag(self, place: cython.Py_ssize_t) -> cython.int:
        """Ethernet with a switch's own tag before the ethertype."""
        if self.stop < self.at + place + 2:
            return self.short()
        self.mac_to_at = self.at
        self.mac_at = self.at + 6
        return self.typed(place, place + 2)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def pktap(self) -> cython.int:
        """Apple's header before any link type."""
        length: cython.longlong
        if self.stop < self.at + 12:
            return self.short()
        length = self.little_four(self.at)
        if length < 12 or length > LARGEST:
            return self.wrong()
        return self.wrapped(length, self.little_four(self.at + 8))

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def wrapped(self, length: cython.longlong, linktype: cython.longlong) -> cython.int:
        """Another link type behind `length` bytes."""
        self.tags += 1
        if self.tags > MAX_TAGS:
            return self.too_deep()
        self.at += length
        if linktype == 1:
            return 1 if self.ethernet() else 0
        return self.peel(linktype)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def raw(self, skip: cython.Py_ssize_t) -> cython.int:
        """An IP packet behind `skip` bytes; the version nibble says which."""
        self.at += skip
        if self.stop <= self.at:
            return self.short()
        self.encaps |= E_RAW
        self.etype = ET_IP6 if self.buf[self.at] >> 4 == 6 else ET_IP4
        return 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def loop(self) -> cython.int:
        """BSD loopback: an address family in somebody's byte order, so the version nibble decides."""
        if self.stop < self.at + 5:
            return self.short()
        self.encaps |= E_LOOP
        self.at += 4
        self.etype = ET_IP6 if self.buf[self.at] >> 4 == 6 else ET_IP4
        return 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def cooked(
        self, length: cython.Py_ssize_t, proto: cython.Py_ssize_t, size: cython.Py_ssize_t, mac: cython.Py_ssize_t
    ) -> cython.int:
        """Linux cooked capture: places of protocol, address length, address."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + length:
            return self.short()
        self.encaps |= E_SLL
        if self.buf[o + size] == 6:
            self.mac_at = o + mac
        self.etype = self.two(o + proto)
        self.at = o + length
        return 1 if self.etype >= 1536 or self.etype == 4 else 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def fddi(self) -> cython.int:
        """FDDI: frame control, addresses, LLC."""
        if self.stop < self.at + 16:
            return self.short()
        self.mac_to_at = self.at + 1
        self.mac_at = self.at + 7
        self.encaps |= E_OTHER
        self.at += 13
        return self.llc()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def nflog(self) -> cython.int:
        """Netfilter log: attributes, one of which is the packet."""
        o: cython.Py_ssize_t = self.at + 4
        size: cython.Py_ssize_t
        while o + 4 <= self.stop:
            size = self.little_two(o)
            if size < 4:
                return self.wrong()
            if self.little_two(o + 2) == 9:
                self.at = o
                return self.raw(4)
            o += (size + 3) & 0xFFFFC
        return self.short()

    # -- 802.11 -------------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def radio(self, linktype: cython.longlong) -> cython.int:
        """802.11, bare or behind one of four headers from the driver."""
        if linktype == 105:
            return self.wifi(False)
        if self.stop < self.at + 8:
            return self.short()
        if linktype == 127:
            return self.radiotap()
        if linktype == 192:
            if self.little_two(self.at + 2) < 8:
                return self.wrong()
            return self.wrapped(self.little_two(self.at + 2), self.little_four(self.at + 4))
        return self.prism()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def prism(self) -> cython.int:
        """Prism and AVS monitor headers say their length, each in its byte order."""
        length: cython.longlong = self.four(self.at + 4)
        if length > M16:
            length = self.little_four(self.at + 4)
        if length < 8 or length > M16:
            return self.wrong()
        self.at += length
        return self.wifi(False)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def radiotap(self) -> cython.int:
        """Radiotap: of its fields only the flags matter (is there an FCS, is the header padded)."""
        o: cython.Py_ssize_t = self.at + 8
        start: cython.Py_ssize_t = self.at
        length: cython.Py_ssize_t = self.little_two(start + 2)
        present: cython.longlong = self.little_four(start + 4)
        more: cython.longlong = present
        flags: cython.int = 0
        if length < 8 or self.stop < start + length:
            return self.short()
        while more & HALF and o + 4 <= start + length:
            more = self.little_four(o)
            o += 4
        if present & 1:
            o = start + ((o - start + 7) & 0xFFFFF8) + 8
        if present & 2 and o < start + length:
            flags = self.buf[o]
        if flags & 0x10:
            self.drop_fcs(4)
        self.at = start + length
        return self.wifi(flags & 0x20 != 0)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def drop_fcs(self, length: cython.longlong) -> cython.int:
        """The checksum at the end of the frame is no payload."""
        if self.limit - length > self.begin:
            self.limit -= length
        if self.stop > self.limit:
            self.stop = self.limit
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def wifi(self, padded: cython.bint) -> cython.int:
        """802.11: data frames go on to LLC; the rest, and what is encrypted, is a flow between stations."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 10:
            return self.short()
        kind: cython.int = self.buf[o]
        bits: cython.int = self.buf[o + 1]
        self.encaps |= E_WIFI
        self.etype = 0
        self.mac_to_at = o + 4
        if kind & 0x0C != 8:
            if self.stop >= o + 16:
                self.mac_at = o + 10
            return 2
        if self.stop < o + 24 or (bits & 3 == 3 and self.stop < o + 30):
            return self.short()
        self.wifi_ends(o, bits & 3)
        if kind & 0x40 or bits & 0x40:  # no data, or secret
            return 2
        return self.wifi_data(o, kind, bits, padded)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def wifi_ends(self, o: cython.Py_ssize_t, way: cython.int) -> cython.int:
        """Which of the addresses are source and destination."""
        self.mac_at = o + 10
        if way == 1:
            self.mac_to_at = o + 16
        elif way == 2:
            self.mac_at = o + 16
        elif way == 3:
            self.mac_to_at = o + 16
            self.mac_at = o + 24
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def wifi_data(self, o: cython.Py_ssize_t, kind: cython.int, bits: cython.int, padded: cython.bint) -> cython.int:
        """Behind the header, whose length varies, and the first subframe's, if there are several."""
        length: cython.Py_ssize_t = 30 if bits & 3 == 3 else 24
        several: cython.bint = False
        if self.stop <= o + length:
            return self.short()
        if kind & 0x80:
            several = self.buf[o + length] & 0x80 != 0
            length += 6 if bits & 0x80 else 2
        if padded:
            length = (length + 3) & 0xFC
        self.at = o + length
        if several:
            self.at += 14
        return self.llc()

    # -- network ------------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def network(self) -> cython.int:
        """The header `etype` at `at`, and the transport header behind it."""
        self.start_network()
        self.ttl = self.tos = 0
        self.ipid = -1
        if self.etype == ET_IP4:
            return self.ipv4()
        if self.etype == ET_IP6:
            return self.ipv6()
        if self.etype == ET_ARP or self.etype == ET_RARP:
            return self.arp()
        return self.station()

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def start_network(self) -> cython.int:
        """Clear what the headers of the packet before left."""
        self.marks = 0
        self.frag = 0
        self.icmp = -1
        self.error = 0
        self.carries = T_NONE
        self.is_tcp = False
        self.reply = False
        self.coded = False
        self.header = 0
        self.sport = self.dport = 0
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def ipv4(self) -> cython.int:
        """RFC 791."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 20:
            return self.short()
        length: cython.int = (self.buf[o] & 15) * 4
        if self.buf[o] >> 4 != 4 or length < 20:
            return self.wrong()
        total: cython.longlong = self.two(o + 2)
        word: cython.longlong = self.two(o + 6) & 0x3FFF
        self.family = F_IP4
        self.tos = self.buf[o + 1]
        self.ttl = self.buf[o + 8]
        self.proto = self.buf[o + 9]
        self.ipid = self.two(o + 4)
        self.src_hi = self.dst_hi = 0
        self.src_lo = V4MAP | self.four(o + 12)
        self.dst_lo = V4MAP | self.four(o + 16)
        self.l4 = o + length
        self.l3_end = o + total if total else self.limit  # 0: the card segments it later
        if total and total < length:
            return self.wrong()
        if length > 20:
            self.marks |= K_IP_OPTIONS
        if word:
            if word & 0x1FFF:
                return self.later_fragment((word & 0x1FFF) * 8, self.ipid, self.proto)
            self.first_fragment(self.ipid, self.proto)
        return self.transport()

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def ipv6(self) -> cython.int:
        """RFC 8200."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 40:
            return self.short()
        if self.buf[o] >> 4 != 6:
            return self.wrong()
        length: cython.longlong = self.two(o + 4)
        self.addresses6(o)
        self.tos = (self.two(o) >> 4) & 0xFF
        self.proto = self.buf[o + 6]
        self.ttl = self.buf[o + 7]
        self.l4 = o + 40
        self.l3_end = o + 40 + length if length else self.limit  # 0: jumbogram, or the card segments it later
        if self.proto == 6 or self.proto == 17 or self.proto == 58:
            return self.transport()
        return self.extensions()

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def addresses6(self, o: cython.Py_ssize_t) -> cython.int:
        """Family and addresses of the IPv6 header at `o`."""
        a: cython.ulonglong = self.four(o + 8)
        b: cython.ulonglong = self.four(o + 16)
        c: cython.ulonglong = self.four(o + 24)
        d: cython.ulonglong = self.four(o + 32)
        self.family = F_IP6
        self.src_hi = (a << 32) | self.four(o + 12)
        self.src_lo = (b << 32) | self.four(o + 20)
        self.dst_hi = (c << 32) | self.four(o + 28)
        self.dst_lo = (d << 32) | self.four(o + 36)
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def extensions(self) -> cython.int:
        """IPv6 extension headers up to the transport; the flow's protocol is what the chain ends in."""
        n: cython.int = 0
        p: cython.ulonglong
        while n <= MAX_EXTENSIONS:
            p = self.proto
            if p != 0 and p != 43 and p != 60 and p != 44:
                return self.transport()
            if self.stop < self.l4 + 8:
                self.marks |= K_TRUNCATED
                self.short()
                return 1
            n += 1
            self.proto = self.buf[self.l4]
            if p != 44:
                self.l4 += (self.buf[self.l4 + 1] + 1) * 8
                if self.l4 > self.l3_end:
                    return self.wrong()
            elif self.fragment_header():
                return 1
        return self.too_deep()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def fragment_header(self) -> cython.int:
        """IPv6 fragment header at `l4`: 1 when this is a later fragment and decoding ends."""
        word: cython.longlong = self.two(self.l4 + 2)
        ident: cython.ulonglong = self.four(self.l4 + 4)
        self.l4 += 8
        if word >> 3:
            return self.later_fragment(word & 0xFFF8, ident, self.proto)
        if word & 1:
            self.first_fragment(ident, self.proto)
        else:
            self.marks |= K_FRAG
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def first_fragment(self, ident: cython.ulonglong, proto: cython.ulonglong) -> cython.int:
        """Note that others will follow."""
        self.marks |= K_FRAG
        self.frag = 1
        self.frag_at = 0
        self.frag_id = ident
        self.frag_proto = proto
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def later_fragment(self, place: cython.longlong, ident: cython.ulonglong, proto: cython.ulonglong) -> cython.int:
        """No transport header here."""
        self.marks |= K_FRAG
        self.frag = 2
        self.frag_at = place
        self.frag_id = ident
        self.frag_proto = proto
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def arp(self) -> cython.int:
        """ARP and RARP for IPv4; who asks is the source. The VLAN stands in for ports: a claim holds on one VLAN."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 8:
            return self.short()
        size: cython.Py_ssize_t = self.buf[o + 4]
        if self.two(o + 2) != ET_IP4 or self.buf[o + 5] != 4 or size > 32:
            return self.station()
        if self.stop < o + 16 + 2 * size:
            return self.short()
        operation: cython.int = self.two(o + 6)
        self.family = F_ARP if self.etype == ET_ARP else F_RARP
        self.proto = 0
        self.sport = self.dport = (self.vlan & 0xFFF) ^ ((self.vlan2 & 0xF) << 12)
        self.src_hi = self.dst_hi = 0
        self.src_lo = V4MAP | self.four(o + 8 + size)
        self.dst_lo = V4MAP | self.four(o + 12 + 2 * size)
        self.reply = operation & 1 == 0
        self.l4 = self.l3_end = o + 16 + 2 * size
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def station(self) -> cython.int:
        """Neither IP nor ARP: a flow between two stations, by ethertype or SAP."""
        if not self.quiet:
            self.C[C_NONIP] += 1
        self.family = F_ETHER
        self.proto = 0
        self.src_hi = self.dst_hi = self.src_lo = self.dst_lo = 0
        if self.mac_at >= 0:
            self.src_lo = self.two(self.mac_at)
            self.src_lo = (self.src_lo << 32) | self.four(self.mac_at + 2)
        if self.mac_to_at >= 0:
            self.dst_lo = self.two(self.mac_to_at)
            self.dst_lo = (self.dst_lo << 32) | self.four(self.mac_to_at + 2)
        self.sport = self.dport = self.etype & M16
        self.l4 = self.l3_end = self.limit
        return 1

    # -- transport ----------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def transport(self) -> cython.int:
        """Ports and the rest of the header at `l4`; a header that is cut leaves what could be read."""
        p: cython.ulonglong = self.proto
        if p == 6:
            return self.tcp_header()
        if p == 17:
            return self.udp_header()
        if p == 1 or p == 58:
            return self.icmp_header()
        if p == 132:
            return self.ports(12)
        if p == 136:
            return self.ports(8)
        if p == 33:
            return self.dccp_header()
        self.carries = self.ip_tunnel(p)
        if self.carries and self.carries != T_AH:
            self.marks |= K_TUNNEL
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def ip_tunnel(self, p: cython.ulonglong) -> cython.int:
        """What an IP protocol carries that is a packet again."""
        if p == 4 or p == 41 or p == 94:
            return T_IP
        if p == 47:
            return T_GRE
        if p == 51:
            return T_AH
        if p == 97:
            return T_ETHERIP
        if p == 137:
            return T_MPLS
        return T_NONE

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def udp_header(self) -> cython.int:
        """UDP, and a look whether it is a tunnel's."""
        if self.ports(8) and self.header:
            self.carries = self.udp_tunnel()
            if self.carries:
                self.marks |= K_TUNNEL
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def dccp_header(self) -> cython.int:
        """RFC 4340: the header says its length, in words."""
        self.ports(12)
        if self.header and self.stop > self.l4 + 4:
            self.header = self.buf[self.l4 + 4] * 4
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def cut(self) -> cython.int:
        """The transport header is not all there: the flow counts, with what is known."""
        self.marks |= K_TRUNCATED
        self.short()
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def ports(self, length: cython.Py_ssize_t) -> cython.int:
        """A header that begins with two ports."""
        o: cython.Py_ssize_t = self.l4
        if self.stop < o + 4 or self.l3_end < o + 4:
            return self.cut()
        self.sport = self.two(o)
        self.dport = self.two(o + 2)
        self.header = length
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def tcp_header(self) -> cython.int:
        """RFC 9293."""
        o: cython.Py_ssize_t = self.l4
        if self.stop < o + 20 or self.l3_end < o + 20:
            self.ports(20)
            return self.cut() if self.stop >= o + 4 and self.l3_end >= o + 4 else 1
        self.sport = self.two(o)
        self.dport = self.two(o + 2)
        self.seq = self.four(o + 4)
        self.ack = self.four(o + 8)
        self.header = (self.buf[o + 12] >> 4) * 4
        self.flags = self.buf[o + 13]
        self.win = self.two(o + 14)
        self.is_tcp = True
        if self.header < 20 or o + self.header > self.l3_end:
            self.header = 20
            self.wrong()
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def icmp_header(self) -> cython.int:
        """ICMP of either version: echo is known by its identifier, the rest by type and code."""
        o: cython.Py_ssize_t = self.l4
        if self.stop < o + 4 or self.l3_end < o + 4:
            return self.cut()
        kind: cython.int = self.buf[o]
        code: cython.int = self.buf[o + 1]
        self.icmp = kind * 256 + code
        self.header = 8
        if self.proto == 1:
            return self.icmp4(kind, code)
        return self.icmp6(kind, code)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def icmp4(self, kind: cython.int, code: cython.int) -> cython.int:
        """RFC 792, 950, 1256: a reply counts under its request's type."""
        if kind == 8 or kind == 0:
            return self.echo()
        if kind == 14 or kind == 16 or kind == 18:
            kind -= 1
        elif kind == 9:
            kind = 10
        elif kind == 3:
            self.error = K_UNREACH
        elif kind == 5:
            self.error = K_REDIRECT
        elif kind == 11:
            self.error = K_TIMEX
        elif kind == 4 or kind == 12:
            self.error = K_ICMP_OTHER
        self.coded = True
        self.sport = self.dport = kind * 256 + code
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def icmp6(self, kind: cython.int, code: cython.int) -> cython.int:
        """RFC 4443, 4861, 2710, 4620, 6275."""
        if kind == 128 or kind == 129:
            return self.echo()
        if kind == 131 or kind == 134 or kind == 136 or kind == 140 or kind == 145:
            kind -= 1
        elif kind == 1:
            self.error = K_UNREACH
        elif kind == 3:
            self.error = K_TIMEX
        elif kind == 2 or kind == 4:
            self.error = K_ICMP_OTHER
        self.coded = True
        self.sport = self.dport = kind * 256 + code
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def echo(self) -> cython.int:
        """Request and reply share the identifier."""
        if self.stop < self.l4 + 8:
            return self.cut()
        self.sport = self.dport = self.two(self.l4 + 4)
        return 1

    # -- tunnels ------------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def opens(self) -> cython.int:
        """Whether the packet just counted is a tunnel; then the packet inside is decoded and stands in the context."""
        kind: cython.int = self.carries
        if kind == T_NONE or self.frag == 2:
            return 0
        if self.limit > self.l3_end:
            self.limit = self.l3_end
        if self.stop > self.limit:
            self.stop = self.limit
        self.forget_link()
        self.at = self.l4 + (self.header if self.proto == 17 else 0)
        if self.at >= self.stop:
            return 0
        self.depth += 1
        if kind == T_AH:
            return self.behind_ah()
        return self.enter(kind)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def forget_link(self) -> cython.int:
        """Inside a tunnel nothing is known of links, and faults are not the frame's."""
        self.quiet = True
        self.mac_at = self.mac_to_at = -1
        self.tags = 0
        self.vlan = self.vlan2 = self.mpls = self.encaps = 0
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def enter(self, kind: cython.int) -> cython.int:
        """The tunnel's own header, then the packet."""
        step: cython.int
        self.encaps = E_UDPTUN
        if kind == T_IP:
            self.encaps = E_IPIP
            step = self.bare_ip()
        elif kind == T_GRE:
            self.encaps = E_GRE
            step = self.gre()
        elif kind == T_VXLAN:
            self.at += 8
            step = self.framed()
        elif kind == T_GENEVE:
            step = self.geneve()
        elif kind == T_GTP:
            step = self.gtp()
        elif kind == T_TEREDO:
            step = self.teredo()
        else:
            step = self.enter_other(kind)
        if step == 1:
            step = self.untag()
        if step == 0:
            return 0
        return self.network()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def enter_other(self, kind: cython.int) -> cython.int:
        """Tunnels one meets seldom."""
        if kind == T_GPE:
            return self.gpe()
        if kind == T_ETHERIP:
            self.encaps = E_OTHER
            if self.buf[self.at] >> 4 != 3:
                return 0
            self.at += 2
            return self.framed()
        self.begin = self.at
        self.etype = ET_MPLS
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def bare_ip(self) -> cython.int:
        """IP of either version at `at`."""
        if self.at >= self.stop:
            return 0
        self.begin = self.at
        self.etype = ET_IP6 if self.buf[self.at] >> 4 == 6 else ET_IP4
        return 2

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def framed(self) -> cython.int:
        """Ethernet at `at`; its addresses are not the frame's."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 14:
            return 0
        self.begin = o
        self.mac_to_at = o
        self.mac_at = o + 6
        self.encaps |= E_ETHER
        self.etype = self.two(o + 12)
        self.at = o + 14
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def behind_ah(self) -> cython.int:
        """What AH protects, between the same hosts."""
        if self.stop < self.at + 8:
            return 0
        next_one: cython.ulonglong = self.buf[self.at]
        self.at += (self.buf[self.at + 1] + 2) * 4
        self.l4 = self.begin = self.at
        self.encaps = E_OTHER
        self.start_network()
        self.proto = next_one
        if self.family == F_IP6:
            return self.extensions()
        return self.transport()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def gre(self) -> cython.int:
        """GRE (RFC 2784, 2890), PPTP's (RFC 2637), and the mirrors' (ERSPAN)."""
        o: cython.Py_ssize_t = self.at
        if self.stop < o + 8:
            return 0
        bits: cython.int = self.two(o)
        proto: cython.longlong = self.two(o + 2)
        length: cython.Py_ssize_t = 4
        if bits & 0x4000:  # source routes: nobody sends them
            return 0
        if bits & 0x8000:
            length += 4
        if bits & 0x2000:
            length += 4
        if bits & 0x1000:
            length += 4
        if bits & 7 == 1:
            return self.pptp(bits, length)
        self.at = o + length
        return self.gre_payload(proto, bits & 0x1000 != 0)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def pptp(self, bits: cython.int, length: cython.Py_ssize_t) -> cython.int:
        """PPP in GRE version 1; without a sequence number it is an acknowledgement only."""
        if bits & 0x1000 == 0:
            return 0
        if bits & 0x80:
            length += 4
        self.at += length
        self.begin = self.at
        return self.ppp()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def gre_payload(self, proto: cython.longlong, numbered: cython.bint) -> cython.int:
        """By the protocol field."""
        self.begin = self.at
        if proto == 0x6558:
            return self.framed()
        if proto == 0x88BE:
            if numbered:  # type II has a header, type I none
                self.at += 8
            return self.framed()
        if proto == 0x22EB:
            if self.stop < self.at + 12:
                return 0
            self.at += 20 if self.buf[self.at + 11] & 1 else 12
            return self.framed()
        if proto == 0x880B:
            return self.ppp()
        if proto == 0x883E and self.buf[self.at] >> 4 != 4:  # WCCP's redirect header
            self.at += 4
            return self.bare_ip()
        self.etype = ET_IP4 if proto == 0x883E else proto
        return 1 if self.etype >= 1536 else 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def geneve(self) -> cython.int:
        """RFC 8926."""
        proto: cython.longlong = self.two(self.at + 2)
        self.at += 8 + (self.buf[self.at] & 0x3F) * 4
        if proto == 0x6558:
            return self.framed()
        self.begin = self.at
        self.etype = proto
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def gpe(self) -> cython.int:
        """VXLAN that says what it carries."""
        proto: cython.int = self.buf[self.at + 3]
        self.at += 8
        if proto == 3:
            return self.framed()
        return self.bare_ip() if proto == 1 or proto == 2 else 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def gtp(self) -> cython.int:
        """GTP-U with its extension headers."""
        bits: cython.int = self.buf[self.at] & 7
        more: cython.int = 0
        n: cython.int = 0
        self.at += 8
        if bits:
            if self.stop < self.at + 4:
                return 0
            more = self.buf[self.at + 3] if bits & 4 else 0
            self.at += 4
        while more:
            n += 1
            if self.at >= self.stop or self.buf[self.at] == 0 or n > MAX_EXTENSIONS:
                return 0
            self.at += self.buf[self.at] * 4
            if self.at >= self.stop:
                return 0
            more = self.buf[self.at - 1]
        return self.bare_ip()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def teredo(self) -> cython.int:
        """RFC 4380: authentication, origin, then IPv6."""
        if self.stop >= self.at + 13 and self.two(self.at) == 1:
            self.at += 13 + self.buf[self.at + 2] + self.buf[self.at + 3]
        if self.stop >= self.at + 8 and self.two(self.at) == 0:
            self.at += 8
        if self.at >= self.stop or self.buf[self.at] >> 4 != 6:
            return 0
        return self.bare_ip()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def udp_tunnel(self) -> cython.int:
        """What the payload may carry, by port and a look at its first bytes."""
        p: cython.int = self.tunnel_port(self.dport)
        o: cython.Py_ssize_t = self.l4 + 8
        if p == T_NONE:
            p = self.tunnel_port(self.sport)
        if p == T_NONE or self.stop < o + 8 or self.frag == 2:
            return T_NONE
        first: cython.int = self.buf[o]
        if p == T_VXLAN and (first & 0x08 == 0 or self.buf[o + 7]):
            return T_NONE
        if p == T_GPE and first & 0x0C != 0x0C:
            return T_NONE
        if p == T_GENEVE and first >> 6:
            return T_NONE
        if p == T_GTP and (first >> 4 != 3 or self.buf[o + 1] != 255):
            return T_NONE
        if p == T_TEREDO and first >> 4 != 6 and (first or self.buf[o + 1] > 1):
            return T_NONE
        return p

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def tunnel_port(self, port: cython.ulonglong) -> cython.int:
        """Registered ports of tunnels over UDP."""
        if port < 2152 or port > 8472:
            return T_NONE
        if port == 4789 or port == 8472:
            return T_VXLAN
        if port == 6081:
            return T_GENEVE
        if port == 2152:
            return T_GTP
        if port == 3544:
            return T_TEREDO
        if port == 4790:
            return T_GPE
        if port == 4754:
            return T_GRE
        if port == 6635:
            return T_MPLS
        return T_NONE

    # -- the row of a key ---------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def sort_ends(self) -> cython.int:
        """Make the key: the smaller (address, port) is side A; `side` is where the sender stands."""
        swap: cython.bint
        if self.src_hi != self.dst_hi:
            swap = self.src_hi > self.dst_hi
        elif self.src_lo != self.dst_lo:
            swap = self.src_lo > self.dst_lo
        else:
            swap = self.sport > self.dport
        ports: cython.ulonglong
        if swap:
            self.side = 1
            self.a_hi = self.dst_hi
            self.a_lo = self.dst_lo
            self.b_hi = self.src_hi
            self.b_lo = self.src_lo
            ports = self.dport | (self.sport << 16)
        else:
            self.side = 0
            self.a_hi = self.src_hi
            self.a_lo = self.src_lo
            self.b_hi = self.dst_hi
            self.b_lo = self.dst_lo
            ports = self.sport | (self.dport << 16)
        self.key = ports | (self.proto << 32) | (self.family << 40) | (self.depth_word() << 48)
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def depth_word(self) -> cython.ulonglong:
        """Depth, and above it whether the ports are an ICMP type and code, not an identifier."""
        word: cython.ulonglong = self.depth
        return word | (256 if self.coded else 0)

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def hashed(
        self, a: cython.ulonglong, b: cython.ulonglong, c: cython.ulonglong, d: cython.ulonglong, e: cython.ulonglong
    ) -> cython.ulonglong:
        """32 bits of a seeded hash: slot number and tag at once, so that a slot tells its home without its row."""
        h: cython.ulonglong = mix(mix(mix(self.seed, b), d), e)
        if a | c:
            h = mix(mix(h, a), c)
        return h >> 32

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def folded(self, addresses: cython.ulonglong, ports: cython.ulonglong) -> cython.Py_ssize_t:
        """Place in `recent` of two addresses, XORed, and two ports, added: the same in both directions."""
        x: cython.ulonglong = ((addresses ^ (ports << 20) ^ self.seed) * PHI) & M64
        return (x >> 40) & (RECENT - 1)

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def find(self) -> cython.Py_ssize_t:
        """The row of the key, + 1; 0 when there is none. `recent` remembers where a like key was found last."""
        self.fold = self.folded(self.a_lo ^ self.b_lo, self.sport + self.dport)
        r: cython.Py_ssize_t = self.recent[self.fold]
        if r and self.matches((r - 1) * ROW_U):
            return r
        self.hash = self.hashed(self.a_hi, self.a_lo, self.b_hi, self.b_lo, self.key)
        r = self.probe()
        if r:
            self.recent[self.fold] = r
        return r

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def matches(self, u: cython.Py_ssize_t) -> cython.bint:
        """Whether the row whose first word is `u` has the key."""
        return (
            self.U[u + U_A + 1] == self.a_lo
            and self.U[u + U_B + 1] == self.b_lo
            and self.U[u + U_KEY] == self.key
            and self.U[u + U_A] == self.a_hi
            and self.U[u + U_B] == self.b_hi
        )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def probe(self) -> cython.Py_ssize_t:
        """The row of the key by its hash, + 1; 0 when there is none, and `slot` is where it would go."""
        i: cython.ulonglong = self.hash & self.mask
        x: cython.ulonglong
        while True:
            x = self.slots[i]
            if x == 0:
                self.slot = i
                return 0
            if x >> 32 == self.hash and self.matches(((x & M32) - 1) * ROW_U):
                return x & M32
            i = (i + 1) & self.mask

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def create(self) -> cython.Py_ssize_t:
        """A row for the key that was not found, + 1; 0 when the table is full."""
        r: cython.Py_ssize_t
        if self.free_row:
            r = self.free_row - 1
            self.free_row = self.U[r * ROW_U]
        elif self.used_rows < self.capacity:
            r = self.used_rows
            self.used_rows += 1
        else:
            self.C[C_FULL] += 1
            return 0
        if (self.live + 1) * 4 > (self.mask + 1) * 3:
            self.grow()
            self.probe()
        self.recent[self.fold] = r + 1
        self.slots[self.slot] = (self.hash << 32) | (r + 1)
        self.live += 1
        self.C[C_CREATED] += 1
        self.fill(r)
        return r + 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def fill(self, r: cython.Py_ssize_t) -> cython.int:
        """What a flow is from its first packet on."""
        u: cython.Py_ssize_t = r * ROW_U
        h: cython.Py_ssize_t = r * ROW_H
        b: cython.Py_ssize_t = r * ROW_B
        self.U[u + U_A] = self.a_hi
        self.U[u + U_A + 1] = self.a_lo
        self.U[u + U_B] = self.b_hi
        self.U[u + U_B + 1] = self.b_lo
        self.U[u + U_KEY] = self.key
        self.U[u + U_ID] = self.next_id
        self.next_id += 1
        self.H[h + H_IFACE] = self.iface & M16
        self.H[h + H_ICMP] = self.icmp if self.icmp >= 0 else 0
        self.B[b + B_LIFE] = LIVE
        self.B[b + B_INIT] = 1 - self.side if self.reply else self.side
        return 1

    @cython.cfunc
    @cython.with_gil
    @cython.exceptval(-1)
    def grow(self) -> cython.int:
        """Double the slots; a slot knows its home, so no row is read."""
        size: cython.ulonglong = (self.mask + 1) * 2
        wider: cython.ulonglong[::1] = memoryview(region(size * 8))[: size * 8].cast("Q")
        i: cython.ulonglong
        j: cython.ulonglong
        x: cython.ulonglong
        for i in range(self.mask + 1):
            x = self.slots[i]
            if x:
                j = (x >> 32) & (size - 1)
                while wider[j]:
                    j = (j + 1) & (size - 1)
                wider[j] = x
        self.slots = wider
        self.mask = size - 1
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def unlink(self, r: cython.Py_ssize_t) -> cython.int:
        """Take a live row out of the slots; what was displaced moves back (no tombstones)."""
        u: cython.Py_ssize_t = r * ROW_U
        h: cython.ulonglong = self.hashed(self.U[u], self.U[u + 1], self.U[u + 2], self.U[u + 3], self.U[u + 4])
        i: cython.ulonglong = h & self.mask
        me: cython.ulonglong = (h << 32) | (r + 1)
        while self.slots[i] != me:
            i = (i + 1) & self.mask
        j: cython.ulonglong = i
        x: cython.ulonglong
        while True:
            j = (j + 1) & self.mask
            x = self.slots[j]
            if x == 0:
                break
            if (j - (x >> 32)) & self.mask >= (j - i) & self.mask:
                self.slots[i] = x
                i = j
        self.slots[i] = 0
        self.live -= 1
        return self.forget_recent(u, r + 1)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def forget_recent(self, u: cython.Py_ssize_t, me: cython.Py_ssize_t) -> cython.int:
        """`recent` knows live rows only."""
        word: cython.ulonglong = self.U[u + U_KEY]
        place: cython.Py_ssize_t = self.folded(
            self.U[u + U_A + 1] ^ self.U[u + U_B + 1], (word & 0xFFFF) + ((word >> 16) & 0xFFFF)
        )
        if self.recent[place] == me:
            self.recent[place] = 0
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def finish(self, r: cython.Py_ssize_t, cause: cython.int) -> cython.int:
        """End a live row: it leaves the slots and stays readable."""
        self.unlink(r)
        self.B[r * ROW_B + B_LIFE] = ENDED
        self.B[r * ROW_B + B_CAUSE] = cause
        self.W[r * ROW_W + W_EPOCH] = self.stamp
        self.C[C_ENDED] += 1
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def wipe(self, r: cython.Py_ssize_t) -> cython.int:
        """Give an unlinked row back."""
        u: cython.Py_ssize_t = r * ROW_U
        k: cython.Py_ssize_t
        for k in range(ROW_U):
            self.U[u + k] = 0
        self.U[u] = self.free_row
        self.free_row = r + 1
        return 1

    # -- counting -----------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def settle(self) -> cython.int:
        """Count the decoded packet in its flow's row. No byte of the frame is needed that was not read or checked."""
        r: cython.Py_ssize_t
        if self.frag == 2 and self.has_ports():
            return self.later()
        r = self.row()
        if r == 0:
            return 0
        r -= 1
        self.tally(r)
        self.looks(r)
        if self.is_tcp:
            self.tcp_segment(r)
            if self.app and self.U[r * ROW_U + U_PKTS + self.side] <= EARLY:
                self.listen_tcp(r)
        elif self.proto == 17 and self.heard_limit:
            self.listen_udp(r)
        if self.frag == 1 and self.has_ports():
            self.begins_datagram(r)
        if self.error:
            self.quoted()
            self.carries = T_NONE
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def has_ports(self) -> cython.bint:
        """Whether a later fragment lacks part of the key; without ports all fragments are one flow anyway."""
        p: cython.ulonglong = self.frag_proto
        return p != 2 and p != 4 and p != 41 and p != 47 and p != 50 and p != 51 and p != 89

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def row(self) -> cython.Py_ssize_t:
        """The row of the decoded packet, + 1, made if there is none; 0 when the table is full."""
        r: cython.Py_ssize_t
        self.sort_ends()
        self.measure()
        r = self.find()
        if r and self.is_tcp and self.flags & 0x16 == 2 and self.reused(r - 1):
            self.finish(r - 1, BY_REUSE)
            r = self.find()
        elif r and not self.is_tcp and self.B[(r - 1) * ROW_B + B_SEEN] & (SOCKET_OVER << self.side):
            if self.replaced(r - 1):
                self.finish(r - 1, BY_REUSE)
                r = self.find()
        return r if r else self.create()

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def measure(self) -> cython.int:
        """Bytes of the frame and of its payload."""
        stop: cython.Py_ssize_t = self.l3_end
        if stop > self.limit:
            stop = self.limit
        self.app = stop - self.l4 - self.header
        if self.app < 0:
            self.app = 0
        self.size = self.wire
        if self.depth:
            self.size = stop - self.begin if stop > self.begin else 0
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def tally(self, r: cython.Py_ssize_t) -> cython.int:
        """Counts and times."""
        u: cython.Py_ssize_t = r * ROW_U
        d: cython.Py_ssize_t = u + self.side
        ts: cython.longlong = self.ts
        gap: cython.double
        if self.U[d + U_PKTS]:
            self.gap = ts - self.I[d + I_LAST]
            gap = self.gap * NANO
            self.D[d + D_IPT2] += gap * gap
            if ts > self.I[d + I_LAST]:
                self.I[d + I_LAST] = ts
            elif ts < self.I[d + I_FIRST]:
                self.I[d + I_FIRST] = ts
        else:
            self.I[d + I_FIRST] = ts
            self.I[d + I_LAST] = ts
        self.U[d + U_PKTS] += 1
        self.U[d + U_BYTES] += self.size
        self.U[d + U_APP] += self.app
        if self.I[u + I_REC] == 0:
            self.I[u + I_REC] = ts
        self.W[r * ROW_W + W_EPOCH] = self.stamp
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def looks(self, r: cython.Py_ssize_t) -> cython.int:
        """What the headers looked like: sizes, hop limits, tags, MACs."""
        h: cython.Py_ssize_t = r * ROW_H
        b: cython.Py_ssize_t = r * ROW_B + self.side
        hd: cython.Py_ssize_t = h + self.side
        first: cython.bint = self.U[r * ROW_U + U_PKTS + self.side] == 1
        size: cython.longlong = self.size if self.size < M16 else M16
        if size > self.H[hd + H_MAXSZ]:
            self.H[hd + H_MAXSZ] = size
        self.B[b + B_TTL] = self.ttl
        self.B[b + B_TOS] = self.tos
        if self.ttl > self.B[b + B_TTL_MAX]:
            self.B[b + B_TTL_MAX] = self.ttl
        if first or self.ttl < self.B[b + B_TTL_MIN]:
            self.B[b + B_TTL_MIN] = self.ttl
        if self.ipid >= 0:
            self.H[hd + H_IPID] = self.ipid
        if self.tos & 3 == 3:
            self.marks |= K_CE
        if self.vlan != self.H[hd + H_VLAN]:
            if not first:
                self.marks |= K_VLAN_CHANGED
            self.H[hd + H_VLAN] = self.vlan
        self.H[hd + H_VLAN2] = self.vlan2
        if self.mpls:
            self.W[r * ROW_W + W_MPLS + self.side] = self.mpls
        if self.mac_at >= 0:
            self.station_of(r)
        self.H[h + H_ENCAPS] |= self.encaps
        if self.marks:
            self.H[h + H_MARKS] |= self.marks
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def station_of(self, r: cython.Py_ssize_t) -> cython.int:
        """The sender's MAC: kept from its first frame, then compared. Rows keep wire order: little-endian pairs."""
        o: cython.Py_ssize_t = self.mac_at
        h: cython.Py_ssize_t = r * ROW_H + H_MAC + 3 * self.side
        have: cython.int = 16 << self.side
        if self.B[r * ROW_B + B_SEEN] & have:
            if (
                self.H[h + 2] != self.little_two(o + 4)
                or self.H[h + 1] != self.little_two(o + 2)
                or self.H[h] != self.little_two(o)
            ):
                self.marks |= K_MAC_CHANGED
                self.B[r * ROW_B + B_FINS] |= 16 << self.side
            elif self.B[r * ROW_B + B_FINS] & (16 << self.side):
                self.B[r * ROW_B + B_FINS] |= 64
            return 1
        self.B[r * ROW_B + B_SEEN] |= have
        self.keep_mac(h, o)
        if self.mac_to_at >= 0:
            self.keep_mac(r * ROW_H + H_MAC + 9 - 3 * self.side, self.mac_to_at)
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def keep_mac(self, h: cython.Py_ssize_t, o: cython.Py_ssize_t) -> cython.int:
        """Copy six bytes."""
        self.H[h] = self.little_two(o)
        self.H[h + 1] = self.little_two(o + 2)
        self.H[h + 2] = self.little_two(o + 4)
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def replaced(self, r: cython.Py_ssize_t) -> cython.bint:
        """Whether this packet is later than the end of the socket at its side: then it is another socket's."""
        over: cython.longlong = self.W[r * ROW_W + W_NEXT + self.side]
        return (self.ts // MILLI - over - 1) & S32 < HALF

    # -- TCP ----------------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def reused(self, r: cython.Py_ssize_t) -> cython.bint:
        """Whether this SYN begins another connection on the ports of a closed one, or of one that nobody answered."""
        state: cython.int = self.B[r * ROW_B + B_STATE]
        if state == ST_REQ:
            return (
                self.B[r * ROW_B + B_SEEN] & (1 << self.side) != 0
                and self.W[r * ROW_W + W_BASE + self.side] != self.seq
            )
        if state < ST_FINS:
            return False
        if self.B[r * ROW_B + B_SEEN] & (1 << self.side) == 0:
            return True
        return self.W[r * ROW_W + W_BASE + self.side] != self.seq

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def tcp_segment(self, r: cython.Py_ssize_t) -> cython.int:
        """Flags, window, sequence numbers, state."""
        b: cython.Py_ssize_t = r * ROW_B
        flags: cython.int = self.flags
        self.B[b + B_FLAGS + self.side] |= flags
        if flags & 4:
            return self.advance(r, SAW_RST)
        self.H[r * ROW_H + H_WIN + self.side] = self.win
        if self.win == 0 and flags & 3 == 0:
            self.H[r * ROW_H + H_MARKS] |= K_ZERO_WINDOW
        self.sequence(r)
        if flags & 2:
            return self.opening(r)
        if flags & 1:
            self.B[b + B_FINS] |= 1 << self.side
        if self.B[b + B_FINS] & 15:
            return self.closing(r)
        return self.advance(r, SAW_ACK if self.B[b + B_INIT] == self.side else SAW_REPLY)

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def advance(self, r: cython.Py_ssize_t, seen: cython.int) -> cython.int:
        """One step of the state table."""
        b: cython.Py_ssize_t = r * ROW_B
        state: cython.int = self.B[b + B_STATE]
        if state == 0 and seen > SAW_SYN_ACK:
            self.H[r * ROW_H + H_MARKS] |= K_MIDSTREAM
        if state == ST_ACC and seen == SAW_ACK and self.I[r * ROW_U + I_ACK] == 0:
            self.I[r * ROW_U + I_ACK] = self.ts
        self.B[b + B_STATE] = self.steps[state * SEEN_COUNT + seen]
        return 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def sequence(self, r: cython.Py_ssize_t) -> cython.int:
        """Sequence space by serial arithmetic (RFC 1982): what ends at or before the expected number repeats data."""
        w: cython.Py_ssize_t = r * ROW_W + self.side
        b: cython.Py_ssize_t = r * ROW_B + B_SEEN
        valid: cython.int = 1 << self.side
        length: cython.longlong = self.app + ((self.flags >> 1) & 1) + (self.flags & 1)
        stop: cython.longlong = (self.seq + length) & S32
        expected: cython.longlong
        if self.B[b] & valid == 0:
            self.B[b] |= valid
            self.W[w + W_BASE] = self.seq
            self.W[w + W_NEXT] = stop
            return 1
        if length == 0:
            return 1
        expected = self.W[w + W_NEXT]
        if (expected - stop) & S32 < HALF:
            return self.repeats(r)
        if expected != self.seq:
            if (expected - self.seq) & S32 < HALF:
                self.W[w + W_RETRANS] += 1
            else:
                self.B[b] |= 64 << self.side
        self.W[w + W_NEXT] = stop
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def repeats(self, r: cython.Py_ssize_t) -> cython.int:
        """A segment of old sequence space: overtaken, if the space has a hole and it comes at once; else sent again."""
        if self.B[r * ROW_B + B_SEEN] & (64 << self.side) and self.gap < REORDER:
            self.H[r * ROW_H + H_MARKS] |= K_OUT_OF_ORDER
        else:
            self.W[r * ROW_W + W_RETRANS + self.side] += 1
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def opening(self, r: cython.Py_ssize_t) -> cython.int:
        """SYN or SYN+ACK: who began, when, with which options."""
        u: cython.Py_ssize_t = r * ROW_U
        b: cython.Py_ssize_t = r * ROW_B
        self.B[b + B_SEEN] |= 4
        self.syn_options(r)
        if self.flags & 16 == 0:
            if self.I[u + I_SYN] == 0:
                self.I[u + I_SYN] = self.ts
                self.B[b + B_INIT] = self.side
            return self.advance(r, SAW_SYN)
        if self.I[u + I_SYNACK] == 0:
            self.I[u + I_SYNACK] = self.ts
            if self.I[u + I_SYN] == 0:
                self.B[b + B_INIT] = 1 - self.side
        return self.advance(r, SAW_SYN_ACK)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def closing(self, r: cython.Py_ssize_t) -> cython.int:
        """A FIN stands: whose, and is it acknowledged?"""
        b: cython.Py_ssize_t = r * ROW_B
        other: cython.Py_ssize_t = 1 - self.side
        fins: cython.int = self.B[b + B_FINS]
        if self.flags & 16 and fins & (1 << other) and (self.ack - self.W[r * ROW_W + W_NEXT + other]) & S32 < HALF:
            fins |= 4 << other
            self.B[b + B_FINS] = fins
        if fins & 15 == 15:
            return self.advance(r, SAW_CLOSE)
        return self.advance(r, SAW_FINS if fins & 3 == 3 else SAW_FIN)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def syn_options(self, r: cython.Py_ssize_t) -> cython.int:
        """Options of a SYN, as far as they were captured."""
        b: cython.Py_ssize_t = r * ROW_B + self.side
        o: cython.Py_ssize_t = self.l4 + 20
        stop: cython.Py_ssize_t = self.l4 + self.header
        size: cython.Py_ssize_t
        if stop > self.stop:
            stop = self.stop
        if self.flags & 0xC0 == (0x40 if self.flags & 16 else 0xC0):
            self.B[b + B_SYN_OPTS] |= O_ECN
        while o < stop and self.buf[o]:
            if self.buf[o] == 1:
                o += 1
                continue
            if o + 2 > stop:
                return 0
            size = self.buf[o + 1]
            if size < 2 or o + size > stop:
                return 0
            self.syn_option(r, b, o, size)
            o += size
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def syn_option(
        self, r: cython.Py_ssize_t, b: cython.Py_ssize_t, o: cython.Py_ssize_t, size: cython.Py_ssize_t
    ) -> cython.int:
        """One option at `o`."""
        kind: cython.int = self.buf[o]
        if kind == 2 and size == 4:
            self.B[b + B_SYN_OPTS] |= O_MSS
            self.H[r * ROW_H + H_MSS + self.side] = self.two(o + 2)
        elif kind == 3 and size == 3:
            self.B[b + B_SYN_OPTS] |= O_WSCALE
            self.B[b + B_WSCALE] = self.buf[o + 2] + 1 if self.buf[o + 2] < 14 else 15  # RFC 7323: no more than 14
        elif kind == 4:
            self.B[b + B_SYN_OPTS] |= O_SACK
        elif kind == 8:
            self.B[b + B_SYN_OPTS] |= O_TIMESTAMP
        elif kind == 34:
            self.B[b + B_SYN_OPTS] |= O_FASTOPEN
        return 1

    # -- names --------------------------------------------------------------------------------------------------------
    # Only few packets carry one: what may is kept aside, to be read by Python later (`ratop_py.names`).

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def listen_udp(self, r: cython.Py_ssize_t) -> cython.int:
        """Answers of DNS by their source port, and the first datagrams of a client of QUIC."""
        if self.sport == 53:
            return self.hear(r, N_DNS)
        if self.sport == 5353 or self.sport == 5355:
            return self.hear(r, N_MDNS if self.sport == 5353 else N_LLMNR)
        if (
            self.app >= 1200 and self.U[r * ROW_U + U_PKTS + self.side] <= FIRST
        ):  # RFC 9000 §14.1: no Initial is shorter
            return self.quic_initial(r)
        return 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def quic_initial(self, r: cython.Py_ssize_t) -> cython.int:
        """A client's first datagrams, if they are Initial packets of version 1 (RFC 9000) or 2 (RFC 9369)."""
        o: cython.Py_ssize_t = self.l4 + 8
        version: cython.longlong
        if self.stop < o + 5 or self.header != 8 or self.B[r * ROW_B + B_INIT] != self.side:
            return 0
        version = self.four(o + 1)
        if version != QUIC1 and version != QUIC2:
            return 0
        if self.buf[o] & 0xF0 != (0xC0 if version == QUIC1 else 0xD0):
            return 0
        return self.hear(r, N_QUIC)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def listen_tcp(self, r: cython.Py_ssize_t) -> cython.int:
        """A ClientHello, its second segment, or a DNS answer."""
        o: cython.Py_ssize_t = self.l4 + self.header
        place: cython.Py_ssize_t = r & (WAITING - 1)
        next_one: cython.ulonglong = r + 1
        if self.heard_limit == 0 or self.stop < o + 6:
            return 0
        if self.waits[place] == (next_one << 32) | self.seq:
            self.waits[place] = 0
            return self.hear(r, N_TLS_MORE)
        if self.sport == 53:
            return self.hear(r, N_DNS_TCP)
        if self.buf[o] != 22 or self.buf[o + 1] != 3 or self.buf[o + 5] != 1:
            return 0
        if self.app < self.two(o + 3) + 5 <= HELLO_MOST and self.app <= HEARD_MOST and self.app <= self.stop - o:
            self.waits[place] = (next_one << 32) | ((self.seq + self.app) & S32)
        return self.hear(r, N_TLS)

    @cython.cfunc
    @cython.nogil
    @cython.boundscheck(False)
    @cython.exceptval(-1)
    def hear(self, r: cython.Py_ssize_t, kind: cython.ulonglong) -> cython.int:
        """Keep the payload, if there is room. Beside it stands whether the other side had spoken: an answer that nobody
        asked for is not one."""
        o: cython.Py_ssize_t = self.l4 + self.header
        n: cython.Py_ssize_t = (self.stop if self.stop < self.l3_end else self.l3_end) - o
        at: cython.Py_ssize_t = self.heard_used
        w: cython.Py_ssize_t = at >> 3
        k: cython.Py_ssize_t
        word: cython.ulonglong
        if self.header == 0 or n <= 0:
            return 0
        if n > HEARD_MOST:
            n = HEARD_MOST
        if o < 0 or o + n > len(self.buf):
            return self.outside()
        if self.heard_count >= self.heard_limit or at + HEARD_HEAD + n + 8 > HEARD:
            self.C[C_NAMES_MISSED] += 1
            return 0
        word = n
        word = r | (word << 48) | (kind << 32)
        if self.side:
            word |= HINT_SIDE
        if self.U[r * ROW_U + U_PKTS + 1 - self.side]:
            word |= HINT_ASKED
        self.heard_words[w] = self.U[r * ROW_U + U_ID]
        self.heard_words[w + 1] = self.ts
        self.heard_words[w + 2] = word
        for k in range(n):
            self.heard[at + HEARD_HEAD + k] = self.buf[o + k]
        self.heard_used = (at + HEARD_HEAD + n + 7) >> 3 << 3
        self.heard_count += 1
        return 1

    # -- ICMP errors --------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def quoted(self) -> cython.int:
        """Mark the flow that an ICMP error quotes, if there is one; the context then holds the quoted packet."""
        mark: cython.int = self.error
        r: cython.Py_ssize_t
        self.at = self.l4 + 8
        self.error = 0
        if self.stop < self.at + 20:
            return 0
        self.etype = ET_IP6 if self.family == F_IP6 else ET_IP4
        self.quiet = True
        if self.network() == 0 or self.frag == 2:
            return 0
        self.error = 0
        self.sort_ends()
        r = self.find()
        if r:
            self.H[(r - 1) * ROW_H + H_MARKS] |= mark
            self.W[(r - 1) * ROW_W + W_EPOCH] = self.stamp
        return 1

    # -- fragments ----------------------------------------------------------------------------------------------------

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def datagram(self) -> cython.Py_ssize_t:
        """The cache entry of this fragment's datagram; `slot` holds the hash that must stand in it."""
        depth: cython.ulonglong = self.depth
        word: cython.ulonglong = self.frag_id | (self.frag_proto << 32) | (self.family << 40) | (depth << 48)
        h: cython.ulonglong = mix(
            mix(mix(mix(mix(self.seed, self.src_lo), self.dst_lo), self.src_hi), self.dst_hi), word
        )
        self.slot = h | 1
        return ((h >> 20) & (FRAGS - 1)) * FRAG_WORDS

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def fresh(self, f: cython.Py_ssize_t) -> cython.bint:
        """Whether the entry speaks of this datagram, is young, and its row is still the flow it was."""
        r: cython.Py_ssize_t
        age: cython.longlong
        if self.frags[f] != self.slot:
            return False
        age = self.frags[f + 3]
        age = self.ts - age
        if age > FRAG_AGE or age < -FRAG_AGE:
            return False
        r = self.frags[f + 1] >> 1
        return self.U[r * ROW_U + U_ID] == self.frags[f + 2] and self.B[r * ROW_B + B_LIFE] == LIVE

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def remember(self, f: cython.Py_ssize_t, r: cython.Py_ssize_t) -> cython.int:
        """Fill the entry with this fragment."""
        k: cython.Py_ssize_t
        for k in range(4, FRAG_WORDS):
            self.frags[f + k] = 0
        self.frags[f] = self.slot
        self.frags[f + 1] = r * 2 + self.side
        self.frags[f + 2] = self.U[r * ROW_U + U_ID]
        self.frags[f + 3] = self.ts
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def edge(self, f: cython.Py_ssize_t, r: cython.Py_ssize_t) -> cython.int:
        """A fragment that begins below the highest byte seen and ends above it overlaps another."""
        start: cython.ulonglong = self.frag_at
        high: cython.ulonglong = self.frags[f + 7]
        stop: cython.ulonglong = start + self.app + (self.header if self.frag == 1 else 0)
        if start < high < stop:
            self.H[r * ROW_H + H_MARKS] |= K_FRAG_OVERLAP
        if stop > high:
            self.frags[f + 7] = stop
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def begins_datagram(self, r: cython.Py_ssize_t) -> cython.int:
        """The first fragment was counted: those to come belong to its flow, and those that came before it."""
        f: cython.Py_ssize_t = self.datagram()
        if self.fresh(f) and self.frags[f + 4]:
            self.adopt(f, r)
        self.remember(f, r)
        return self.edge(f, r)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def later(self) -> cython.int:
        """Count a later fragment in the flow of the first; without one, in a flow of fragments only."""
        f: cython.Py_ssize_t = self.datagram()
        r: cython.Py_ssize_t
        word: cython.ulonglong = self.slot
        if self.fresh(f) and self.frags[f + 4] == 0:
            r = self.frags[f + 1] >> 1
            self.side = self.frags[f + 1] & 1
            self.measure()
            self.tally(r)
            self.looks(r)
            return self.edge(f, r)
        self.C[C_ORPHANS] += 1
        self.marks |= K_FRAG_ONLY
        r = self.row()
        if r == 0:
            return 0
        r -= 1
        self.tally(r)
        self.looks(r)
        self.slot = word
        return self.orphan(f, r)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def orphan(self, f: cython.Py_ssize_t, r: cython.Py_ssize_t) -> cython.int:
        """Note what to move should the first fragment come late."""
        if not self.fresh(f):
            self.remember(f, r)
        self.frags[f + 4] += 1
        self.frags[f + 5] += self.size
        self.frags[f + 6] += self.app
        return self.edge(f, r)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def adopt(self, f: cython.Py_ssize_t, r: cython.Py_ssize_t) -> cython.int:
        """Move the counts of overtaking fragments to the flow of their first; a flow that was nothing else is gone."""
        u: cython.Py_ssize_t = r * ROW_U + self.side
        old: cython.Py_ssize_t = self.frags[f + 1] >> 1
        o: cython.Py_ssize_t = old * ROW_U + (self.frags[f + 1] & 1)
        began: cython.longlong = self.frags[f + 3]
        told: cython.longlong = self.I[old * ROW_U + I_REC]
        if old == r or self.U[o + U_PKTS] < self.frags[f + 4] or told == 0 or told > began:
            return 0  # what a record has told cannot be taken back
        self.U[u + U_PKTS] += self.frags[f + 4]
        self.U[u + U_BYTES] += self.frags[f + 5]
        self.U[u + U_APP] += self.frags[f + 6]
        self.U[o + U_PKTS] -= self.frags[f + 4]
        self.U[o + U_BYTES] -= self.frags[f + 5]
        self.U[o + U_APP] -= self.frags[f + 6]
        if began < self.I[u + I_FIRST]:
            self.I[u + I_FIRST] = began
        self.W[old * ROW_W + W_EPOCH] = self.stamp
        if self.U[old * ROW_U + U_PKTS] + self.U[old * ROW_U + U_PKTS + 1] == 0:
            self.unlink(old)
            self.wipe(old)
            self.C[C_CREATED] -= 1
        return 1

    # -- expiry -------------------------------------------------------------------------------------------------------

    def idle(
        self,
        start: cython.Py_ssize_t,
        count: cython.Py_ssize_t,
        now: cython.longlong,
        timeouts: cython.const[cython.longlong][::1],
    ):
        """End flows among rows start … start+count-1 silent for longer than their class allows; returns how many.

        `timeouts`, ns, six of them: TCP open, half-open (no answer yet), closed (both FINs, or RST), UDP, ICMP, other.
        """
        r: cython.Py_ssize_t
        done: cython.Py_ssize_t = 0
        kind: cython.Py_ssize_t
        if start < 0 or len(timeouts) < 6:
            raise ValueError("idle wants a row number and six timeouts")
        with cython.nogil:
            for r in range(start, min(start + count, self.used_rows)):
                if self.B[r * ROW_B + B_LIFE] != LIVE:
                    continue
                kind = self.patience(r)
                if now - self.latest(r) > timeouts[kind]:
                    self.finish(r, BY_CLOSE if kind == 2 else BY_IDLE)
                    done += 1
        return done

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def latest(self, r: cython.Py_ssize_t) -> cython.longlong:
        """Time of the last packet of either side."""
        a: cython.longlong = self.I[r * ROW_U + I_LAST]
        b: cython.longlong = self.I[r * ROW_U + I_LAST + 1]
        return a if a > b else b

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def patience(self, r: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """Which of the six timeouts holds for a row."""
        word: cython.ulonglong = self.U[r * ROW_U + U_KEY]
        proto: cython.int = (word >> 32) & 0xFF
        state: cython.int = self.B[r * ROW_B + B_STATE]
        if proto == 6 and state:
            return 2 if state >= ST_FINS else 1 if state == ST_REQ else 0
        if proto == 17:
            return 3
        if proto == 1 or proto == 58:
            return 4
        return 5

    def end(self, row: cython.Py_ssize_t, cause: cython.int):
        """End a flow that lives; others are left as they are."""
        self.check(row)
        if self.B[row * ROW_B + B_LIFE] == LIVE:
            self.finish(row, cause & 0xFF)

    def over(
        self,
        a_hi: cython.ulonglong,
        a_lo: cython.ulonglong,
        b_hi: cython.ulonglong,
        b_lo: cython.ulonglong,
        word: cython.ulonglong,
        side: cython.int,
        ts: cython.longlong,
    ) -> cython.int:
        """The socket at a side of the live flow with these first words (not TCP) ended at `ts`, ns: what comes from
        there a millisecond later, or more, is another flow's. 1: noted, 0: there is no such flow, or one whose socket
        ended before, -1: it is too late, something came since."""
        r: cython.Py_ssize_t
        if (word >> 32) & 0xFF == 6:
            return 0
        self.a_hi, self.a_lo, self.b_hi, self.b_lo, self.key = a_hi, a_lo, b_hi, b_lo, word
        self.hash = self.hashed(a_hi, a_lo, b_hi, b_lo, word)
        side = side & 1
        r = self.probe() - 1
        if r < 0 or self.B[r * ROW_B + B_SEEN] & (SOCKET_OVER << side):
            return 0
        if self.I[r * ROW_U + I_LAST + side] // MILLI > ts // MILLI:
            return -1
        self.B[r * ROW_B + B_SEEN] |= SOCKET_OVER << side
        self.W[r * ROW_W + W_NEXT + side] = ts // MILLI & S32
        return 1

    def release(self, row: cython.Py_ssize_t):
        """Give an ended row back: its place may become another flow, with another id."""
        self.check(row)
        if self.B[row * ROW_B + B_LIFE] == ENDED:
            self.wipe(row)

    def take_mark(self, row: cython.Py_ssize_t):
        """A record was taken of this row: the next packet sets `rec_first` anew."""
        self.check(row)
        self.I[row * ROW_U + I_REC] = 0

    @cython.cfunc
    @cython.exceptval(-1)
    def check(self, row: cython.Py_ssize_t) -> cython.int:
        """Rows that were never used are nobody's."""
        if row < 0 or row >= self.used_rows:
            raise IndexError("no such row")
        return 1

    # -- walkers ------------------------------------------------------------------------------------------------------

    def feed_frame(
        self,
        frame: cython.const[cython.uchar][::1],
        wire: cython.longlong,
        ts: cython.longlong,
        linktype: cython.longlong,
        iface: cython.longlong,
    ):
        """One frame: wire length in bytes, time in ns since the epoch."""
        if wire < 0 or wire > LARGEST or len(frame) > LARGEST:
            self.C[C_BROKEN] += 1
            return
        self.buf = frame
        self.iface = iface & M16
        self.ts = self.bounded(ts)
        try:
            self.forget()
            self.packet(0, len(frame), wire, linktype)
        except IndexError:
            self.C[C_MALFORMED] += 1
        self.buf = b""

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def bounded(self, ts: cython.longlong) -> cython.longlong:
        """A time that can be subtracted from another one."""
        if ts < 0:
            return 0
        return ts if ts < LAST_SECOND * SECOND else LAST_SECOND * SECOND

    def feed_pcap(
        self,
        buf: cython.const[cython.uchar][::1],
        off: cython.Py_ssize_t,
        limit: cython.Py_ssize_t,
        variant: cython.int,
        linktype: cython.longlong,
        iface: cython.longlong,
    ):
        """Walk pcap records from offset `off`; returns the offset of the first record not taken.

        `variant`: 1 big-endian, 2 nanoseconds, 4 the 24-byte record headers of "modified" pcap. No record is begun at
        or past the offset `limit`. No progress means that the record is cut, or, if the counter `broken` grew, that it
        makes no sense.
        """
        self.open(buf, off, iface)
        while True:
            try:
                with cython.nogil:
                    self.walk_pcap(limit, variant, linktype)
                break
            except IndexError:
                self.C[C_MALFORMED] += 1
        self.buf = b""
        return self.resume

    @cython.cfunc
    @cython.exceptval(-1)
    def open(self, buf: cython.const[cython.uchar][::1], off: cython.Py_ssize_t, iface: cython.longlong) -> cython.int:
        """Begin to walk a buffer."""
        if off < 0:
            raise ValueError("offset below 0")
        self.buf = buf
        self.resume = off
        self.iface = iface & M16
        self.taken = 0
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def walk_pcap(self, limit: cython.Py_ssize_t, variant: cython.int, linktype: cython.longlong) -> cython.int:
        """Records from `resume` on; `resume` is behind a record before it is decoded."""
        size: cython.Py_ssize_t = len(self.buf)
        big: cython.bint = variant & 1
        unit: cython.longlong = 1 if variant & 2 else 1000
        linktype &= M16  # above it, the file says how long the FCS is
        head: cython.Py_ssize_t = 24 if variant & 4 else 16
        o: cython.Py_ssize_t = self.resume
        captured: cython.longlong
        wire: cython.longlong
        while o < limit and o + head <= size:
            captured = self.four_as(o + 8, big)
            wire = self.four_as(o + 12, big)
            if captured > LARGEST or wire > LARGEST:
                self.C[C_BROKEN] += 1
                break
            if o + head + captured > size:
                break
            self.resume = o + head + captured
            self.ts = self.moment(self.four_as(o, big), self.four_as(o + 4, big) * unit)
            self.forget()
            self.packet(o + head, captured, wire, linktype)
            o = self.resume
        return 1

    def feed_pcapng(
        self,
        buf: cython.const[cython.uchar][::1],
        off: cython.Py_ssize_t,
        limit: cython.Py_ssize_t,
        big_endian: cython.bint,
        interfaces,
    ):
        """Walk packet blocks (enhanced 6, simple 3, obsolete 2) from `off`; returns the offset of the first not taken.

        It stops at any other block, at one that is cut, or at `limit`; no progress at a packet block means that it is
        cut, or, if the counter `broken` grew, that it makes no sense. `interfaces`: int64 array [how many, 8], a row
        for each IDB of the section so far: 0 link type; 1 time units a second (if_tsresol: 10**n or 2**n, at most
        2**62); 2 time offset in ns (if_tsoffset); 3 snap length (0: none); 4 number for the row's `iface`; 5 length of
        the FCS in bytes; 6, 7 zero.
        """
        self.open(buf, off, 0)
        self.links = memoryview(interfaces)
        if self.links.shape[1] < 6:
            raise ValueError("interfaces need eight columns")
        while True:
            try:
                with cython.nogil:
                    self.walk_pcapng(limit, big_endian)
                break
            except IndexError:
                self.C[C_MALFORMED] += 1
        self.buf = b""
        return self.resume

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def walk_pcapng(self, limit: cython.Py_ssize_t, big: cython.bint) -> cython.int:
        """Blocks from `resume` on; `resume` is behind a block before it is decoded."""
        size: cython.Py_ssize_t = len(self.buf)
        o: cython.Py_ssize_t = self.resume
        kind: cython.longlong
        length: cython.longlong
        while o < limit and o + 12 <= size:
            kind = self.four_as(o, big)
            length = self.four_as(o + 4, big)
            if kind != 6 and kind != 3 and kind != 2:
                break
            if length < (16 if kind == 3 else 32) or length > LARGEST or length & 3:
                self.C[C_BROKEN] += 1
                break
            if o + length > size:
                break
            if self.four_as(o + length - 4, big) != length:
                self.C[C_BROKEN] += 1
                break
            self.resume = o + length
            self.forget()
            if kind == 3:
                self.simple_block(o, length, big)
            else:
                self.packet_block(o, length, big, kind)
            o = self.resume
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def packet_block(
        self, o: cython.Py_ssize_t, length: cython.longlong, big: cython.bint, kind: cython.longlong
    ) -> cython.int:
        """An enhanced block, or an obsolete one, whose interface has 16 bits."""
        number: cython.longlong
        captured: cython.longlong = self.four_as(o + 20, big)
        wire: cython.longlong = self.four_as(o + 24, big)
        units: cython.ulonglong = self.four_as(o + 12, big)
        units = (units << 32) | self.four_as(o + 16, big)
        if kind == 6:
            number = self.four_as(o + 8, big)
        else:
            number = self.two(o + 8) if big else self.little_two(o + 8)
        if number >= len(self.links) or captured > length - 32 or wire > LARGEST:
            self.C[C_BROKEN] += 1
            return 0
        self.ts = self.instant(units, self.links[number, 1], self.links[number, 2])
        return self.linked(o + 28, captured, wire, number)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def simple_block(self, o: cython.Py_ssize_t, length: cython.longlong, big: cython.bint) -> cython.int:
        """A block without time: that of the packet before it stands in."""
        wire: cython.longlong = self.four_as(o + 8, big)
        captured: cython.longlong = wire
        if len(self.links) == 0 or wire > LARGEST:
            self.C[C_BROKEN] += 1
            return 0
        if 0 < self.links[0, 3] < captured:
            captured = self.links[0, 3]
        if captured > length - 16:
            captured = length - 16
        return self.linked(o + 12, captured, wire, 0)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def linked(
        self, at: cython.Py_ssize_t, captured: cython.longlong, wire: cython.longlong, number: cython.longlong
    ) -> cython.int:
        """A frame of one of the section's interfaces."""
        fcs: cython.longlong = self.links[number, 5]
        self.iface = self.links[number, 4] & M16
        if 0 < fcs < wire and fcs < 16:
            wire -= fcs
            if captured > wire:
                captured = wire
        return self.packet(at, captured, wire, self.links[number, 0])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def instant(self, units: cython.ulonglong, per: cython.ulonglong, offset: cython.longlong) -> cython.longlong:
        """A pcapng time in ns: split first, so that nothing overflows."""
        if per == 0 or per > PER_LIMIT:
            per = 1000000
        seconds: cython.longlong = min(units // per, LAST_SECOND)
        rest: cython.ulonglong = units % per
        if per > FINE:
            rest = rest // (per // SECOND) if per % SECOND == 0 else rest // (per >> 33)
            per = SECOND if per % SECOND == 0 else per // (per >> 33)
        nanoseconds: cython.longlong = rest * SECOND // per
        if offset > PER_LIMIT // 2 or offset < -(PER_LIMIT // 2):
            offset = 0
        return self.bounded(seconds * SECOND + nanoseconds + offset)

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(-1)
    def moment(self, seconds: cython.longlong, rest: cython.longlong) -> cython.longlong:
        """Seconds and nanoseconds to one number."""
        return self.bounded(seconds * SECOND + rest)

    def feed_ring(
        self,
        ring: cython.const[cython.uchar][::1],
        off: cython.Py_ssize_t,
        size: cython.Py_ssize_t,
        linktype: cython.longlong,
        iface: cython.longlong,
        skip_outgoing: cython.bint,
    ):
        """Walk one TPACKET_V3 block of `size` bytes at `off`; returns the number of frames.

        The kernel takes the outer VLAN tag off and says so in the header: it is put back, with its 4 bytes. Frames on
        their way out are left out with `skip_outgoing` (loopback shows every packet twice).
        """
        if off < 0 or size < 48 or size > len(ring) - off:
            raise ValueError("block outside the ring")
        self.open(ring, off, iface)
        with cython.nogil:
            self.block_start(off, size)
        while True:
            try:
                with cython.nogil:
                    self.walk_ring(off + size, linktype, skip_outgoing)
                break
            except IndexError:
                self.C[C_MALFORMED] += 1
        self.buf = b""
        return self.taken

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def block_start(self, off: cython.Py_ssize_t, size: cython.Py_ssize_t) -> cython.int:
        """Number of frames and place of the first one."""
        first: cython.longlong = self.little_four(off + 16)
        self.left = self.little_four(off + 12)
        if first < 48 or first > size:
            if self.left:
                self.C[C_BROKEN] += 1
            self.left = 0
            first = size
        self.resume = off + first
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def walk_ring(self, stop: cython.Py_ssize_t, linktype: cython.longlong, skip_outgoing: cython.bint) -> cython.int:
        """Frames from `resume` on."""
        o: cython.Py_ssize_t
        step: cython.longlong
        while self.left > 0:
            o = self.resume
            self.left -= 1
            if o + 68 > stop:
                self.C[C_BROKEN] += 1
                return 0
            step = self.little_four(o)
            self.resume = o + step
            if self.left and step < 68:
                self.C[C_BROKEN] += 1
                self.left = 0
            if skip_outgoing and self.buf[o + 58] == 4:
                continue
            self.ring_frame(o, stop, linktype)
        return 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(-1)
    def ring_frame(self, o: cython.Py_ssize_t, stop: cython.Py_ssize_t, linktype: cython.longlong) -> cython.int:
        """One frame whose tpacket3 header lies at `o`."""
        captured: cython.longlong = self.little_four(o + 12)
        wire: cython.longlong = self.little_four(o + 16)
        at: cython.Py_ssize_t = o + self.little_two(o + 24)
        if captured > LARGEST or wire > LARGEST or at + captured > stop:
            self.C[C_BROKEN] += 1
            return 0
        self.ts = self.moment(self.little_four(o + 4), self.little_four(o + 8))
        self.taken += 1
        self.forget()
        if self.buf[o + 20] & 0x10:
            self.push_vlan(self.little_two(o + 32))
            return self.packet(at, captured, wire + 4, linktype)
        return self.packet(at, captured, wire, linktype)


def advise(memory):
    """Ask for huge pages: rows are touched at random, and a page table walk costs more than the row."""
    try:
        memory.madvise(mmap.MADV_HUGEPAGE)
    except OSError:  # a kernel without them works too
        return
