"""Filters worth showing, and what they show: for the docs and the manual page.

Promise: every one is understood.
Does not know: pages.
"""

EXAMPLES = (
    ("host 10.0.0.1", "either end is this address"),
    ("src net 192.168/16", "the initiator is in this network; short networks as in tcpdump"),
    ("net 10.0.0.0 mask 255.0.0.0", "the same with a mask"),
    ("10.0.0.0/8 or 2001:db8::/32", "an address or network alone"),
    ("tcp and port 443", "TCP with this port at either end"),
    ("port 80 or 443", "`port` goes on applying to 443"),
    ("dst port in (80, 443, 8000-8080)", "a list, with a range"),
    ("portrange 1-1023", "a range"),
    ("tcp src portrange 1024-65535", "a protocol and a direction before the qualifier"),
    ("src or dst port 53", "what `port 53` means"),
    ("port ssh", "a service by its name; where only one transport has it, of that one"),
    ("proto 47", "an IP protocol by its number"),
    ("ether host 02:00:5e:10:00:01", "the MAC that an end's frames came from"),
    ("vlan 100 and not arp", "an 802.1Q id"),
    ("src syn and not synack", "a word with a direction"),
    ("bytes > 1M", "a field, with a unit"),
    ("bytes > 1k and < 2M", "the field goes on applying to `< 2M`"),
    ("src bytes > dst bytes", "two fields of the same kind"),
    ("ttl < 5", "either side's: `src ttl < 5` is the source's, `src and dst ttl < 5` both"),
    ("dur >= 2s and rx > 1Mb/s", "a span of time, a rate"),
    ("stime > -5m", "began in the last five minutes"),
    ("user alice and not program firefox", "a word; `=` may be left out"),
    ('program ~ "^ssh"', "a regular expression; `!~` does not match, `~*` without regard to case"),
    ("owner in (none, unknown)", "one of several words"),
    ("risk >= medium", "a risk by the name of its level"),
    ("firefox", "a word that means nothing else is looked for in programs, users, paths, command lines, states …"),
)
"""(filter, what it shows)."""
