import { absolutePath } from '../absolute-path.ts';
import { argumentBytes } from '../format/netstat-quirks.ts';
import type { CommandRequest } from './command-request.ts';
import { getoptLong, type LongOption, type OptionEvent } from './getopt-long.ts';
import { settleOwn } from './own-settings.ts';

/** What `doctor` is asked for. */
export interface DoctorRequest extends Pick<CommandRequest, 'source' | 'owners'> {
  readonly json: boolean;
  /** Absolute; undefined: this process's own. */
  readonly procRoot: string | undefined;
}

/** `usage`: of a mistake where there is a message, else because it was asked for. */
export type DoctorOutcome =
  | { readonly kind: 'request'; readonly request: DoctorRequest }
  | { readonly kind: 'usage'; readonly message?: string | undefined };

export const DOCTOR_USAGE = `usage: sockscope doctor [--json] [--proc DIR] [--source SOURCE] [--owners SCAN]   what this host tells, and why not more
`;

const NAMES: readonly LongOption[] = [
  { name: 'json', takesArgument: false, value: 'json' },
  { name: 'proc', takesArgument: true, value: 'proc' },
  { name: 'source', takesArgument: true, value: 'source' },
  { name: 'owners', takesArgument: true, value: 'owners' },
  { name: 'help', takesArgument: false, value: 'h' },
];

/** Reads the words after `doctor`; environment variables stand for options, as they do for the command itself. */
export function parseDoctorWords(
  words: readonly string[],
  program: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): DoctorOutcome {
  const given = new Map<string, string>();
  const operand = (word: string): OptionEvent => ({
    kind: 'error',
    message: `${program}: what is '${word}'?`,
  });
  const tables = { letters: 'h', names: NAMES, operand };
  for (const event of getoptLong(words.map(argumentBytes), tables, { program, posixlyCorrect: false })) {
    if (event.kind === 'error') return { kind: 'usage', message: event.message };
    const key = event.kind === 'letter' ? event.letter : event.option.value;
    if (key === 'h') return { kind: 'usage' };
    given.set(key, event.argument);
  }
  const own = settleOwn(given, environment);
  if ('mistake' in own) return { kind: 'usage', message: `${program}: ${own.mistake}` };
  const { source, owners, procRoot } = own;
  const root = procRoot === undefined ? undefined : absolutePath(procRoot);
  return { kind: 'request', request: { source, owners, json: given.has('json'), procRoot: root } };
}
