import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tools } from './contract.ts';

const sources: Readonly<Record<keyof Tools, readonly string[]>> = {
  holdSockets: ['load/hold-sockets.c', 'load/connections.c'],
  runInside: ['load/run-inside.c'],
  drainDump: ['limits/drain-dump.c'],
  walkFd: ['limits/walk-fd.c'],
  walkBpf: ['limits/walk-bpf.c'],
};

/** Compiles the C programs into a temporary folder, which `dispose` removes. Throws when there is no compiler. */
export function compileTools(): { readonly tools: Tools; readonly dispose: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-bench-'));
  const compile = (name: keyof Tools): string => {
    const program = join(folder, name);
    const files = sources[name].map((file) => fileURLToPath(new URL(file, import.meta.url)));
    execFileSync('cc', ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-pthread', '-o', program, ...files], {
      stdio: 'inherit',
    });
    return program;
  };
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const tools = {
      holdSockets: compile('holdSockets'),
      runInside: compile('runInside'),
      drainDump: compile('drainDump'),
      walkFd: compile('walkFd'),
      walkBpf: compile('walkBpf'),
    };
    return { tools, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
