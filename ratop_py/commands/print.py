"""`ratop print`: flows as lines, as Argus's `ra` prints them.

Promise: stdout, or the new file that was named, carries data only, through one binary stream; words go to stderr. From
a file one line a flow, at the end; live the records as they come, the last ones on Ctrl-C.
Does not know: how a format writes a value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ratop_py.commands import FILTERED, packets
from ratop_py.commands.ending import Ending
from ratop_py.commands.meter_words import losses, summary
from ratop_py.commands.narration import tell
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.seconds import Seconds
from ratop_py.commands.sources import with_sources
from ratop_py.commands.words import joined, options_of
from ratop_py.config import DEFAULTS, LIMITS, VIEWS
from ratop_py.errors import Exit

if TYPE_CHECKING:
    from ratop_py.commands.answering import Plan
    from ratop_py.engine.session import Engine
    from ratop_py.view import Answer, Snapshot, View


def run(options: PrintOptions, out: BinaryIO, tell: Callable[[str], None]) -> Exit:
    """Open the sources, write the rows, say what was lost."""
    from ratop_py.commands.answering import plan
    from ratop_py.export.file import create

    made = plan(options)
    if not options.output:
        return follow(open_engine(options, made.view), made, options, out, tell)
    with create(Path(options.output)) as file:
        return follow(open_engine(options, made.view), made, options, file, tell)


def open_engine(options: PrintOptions, view: View) -> Engine:
    """An engine that has not started, and will hear names only if the view asks for some."""
    from ratop_py.commands.answering import asks_for_names
    from ratop_py.engine.session import Engine

    return Engine(options.sources.settings(options.filter, tick=tick(options), names=asks_for_names(view)))


def tick(options: PrintOptions) -> float:
    """Nobody looks between two records: a few looks an interval keep owners and evidence up to date."""
    return min(2.0, options.interval / 2)


def follow(engine: Engine, made: Plan, options: PrintOptions, out: BinaryIO, tell: Callable[[str], None]) -> Exit:
    """Let an engine work and write what it answers."""
    try:
        if made.write is None:
            packets.write(packets.available(engine), answers(engine, made.view, options), options, out, tell)
        else:
            made.write(rows(engine, made.view, options, out), out)
        out.flush()
        meters = engine.meters()
    finally:
        engine.stop()
    for words in (*meters.notices, *(summary(meters) if options.summary else losses(meters))):
        tell(words)
    return Exit.OK


def rows(engine: Engine, view: View, options: PrintOptions, out: BinaryIO) -> Iterator[Snapshot]:
    """Snapshots as they are due; live, each batch is on its way before the next is awaited."""
    from ratop_py.commands.answering import first

    left = options.count if options.sources.live else None
    for answer in answers(engine, view, options):
        for snapshot in answer.snapshots(LIMITS.rows_each):
            part = snapshot if left is None else first(snapshot, left)
            yield part
            left = None if left is None else left - len(part)
        if left == 0:
            return
        out.flush()


def answers(engine: Engine, view: View, options: PrintOptions) -> Iterator[Answer]:
    """From files one answer; live one an interval."""
    if not options.sources.live:
        engine.run_to_end()
        yield engine.answer(view)
        return
    with Ending() as ending:  # before the start: asked to end in its middle, it ends well
        engine.start()
        for answer in ending.each(engine.records(view, options.interval, ending.waiting), engine.stop):
            yield answer
            if options.once:
                return


COLUMNS_HELP = (
    "Columns: names, or +name, -name, +2name (at place 2), name:20 (cut at 20); comma or blank between, repeatable."
    " `ratop fields` lists all."
)


VIEW_HELP = f"Rows and order of the screen's view of this name: {', '.join(VIEWS)}."


@click.command(
    "print",
    short_help="Flows as lines (Argus's ra): text, CSV, JSON; or as Parquet; or their packets.",
    context_settings=FILTERED,
    options_metavar="[OPTIONS]",
)
@with_sources
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "csv", "jsonl", "parquet", "pcapng"]),
    default="text",
    show_default=True,
    help="How rows are written; pcapng: the flows' packets.",
)
@click.option(
    "-o", "--output", metavar="FILE", default="", help="A new file, readable by you only, instead of standard output."
)
@click.option(
    "-s",
    "columns",
    metavar="FIELDS",
    multiple=True,
    help=COLUMNS_HELP,
)
@click.option("-c", "separator", metavar="SEP", default="", help="Text with this between values instead of columns.")
@click.option("-n", "numbers", count=True, help="Ports as numbers, not names.")
@click.option("-u", "epoch", is_flag=True, help="Times as seconds since the epoch.")
@click.option("-p", "decimals", metavar="N", type=click.IntRange(0, 9), help="Decimals of times and rates.")
@click.option("-H", "abbreviate", is_flag=True, help="Large numbers as 1.2k, 34M.")
@click.option("-N", "count", metavar="COUNT", type=click.IntRange(0), help="At most so many rows.")
@click.option(
    "--sort",
    metavar="FIELDS",
    default="",
    help="Order: numbers descend, words and addresses ascend; -name the other way.",
)
@click.option("-m", "--group", metavar="FIELDS", default="", help="One row for all flows that agree in these.")
@click.option("--view", metavar="NAME", type=click.Choice(VIEWS), help=VIEW_HELP)
@click.option(
    "--interval",
    metavar="TIME",
    type=Seconds(0.1),
    default=DEFAULTS.interval,
    show_default=True,
    help="Live: time between the records of a flow.",
)
@click.option(
    "-L",
    "header",
    metavar="N",
    type=click.IntRange(-1),
    default=0,
    show_default=True,
    help="Titles: 0 once, N every N lines, -1 never.",
)
@click.option("--no-header", is_flag=True, help="No titles.")
@click.option("--for-spreadsheets", "guard", is_flag=True, help="CSV: no word begins like a formula.")
@click.option("--summary", is_flag=True, help="Counters on stderr at the end.")
@click.argument("words", nargs=-1, metavar="[FILTER]...", type=click.UNPROCESSED)
def command(
    words: tuple[str, ...], format_: str, view: str | None, no_header: bool, numbers: int, header: int, **rest: Any
) -> Exit:
    """Print flows, one a line.

    From files (-r): one line a flow, when all is read. Live (-i): records as they come; each holds what
    happened since the flow's last one; Ctrl-C prints the last ones.

    The filter stands at the end and needs no quotes but for what the shell would take (> < * ( ) !):

    \b
      ratop print -r story.pcap tcp and port 80
      ratop print -r story.pcap --format jsonl 'bytes > 1M and user != root'
    """  # noqa: D301  (click reads the backspace)
    from ratop_py.commands.habits import expanded

    options = PrintOptions(
        view=view or "",
        filter=expanded(joined(words, options_of(command))),
        format=format_,
        numbers=numbers % 3 > 0,
        header=-1 if no_header else header,
        **rest,
    )
    return run(options, sys.stdout.buffer, tell)
