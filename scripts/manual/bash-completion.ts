import { SUBCOMMANDS } from '../../src/cli/option-table.ts';
import type { OptionArgument } from '../../src/cli/option-table-entry.ts';
import { COMPLETED, type Completed, MADE_BY, quoted, RUNNERS, takesNextWord } from './completion-options.ts';

/** The completion for bash, which needs nothing but bash. */
export function bashCompletion(): string {
  const letters = [...COMPLETED.values()]
    .flat()
    .filter(takesNextWord)
    .flatMap(({ letter }) => letter ?? []);
  return BASH.replaceAll('@LETTERS@', [...new Set(letters)].join(''))
    .replaceAll('@SUBCOMMANDS@', SUBCOMMANDS.map(({ name }) => name).join(' '))
    .replace('@RUNNERS@', RUNNERS.join('|'))
    .replace('@OPTIONS@', [...COMPLETED].map(([verb, options]) => optionCase(verb, options)).join('\n'))
    .replace('@ARGUMENTS@', argumentCases().join('\n'))
    .replace('@MADE_BY@', MADE_BY);
}

function optionCase(verb: string, options: readonly Completed[]): string {
  const words = options.flatMap(optionWords);
  if (RUNNERS.includes(verb)) words.push('--');
  return `    ${verb === '' ? "''" : verb}) printf '%s\\n' ${words.map((word) => (word.includes('?') ? quoted(word) : word)).join(' ')} ;;`;
}

/** `-t`, `--tcp`; with an equals sign where an argument may follow it. */
function optionWords({ letter, names, argument }: Completed): string[] {
  const endings = argument === undefined ? [''] : argument.optional === undefined ? ['='] : ['', '='];
  return [
    ...(letter === undefined ? [] : [`-${letter}`]),
    ...names.flatMap((name) => endings.map((ending) => `--${name}${ending}`)),
  ];
}

/** By what is completed: `--source=` with the argument in the same word, `--source` with it in the next one. */
function argumentCases(): string[] {
  const keys = new Map<string, string[]>();
  for (const [verb, options] of COMPLETED) {
    for (const option of options) {
      const { letter, names, argument } = option;
      if (argument === undefined) continue;
      const action = actionOf(argument);
      const patterns = keys.get(action) ?? [];
      keys.set(action, patterns);
      const apart = takesNextWord(option);
      if (letter !== undefined && apart) patterns.push(quoted(`${verb} -${letter}`));
      for (const name of names) {
        patterns.push(quoted(`${verb} --${name}=`), ...(apart ? [quoted(`${verb} --${name}`)] : []));
      }
    }
  }
  return [...keys].flatMap(([action, patterns]) =>
    patterns.length === 0 ? [] : [`    ${patterns.join(' | ')})`, `      ${action} ;;`],
  );
}

function actionOf({ kind, words = [], isList }: OptionArgument): string {
  switch (kind) {
    case 'words':
      return isList
        ? `_sockscope_list "$2" ${words.join(' ')}`
        : `_sockscope_take "$2" < <(printf '%s\\n' ${words.join(' ')})`;
    case 'interface':
      return '_sockscope_take "$2" < <(_sockscope_interfaces)';
    case 'group':
      return '_sockscope_take "$2" < <(_sockscope_groups)';
    case 'directory':
      return '_sockscope_files -d "$2"';
    case 'file':
      return '_sockscope_files -f "$2"';
    case 'seconds':
    case 'command':
      return ':';
  }
}

const BASH = `# bash completion for sockscope
@MADE_BY@

# Takes those lines of standard input that begin with $1. Not compgen -W: it expands what it is given.
_sockscope_take() {
  local line
  while IFS= read -r line; do
    [[ $line == "$1"* ]] || continue
    [[ $line == *[!A-Za-z0-9_.,:@%+=/-]* ]] && printf -v line %q "$line"
    COMPREPLY+=("$line")
  done
}

# Words by commas: completes the last one of $1.
_sockscope_list() {
  local before= words=("\${@:2}")
  [[ $1 == *,* ]] && before=\${1%,*},
  _sockscope_take "$1" < <(printf '%s\\n' "\${words[@]/#/$before}")
}

_sockscope_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

_sockscope_interfaces() {
  local path
  for path in /sys/class/net/*; do
    [[ -e $path/ifindex ]] && printf '%s\\n' "\${path##*/}"
  done
}

_sockscope_groups() {
  { getent group 2>/dev/null || cat /etc/group; } | cut -d: -f1
}

# The options of subcommand $1.
_sockscope_options() {
  case $1 in
@OPTIONS@
  esac
}

# Completes $2, the argument of $1: a subcommand and an option, with an equals sign where it stands in the same word.
# Fails where the option takes none.
_sockscope_argument() {
  case $1 in
@ARGUMENTS@
    *) return 1 ;;
  esac
}

# Completes the command whose name is word $1.
_sockscope_command() {
  if (( COMP_CWORD == $1 )); then
    mapfile -t COMPREPLY < <(compgen -c -- "\${COMP_WORDS[COMP_CWORD]}")
  elif declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$1"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  else
    _sockscope_files -f "\${COMP_WORDS[COMP_CWORD]}"
  fi
}

_sockscope() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local verb= prefix= i
  COMPREPLY=()

  for i in @SUBCOMMANDS@; do
    (( COMP_CWORD > 1 )) && [[ \${COMP_WORDS[1]} == "$i" ]] && verb=$i
  done
  for (( i = 1; i < COMP_CWORD; i++ )); do
    [[ \${COMP_WORDS[i]} == -- ]] || continue
    case $verb in
      @RUNNERS@) _sockscope_command $(( i + 1 )) ;;
    esac
    return
  done

  # An argument: of a word that ends in an equals sign, which may be a word of its own; of a letter; of the word before.
  if [[ $word == = ]]; then
    _sockscope_argument "$verb $previous=" ''
    return
  elif [[ $previous == = ]] && (( COMP_CWORD > 2 )); then
    _sockscope_argument "$verb \${COMP_WORDS[COMP_CWORD-2]}=" "$word"
    return
  elif [[ $word == --*=* ]]; then
    prefix=\${word%%=*}=
    _sockscope_argument "$verb $prefix" "\${word#*=}" && COMPREPLY=("\${COMPREPLY[@]/#/$prefix}")
    return
  elif [[ $word =~ ^(-[^-=@LETTERS@]*([@LETTERS@]))(.+)$ ]]; then
    prefix=\${BASH_REMATCH[1]}
    _sockscope_argument "$verb -\${BASH_REMATCH[2]}" "\${BASH_REMATCH[3]}" && COMPREPLY=("\${COMPREPLY[@]/#/$prefix}")
    return
  elif [[ $previous =~ ^-[^-=@LETTERS@]*([@LETTERS@])$ ]]; then
    _sockscope_argument "$verb -\${BASH_REMATCH[1]}" "$word" && return
  elif [[ $previous == --* ]]; then
    _sockscope_argument "$verb $previous" "$word" && return
  fi

  if [[ $word == -* ]]; then
    _sockscope_take "$word" < <(_sockscope_options "$verb")
    [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  elif (( COMP_CWORD == 1 )); then
    _sockscope_take "$word" < <(printf '%s\\n' @SUBCOMMANDS@)
  fi
  return 0
}

complete -F _sockscope sockscope
`;
