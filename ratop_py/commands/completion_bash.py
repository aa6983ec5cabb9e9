"""The completion for bash.

Promise: words and options come from the commands; at Tab no Python starts, but for the names behind `@`. Needs bash 4,
nothing else.
Does not know: what the words mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ratop_py.commands.grammar import Command, Kind, field_names, filter_words

FUNCTIONS = r"""
_ratop_among() {  # the words that may stand here
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}
_ratop_fields() {  # names with commas between; a sign may stand before each
    local head=${cur%"${cur##*[,+-]}"} last=${cur##*[,+-]}
    mapfile -t COMPREPLY < <(compgen -P "$head" -W "$_ratop_field_names" -- "$last")
    compopt -o nospace 2>/dev/null
}
_ratop_filter() {
    if [[ $cur == @* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(ratop filters --names 2>/dev/null)" -- "$cur")
    else
        _ratop_among "$_ratop_filter_words"
    fi
}
_ratop_value() {  # of the option $1 of the command $2
    case "$2 $1" in
@VALUES@
    *) return 1 ;;
    esac
}
_ratop() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command="" word at
    if [[ $prev == "=" ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $cur == "=" ]]; then
        cur=""
    fi
    COMPREPLY=()
    for ((at = 1; at < COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        case $word in --debug) continue ;; esac
        command=top
        case " $_ratop_commands " in *" $word "*) command=$word; ((at++)) ;; esac
        break
    done
    if [[ -z $command && $cur != -* ]]; then
        _ratop_among "$_ratop_commands $_ratop_filter_words"
        return
    fi
    local behind=${command:-top} filter="" taken=""
    for ((; at < COMP_CWORD; at++)); do  # has the filter begun?
        word=${COMP_WORDS[at]}
        if [[ -n $taken ]]; then
            [[ $word == "=" ]] || taken=""
        elif [[ $word == -?* ]]; then
            case " ${_ratop_taking[$behind]} " in *" $word "*) taken=1 ;; esac
        else
            filter=1
            break
        fi
    done
    if [[ -z $filter ]]; then
        case " ${_ratop_taking[$behind]} " in
        *" $prev "*) _ratop_value "$prev" "$behind"; return ;;
        esac
        if [[ $cur == -* ]]; then
            local all=${_ratop_options[$behind]}
            [[ -n $command ]] || all+=" ${_ratop_options[door]}"
            _ratop_among "$all"
            return
        fi
    fi
    _ratop_value "" "$behind" || true
}
complete -F _ratop ratop ratop-py
""".strip("\n")


def script(commands: Sequence[Command]) -> Iterator[str]:
    """The script, line by line."""
    yield "# ratop's completion for bash; made by `ratop completions bash`."
    yield f'_ratop_commands="{" ".join(each.name for each in commands if each.name)}"'
    yield f'_ratop_field_names="{" ".join(field_names())}"'
    yield f'_ratop_filter_words="{" ".join(filter_words())}"'
    for name, words in (("options", _words), ("taking", lambda each: each.taking)):
        yield f"declare -gA _ratop_{name}=("
        yield from (f'    [{each.name or "door"}]="{" ".join(words(each))}"' for each in commands)
        yield ")"
    values = "\n".join(line for each in commands for line in _values(each))
    yield from FUNCTIONS.replace("@VALUES@", values).splitlines()


def _words(command: Command) -> list[str]:
    return [word for each in command.options for word in each.words]


DEEDS = {
    Kind.FILE: 'mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames 2>/dev/null',
    Kind.INTERFACE: '_ratop_among "any $(cd /sys/class/net 2>/dev/null && echo *)"',
    Kind.FIELDS: "_ratop_fields",
    Kind.FILTER: "_ratop_filter",
}


def _values(command: Command) -> Iterator[str]:
    for option in command.options:
        deed = f'_ratop_among "{" ".join(option.choices)}"' if option.choices else DEEDS.get(option.kind)
        if deed:
            patterns = " | ".join(f'"{command.name} {word}"' for word in option.words)
            yield f"    {patterns}) {deed} ;;"
    rest = f'_ratop_among "{" ".join(command.choices)}"' if command.choices else DEEDS.get(command.rest)
    if rest:
        yield f'    "{command.name} ") {rest} ;;'
