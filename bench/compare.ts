import { COMPARE_USAGE, parseCompareOptions } from './compare-options.ts';
import { changesBetween, isWorseThan, whyNothingJudged } from './comparison.ts';
import { comparisonReport } from './comparison-report.ts';
import type { Result } from './result.ts';
import { readResult } from './result-file.ts';
import { endWithStandardOutput } from './standard-output.ts';
import { UsageError } from './usage-error.ts';
import { inWords, unmatched } from './vanished.ts';

/** Exit code 1 where --fail-over says so, 2 for arguments and files that are none. */
function main(argv: readonly string[]): number {
  const line = parseCompareOptions(argv);
  if (line.kind === 'help') {
    process.stdout.write(COMPARE_USAGE);
    return 0;
  }
  const [earlier, later] = [readResult(line.first), readResult(line.second)];
  process.stdout.write(`${comparisonReport(earlier, later)}\n`);
  const failures = failuresBetween(earlier, later, line.failOver);
  for (const words of failures) process.stderr.write(`compare: ${words}\n`);
  return line.failOver === undefined || failures.length === 0 ? 0 : 1;
}

/** What fails by that ratio, in words; without one, only that nothing could have failed. */
function failuresBetween(earlier: Result, later: Result, failOver: number | undefined): string[] {
  const changes = changesBetween(earlier, later);
  const unjudged = whyNothingJudged(changes);
  const nothing = unjudged === undefined ? [] : [`nothing of ours could be judged: ${unjudged}`];
  if (failOver === undefined) return nothing;
  const worse = changes.filter((change) => isWorseThan(failOver, change));
  const lost = unmatched(earlier, later).filter(({ isLoss }) => isLoss);
  return [
    ...worse.map(
      ({ name, scenario, figure, ratio }) => `${name}, ${scenario}, ${figure}: ${ratio.toFixed(2)} times`,
    ),
    ...lost.map(inWords),
    ...nothing,
  ];
}

endWithStandardOutput('compare');
try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError ? COMPARE_USAGE : '';
  process.exitCode = 2;
  process.stderr.write(`compare: ${(error as Error).message}\n${usage}`);
}
