import { NETSTAT_BODY, NETSTAT_FAMILIES, NETSTAT_VERSION } from './help-netstat.ts';
import { ENVIRONMENT, OPTION_GROUPS, OPTIONS, SUBCOMMANDS } from './option-table.ts';
import type { OptionEntry, OptionGroup } from './option-table-entry.ts';
import { argumentText, synopsis } from './option-text.ts';

/** The usage: what `-h` writes to stdout, and the list of address families, which netstat always writes to stderr. */
export interface Usage {
  readonly body: string;
  readonly families: string;
}

/** The command's usage; netstat's own for a command of that name. */
export function usage(program: string): Usage {
  return program === 'netstat'
    ? { body: NETSTAT_BODY, families: NETSTAT_FAMILIES }
    : { body: ownUsage(), families: '' };
}

/** What `-V` prints. */
export function versionText(program: string, version: () => string): string {
  return program === 'netstat'
    ? NETSTAT_VERSION
    : `sockscope ${version()}\noptions and output of netstat, net-tools 2.10\n`;
}

const WHAT_IT_DOES = 'lists sockets as netstat does: same options, same output';
const SCREEN_COLUMNS = 100;
/** Where meanings begin. */
const MEANING_COLUMN = 30;

function ownUsage(): string {
  const uses = [`[OPTION ...]   ${WHAT_IT_DOES}`, ...SUBCOMMANDS.map(synopsis)].map(
    (words, place) => `${place === 0 ? 'usage:' : '      '} sockscope ${words}`,
  );
  const groups = Object.keys(OPTION_GROUPS) as OptionGroup[];
  const variables = ENVIRONMENT.flatMap(({ name, option }) =>
    option === undefined ? [] : `${name} stands for --${option}`,
  );
  return `${[
    ...uses,
    ...groups.flatMap(groupRows),
    'Subcommands',
    ...SUBCOMMANDS.map(({ name, meaning }) => row(name, meaning)),
    `Environment: ${variables.join(', ')}.`,
  ].join('\n')}\n`;
}

function groupRows(group: OptionGroup): string[] {
  const rows = [OPTION_GROUPS[group]];
  let brief: string[] = [];
  for (const option of OPTIONS.filter((other) => other.group === group)) {
    if (option.inBrief) {
      brief.push(signature(option));
      continue;
    }
    rows.push(...inLines(brief), row(signature(option), option.meaning));
    brief = [];
  }
  return [...rows, ...inLines(brief)];
}

function row(signature: string, meaning: string): string {
  return `${`  ${signature}`.padEnd(MEANING_COLUMN - 1)} ${meaning}`;
}

/** Signatures in lines as full as the screen allows. */
function inLines(signatures: readonly string[]): string[] {
  const lines: string[] = [];
  for (const signature of signatures) {
    const longer = `${lines.at(-1)}  ${signature}`;
    if (lines.length > 0 && longer.length <= SCREEN_COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(`  ${signature}`);
  }
  return lines;
}

/** `-A, --protocol=FAMILY,...` */
function signature({ letter, names, argument }: OptionEntry): string {
  const words = names.map((name) => `--${name}`);
  if (letter !== undefined) words.unshift(`-${letter}`);
  const text = words.join(', ');
  if (argument === undefined) return text;
  if (names.length === 0) return `${text} ${argumentText(argument)}`;
  if (argument.optional !== undefined) return `${text}[=${argument.name}]`;
  return `${text}=${argument.name}${argument.isList ? ',...' : ''}`;
}
