"""The pages docs/fields.md, filter.md, config.md and keys.md, from the tables that the program itself reads.

Promise: the same tables give the same page; every example is a filter that is understood.
Does not know: files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ratop_py.fields import FIELDS, Merge
from ratop_py.filter import FilterError, compile_filter
from ratop_py.filter.examples import EXAMPLES
from ratop_py.filter.pushdown import ALWAYS
from ratop_py.filter.vocabulary import CLOSED, SIDED
from ratop_py.filter.words import WORDS
from ratop_py.habits.sample import markdown, sample
from ratop_py.kinds import Kind
from ratop_py.tui.ink import DARK, GROUNDS, QUIET
from ratop_py.tui.keymap import KEYS, Place

WRITTEN = "`RATOP_WRITE_DOCS=1 pytest tests/test_docs.py` writes it anew."

KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.COUNT: ("a number of things", "`98`, `1.5M`, `0x1f`; k M G T P are powers of 1000"),
    Kind.BYTES: ("bytes", "`1500`, `10k`, `1M`, `1 MB`; Ki Mi Gi Ti are powers of 1024: `4KiB`"),
    Kind.BITRATE: ("bits a second", "`9600`, `64k`, `1.5Mb/s`, `2Mbit/s`"),
    Kind.RATE: ("things a second", "`0.5`, `20k`"),
    Kind.NUMBER: ("a number without a unit", "`0.5`, `-1`"),
    Kind.PERCENT: ("per cent", "`5`, `5%`"),
    Kind.TIME: ("a moment, ns since the epoch inside", "see *Times*"),
    Kind.DURATION: ("a span of time, ns inside", "`2` and `2s` are seconds; ns us ms s m h d w: `150ms`, `1.5h`"),
    Kind.ADDRESS: ("an IP address; of frames without IP a MAC", "`10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`"),
    Kind.MAC: ("a MAC address", "`02:00:5e:10:00:01`, `02-00-5e-10-00-01`"),
    Kind.PORT: ("a port", "`443`, `https`"),
    Kind.ID: ("an identifier: only equality makes sense", "`4101`"),
    Kind.HEX: ("a number written in hexadecimal", "`0x0064`, `100`"),
    Kind.TEXT: ("a word", '`firefox`, `"two words"`'),
    Kind.LIST: ("several words", "one of them: `why land`"),
}
"""What a kind holds, and how its values are typed in a filter."""

MERGES: Mapping[Merge, str] = {
    Merge.SUM: "the sum",
    Merge.LEAST: "the least",
    Merge.MOST: "the most",
    Merge.SAME: "the value if all flows agree, else nothing",
    Merge.NONE: "nothing",
    Merge.DISTINCT: "how many different ones there are of what it counts",
    Merge.DERIVED: "computed from the group's sums and times",
}


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A table in Markdown."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def code(text: str) -> str:
    """As it is typed."""
    return f"`{text}`" if text else ""


def codes(words: Iterator[str]) -> str:
    """Several of them."""
    return " ".join(map(code, words))


def joined(*parts: str | Iterator[str]) -> str:
    """Paragraphs and tables, with an empty line between."""
    return "\n\n".join(part.strip() if isinstance(part, str) else "\n".join(part) for part in parts) + "\n"


# -- fields ------------------------------------------------------------------------------------------------------------


def fields_page() -> str:
    """docs/fields.md"""
    return joined(
        f"# Fields\n\nGenerated from `ratop_py/fields`; {WRITTEN} `ratop fields` prints the same table.",
        "Every field has one name, Argus's where Argus has the field. It is a column of the screen and of `print -s`, a"
        " key of JSON, a word in filters (`bytes > 1M`), a key to sort and to group by. Source is the end that began"
        " the flow, destination the other one; names that begin with `s` and `d` are of one of them. `bytes` and its kin"
        " count frames as on the wire, link header included, `appbytes` the payload above the transport header. Where there is no"
        " value a cell is empty and JSON has `null`; no comparison of a missing number or address is true, not even `!=`.",
        _fields_table(),
        "## Kinds",
        table(("kind", "holds"), ((code(kind), KINDS[kind][0]) for kind in Kind)),
        "## In a group",
        "`-m`, and the grouped view of the screen, make one row of all flows that agree in some fields, and show these."
        " What becomes of the others is in the table above:",
        table(("in a group", "is"), ((code(how), MERGES[how]) for how in Merge)),
    )


def _fields_table() -> Iterator[str]:
    head = ("name", "title", "kind", "meaning", "in a group", "in filters also")
    return table(
        head,
        (
            (code(each.name), each.title, each.kind, each.doc, each.merge, codes(iter(each.aliases)))
            for each in FIELDS.values()
        ),
    )


# -- filter ------------------------------------------------------------------------------------------------------------

COMMANDS = """
```sh
ratop print -r story.pcap tcp and port 80 or 443
ratop print -r story.pcap 'bytes > 1M and not net 10.0.0.0/8'
ratop 'user alice and risk >= medium'
```
"""

GRAMMAR = """
## The language

