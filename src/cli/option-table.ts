/**
 * Everything that the command may be told, in one place: the usage, the manual and the completions are made of it, and a
 * test holds the parser's tables against it. `netstat-options.ts` stays a list of its own, for the order of its names
 * shows in netstat's messages.
 */
import { ANSWER_OPTIONS } from './option-table-answers.ts';
import { COLUMN_OPTIONS } from './option-table-columns.ts';
import type { EnvironmentVariable, OptionEntry, OptionGroup } from './option-table-entry.ts';
import { SOCKET_OPTIONS } from './option-table-sockets.ts';
import { TABLE_OPTIONS } from './option-table-tables.ts';

export { SUBCOMMANDS } from './option-table-subcommands.ts';

/** In the order of usage and manual. */
export const OPTIONS: readonly OptionEntry[] = [
  ...TABLE_OPTIONS,
  ...SOCKET_OPTIONS,
  ...COLUMN_OPTIONS,
  ...ANSWER_OPTIONS,
];

/** The groups and their titles, in the order of usage and manual. */
export const OPTION_GROUPS: Readonly<Record<OptionGroup, string>> = {
  show: 'What to show (default: sockets)',
  sockets: 'Which sockets',
  columns: 'Which columns',
  names: 'Names and numbers',
  repeating: 'Repeating',
  answers: 'Where answers come from',
  command: 'The command itself',
};

export const ENVIRONMENT: readonly EnvironmentVariable[] = [
  {
    name: 'SOCKSCOPE_SOURCE',
    option: 'source',
    text: 'Stands for `--source`, which wins where both are given.',
  },
  {
    name: 'SOCKSCOPE_OWNERS',
    option: 'owners',
    text: 'Stands for `--owners`, which wins where both are given.',
  },
  {
    name: 'POSIXLY_CORRECT',
    text: 'Where it is set, whatever it is set to, the first operand ends the options.',
  },
];

/** When the table has last changed in what it says: the date of the manual. */
export const MANUAL_DATE = 'November 22, 2026';
