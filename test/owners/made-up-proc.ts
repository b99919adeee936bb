import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TCP_HEADING } from '../regressions/tcp-text.ts';

/** A process of a /proc that is made by hand. What is absent has no file. */
export interface MadeUpProcess {
  readonly pid: string | number;
  /** What its descriptors lead to, by their names. */
  readonly fd?: Readonly<Record<string, string>>;
  /** Of its threads, by their ids. */
  readonly task?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly stat?: string;
  readonly cmdline?: string | Uint8Array;
  readonly comm?: string;
  readonly status?: string;
  readonly cgroup?: string;
}

/** The stat file of a process that began then. */
export function statOf(pid: number, start: number, comm = 'made up'): string {
  const zeros = (count: number): string => Array(count).fill('0').join(' ');
  return `${pid} (${comm}) S 1 ${zeros(15)} 1 0 ${start} ${zeros(30)}\n`;
}

/** A /proc in a folder of its own, with listening sockets of these inodes, and processes. */
export class MadeUpProc {
  readonly path: string = mkdtempSync(join(tmpdir(), 'sockscope-proc-'));

  constructor(inodes: readonly number[], processes: readonly MadeUpProcess[]) {
    mkdirSync(join(this.path, 'net'));
    writeFileSync(join(this.path, 'net/tcp'), TCP_HEADING + inodes.map(listener).join(''));
    for (const process of processes) this.#add(process);
  }

  /** A file of a process. */
  file(pid: number, name: string): string {
    return join(this.path, String(pid), name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #add({ pid, fd, task = {}, ...files }: MadeUpProcess): void {
    const directory = join(this.path, String(pid));
    mkdirSync(directory);
    if (fd !== undefined) linkAll(join(directory, 'fd'), fd);
    for (const [thread, links] of Object.entries(task)) {
      mkdirSync(join(directory, 'task', thread), { recursive: true });
      linkAll(join(directory, 'task', thread, 'fd'), links);
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  }
}

function linkAll(directory: string, links: Readonly<Record<string, string>>): void {
  mkdirSync(directory);
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(directory, name));
}

function listener(inode: number, index: number): string {
  const port = (1024 + index).toString(16).toUpperCase().padStart(4, '0');
  return `   ${index}: 0100007F:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0\n`;
}
