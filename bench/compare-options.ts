import { parseArgs } from 'node:util';
import type { Help } from './options.ts';
import { parsed, UsageError } from './usage-error.ts';

export const COMPARE_USAGE = `usage: npm run bench:compare -- FIRST.json SECOND.json [--fail-over RATIO]
       npm run bench:compare -- --help

  --fail-over RATIO  exit code 1 when something of ours is worse by more than that, 1.1 for instance, beyond the noise,
                     or has not run in the second result, or when no figure of ours could be judged
`;

/** What a command line asks for. */
export type CompareLine = Help | CompareOptions;

export interface CompareOptions {
  readonly kind: 'compare';
  readonly first: string;
  readonly second: string;
  readonly failOver: number | undefined;
}

/** Throws a UsageError that says what is wrong with the arguments. */
export function parseCompareOptions(argv: readonly string[]): CompareLine {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...argv],
      options: { 'fail-over': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    }),
  );
  if (values.help === true) return { kind: 'help' };
  const [first, second, more] = positionals;
  if (first === undefined || second === undefined || more !== undefined) {
    throw new UsageError(`want two results, not ${positionals.length}`);
  }
  const ratio = values['fail-over'];
  const failOver = ratio === undefined ? undefined : Number(ratio);
  if (failOver !== undefined && !(failOver >= 1))
    throw new UsageError(`--fail-over ${ratio}: want a ratio from 1`);
  return { kind: 'compare', first, second, failOver };
}
