"""Every column, declared once: name, title, kind, width, where it comes from, what it means, how it merges.

Promise: `FIELDS` is the only list of columns; screen, text, CSV, JSON, filter, sort, grouping, help and docs read it.
Names are Argus's where Argus has the field (256 of the ra tools are known; these are the ones a host can tell).
Does not know: formats, the filter's grammar.
"""

from __future__ import annotations

from collections.abc import Mapping

from ratop_py.fields import facts, names, owners, screen, words
from ratop_py.fields.facts import DST, SRC
from ratop_py.fields.field import Field, Merge
from ratop_py.flow import letters
from ratop_py.kinds import Kind

__all__ = ["ALIASES", "FIELDS", "Field", "Merge"]

_K, _M = Kind, Merge
_TIMES = (
    Field("stime", "StartTime", _K.TIME, 15, facts.stime, "first packet", _M.LEAST),
    Field("ltime", "LastTime", _K.TIME, 15, facts.ltime, "last packet", _M.MOST),
    Field("dur", "Dur", _K.DURATION, 10, facts.dur, "last minus first packet", _M.DERIVED, ("avgdur",)),
    Field("sdur", "SrcDur", _K.DURATION, 10, facts.span(SRC), "duration of the source's half", _M.NONE),
    Field("ddur", "DstDur", _K.DURATION, 10, facts.span(DST), "duration of the destination's half", _M.NONE),
    Field("sstime", "SrcStartTime", _K.TIME, 15, facts.moment("first", SRC), "first packet from the source", _M.LEAST),
    Field(
        "dstime", "DstStartTime", _K.TIME, 15, facts.moment("first", DST), "first packet from the destination", _M.LEAST
    ),
    Field("sltime", "SrcLastTime", _K.TIME, 15, facts.moment("last", SRC), "last packet from the source", _M.MOST),
    Field("dltime", "DstLastTime", _K.TIME, 15, facts.moment("last", DST), "last packet from the destination", _M.MOST),
)
_ENDS = (
    Field("proto", "Proto", _K.TEXT, 6, words.proto, "IP protocol, arp, or what the frame carried instead"),
    Field("saddr", "SrcAddr", _K.ADDRESS, 18, facts.address(SRC), "address of the initiator, or MAC"),
    Field("sport", "Sport", _K.PORT, 6, facts.port(SRC), "its port; ICMP: identifier, or type*256+code"),
    Field("dir", "Dir", _K.TEXT, 3, words.of_rows(letters.directions), "who sent; `?`: who began is a guess", _M.NONE),
    Field("daddr", "DstAddr", _K.ADDRESS, 18, facts.address(DST), "address of the other end"),
    Field("dport", "Dport", _K.PORT, 6, facts.port(DST), "its port"),
    Field("cid", "CommunityId", _K.TEXT, 30, words.cid, "Community ID v1, seed 0", _M.NONE),
    Field("icmptype", "IcmpType", _K.COUNT, 8, facts.icmp(8), "type of the first ICMP message"),
    Field("icmpcode", "IcmpCode", _K.COUNT, 8, facts.icmp(0), "its code"),
    Field("inf", "Inf", _K.TEXT, 8, words.interface, "interface it was seen on", aliases=("iface",)),
    Field("srcid", "SrcId", _K.TEXT, 12, words.srcid, "the sensor's name"),
)
_COUNTERS = (
    Field("trans", "Trans", _K.COUNT, 6, facts.one, "flows in this row: 1, or of a group how many", _M.SUM),
    Field("pkts", "TotPkts", _K.COUNT, 8, facts.both("pkts"), "packets, both ways", _M.SUM, ("pkt", "packets")),
    Field("spkts", "SrcPkts", _K.COUNT, 8, facts.whole("pkts", SRC), "packets the source sent", _M.SUM),
    Field("dpkts", "DstPkts", _K.COUNT, 8, facts.whole("pkts", DST), "packets the destination sent", _M.SUM),
    Field(
        "bytes",
        "TotBytes",
        _K.BYTES,
        10,
        facts.both("bytes"),
        "bytes of frames as on the wire, both ways",
        _M.SUM,
        ("byte",),
    ),
    Field("sbytes", "SrcBytes", _K.BYTES, 10, facts.whole("bytes", SRC), "frame bytes the source sent", _M.SUM),
    Field("dbytes", "DstBytes", _K.BYTES, 10, facts.whole("bytes", DST), "frame bytes the destination sent", _M.SUM),
    Field(
        "appbytes",
        "TotAppByte",
        _K.BYTES,
        10,
        facts.both("app"),
        "payload bytes above the transport header, both ways",
        _M.SUM,
        ("appbyte", "data"),
    ),
    Field("sappbytes", "SAppBytes", _K.BYTES, 10, facts.whole("app", SRC), "payload bytes the source sent", _M.SUM),
    Field(
        "dappbytes", "DAppBytes", _K.BYTES, 10, facts.whole("app", DST), "payload bytes the destination sent", _M.SUM
    ),
    Field("smeansz", "sMeanPktSz", _K.NUMBER, 10, facts.mean_size(SRC), "bytes a packet of the source", _M.DERIVED),
    Field(
        "dmeansz", "dMeanPktSz", _K.NUMBER, 10, facts.mean_size(DST), "bytes a packet of the destination", _M.DERIVED
    ),
    Field("smaxsz", "sMaxPktSz", _K.BYTES, 9, facts.heard("maxsz", SRC), "largest frame of the source", _M.MOST),
    Field("dmaxsz", "dMaxPktSz", _K.BYTES, 9, facts.heard("maxsz", DST), "largest frame of the destination", _M.MOST),
    Field(
        "load",
        "Load",
        _K.BITRATE,
        10,
        facts.load(None),
        "bits/s over the flow's life: 8·(bytes − bytes/packets)/dur",
        _M.DERIVED,
    ),
    Field("sload", "SrcLoad", _K.BITRATE, 10, facts.load(SRC), "the same for the source", _M.DERIVED),
    Field("dload", "DstLoad", _K.BITRATE, 10, facts.load(DST), "the same for the destination", _M.DERIVED),
    Field("rate", "Rate", _K.RATE, 10, facts.rate(None), "packets/s: (packets − 1)/dur", _M.DERIVED),
    Field("srate", "SrcRate", _K.RATE, 10, facts.rate(SRC), "packets/s of the source", _M.DERIVED),
    Field("drate", "DstRate", _K.RATE, 10, facts.rate(DST), "packets/s of the destination", _M.DERIVED),
    Field(
        "pcr",
        "PCRatio",
        _K.NUMBER,
        8,
        facts.pcr,
        "producer/consumer: (sapp − dapp)/(sapp + dapp), −1…1",
        _M.DERIVED,
        ("abr",),
    ),
)
_STATE = (
    Field(
        "state",
        "State",
        _K.TEXT,
        5,
        words.of_rows(letters.states),
        "Argus's state word: REQ ACC CON FIN CLO RST TIM INT RSP ECO …",
    ),
    Field(
        "flgs",
        "Flgs",
        _K.TEXT,
        9,
        words.of_rows(letters.flags),
        "Argus's flag columns: encapsulation, ICMP, loss, window, ECN, fragments, options",
        _M.NONE,
    ),
    Field("cause", "Cause", _K.TEXT, 8, words.cause, "why the record ends here"),
    Field("loss", "Loss", _K.COUNT, 6, facts.both("retrans"), "TCP segments sent again, both ways", _M.SUM),
    Field("sloss", "SrcLoss", _K.COUNT, 7, facts.whole("retrans", SRC), "segments the source sent again", _M.SUM),
    Field("dloss", "DstLoss", _K.COUNT, 7, facts.whole("retrans", DST), "segments the destination sent again", _M.SUM),
    Field("ploss", "pLoss", _K.PERCENT, 7, facts.percent_lost(None), "100·loss/(packets + loss)", _M.DERIVED),
    Field("sploss", "pSrcLoss", _K.PERCENT, 8, facts.percent_lost(SRC), "the same for the source", _M.DERIVED),
    Field("dploss", "pDstLoss", _K.PERCENT, 8, facts.percent_lost(DST), "the same for the destination", _M.DERIVED),
    Field("tcprtt", "TcpRtt", _K.DURATION, 10, facts.tcprtt, "handshake: synack + ackdat", _M.NONE),
    Field("synack", "SynAck", _K.DURATION, 10, facts.synack, "SYN to SYN+ACK", _M.NONE),
    Field("ackdat", "AckDat", _K.DURATION, 10, facts.ackdat, "SYN+ACK to ACK", _M.NONE),
    Field(
        "stcpb",
        "SrcTCPBase",
        _K.ID,
        10,
        facts.heard("base_seq", SRC),
        "first TCP sequence number of the source",
        _M.NONE,
    ),
    Field(
        "dtcpb",
        "DstTCPBase",
        _K.ID,
        10,
        facts.heard("base_seq", DST),
        "first TCP sequence number of the destination",
        _M.NONE,
    ),
    Field("swin", "SrcWin", _K.BYTES, 8, facts.window(SRC), "last TCP window of the source, scaled", _M.NONE),
    Field("dwin", "DstWin", _K.BYTES, 8, facts.window(DST), "last TCP window of the destination, scaled", _M.NONE),
    Field("tcpopt", "TcpOpt", _K.TEXT, 6, words.tcpopt(None), "options of both SYNs: M w s T E F"),
    Field("stcpopt", "sTcpOpt", _K.TEXT, 6, words.tcpopt(SRC), "options of the source's SYN"),
    Field("dtcpopt", "dTcpOpt", _K.TEXT, 6, words.tcpopt(DST), "options of the destination's SYN"),
    Field("smss", "sMss", _K.BYTES, 5, facts.tagged("mss", SRC, 0xFFFF), "MSS the source offered"),
    Field("dmss", "dMss", _K.BYTES, 5, facts.tagged("mss", DST, 0xFFFF), "MSS the destination offered"),
    Field("sflags", "sFlags", _K.TEXT, 8, words.tcpflags(SRC), "TCP flags seen from the source"),
    Field("dflags", "dFlags", _K.TEXT, 8, words.tcpflags(DST), "TCP flags seen from the destination"),
    Field("sintpkt", "SIntPkt", _K.DURATION, 10, facts.gap(SRC), "mean time between packets of the source", _M.NONE),
    Field(
        "dintpkt", "DIntPkt", _K.DURATION, 10, facts.gap(DST), "mean time between packets of the destination", _M.NONE
    ),
    Field("sjit", "SrcJitter", _K.DURATION, 10, facts.jitter(SRC), "standard deviation of those times", _M.NONE),
    Field("djit", "DstJitter", _K.DURATION, 10, facts.jitter(DST), "standard deviation of those times", _M.NONE),
)
_HEADERS = (
    Field("sttl", "sTtl", _K.COUNT, 4, facts.heard("ttl", SRC), "last TTL or hop limit of the source"),
    Field("dttl", "dTtl", _K.COUNT, 4, facts.heard("ttl", DST), "last TTL or hop limit of the destination"),
    Field("sttlmin", "sTtlMin", _K.COUNT, 7, facts.heard("ttl_min", SRC), "smallest TTL of the source", _M.LEAST),
    Field("dttlmin", "dTtlMin", _K.COUNT, 7, facts.heard("ttl_min", DST), "smallest TTL of the destination", _M.LEAST),
    Field("sttlmax", "sTtlMax", _K.COUNT, 7, facts.heard("ttl_max", SRC), "largest TTL of the source", _M.MOST),
    Field("dttlmax", "dTtlMax", _K.COUNT, 7, facts.heard("ttl_max", DST), "largest TTL of the destination", _M.MOST),
    Field("shops", "sHops", _K.COUNT, 5, facts.hops(SRC), "hops to the source, from its TTL"),
    Field("dhops", "dHops", _K.COUNT, 5, facts.hops(DST), "hops to the destination, from its TTL"),
    Field("stos", "sTos", _K.COUNT, 4, facts.heard("tos", SRC), "last type of service of the source"),
    Field("dtos", "dTos", _K.COUNT, 4, facts.heard("tos", DST), "last type of service of the destination"),
    Field(
        "sdsb", "sDSb", _K.COUNT, 4, facts.heard("tos", SRC, 63, 2), "differentiated services code point of the source"
    ),
    Field(
        "ddsb",
        "dDSb",
        _K.COUNT,
        4,
        facts.heard("tos", DST, 63, 2),
        "differentiated services code point of the destination",
    ),
    Field("sipid", "sIpId", _K.HEX, 6, facts.heard("ipid", SRC), "last IPv4 identification of the source", _M.NONE),
    Field(
        "dipid", "dIpId", _K.HEX, 6, facts.heard("ipid", DST), "last IPv4 identification of the destination", _M.NONE
    ),
    Field("smac", "SrcMac", _K.MAC, 17, facts.mac(SRC), "MAC that the source's frames came from"),
    Field(
        "dmac",
        "DstMac",
        _K.MAC,
        17,
        facts.mac(DST),
        "MAC that the destination's frames came from; before it answers, the one its packets are handed to",
    ),
    Field("stomac", "SrcToMac", _K.MAC, 17, facts.mac(SRC, "mac_to"), "MAC that the source's frames were handed to"),
    Field(
        "dtomac", "DstToMac", _K.MAC, 17, facts.mac(DST, "mac_to"), "MAC that the destination's frames were handed to"
    ),
    Field(
        "svlan",
        "sVlan",
        _K.HEX,
        6,
        facts.tagged("vlan", SRC, 0xFFFF),
        "outer 802.1Q word of the source: priority and id",
    ),
    Field("dvlan", "dVlan", _K.HEX, 6, facts.tagged("vlan", DST, 0xFFFF), "outer 802.1Q word of the destination"),
    Field("svid", "sVid", _K.COUNT, 5, facts.tagged("vlan", SRC, 0xFFF), "VLAN id of the source"),
    Field("dvid", "dVid", _K.COUNT, 5, facts.tagged("vlan", DST, 0xFFF), "VLAN id of the destination"),
    Field("svpri", "sVpri", _K.COUNT, 5, facts.tagged("vlan", SRC, 7, 13), "VLAN priority of the source"),
    Field("dvpri", "dVpri", _K.COUNT, 5, facts.tagged("vlan", DST, 7, 13), "VLAN priority of the destination"),
    Field("smpls", "sMpls", _K.COUNT, 8, facts.tagged("mpls", SRC, 0xFFFFF, less=1), "top MPLS label of the source"),
    Field(
        "dmpls", "dMpls", _K.COUNT, 8, facts.tagged("mpls", DST, 0xFFFFF, less=1), "top MPLS label of the destination"
    ),
    Field(
        "encaps",
        "Encaps",
        _K.TEXT,
        6,
        words.encaps,
        "encapsulations: e v m p l S w P G T",
        aliases=("senc", "denc"),
    ),
    Field("depth", "Depth", _K.COUNT, 5, facts.plain("depth"), "0 on the wire, 1… inside tunnels"),
)
_OWNERS = (
    Field(
        "user",
        "User",
        _K.TEXT,
        10,
        owners.words(lambda owner: owner.user),
        "login name of the owner at this machine's end",
    ),
    Field("pid", "Pid", _K.ID, 7, owners.numbers(lambda owner: owner.pid), "its process"),
    Field(
        "program",
        "Program",
        _K.TEXT,
        16,
        owners.words(lambda owner: owner.program),
        "its program",
        aliases=("app", "prog"),
    ),
    Field(
        "owner", "Owner", _K.TEXT, 8, owners.owner, "ok, shared, listener; none: there is nobody; unknown: nobody knows"
    ),
    Field("ownerwhy", "OwnerWhy", _K.TEXT, 14, owners.owner_why(), "why there is no owner"),
    Field(
        "match",
        "Match",
        _K.TEXT,
        8,
        owners.match(),
        "how it was found: cookie, exact, stale, listener, bound, port; no owner, but evidence: likely, parent",
    ),
    Field("ownersource", "OwnerSource", _K.TEXT, 11, owners.source, "event source that told: kernel, diag, lsof …"),
    Field(
        "ownerdist",
        "OwnerDist",
        _K.DURATION,
        9,
        owners.distance,
        "time between the flow and the sighting of its socket; 0: within",
        _M.MOST,
    ),
    Field("owners", "Owners", _K.LIST, 20, owners.everyone(), "pid:program of all who had the socket, the best first"),
    Field(
        "likely",
        "Likely",
        _K.LIST,
        20,
        owners.everyone(likely=True),
        "no owners, but evidence: pid:program of who could have sent it; of who died unseen the parent's, after a <",
    ),
    Field(
        "ownerlost",
        "OwnerLost",
        _K.COUNT,
        9,
        owners.lost,
        "where that may be why there is no owner: facts that the event source had lost by then",
        _M.MOST,
    ),
    Field("label", "Label", _K.TEXT, 30, owners.labels, "Argus's label: pid=…:usr=…:app=…, every holder"),
    Field("exe", "Exe", _K.TEXT, 20, owners.words(lambda owner: owner.exe), "path of the executable"),
    Field("cmdline", "Cmdline", _K.TEXT, 30, owners.words(lambda owner: owner.cmdline), "command line"),
    Field("ppid", "PPid", _K.ID, 7, owners.numbers(lambda owner: owner.ppid or -1), "parent process"),
    Field("parent", "Parent", _K.TEXT, 12, owners.words(lambda owner: owner.parent), "the parent's program"),
    Field(
        "lineage",
        "Lineage",
        _K.LIST,
        30,
        owners.lineages,
        "pid:program of the process and of all above it, the nearest first",
    ),
    Field("container", "Container", _K.TEXT, 12, owners.words(lambda owner: owner.container), "container it runs in"),
    Field(
        "netns",
        "NetNs",
        _K.TEXT,
        12,
        owners.words(lambda owner: owner.netns),
        "network namespace it runs in, if it is another than ratop's: its name, else its number",
    ),
    Field("uid", "Uid", _K.ID, 6, owners.numbers(lambda owner: owner.uid), "numeric user"),
    Field("suser", "SrcUser", _K.TEXT, 10, owners.words(lambda owner: owner.user, "s"), "user at the source end"),
    Field("spid", "SrcPid", _K.ID, 7, owners.numbers(lambda owner: owner.pid, "s"), "process at the source end"),
    Field("sprog", "SrcProg", _K.TEXT, 16, owners.words(lambda owner: owner.program, "s"), "program at the source end"),
    Field("duser", "DstUser", _K.TEXT, 10, owners.words(lambda owner: owner.user, "d"), "user at the destination end"),
    Field("dpid", "DstPid", _K.ID, 7, owners.numbers(lambda owner: owner.pid, "d"), "process at the destination end"),
    Field(
        "dprog",
        "DstProg",
        _K.TEXT,
        16,
        owners.words(lambda owner: owner.program, "d"),
        "program at the destination end",
    ),
    Field("smatch", "SrcMatch", _K.TEXT, 8, owners.match("s"), "how the source end's owner was found"),
    Field("dmatch", "DstMatch", _K.TEXT, 8, owners.match("d"), "how the destination end's owner was found"),
    Field("sownerwhy", "SrcOwnerWhy", _K.TEXT, 14, owners.owner_why("s"), "why the source end has no owner"),
    Field("downerwhy", "DstOwnerWhy", _K.TEXT, 14, owners.owner_why("d"), "why the destination end has no owner"),
    Field("sowners", "SrcOwners", _K.LIST, 20, owners.everyone("s"), "all who had the source end's socket"),
    Field("downers", "DstOwners", _K.LIST, 20, owners.everyone("d"), "all who had the destination end's socket"),
)
_NAMES = (
    Field("sname", "SrcName", _K.TEXT, 24, names.named("s"), "what the source is called; `?` behind it: only a claim"),
    Field("dname", "DstName", _K.TEXT, 24, names.named("d"), "what the destination is called; `?`: only a claim"),
    Field("peername", "PeerName", _K.TEXT, 24, names.named(""), "what the peer is called; `?`: only a claim"),
    Field("snamehow", "SrcNameHow", _K.TEXT, 10, names.how("s"), "how the source's name is known, as below"),
    Field(
        "dnamehow",
        "DstNameHow",
        _K.TEXT,
        10,
        names.how("d"),
        "how: dns this machine asked; dns-other another did; sni, quic, ech the client said; ptr, mdns, llmnr",
    ),
    Field("peernamehow", "PeerNameHow", _K.TEXT, 11, names.how(""), "how the peer's name is known"),
    Field("sni", "Sni", _K.TEXT, 24, names.sni, "what the client called the server in TLS or QUIC: a claim"),
)
_HERE = (
    Field(
        "way", "Way", _K.TEXT, 4, words.way, "in: a peer began it; out: this machine did; both ends are this machine"
    ),
    Field("peer", "Peer", _K.ADDRESS, 18, screen.peer, "the end that is not this machine"),
    Field("pport", "Pport", _K.PORT, 6, screen.pport, "its port"),
    Field("peernet", "PeerNet", _K.TEXT, 18, screen.peernet, "its network: /24, of IPv6 /48; of a MAC nothing"),
    Field("peers", "Peers", _K.COUNT, 6, screen.peers, "peers: 1, or of a group how many", _M.DISTINCT, of="peer"),
    Field(
        "programs",
        "Programs",
        _K.COUNT,
        8,
        screen.programs,
        "known programs: 1 or 0, or of a group how many",
        _M.DISTINCT,
        of="program",
    ),
    Field("tree", "Tree", _K.TEXT, 8, words.nothing, "in the tree of processes: the branches before a row", _M.NONE),
    Field("rx", "Rx", _K.BITRATE, 8, screen.rx, "bits/s towards this machine, 3 s mean", _M.SUM),
    Field("tx", "Tx", _K.BITRATE, 8, screen.tx, "bits/s from this machine, 3 s mean", _M.SUM),
    Field("bps", "Bps", _K.BITRATE, 8, screen.bps, "bits/s both ways, 3 s mean", _M.SUM),
    Field(
        "risk", "Risk", _K.COUNT, 4, facts.note("risk"), "0…100: sum of the evidence that an address is forged", _M.MOST
    ),
    Field("level", "Level", _K.TEXT, 6, words.level, "none, info, low, medium, high", _M.DERIVED),
    Field("why", "Why", _K.LIST, 24, words.why, "codes of the evidence, strongest first", _M.NONE),
    Field("topwhy", "TopWhy", _K.TEXT, 16, words.topwhy, "the strongest of these codes"),
    Field(
        "flowid", "FlowId", _K.ID, 8, facts.plain("id"), "the flow's number in this session", _M.LEAST, ("id", "seq")
    ),
    Field("ended", "Ended", _K.COUNT, 5, words.ended, "1: the flow has ended", _M.NONE),
)

FIELDS: Mapping[str, Field] = {
    field.name: field for field in (*_TIMES, *_ENDS, *_COUNTERS, *_STATE, *_HEADERS, *_OWNERS, *_NAMES, *_HERE)
}
"""All fields by name, in the order of documentation."""

OF_NAMES = frozenset(field.name for field in _NAMES)
"""Fields that are empty where nobody listens for names."""

ALIASES: Mapping[str, str] = {alias: field.name for field in FIELDS.values() for alias in field.aliases}
"""Other words for fields in a filter."""