A filter says which flows are meant. It is a sentence of **primitives**, joined by `and` (`&&`), `or` (`||`), `not` (`!`)
and parentheses. The empty filter means every flow. It knows three kinds of primitives:

* **qualifier and value**, as in tcpdump: `host`, `net`, `port`, `portrange`, `proto`, `ether host`. A direction may stand
  before it (`src`, `dst`, `src or dst`, `src and dst`), and before that a protocol: `tcp dst port 443`. Source is the end
  that began the flow, so `dst port 22` also means the answers of that server.
* **field, relation, value**: every field of [fields.md](fields.md) with `=` (or nothing) `!=` `<` `<=` `>` `>=`, or in words
  `eq` `ne` `lt` `lte` `gt` `gte`; `in (…)`, `not in (…)`; words also with `~` and `!~`, regular expressions, and `~*`, `!~*`
  without regard to case. A field of the same kind may stand in the place of a value: `sttl != dttl`. `greater N` and
  `less N` are tcpdump's: `bytes >= N`, `bytes <= N`.
* **a word of its own**, as in Argus: a protocol, a state, a mark. The table of words is below.

```text
filter    = [ term { ( and | or ) term } ]
term      = { not } ( "(" filter ")" | primitive )
primitive = [ protocol ] [ direction ] qualifier value
          | [ direction ] field [ relation ] ( value | field )
          | [ direction ] field [ not ] in "(" value { "," value } ")"
          | [ direction ] field ( ~ | !~ | ~* | !~* ) pattern
          | [ direction ] word
          | address | network | text
direction = src | dst | src or dst | src and dst
```

Text that holds blanks, signs or a word of the language stands in quotes, `"…"` or `'…'`; a backslash within takes the next
character as it is. The words of the language are written in small letters. A filter has at most 4096 characters.
A missing number or address fulfils no comparison, not even `!=`: an ARP flow has no port. `ip` is IPv4 and IPv6, as in
Argus; `ip4` and `ip6` are one of them.

## What binds

`not` binds tightest. `and` and `or` bind **equally, from left to right**, as in tcpdump and Argus and unlike most languages:
`a or b and c` means `(a or b) and c`. Parentheses say what is meant.

## What carries over

After `and` and `or` the last qualifier or field goes on applying, with its direction, to a value that stands alone:
`port 80 or 443` is `port 80 or port 443`; `src host 10.0.0.1 or 10.0.0.2` is of the source both times; `user alice or bob`;
`bytes > 1k and < 2M`. A word that begins a primitive itself ends that: `port 80 or tcp`. `not` is not carried:
`not port 22 or 443` is `(not port 22) or port 443`; write `not port in (22, 443)`.
"""

TIMES = """
## Times

A time is compared with `stime`, `ltime` and their kin, and is one of

* `-5m`, `-1.5h`, `+10s`: before or after now; in a file now is the time of the packets, so that a replay says what was;
* `14:30`, `14:30:15.5`: today, local time;
* `2026-11-24`, `2026-11-24T14:30`, `2026-11-24T14:30:00+01:00`: a date, local time unless it says where;
* `1732458600`, `1732458600.25`: seconds since the epoch.
"""

KERNEL = f"""
## What goes to the kernel

