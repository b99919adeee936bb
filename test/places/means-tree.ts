import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND } from './means.ts';

const HEADING =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const LINE_BYTES = 149;
const ROWS = 30_000;

export interface Run {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A /proc of files, which the command shows the same bytes of each time: more than any pipe holds. Remove it. */
export class TextTree {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sockscope-means-'));
  /** What `-tan` shows. */
  readonly expected: Buffer;

  constructor() {
    const net = join(this.folder, 'proc/net');
    mkdirSync(net, { recursive: true });
    const rows = Array.from({ length: ROWS }, (_, row) => lineOf(row).padEnd(LINE_BYTES));
    writeFileSync(join(net, 'tcp'), `${[HEADING.trimEnd().padEnd(LINE_BYTES), ...rows].join('\n')}\n`);
    writeFileSync(join(net, 'tcp6'), HEADING);
    writeFileSync(join(net, 'dev'), 'Inter-|\n face |bytes compressed\n');
    writeFileSync(join(net, 'snmp'), 'Tcp: InSegs\nTcp: 3\n');
    writeFileSync(join(net, 'route'), 'Iface\tDestination\tGateway\n');
    this.expected = this.run(this.words('-tan')).stdout;
    const lines = this.expected.toString().trimEnd().split('\n').length;
    if (lines !== ROWS + 2) throw new Error(`${lines} lines are shown of ${ROWS} rows`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What Node.js is started with, for a line of options. */
  words(line: string): string[] {
    const [first, ...others] = line.split(' ').filter(Boolean) as [string, ...string[]];
    const proc = `--proc=${join(this.folder, 'proc')}`;
    return first.startsWith('-') ? [COMMAND, proc, first, ...others] : [COMMAND, first, proc, ...others];
  }

  /** `stdout`: a descriptor, in place of a pipe. */
  run(args: readonly string[], stdout: 'pipe' | number = 'pipe'): Run {
    return ranBy(process.execPath, args, ['ignore', stdout, 'pipe']);
  }

  /** A script of the shell, in which "$@" is the command; `before`: words that start the shell. */
  shell(script: string, line: string, before: readonly string[] = []): Run {
    const args = ['-c', script, 'sh', process.execPath, ...this.words(line)];
    const [program, ...others] = [...before, 'bash', ...args] as [string, ...string[]];
    return ranBy(program, others, ['pipe', 'pipe', 'pipe']);
  }
}

function ranBy(program: string, args: readonly string[], stdio: ('ignore' | 'pipe' | number)[]): Run {
  const { status, stdout, stderr } = spawnSync(program, args, {
    stdio,
    maxBuffer: 2 ** 28,
    timeout: 25_000,
  });
  return { status, stdout, stderr: stderr.toString() };
}

function lineOf(row: number): string {
  const port = ((row % 65_535) + 1).toString(16).toUpperCase().padStart(4, '0');
  return `${String(row).padStart(4)}: 0100007F:${port} 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 ${100_000 + row} 1 0000000000000000 20 4 30 10 -1`;
}
