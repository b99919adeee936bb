import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What each program is made of. */
const sources = {
  holdSockets: ['load/hold-sockets.c', 'load/connections.c', 'load/bound.c'],
  runInside: ['load/run-inside.c'],
  drainDump: ['limits/drain-dump.c'],
  walkFd: ['limits/walk-fd.c'],
  walkBpf: ['limits/walk-bpf.c'],
  walkTcpBpf: ['limits/walk-tcp-bpf.c'],
  walkTcpTable: ['limits/walk-tcp-table.c'],
  formatRows: ['limits/format-rows.c'],
  echoServer: ['load/echo-server.c'],
  echoClient: ['load/echo-client.c'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The C programs of bench/load and bench/limits, compiled for this run: name to path. */
export type Tools = Readonly<Record<keyof typeof sources, string>>;

/** Compiles one of them into a folder; gives its path. Throws when there is no compiler. */
export function compileTool(name: keyof Tools, folder: string): string {
  const program = join(folder, name);
  const files = sources[name].map((file) => fileURLToPath(new URL(file, import.meta.url)));
  execFileSync('cc', ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-pthread', '-o', program, ...files], {
    stdio: 'inherit',
  });
  return program;
}

/**
 * Compiles the C programs into a temporary folder. `dispose` removes it and what scenarios have put there; so does the end of
 * the process, by a signal too. Throws when there is no compiler.
 */
export function compileTools(): { readonly tools: Tools; readonly dispose: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-bench-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', dispose);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  try {
    const names = Object.keys(sources) as (keyof Tools)[];
    const tools = Object.fromEntries(names.map((name) => [name, compileTool(name, folder)])) as Tools;
    return { tools, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
