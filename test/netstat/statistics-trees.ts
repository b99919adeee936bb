import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { run } from '../cli/in-process.ts';
import { runShipped } from '../cli/shipped.ts';
import { optionsOf, readable } from './synthetic-comparison.ts';
import { runOn } from './synthetic-proc.ts';

/** Files of /proc/net by name. Of a file that is a directory: null. */
export type Tree = Readonly<Record<string, string | Uint8Array | null>>;

/** A tree and the lines of options that it is shown with. */
export interface Comparison {
  readonly tree: Tree;
  readonly lines: readonly string[];
}

/**
 * Compares what netstat says of many trees with what this program does: netstat in a namespace, with one tree after the other
 * as its /proc/net, ours in this process. `label` says which run of a generator this is.
 */
export async function compareTrees(comparisons: readonly Comparison[], label = ''): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-trees-'));
  try {
    for (const [index, { tree }] of comparisons.entries()) writeTree(join(folder, String(index)), tree);
    const runs = comparisons.flatMap(({ lines }, index) => lines.map((line) => ({ index, line })));
    const expected = runOn(
      { net: {} },
      runs.map(({ index, line }) => ['sh', '-c', netstatIn(join(folder, String(index)), line)]),
    );
    for (const [place, { index, line }] of runs.entries()) {
      const directory = join(folder, String(index));
      const words = optionsOf(line);
      const ours = runShipped(words, directory) ?? (await run(words, {}, { netDirectory: directory }));
      const stderr = ours.stderr.replaceAll(directory, '/proc/net');
      const found = { stdout: ours.stdout, stderr, code: ours.status ?? -1 };
      const name = `${label} tree ${index}: ${JSON.stringify(comparisons[index]!.tree).slice(0, 4000)}`;
      expect(readable(line, found), name).toEqual(readable(line, expected[place]!));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function netstatIn(directory: string, line: string): string {
  return `mount --bind ${directory} /proc/net && netstat ${line}; code=$?; umount /proc/net; exit $code`;
}

function writeTree(root: string, tree: Tree): void {
  mkdirSync(root);
  for (const [name, content] of Object.entries(tree)) {
    const path = join(root, name);
    mkdirSync(content === null ? path : dirname(path), { recursive: true });
    if (content !== null)
      writeFileSync(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
  }
}

/** A pair of lines of /proc/net/snmp. */
export function pair(title: string, counters: Readonly<Record<string, bigint | number | string>>): string {
  const names = Object.keys(counters).join(' ');
  return `${title}: ${names}\n${title}: ${Object.values(counters).join(' ')}\n`;
}

/** Lines of /proc/net/snmp6, or of /proc/net/sctp/snmp. */
export function nameValueLines(counters: Readonly<Record<string, bigint | number | string>>): string {
  return Object.entries(counters)
    .map(([name, value]) => `${name.padEnd(32)}\t${value}\n`)
    .join('');
}