ratop asks flows, not packets: a filter on the screen hides rows and nothing is lost by it. The filter that a capture
**starts** with is looked at for what the kernel can do already, so that packets nobody asked for never reach the program.
Only hosts, nets, address families and protocols qualify, since those are true of every packet of a flow, and `and`, `or` of
them. `port 80` does not: later fragments have no ports. Nothing negated does: `not host x` would lose the errors that quote
it. Of `a and b` what qualifies goes down, of `a or b` only both. These always pass, for they mark or carry flows that match:

```text
{ALWAYS}
```

What goes down is in the last column of the examples, without that part. Everything else is decided on flows, and the answer
is the same either way.
"""


def filter_page() -> str:
    """docs/filter.md"""
    return joined(
        "# Filters",
        f"Generated in part from `ratop_py/filter`; {WRITTEN}",
        "One language on the screen (`/`), on the command line and in `print`. Whoever knows tcpdump or Argus's `ra` knows"
        " it; what is new are fields, units and owners. On a command line it stands at the end, and needs quotes only for"
        " what the shell would take.",
        COMMANDS,
        "## Examples",
        table(("filter", "shows flows where", "kernel"), map(example, *zip(*EXAMPLES, strict=True))),
        GRAMMAR,
        "## Values and units",
        "A value is read by the kind of its field, so that a wrong unit is an error that says which are right.",
        table(("kind", "is", "typed as"), ((code(kind), *KINDS[kind]) for kind in Kind)),
        TIMES,
        "## Fields of both sides",
        "A field that each side has may be named without its side, and is then true if it is true of either; `src` and"
        f" `dst` before it mean one side: {codes(iter(SIDED))}.",
        "## Fields that hold few words",
        "Their words may be typed in small or capital letters; others are an error that names the nearest.",
        table(
            ("field", "words"),
            ((code(name), codes(map(str.strip, words))) for name, words in CLOSED.items() if name != "proto"),
        ),
        "## Words",
        "True or false of a flow. Those marked may have `src` or `dst` before them.",
        table(("word", "the flow", "src/dst"), words()),
        KERNEL,
        "## What is wrong, and where",
        "A filter that is not understood is never guessed at: the answer names the place, what is expected there, and the"
        " nearest word that would be right. On the screen the filter before it stays in force.",
        f"```text\n{refused('tcp and bites > 3')}\n```",
    )


def refused(text: str) -> str:
    """What is said of a filter that is wrong."""
    try:
        compile_filter(text, 0.0)
    except FilterError as error:
        return f"{error.message}\n{error.hint}".strip()
    raise AssertionError(f"{text} is right")


def example(text: str, meaning: str) -> tuple[str, ...]:
    """A row of the examples."""
    level = compile_filter(text, 0.0).packet_level
    return code(text), meaning, code(level.removesuffix(f" or {ALWAYS}")) if level else "no"


def words() -> Iterator[tuple[str, ...]]:
    """Each word; those that mean the same stand in one row."""
    alike: dict[tuple[str, bool, str], list[str]] = {}
    last = ("", False, "")
    for name, meaning in WORDS.items():
        if meaning.doc != "the same":
            last = (meaning.doc, meaning.sided, meaning.packet)
        alike.setdefault(last, []).append(name)
    for (doc, sided, _), names in alike.items():
        yield codes(iter(names)), doc, "yes" if sided else ""


# -- configuration, keys -----------------------------------------------------------------------------------------------

HABITS = """
`~/.config/ratop/config.toml` (or below `$XDG_CONFIG_HOME`) is a TOML file. To begin one of your own:

```sh
mkdir -p ~/.config/ratop && ratop config --default > ~/.config/ratop/config.toml
ratop config            # where the file is, what is in force, and why
ratop config --check    # what is wrong with it; exit code 2 if something is
```

Nothing in it can stop ratop. What is wrong (an unknown setting, another type, a field or key that does not exist, no TOML at
all) is said in one sentence with file and line, on stderr before the screen and on the screen; the default holds, and so does
everything else in the file. `ratop print` takes nothing but saved filters from it, so that a script prints the same everywhere.
"""

OVER = """
## Which one holds

