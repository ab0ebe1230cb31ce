"""Completion for bash, zsh and fish: one way to find what is typed, and one table of what may stand there.

A slot is a verb and, after a slash, the number of a word without a flag (`trace/1`), an option whose value is
typed (`trace/--format`), or a dash, for the options themselves (`trace/-`). `/verb` is the first word of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from shlex import quote
from textwrap import shorten

from shell.command_line import Argument, Verb, Words, verbs
from tinynet_tui.classroom.directory import BEGINNING, ROOT

_TESTS = {"all": "-e", "own": "-O"}
"""What `test` is asked of a file, by whose rooms are looked for."""
_COLON = r"\:"
_CASE = "        {}) {} ;;"
_LONGEST = 60
"""Characters of what is said beside a name."""


def completions() -> dict[str, str]:
    """The file for each shell: its place under `share`, and what is in it."""
    every = tuple(verbs())
    return {
        "bash-completion/completions/tinynet-tui": _filled(_BASH, every, _bash, quote, "|", _CASE),
        "zsh/site-functions/_tinynet-tui": _filled(_ZSH, every, _zsh, quote, "|", _CASE),
        "fish/vendor_completions.d/tinynet-tui.fish": _filled(
            _FISH, every, _fish, _fish_word, " ", "        case {}\n            {}"
        ),
    }


def _filled(
    script: str,
    every: tuple[Verb, ...],
    offer: Callable[[Words], str],
    quoted: Callable[[str], str],
    between: str,
    case: str,
) -> str:
    """A script with its tables: the verbs, the options that take a value, what is offered at each slot.

    between: what stands between the patterns of a case; case: how a case is written.
    """

    def row(slots: Iterable[str], what: str) -> str:
        return case.format(between.join(map(quoted, slots)), what)

    def valued(may_repeat: bool) -> list[str]:
        return [
            f"{verb.name}/{flag}"
            for verb in every
            for option in verb.options
            for flag in option.flags
            if option.metavar and option.may_repeat == may_repeat
        ]

    offers = "\n".join(row(slots, offer(words)) for words, slots in _slots(every).items())
    names = [verb.name for verb in every if verb.name]
    return (
        script.replace("@WALK@", _WALK)
        .replace("@VERBS@", " ".join(map(quoted, names)))
        .replace("@ONE@", between.join(map(quoted, valued(False))))
        .replace("@SEVERAL@", between.join(map(quoted, valued(True))))
        .replace("@OFFERS@", offers)
        .replace("@FOLDERS@", _FOLDERS)
        .replace("@SETTINGS@", "${XDG_CONFIG_HOME:-$HOME/.config}/tinynet-tui/settings.toml")
        .replace("@ROOT@", ROOT)
        .replace("@BEGINNING@", BEGINNING)
        .replace("@ROOMS@", f"${{{ROOT}:-/tmp}}/{BEGINNING}*")
    )


def _slots(every: tuple[Verb, ...]) -> Mapping[Words, list[str]]:
    """Where each thing is offered; what cannot be named is not in it."""
    found: dict[Words, list[str]] = {}
    for slot, words in _offered(every):
        if words != Words():
            found.setdefault(words, []).append(slot)
    return found


def _offered(every: tuple[Verb, ...]) -> Iterator[tuple[str, Words]]:
    screen, *others = every
    first = tuple((verb.name, verb.about) for verb in others if " " not in verb.name)
    lessons = screen.places[0].words
    yield "/verb", lessons._replace(names=(*first, *lessons.names))
    for verb in every:
        yield f"{verb.name}/-", Words(tuple(_flags(verb.options)))
        for number, place in enumerate(verb.places, 1):
            yield f"{verb.name}/{number}", place.words
        for option in verb.options:
            for flag in option.flags:
                yield f"{verb.name}/{flag}", option.words


def _flags(options: Iterable[Argument]) -> Iterator[tuple[str, str]]:
    return ((flag, option.about) for option in options for flag in option.flags)


def _said(about: str) -> str:
    return shorten(about, _LONGEST, placeholder=" …")


def _bash(words: Words) -> str:
    names = f"names={quote(' '.join(name for name, _ in words.names))}"
    if words.rooms:
        names = f"names=$(_tinynet_tui_rooms {_TESTS[words.rooms]})"
    return names + _also(words)


def _zsh(words: Words) -> str:
    pairs = (quote(f"{name.replace(':', _COLON)}:{_said(about)}") for name, about in words.names)
    offers = f"offers=({' '.join(pairs)})"
    if words.rooms:
        qualifiers = {"all": "N=:t", "own": "NU=:t"}[words.rooms]
        offers = f"offers=(@ROOMS@/[a-z0-9._-]##({qualifiers}))"
    return offers + _also(words)


def _also(words: Words) -> str:
    """What bash and zsh are to look for beside the names."""
    return " own=1" * words.has_own_lessons + " files=1" * words.has_files


def _fish(words: Words) -> str:
    pairs = (_fish_word(part) for name, about in words.names for part in (name, _said(about)))
    offers = rf"printf '%s\t%s\n' {' '.join(pairs)}" if words.names else ""
    if words.rooms:
        offers = f"__tinynet_tui_rooms {_TESTS[words.rooms]}"
    files = "__fish_complete_path $typed" if words.has_files else ""
    own = "__tinynet_tui_lessons" if words.has_own_lessons else ""
    return "\n            ".join(filter(None, (offers, own, files)))


def _fish_word(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_WALK = r"""    for ((i = at; i < last; i++)); do
        word=${words[i]}
        case $verb/$word in
        @ONE@) taking=$word left=1 ;;
        @SEVERAL@) taking=$word left=999 ;;
        */--* | */-h) taking= left=0 ;;
        *) if ((left > 0)); then ((--left)) || taking=; else ((++place)); fi ;;
        esac
    done
