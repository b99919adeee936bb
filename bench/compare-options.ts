import { parseArgs } from 'node:util';
import { parsed, UsageError } from './usage-error.ts';

export const COMPARE_USAGE = `usage: npm run bench:compare -- FIRST.json SECOND.json [--fail-over RATIO]

  --fail-over RATIO  exit code 1 when something of ours is worse by more than that, 1.1 for instance, beyond the noise,
                     or has not run in the second result
`;

export interface CompareOptions {
  readonly first: string;
  readonly second: string;
  readonly failOver: number | undefined;
}

/** Throws a UsageError that says what is wrong with the arguments. */
export function parseCompareOptions(argv: readonly string[]): CompareOptions {
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...argv],
      options: { 'fail-over': { type: 'string' } },
      allowPositionals: true,
    }),
  );
  const [first, second, more] = positionals;
  if (first === undefined || second === undefined || more !== undefined) {
    throw new UsageError(`want two results, not ${positionals.length}`);
  }
  const ratio = values['fail-over'];
  const failOver = ratio === undefined ? undefined : Number(ratio);
  if (failOver !== undefined && !(failOver >= 1))
    throw new UsageError(`--fail-over ${ratio}: want a ratio from 1`);
  return { first, second, failOver };
}
