import { SUBCOMMANDS } from '../../src/cli/option-table.ts';
import type { OptionArgument } from '../../src/cli/option-table-entry.ts';
import { COMPLETED, type Completed, MADE_BY, RUNNERS, takesNextWord } from './completion-options.ts';

/** The completion for fish. */
export function fishCompletion(): string {
  const verbs = SUBCOMMANDS.map(({ name }) => name).join(' ');
  return [
    '# fish completion for sockscope',
    MADE_BY,
    '',
    FISH_FUNCTIONS.replace('@SUBCOMMANDS@', verbs),
    'complete -c sockscope -f',
    ...SUBCOMMANDS.map(
      ({ name, meaning }) =>
        `complete -c sockscope -n __sockscope_first -a ${name} -d ${quotedForFish(meaning)}`,
    ),
    ...RUNNERS.map(
      (verb) => `complete -c sockscope -n '__sockscope_runs ${verb}' -a '(__sockscope_command)'`,
    ),
    ...[...COMPLETED].flatMap(([verb, options]) => ['', ...options.flatMap((option) => lines(verb, option))]),
    '',
  ].join('\n');
}

const FISH_FUNCTIONS = `# Whether the line is one of subcommand $argv; of none without it.
function __sockscope_in
    set -l words (commandline -opc)
    if contains -- "$words[2]" @SUBCOMMANDS@
        test "$words[2]" = "$argv"
    else
        test -z "$argv"
    end
end

function __sockscope_first
    test (count (commandline -opc)) -eq 1
end

# Whether the line is behind the two dashes of subcommand $argv.
function __sockscope_runs
    __sockscope_in $argv; and contains -- -- (commandline -opc)
end

function __sockscope_command
    set -l words (commandline -opc)
    set -l dashes (contains -i -- -- $words)
    complete -C (string join ' ' -- (string escape -- $words[(math $dashes + 1)..]) (commandline -ct))
end

# Words by commas: $argv for the last of them.
function __sockscope_list
    set -l token (string replace -r -- '^(--[^=]*=|-[^-=]*A)' '' (commandline -ct))
    set -l before (string replace -r -- '[^,]*$' '' "$token")
    printf '%s\\n' "$before"$argv
end

function __sockscope_interfaces
    for path in /sys/class/net/*/ifindex
        string split -f 5 / -- $path
    end
end
`;

function lines(verb: string, option: Completed): string[] {
  const { letter, names, argument, meaning } = option;
  const ways = [
    ...(letter === undefined ? [] : [`-s ${letter === '?' ? "'?'" : letter}`]),
    ...names.map((name) => `-l ${name}`),
  ];
  const begin = `complete -c sockscope -n '__sockscope_in${verb === '' ? '' : ` ${verb}`}'`;
  const said = `-d ${quotedForFish(meaning)}`;
  if (argument === undefined) return [`${begin} ${ways.join(' ')} ${said}`];
  const action = actionOf(argument);
  if (takesNextWord(option)) return [`${begin} ${ways.join(' ')} ${action} ${said}`];
  return [
    `${begin} ${ways.join(' ')} ${said}`,
    // Without -r the argument stands behind an equals sign alone.
    ...(action === '-x'
      ? []
      : names.map((name) => `${begin} -l ${name} ${action.replace('-x ', '')} ${said}`)),
  ];
}

function actionOf({ kind, words = [], isList }: OptionArgument): string {
  switch (kind) {
    case 'words':
      return isList ? `-x -a '(__sockscope_list ${words.join(' ')})'` : `-x -a '${words.join(' ')}'`;
    case 'interface':
      return "-x -a '(__sockscope_interfaces)'";
    case 'group':
      return "-x -a '(__fish_complete_groups)'";
    case 'directory':
      return "-x -a '(__fish_complete_directories)'";
    case 'file':
      return '-r -F';
    case 'seconds':
    case 'command':
      return '-x';
  }
}

function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
