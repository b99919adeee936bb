import { OWNER_SCANS } from '../owners/owner-scan.ts';
import { SOURCES } from '../source/source.ts';
import type { CommandRequest } from './command-request.ts';

/** What our own options set. */
export type OwnSettings = Pick<
  CommandRequest,
  'source' | 'owners' | 'threads' | 'procRoot' | 'periodMs' | 'resolveTimeoutMs'
>;

/** What is wrong with an argument, in words. */
interface Mistake {
  readonly mistake: string;
}

/** A number of seconds, of up to eleven days: many more would not fit a timer. */
export const SECONDS = /^(\d{1,6}(\.\d{1,3})?|\.\d{1,3})$/;
const DEFAULT_PERIOD = '1';
const DEFAULT_RESOLVE_TIMEOUT = '5';

const SOURCE_WORDS = ['auto', ...SOURCES] as const;
const OWNERS_WORDS = ['auto', ...OWNER_SCANS, 'none'] as const;
const THREAD_WORDS = ['auto', '1', '2'] as const;

/** The arguments (byte strings) by their options; `preferences`: environment variables that stand for options. */
export function settleOwn(
  own: ReadonlyMap<string, string>,
  preferences: Readonly<Record<string, string | undefined>>,
): OwnSettings | Mistake {
  const source = preferred(own, 'source', preferences.SOCKSCOPE_SOURCE, SOURCE_WORDS);
  if (typeof source === 'object') return source;
  const owners = preferred(own, 'owners', preferences.SOCKSCOPE_OWNERS, OWNERS_WORDS);
  if (typeof owners === 'object') return owners;
  const threads = own.get('threads') ?? 'auto';
  if (!isOneOf(threads, THREAD_WORDS)) return wrongWord('--threads', threads, THREAD_WORDS);
  const root = own.get('proc');
  if (root === '') return { mistake: '--proc needs the path of a folder' };
  const period = own.get('period') ?? DEFAULT_PERIOD;
  if (!SECONDS.test(period) || Number(period) === 0) return wrongSeconds('--continuous', period);
  const timeout = own.get('resolve-timeout') ?? DEFAULT_RESOLVE_TIMEOUT;
  if (!SECONDS.test(timeout)) return wrongSeconds('--resolve-timeout', timeout);
  return {
    source,
    owners,
    threads: threads === 'auto' ? threads : threads === '1' ? 1 : 2,
    procRoot: root === undefined ? undefined : Buffer.from(root, 'latin1').toString(),
    periodMs: Number(period) * 1000,
    resolveTimeoutMs: Number(timeout) * 1000,
  };
}

/** The word of one of our options; else of its environment variable, where that is set; else `auto`. */
function preferred<Word extends string>(
  own: ReadonlyMap<string, string>,
  option: 'source' | 'owners',
  preference: string | undefined,
  words: readonly (Word | 'auto')[],
): Word | 'auto' | Mistake {
  const named = own.get(option);
  const word = named ?? (preference || 'auto');
  if (isOneOf(word, words)) return word;
  return wrongWord(named === undefined ? `SOCKSCOPE_${option.toUpperCase()}` : `--${option}`, word, words);
}

function isOneOf<T extends string>(word: string, words: readonly T[]): word is T {
  return words.includes(word as T);
}

function wrongWord(option: string, word: string, words: readonly string[]): Mistake {
  return { mistake: `${option} takes ${words.join(', ')}, not '${word}'` };
}

function wrongSeconds(option: string, word: string): Mistake {
  return { mistake: `${option} takes a number of seconds, not '${word}'` };
}
