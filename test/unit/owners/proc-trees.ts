import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { Turn } from '../../../src/turn.ts';

/** A process made of files: what its descriptors lead to, by number, and its files by name. */
export interface TreeProcess {
  readonly fd?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Descriptors of further threads, by thread id. */
  readonly task?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const roots: string[] = [];

/** A /proc made of files; gone with `removeTrees`. */
export function procTree(processes: Readonly<Record<string, TreeProcess>>): ProcRoot {
  const root = mkdtempSync(join(tmpdir(), 'sockscope-owners-'));
  roots.push(root);
  for (const [pid, process] of Object.entries(processes)) addProcess(root, pid, process);
  return new ProcRoot(root);
}

export function addProcess(root: string, pid: string, { fd = {}, files = {}, task = {} }: TreeProcess): void {
  const directory = join(root, pid);
  addLinks(join(directory, 'fd'), fd);
  for (const [name, content] of Object.entries(files)) addFile(join(directory, name), content);
  if (Object.keys(task).length === 0) return;
  addLinks(join(directory, 'task', pid, 'fd'), fd);
  for (const [thread, links] of Object.entries(task)) addLinks(join(directory, 'task', thread, 'fd'), links);
}

export function removeTrees(): void {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
}

/** The text of /proc/<pid>/stat. */
export function statOf(
  pid: number,
  start: number,
  { state = 'S', threads = 1, name = 'a name' } = {},
): string {
  const before = [1, 1, 1, 0, -1, 4194560, 1, 0, 0, 0, 1, 2, 0, 0, 20, 0];
  return `${pid} (${name}) ${state} ${before.join(' ')} ${threads} 0 ${start} 1000 200\n`;
}

/** What a caller lends; `signal` never aborts. */
export function context(
  fields: { signal?: AbortSignal; maxBytes?: number; turn?: Turn; threads?: number } = {},
) {
  return { signal: new AbortController().signal, maxBytes: 2 ** 30, turn: new Turn(), threads: 1, ...fields };
}

function addLinks(directory: string, links: Readonly<Record<string, string>>): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(directory, name));
}

function addFile(path: string, content: string | Uint8Array): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}
