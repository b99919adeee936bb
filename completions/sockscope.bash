# bash completion for sockscope
# Made by scripts/manual.mjs from src/cli/option-table.ts: change that, not this.

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
  local before= words=("${@:2}")
  [[ $1 == *,* ]] && before=${1%,*},
  _sockscope_take "$1" < <(printf '%s\n' "${words[@]/#/$before}")
}

_sockscope_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

_sockscope_interfaces() {
  local path
  for path in /sys/class/net/*; do
    [[ -e $path/ifindex ]] && printf '%s\n' "${path##*/}"
  done
}

_sockscope_groups() {
  { getent group 2>/dev/null || cat /etc/group; } | cut -d: -f1
}

# The options of subcommand $1.
_sockscope_options() {
  case $1 in
    '') printf '%s\n' -r --route -F --fib -C --cache -i --interfaces --interfaces= -I -g --groups -s --statistics -M --masquerade -t --tcp -u --udp -U --udplite -S --sctp -w --raw -x --unix -4 --inet --ip -6 --inet6 --ax25 --x25 --ipx --netrom --rose --ddp --appletalk --bluetooth -2 --l2cap -f --rfcomm --tcpip -A --protocol= -a --all -l --listening -e --extend -p --programs --owners-all -o --timers -W --wide -Z --context --json -n --numeric --numeric-hosts --numeric-ports --numeric-users -N --symbolic --resolve-timeout= -c --continuous --continuous= --source= --owners= --proc= --threads= -v --verbose -h --help -V --version '-?' -d ;;
    pin) printf '%s\n' --group= --path= -h --help ;;
    unpin) printf '%s\n' --path= -h --help ;;
    delta) printf '%s\n' -s --statistics -t --tcp -u --udp -w --raw -U --udplite -S --sctp -4 --inet -6 --inet6 -i --interfaces --interfaces= -I -c --continuous --continuous= --json --proc= -h --help -- ;;
    layers) printf '%s\n' -n --numeric --json --proc= -h --help ;;
    doctor) printf '%s\n' --json --proc= --source= --owners= -h --help ;;
  esac
}

# Completes $2, the argument of $1: a subcommand and an option, with an equals sign where it stands in the same word.
# Fails where the option takes none.
_sockscope_argument() {
  case $1 in
    ' --interfaces=' | ' -I' | 'delta --interfaces=' | 'delta -I')
      _sockscope_take "$2" < <(_sockscope_interfaces) ;;
    ' -A' | ' --protocol=' | ' --protocol')
      _sockscope_list "$2" inet ip tcpip inet6 ip6 unix ipx ax25 x25 netrom rose ddp appletalk econet ash bluetooth ;;
    ' --resolve-timeout=' | ' --resolve-timeout' | ' --continuous=' | 'delta --continuous=')
      : ;;
    ' --source=' | ' --source' | 'doctor --source=' | 'doctor --source')
      _sockscope_take "$2" < <(printf '%s\n' netlink procfs auto) ;;
    ' --owners=' | ' --owners' | 'doctor --owners=' | 'doctor --owners')
      _sockscope_take "$2" < <(printf '%s\n' bpf bpf-pinned procfd auto none) ;;
    ' --proc=' | ' --proc' | 'delta --proc=' | 'delta --proc' | 'layers --proc=' | 'layers --proc' | 'doctor --proc=' | 'doctor --proc')
      _sockscope_files -d "$2" ;;
    ' --threads=' | ' --threads')
      _sockscope_take "$2" < <(printf '%s\n' 1 2 auto) ;;
    'pin --group=' | 'pin --group')
      _sockscope_take "$2" < <(_sockscope_groups) ;;
    'pin --path=' | 'pin --path' | 'unpin --path=' | 'unpin --path')
      _sockscope_files -f "$2" ;;
    *) return 1 ;;
  esac
}

# Completes the command whose name is word $1.
_sockscope_command() {
  if (( COMP_CWORD == $1 )); then
    mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
  elif declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$1"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  else
    _sockscope_files -f "${COMP_WORDS[COMP_CWORD]}"
  fi
}

_sockscope() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local verb= prefix= i
  COMPREPLY=()

  for i in pin unpin delta layers doctor; do
    (( COMP_CWORD > 1 )) && [[ ${COMP_WORDS[1]} == "$i" ]] && verb=$i
  done
  for (( i = 1; i < COMP_CWORD; i++ )); do
    [[ ${COMP_WORDS[i]} == -- ]] || continue
    case $verb in
      delta) _sockscope_command $(( i + 1 )) ;;
    esac
    return
  done

  # An argument: of a word that ends in an equals sign, which may be a word of its own; of a letter; of the word before.
  if [[ $word == = ]]; then
    _sockscope_argument "$verb $previous=" ''
    return
  elif [[ $previous == = ]] && (( COMP_CWORD > 2 )); then
    _sockscope_argument "$verb ${COMP_WORDS[COMP_CWORD-2]}=" "$word"
    return
  elif [[ $word == --*=* ]]; then
    prefix=${word%%=*}=
    _sockscope_argument "$verb $prefix" "${word#*=}" && COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
    return
  elif [[ $word =~ ^(-[^-=IA]*([IA]))(.+)$ ]]; then
    prefix=${BASH_REMATCH[1]}
    _sockscope_argument "$verb -${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}" && COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
    return
  elif [[ $previous =~ ^-[^-=IA]*([IA])$ ]]; then
    _sockscope_argument "$verb -${BASH_REMATCH[1]}" "$word" && return
  elif [[ $previous == --* ]]; then
    _sockscope_argument "$verb $previous" "$word" && return
  fi

  if [[ $word == -* ]]; then
    _sockscope_take "$word" < <(_sockscope_options "$verb")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  elif (( COMP_CWORD == 1 )); then
    _sockscope_take "$word" < <(printf '%s\n' pin unpin delta layers doctor)
  fi
  return 0
}

complete -F _sockscope sockscope
