"""The generated pages of docs/: fields and filter, from the tables that the program itself reads.

`RATOP_WRITE_DOCS=1 pytest tests/test_docs.py` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ratop_py.fields import FIELDS
from ratop_py.filter.words import WORDS

DOCS = Path(__file__).parents[1] / "docs"

FIELDS_HEAD = """# Fields

Every column, declared once; the name is what `-s`, filters, sorts, `--group` and JSON use. Names are Argus's where Argus has the
field. `sbytes dbytes` count the frame as on the wire, link header included; `sappbytes dappbytes` the payload above the
transport header. `ratop fields` prints this table.

| name | title | kind | merges by | meaning |
|---|---|---|---|---|
"""

FILTER_HEAD = """# The filter language

Argus's and tcpdump's words, and every field. A filter stands at the end of a command, or behind `/` on the screen.

```
ratop print -r x.pcap tcp and port 80 or 443
ratop print -r x.pcap 'bytes > 1M and not net 10.0.0.0/8'
ratop 'user alice and risk >= medium'
```

## Grammar

```
filter     = term { ("and" | "&&" | "or" | "||") term }      equal precedence, from left to right
term       = ("not" | "!") term | "(" filter ")" | primitive
primitive  = [protocol] [direction] qualifier value           tcp dst port 80
           | [direction] word                                 src rst
           | [direction] field [relation] value               bytes > 1M, user alice
           | field ("~" | "!~") "regular expression"          program ~ "^ssh"
           | field "in" "(" value { "," value } ")"           port in (80, 443)
           | field relation field                             sttl != dttl
           | address | network | text                         10.0.0.1, 10.0.0.0/8, firefox
direction  = "src" | "dst" | "src or dst" | "src and dst"
qualifier  = "host" | "net" | "port" | "portrange" | "proto" | "ether host"
relation   = "=" "==" "!=" ">" "<" ">=" "<=", or eq gt lt gte lte equal greater less
```

* **`and` and `or` bind equally**, from left to right, as in tcpdump and Argus: `udp or tcp and port 53` is
  `(udp or tcp) and port 53`. `not` binds tighter. Use parentheses where in doubt.
* **The last qualifier goes on applying** after `and`, `or`: `port 80 or 443`, `host 10.0.0.1 and 10.0.0.2`,
  `src port gt 40000 and lt 42000`.
* **A port by name means its protocol only**: `port http` is TCP port 80, `port 80` is any.
* **Without a relation** a field is equal: `user alice`, `pid 4101`. A field of both sides is either: `ttl = 64`.
* **A bare word** is looked for in all text fields, without regard to case; a bare address is a host.
* **What is missing fulfils no comparison**, not even `!=`: an ARP flow has no port.
* `ip` is IPv4 and IPv6, as in Argus; `ip4` and `ip6` are one of them.

## Values

| kind | written as |
|---|---|
| count | `98` `1.5M` `0x1f` |
| bytes | `1500` `10k` `1M` (1000s), `4KiB` (1024s) |
| bitrate | `9600` `64k` `1.5Mb/s` |
| duration | `2s` `150ms` `3us` `1.5h`; a bare number is seconds |
| time | `-5m` (ago), `14:30` (today, UTC), `2026-11-24`, `2026-11-24T14:30:00`, seconds since the epoch |
| address | `10.0.0.1` `10.0.0.0/8` `10/8` `2001:db8::/32` |
| mac | `02:00:5e:10:00:01` |
| text | a word, or anything in quotes; `~` takes a regular expression of at most 256 characters |
| risk, level | a number, or `none info low medium high`: `risk >= medium` |

## What goes to the kernel

Live, the part of a filter that can be decided on single packets without losing one of a matching flow is also given to the
kernel: hosts, nets and protocols. `port 80` is not, since later fragments have no ports; nor is `not host x`. ICMP, IPv6 and
tagged frames always pass. Everything is decided again on flows.

## Errors

An error names the place, what was expected and the nearest word: `tcp and bites > 3` says
“a field, a word of the language or a value is expected, not “bites” at 9; did you mean bytes?”.

## Words

| word | src, dst before it | meaning |
|---|---|---|
"""


def pages() -> Mapping[str, str]:
    """File name → text."""
    fields = (
        f"| `{f.name}` | {f.title} | {f.kind} | {f.merge} | {f.doc.replace('|', chr(92) + '|')} |"
        for f in FIELDS.values()
    )
    words = (
        f"| `{name}` | {'yes' if m.sided else ''} | {m.doc.replace('|', chr(92) + '|')} |" for name, m in WORDS.items()
    )
    return {
        "fields.md": FIELDS_HEAD + "\n".join(fields) + "\n",
        "filter.md": FILTER_HEAD + "\n".join(words) + "\n",
    }
