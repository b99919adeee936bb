import { expect } from 'vitest';
import { netstat, type Outcome, runOn, type SyntheticHost, sockscope } from './synthetic-proc.ts';

/** Runs both programs with each line of options and compares all that they say: stdout, stderr, exit code. */
export function compare(host: SyntheticHost, lines: readonly string[]): void {
  const words = lines.map(optionsOf);
  const outcomes = runOn(host, [...words.map(netstat), ...words.map(sockscope)]);
  for (const [index, line] of lines.entries()) {
    const expected = readable(line, outcomes[index]!);
    const found = readable(line, outcomes[lines.length + index]!);
    expect(found).toEqual(expected);
  }
}

/** The words of a line of options; blanks part them. */
export function optionsOf(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}

/** By lines, so that a difference is shown as the lines that differ. */
export function readable(options: string, { stdout, stderr, code }: Outcome): object {
  return { options, code, stderr: stderr.split('\n'), stdout: stdout.split('\n') };
}
