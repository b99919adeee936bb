import { COMPARE_USAGE, parseCompareOptions } from './compare-options.ts';
import { changesBetween, isWorseThan } from './comparison.ts';
import { comparisonReport } from './comparison-report.ts';
import { readResult } from './result-file.ts';
import { UsageError } from './usage-error.ts';
import { inWords, unmatched } from './vanished.ts';

/** Exit code 1 where --fail-over says so, 2 for arguments and files that are none. */
function main(argv: readonly string[]): number {
  const { first, second, failOver } = parseCompareOptions(argv);
  const [earlier, later] = [readResult(first), readResult(second)];
  process.stdout.write(`${comparisonReport(earlier, later)}\n`);
  if (failOver === undefined) return 0;
  const worse = changesBetween(earlier, later).filter((change) => isWorseThan(failOver, change));
  for (const { name, scenario, figure, ratio } of worse) {
    process.stderr.write(`compare: ${name}, ${scenario}, ${figure}: ${ratio.toFixed(2)} times\n`);
  }
  const lost = unmatched(earlier, later).filter(({ isLoss }) => isLoss);
  for (const one of lost) process.stderr.write(`compare: ${inWords(one)}\n`);
  return worse.length + lost.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError ? COMPARE_USAGE : '';
  process.stderr.write(`compare: ${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}
