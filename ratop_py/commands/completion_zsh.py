"""The completion for zsh.

Promise: words, options and what they do come from the commands; at Tab no Python starts, but for the names behind `@`.
Does not know: what the words mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratop_py.commands.grammar import Command, Kind, Option, field_names, filter_words, plain

FUNCTIONS = r"""
_ratop_fields() {  # names with commas between; a sign may stand before each
  compset -P '*[,+-]'
  compadd -S '' -q -a _ratop_field_names
}
_ratop_interfaces() {
  local -a found=(any /sys/class/net/*(N:t))
  compadd -a found
}
_ratop_filter() {
  if [[ $PREFIX == @* ]]; then
    local -a found=(${(f)"$(ratop filters --names 2>/dev/null)"})
    compadd -a found
  else
    compadd -a _ratop_filter_words
  fi
}
_ratop() {
  local command=top
  local -i at=2
  while (( at < CURRENT )) && [[ $words[at] == --debug ]]; do (( at++ )); done
  if (( at == CURRENT )) && [[ $PREFIX != -* ]]; then
    _describe -t commands command _ratop_commands
    _ratop_filter
    return
  fi
  if (( ${_ratop_commands[(I)$words[at]:*]} )); then
    command=$words[at]
    words=("$words[1]" "${(@)words[at + 1,-1]}")
    (( CURRENT -= at - 1 ))
  fi
  case $command in
@CASES@
  esac
}
if [[ $funcstack[1] == _ratop ]]; then
  _ratop "$@"
else
  compdef _ratop ratop ratop-py
fi
""".strip("\n")


def script(commands: Sequence[Command]) -> Iterator[str]:
    """The script, line by line."""
    yield "#compdef ratop ratop-py"
    yield "# ratop's completion for zsh; made by `ratop completions zsh`."
    yield "typeset -ga _ratop_commands=("
    yield from (f"  {quoted(f'{each.name}:{plain(each.does)}')}" for each in commands if each.name)
    yield ")"
    yield f"typeset -ga _ratop_field_names=({' '.join(field_names())})"
    yield f"typeset -ga _ratop_filter_words=({' '.join(filter_words())})"
    door = commands[0]
    cases = "\n".join(
        line for each in commands if each.name for line in _case(each, door if each.name == "top" else None)
    )
    yield from FUNCTIONS.replace("@CASES@", cases).splitlines()


def quoted(text: str) -> str:
    """A word for the shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def _case(command: Command, door: Command | None) -> Iterator[str]:
    """`_arguments` for a command; `door`: its options may stand there, too."""
    yield f"    {command.name})"
    yield "      _arguments -A '-*' : \\"
    own = {word for each in command.options for word in each.words}
    more = [each for each in door.options if not own & set(each.words)] if door else []
    for option in (*command.options, *more):
        yield from (f"        {quoted(spec)} \\" for spec in _specs(option))
    yield f"        {quoted('*' + _value(command.rest, command.choices))} ;;"


def _specs(option: Option) -> Iterator[str]:
    others = "*" if option.many else f"({' '.join(option.words)})"
    value = "" if option.kind is Kind.NOTHING else _value(option.kind, option.choices, option.metavar)
    does = plain(option.does).replace(":", "\\:")
    for word in option.words:
        joint = ("=" if word.startswith("--") else "+") if value else ""
        yield f"{others}{word}{joint}[{does}]{value}"


def _value(kind: Kind, choices: Sequence[str], metavar: str = "") -> str:
    deed = {
        Kind.FILE: "_files",
        Kind.INTERFACE: "_ratop_interfaces",
        Kind.FIELDS: "_ratop_fields",
        Kind.FILTER: "_ratop_filter",
    }.get(kind, " ")
    offered = f"({' '.join(choices)})" if choices else deed
    return f":{metavar.strip('[].').lower() or kind}:{offered}"
