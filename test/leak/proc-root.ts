import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that looks like /proc as far as an owner scan by procfd looks. */
export interface HandMadeProc {
  readonly path: string;
  remove(): void;
}

/** Of the n-th process (pid n): clock ticks from boot to its start. */
export const startOf = (pid: number): number => 1000 + pid;
/** Of the n-th process's descriptor: the inode of its socket. */
export const inodeOf = (pid: number, fd: number): number => pid * 10_000 + fd;

/** Processes 1, 2, ... with so many sockets each, at descriptors 0, 1, ...; any user may read it. */
export function handMadeProc(processes: number, sockets: number): HandMadeProc {
  const path = mkdtempSync(join(tmpdir(), 'sockscope-proc-'));
  chmodSync(path, 0o755);
  for (let pid = 1; pid <= processes; pid++) {
    const process = join(path, String(pid));
    mkdirSync(join(process, 'fd'), { recursive: true });
    writeFileSync(join(process, 'stat'), statLine(pid));
    for (let fd = 0; fd < sockets; fd++)
      symlinkSync(`socket:[${inodeOf(pid, fd)}]`, join(process, 'fd', String(fd)));
  }
  return { path, remove: () => rmSync(path, { recursive: true }) };
}

/** Fields 1 to 52 of /proc/<pid>/stat; the 20th are the threads, the 22nd is the start. */
function statLine(pid: number): string {
  const zeros = (count: number) => new Array<number>(count).fill(0);
  return [pid, '(made by hand)', 'S', 1, pid, pid, ...zeros(13), 1, 0, startOf(pid), ...zeros(30)].join(' ');
}
