import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { run } from '../cli/in-process.ts';
import { runShipped } from '../cli/shipped.ts';
import { optionsOf, readable } from './synthetic-comparison.ts';
import {
  type CommandLine,
  netstat,
  type Outcome,
  runOn,
  type SyntheticHost,
  sockscope,
} from './synthetic-proc.ts';

/** Files of /proc/net by name: byte strings, or symbolic links. */
export type Tree = Readonly<Record<string, string | { readonly link: string }>>;

/** A tree, and what is asked of it. */
export interface Question {
  readonly tree: Tree;
  /** Lines of options. */
  readonly lines: readonly string[];
  /** What a failure shows beside the difference. */
  readonly note?: string;
}

type Rest = Omit<SyntheticHost, 'net'>;

/** Compares both programs, as they are installed, on many trees. */
export function compareTrees(questions: readonly Question[], rest: Rest = {}): void {
  const asked = flat(questions);
  const host = { ...rest, net: trees(questions), links: links(questions) };
  const theirs = asked.map(({ index, line }) => onTree(index, netstat(optionsOf(line))));
  const ours = asked.map(({ index, line }) => onTree(index, sockscope(optionsOf(line))));
  const outcomes = runOn(host, [...theirs, ...ours]);
  for (const [at, { line, note }] of asked.entries()) {
    expect(readable(line, outcomes[asked.length + at]!), note).toEqual(readable(line, outcomes[at]!));
  }
}

/** What netstat says of a tree, and what we say. */
export function outcomesOn(tree: Tree, line: string): Outcome[] {
  const host = { net: trees([{ tree, lines: [] }]) };
  return runOn(
    host,
    [netstat, sockscope].map((program) => onTree(0, program(optionsOf(line)))),
  );
}

/** As `compareTrees`, ours in this process: for many trees, and lines that look no name up. */
export async function compareTreesHere(questions: readonly Question[], rest: Rest = {}): Promise<void> {
  const asked = flat(questions);
  const outcomes = runOn(
    { ...rest, net: trees(questions), links: links(questions) },
    asked.map(({ index, line }) => onTree(index, netstat(optionsOf(line)))),
  );
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-routes-'));
  try {
    for (const [name, bytes] of Object.entries(trees(questions))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    for (const [name, target] of Object.entries(links(questions))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      rmSync(join(folder, name));
      symlinkSync(target, join(folder, name));
    }
    for (const [at, { index, line, note }] of asked.entries()) {
      const ours = await runHere(optionsOf(line), join(folder, 'trees', String(index)));
      expect(readable(line, ours), note).toEqual(readable(line, outcomes[at]!));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runHere(words: readonly string[], netDirectory: string): Promise<Outcome> {
  const { status, stdout, stderr } =
    runShipped(words, netDirectory) ?? (await run(words, {}, { netDirectory }));
  const plain = (text: string): string => text.replaceAll(netDirectory, '/proc/net');
  return { code: status ?? -1, stdout: plain(stdout), stderr: plain(stderr) };
}

function flat(questions: readonly Question[]): { index: number; line: string; note: string | undefined }[] {
  return questions.flatMap(({ lines, note }, index) => lines.map((line) => ({ index, line, note })));
}

function trees(questions: readonly Question[]): Record<string, Uint8Array> {
  const net: Record<string, Uint8Array> = {};
  for (const [index, { tree }] of questions.entries()) {
    net[`trees/${index}/none`] = new Uint8Array(0);
    for (const [name, content] of Object.entries(tree)) {
      const text = typeof content === 'string' ? content : '';
      net[`trees/${index}/${name}`] = Buffer.from(text, 'latin1');
    }
  }
  return net;
}

function links(questions: readonly Question[]): Record<string, string> {
  const links: Record<string, string> = {};
  for (const [index, { tree }] of questions.entries()) {
    for (const [name, content] of Object.entries(tree)) {
      if (typeof content !== 'string') links[`trees/${index}/${name}`] = content.link;
    }
  }
  return links;
}

/** A command line in a /proc/net that is the tree of that number. */
function onTree(index: number, line: CommandLine): CommandLine {
  const place = `test -d /proc/trees || { mv /proc/net/trees /proc/trees; rmdir /proc/net; }; ln -sfn /proc/trees/${index} /proc/net`;
  return ['sh', '-c', `${place}; exec "$@"`, 'sh', ...line];
}