1. what stands on the command line;
2. what was chosen on the screen the last time, as long as the configuration says the same as it did then: whoever edits the
   file sees the edit;
3. the configuration file;
4. the default.

## What is remembered

When the screen is left ratop writes `~/.local/state/ratop/state.json` (or below `$XDG_STATE_HOME`): the last view, order and
columns of each view, how numbers are written, a theme chosen with `:theme`, saved filters, the last hundred filters, commands and
marks, what was exported where. The file is only yours (0600), replaced in one step, and bounded. What makes no sense in it is
left out, counted and said. Not restored: the filter and the moment that was looked at, because a filter that was forgotten is a
wrong picture; `ratop --last` brings the filter back. `remember = false`, or `--no-state`, reads and writes nothing. `ratop print`
and `ratop demo` never write it. Where there is no home, or one that cannot be written, nothing is remembered and nothing is said,
but by `ratop config`. Options that were only typed do not become habits.

## Under sudo

`sudo ratop` runs as root for you. It reads **your** configuration if you own that file (a link is followed only to a file of yours;
another file is not read, and that is said), else root's. Reading it gives nobody more than the command line would, with one exception that is
refused: `events = "prog:…"` of a user would have root run a program. What is remembered stays in **root's** home: a folder in yours may be a
link to anywhere, and root does not write through it, so nothing that belongs to root appears in your home.

## Saved filters

`[filters]`, and `:save NAME` on the screen. `@name` stands for one in parentheses wherever a filter is typed: `ratop print -r
story.pcap @web and host 10.0.0.1`, `/` `@web and user alice`, `ratop @web`. Saved filters do not name others. `ratop filters` lists them.
Where both have the same name, the configuration's holds.

## Themes

A theme of your own takes dark or light (`base`) and changes inks and grounds. An ink that would be hard to read (contrast below
4.5) is said, and used.
"""

KEYS_TEXT = """
Every deed has a name; `[keys]` in the [configuration](config.md) gives it other keys instead of the ones it has, `[]` none:

```toml
[keys]
pause = ["p", "f5"]
down = ["j", "down", "ctrl+n"]

[keys.help]             # only in this place
close = ["escape", "x"]
```

A key is one sign (`j`, `G`, `?`) or a name: `ctrl+f`, `shift+tab`, `alt+left`, `f5`, `enter`, `escape`, `tab`, `space`, `up`,
`pagedown`, `home` …. A key that would do two things in a place is refused, with a sentence that says which; `ctrl+c` always ends ratop.
Help, footer and palette show the keys in force.
"""


def config_page() -> str:
    """docs/config.md"""
    inks = codes(iter(name for name in DARK.inks if name not in QUIET))
    return joined(
        "# Configuration",
        f"Generated in part from `ratop_py/habits`; {WRITTEN}",
        HABITS,
        "## Settings",
        markdown(),
        OVER,
        f"Inks: {inks}, and for lines and bars {codes(iter(sorted(QUIET)))}. Grounds: {codes(iter(GROUNDS))}.",
        "## The default file",
        "```toml\n" + "\n".join(sample()) + "\n```",
    )


def keys_page() -> str:
    """docs/keys.md"""
    return joined(
        "# Keys",
        f"Generated in part from `ratop_py/tui/keymap.py`; {WRITTEN} On the screen `?` shows those of the place one is in.",
        *(part for place in Place for part in _keys_of(place)),
        "## Other keys",
        KEYS_TEXT,
    )


def _keys_of(place: Place) -> Iterator[str | Iterator[str]]:
    found = [key for key in KEYS if key.place is place]
    if found:
        yield f"## {place.name.capitalize()} (`{place}`)"
        rows = ((codes(iter(key.keys)), key.does, code(key.deed)) for key in found)
        yield table(("keys", "do", "deed"), rows)


PAGES: Mapping[str, Callable[[], str]] = {
    "fields.md": fields_page,
    "filter.md": filter_page,
    "config.md": config_page,
    "keys.md": keys_page,
}
