import { SUBCOMMANDS } from '../../src/cli/option-table.ts';
import type { OptionArgument } from '../../src/cli/option-table-entry.ts';
import { COMPLETED, type Completed, MADE_BY, quoted, RUNNERS } from './completion-options.ts';

/** The completion for zsh: a function that its completion system loads by name. */
export function zshCompletion(): string {
  return [
    '#compdef sockscope',
    MADE_BY,
    '',
    ZSH_ARGUMENTS,
    '_sockscope_subcommands() {',
    '  (( CURRENT == 2 )) || return',
    '  local -a subcommands=(',
    ...SUBCOMMANDS.map(({ name, meaning }) => `    ${quoted(`${name}:${meaning}`)}`),
    '  )',
    "  _describe 'subcommand' subcommands",
    '}',
    '',
    ...[...COMPLETED].flatMap(([verb, options]) => optionsFunction(verb, options)),
    ...entrance(),
  ].join('\n');
}

const ZSH_ARGUMENTS = `_sockscope_interfaces() {
  local expl
  local -a interfaces=(/sys/class/net/*/ifindex(N:h:t))
  _wanted interfaces expl 'interface' compadd -a interfaces
}
`;

function optionsFunction(verb: string, options: readonly Completed[]): string[] {
  const name = verb === '' ? '_sockscope_listing' : `_sockscope_${verb}`;
  return [
    `${name}() {`,
    ...(RUNNERS.includes(verb) ? RUN_COMMAND : []),
    '  _arguments -s -S : \\',
    ...options.flatMap(specs).map((spec) => `    ${quoted(spec)} \\`),
    verb === ''
      ? "    '1: :_sockscope_subcommands' '*: :'"
      : RUNNERS.includes(verb)
        ? "    '*: :'"
        : '    && return 0',
    '}',
    '',
  ];
}

/** Behind two dashes the line is another command's. */
const RUN_COMMAND = [
  '  integer dashes=${words[(i)--]}',
  '  if (( dashes < CURRENT )); then',
  '    shift $dashes words',
  '    (( CURRENT -= dashes ))',
  '    _normal',
  '    return',
  '  fi',
];

function entrance(): string[] {
  return [
    '_sockscope() {',
    '  if (( CURRENT > 2 )); then',
    '    case $words[2] in',
    `      (${SUBCOMMANDS.map(({ name }) => name).join('|')})`,
    '        shift words',
    '        (( CURRENT-- ))',
    '        _sockscope_$words[1]',
    '        return ;;',
    '    esac',
    '  fi',
    '  _sockscope_listing',
    '}',
    '',
    '_sockscope "$@"',
    '',
  ];
}

/** One for each way to write the option; where it does not add up, one excludes the others. */
function specs({ letter, names, argument, meaning, addsUp }: Completed): string[] {
  const ways = [...(letter === undefined ? [] : [`-${letter}`]), ...names.map((name) => `--${name}`)];
  const before = addsUp ? '*' : ways.length > 1 ? `(${ways.join(' ')})` : '';
  const said = `[${meaning.replaceAll(/[\\[\]:]/g, '\\$&')}]`;
  return ways.map((way) => {
    const long = way.startsWith('--');
    if (argument === undefined || (argument.optional !== undefined && !long)) return `${before}${way}${said}`;
    if (argument.optional !== undefined) return `${before}${way}=-${said}::${actionOf(argument)}`;
    return `${before}${way}${long ? '=' : '+'}${said}:${actionOf(argument)}`;
  });
}

function actionOf({ name, kind, words = [], isList }: OptionArgument): string {
  switch (kind) {
    case 'words':
      return `${name}:${isList ? `_values -s , ${name} ${words.join(' ')}` : `(${words.join(' ')})`}`;
    case 'interface':
      return `${name}:_sockscope_interfaces`;
    case 'group':
      return `${name}:_groups`;
    case 'directory':
      return `${name}:_files -/`;
    case 'file':
      return `${name}:_files`;
    case 'seconds':
    case 'command':
      return `${name}: `;
  }
}