"""
"""Goes through the words before the one that is typed: bash and zsh read this alike."""

_FOLDERS = r"""awk -F '["\047]' '
        /^[ \t]*\[/ { exit }
        { sub(/#.*/, "") }
        /^[ \t]*lessons[ \t]*=/ { is_inside = 1 }
        is_inside { for (i = 2; i <= NF; i += 2) print $i }
        is_inside && /\]/ { exit }
    '"""
"""Prints the folders with lessons that a settings file has, a line each."""

_BASH = r"""# Completion of tinynet-tui for bash, made from the command's own parsers.
_tinynet_tui_rooms() {
    local path
    for path in @ROOMS@/*; do
        [[ -S $path && ${path##*/} =~ ^[a-z0-9._-]+$ ]] && [ "$1" "$path" ] && echo "${path##*/}"
    done
}
_tinynet_tui_lessons() {
    local folder path
    @FOLDERS@ "@SETTINGS@" 2> /dev/null | while read -r folder; do
        for path in "${folder/#\~/$HOME}"/*.toml; do
            path=${path##*/} path=${path%.toml}
            [[ $path =~ ^[[:alnum:]._-]+$ ]] && echo "$path"
        done
    done
}
_tinynet_tui() {
    local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT}
    local typed word verb= slot taking= left=0 place=1 at=1 names= own= files= known i
    local -a words
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    local last=$((${#words[@]} - 1))
    typed=${words[last]}
    for known in @VERBS@; do
        [[ " ${words[*]:1:last-1} " == " $known "* ]] && verb=$known
    done
    [[ $verb ]] && { word=${verb//[^ ]/}; at=$((2 + ${#word})); }
@WALK@    slot=$verb/${taking:-$place}
    [[ $last == 1 ]] && slot=/verb
    if [[ $typed == --*=* ]]; then
        slot=$verb/${typed%%=*} typed=${typed#*=}
    elif [[ $typed == -* && $left != 1 ]]; then
        slot=$verb/-
    fi
    case $slot in
@OFFERS@
    esac
    [[ $own ]] && names+=" $(_tinynet_tui_lessons)"
    IFS=$'\n'
    COMPREPLY=($(compgen -W "${names// /$'\n'}" -- "$typed"))
    if [[ $files ]]; then
        compopt -o filenames 2> /dev/null
        COMPREPLY+=($(compgen -f -- "$typed"))
    fi
    # Readline replaces what stands behind the last of these signs alone.
    local cut=${typed%"${typed##*["${COMP_WORDBREAKS//[!@:]/}"]}"}
    [[ $cut ]] && COMPREPLY=("${COMPREPLY[@]#"$cut"}")
    return 0
}
complete -F _tinynet_tui tinynet-tui
"""

_ZSH = r"""#compdef tinynet-tui
# Completion of tinynet-tui for zsh, made from the command's own parsers.
local typed=$PREFIX word verb= slot taking= own= files= known folder
local -i left=0 place=1 at=2 last=CURRENT i
local -a offers
for known in @VERBS@; do
    [[ " ${words[2,CURRENT-1]} " == " $known "* ]] && { verb=$known; at=$((2 + ${(w)#known})); }
done
@WALK@slot=$verb/${taking:-$place}
[[ $CURRENT == 2 ]] && slot=/verb
if [[ $typed == --*=* ]]; then
    slot=$verb/${typed%%=*}
    compset -P '*='
elif [[ $typed == -* && $left != 1 ]]; then
    slot=$verb/-
fi
case $slot in
@OFFERS@
esac
[[ -n $own ]] && for folder in ${(f)"$(
    @FOLDERS@ "@SETTINGS@" 2> /dev/null
)"}; do
    offers+=(${folder/#\~/$HOME}/[[:alnum:]._-]##.toml(N:t:r))
done
local found=1
(($#offers)) && _describe -V tinynet-tui offers && found=0
[[ -n $files ]] && _files && found=0
return found
"""

_FISH = r"""# Completion of tinynet-tui for fish, made from the command's own parsers.
function __tinynet_tui_rooms
    set -l root /tmp
    set -q @ROOT@; and set root $@ROOT@
    for path in $root/@BEGINNING@*/*
        test -S $path; and test $argv[1] $path; and string match -rg '/([a-z0-9._-]+)$' $path
    end
end
function __tinynet_tui_lessons
    set -l config $HOME/.config
    test -n "$XDG_CONFIG_HOME"; and set config $XDG_CONFIG_HOME
    for folder in (@FOLDERS@ $config/tinynet-tui/settings.toml 2> /dev/null)
        for path in (string replace -r '^~' $HOME -- $folder)/*.toml
            string match -rg '/([\w.-]+)\.toml$' -- $path
        end
    end
end
function __tinynet_tui_offers
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l verb ''
    set -l at 2
    for known in @VERBS@
        if string match -q -- "$known *" "$words[2..-1] "
            set verb $known
            set at (math 2 + (count (string split ' ' -- $known)))
        end
    end
    set -l taking ''
    set -l left 0
    set -l place 1
    for word in $words[$at..-1]
        switch "$verb/$word"
            case @ONE@
                set taking $word
                set left 1
            case @SEVERAL@
                set taking $word
                set left 999
            case '*/--*' '*/-h'
                set taking ''
                set left 0
            case '*'
                if test $left -gt 0
                    set left (math $left - 1)
                    test $left -eq 0; and set taking ''
                else
                    set place (math $place + 1)
                end
        end
    end
    set -l before ''
    set -l slot "$verb/$place"
    test -n "$taking"; and set slot "$verb/$taking"
    test (count $words) -eq 1; and set slot /verb
    if string match -q -- '--*=*' $typed
        set -l parts (string split -m 1 = -- $typed)
        set slot "$verb/$parts[1]"
        set before "$parts[1]="
        set typed $parts[2]
    else if string match -q -- '-*' $typed; and test $left -ne 1
        set slot "$verb/-"
    end
    switch $slot
@OFFERS@
    end | string replace -r '^' -- "$before"
end
complete -c tinynet-tui -f -a '(__tinynet_tui_offers)'
"""
