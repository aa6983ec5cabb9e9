"""The completion for fish.

Promise: words, options and what they do come from the commands; at Tab no Python starts, but for the names behind `@`.
Does not know: what the words mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratop_py.commands.grammar import Command, Kind, Option, field_names, filter_words, plain

FUNCTIONS = r"""
function __ratop_command -d 'the command that is typed; top where none is'
    set -l words (commandline -opc)[2..-1]
    while test "$words[1]" = --debug
        set -e words[1]
    end
    if test (count $words) -eq 0
        echo none
    else if contains -- $words[1] $__ratop_commands
        echo $words[1]
    else
        echo top
    end
end
function __ratop_is
    contains -- (__ratop_command) $argv
end
function __ratop_fields -d 'names with commas between; a sign may stand before each'
    set -l head (string match -r '.*[,+-]' -- (commandline -ct))
    for name in $__ratop_field_names
        echo $head$name
    end
end
function __ratop_filter
    if string match -q '@*' -- (commandline -ct)
        ratop filters --names 2>/dev/null
    else
        string join \n $__ratop_filter_words
    end
end
function __ratop_interfaces
    echo any
    path basename /sys/class/net/* 2>/dev/null; or ls /sys/class/net 2>/dev/null
end
""".strip("\n")


def script(commands: Sequence[Command]) -> Iterator[str]:
    """The script, line by line."""
    yield "# ratop's completion for fish; made by `ratop completions fish`."
    yield f"set -g __ratop_commands {' '.join(each.name for each in commands if each.name)}"
    yield f"set -g __ratop_field_names {' '.join(field_names())}"
    yield f"set -g __ratop_filter_words {' '.join(filter_words())}"
    yield from FUNCTIONS.splitlines()
    for program in ("ratop", "ratop-py"):
        yield f"complete -c {program} -f"
        for command in commands:
            yield from _lines(program, command)


def _lines(program: str, command: Command) -> Iterator[str]:
    if not command.name:
        where = f"complete -c {program} -n '__ratop_is none'"
        yield from (f"{where}{_option(each)}" for each in command.options)
        return
    yield f"complete -c {program} -n '__ratop_is none' -a {command.name} -d {quoted(plain(command.does))}"
    places = f"{command.name} none" if command.name == "top" else command.name
    where = f"complete -c {program} -n '__ratop_is {places}'"
    yield from (
        f"{where}{_option(each)}" for each in command.options if command.name != "top" or "-h" not in each.words
    )
    if offered := _value(command.rest, command.choices):
        yield f"{where} {offered}"


def quoted(text: str) -> str:
    """A word for the shell."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _option(option: Option) -> str:
    words = "".join(f" -l {word[2:]}" if word.startswith("--") else f" -s {word[1:]}" for word in option.words)
    value = "" if option.kind is Kind.NOTHING else f" -x {_value(option.kind, option.choices)}".rstrip()
    if option.kind is Kind.FILE:
        value = " -r -F"
    return f"{words}{value} -d {quoted(plain(option.does))}"


def _value(kind: Kind, choices: Sequence[str]) -> str:
    if choices:
        return f"-a {quoted(' '.join(choices))}"
    deed = {Kind.FIELDS: "__ratop_fields", Kind.FILTER: "__ratop_filter", Kind.INTERFACE: "__ratop_interfaces"}.get(
        kind
    )
    return f"-a '({deed})'" if deed else ""
