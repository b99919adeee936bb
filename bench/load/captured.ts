import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Load, Scene, Tools } from '../contract.ts';
import { holdSockets } from './hold.ts';

/** Where the load's /proc/net/tcp and tcp6 lie as files, under net/: beside the C programs. */
export function capturedRoot({ tools, load }: Scene): string {
  return join(dirname(tools.holdSockets), `captured-${load.pid}`);
}

/** Connections, whose tables are copied once into a folder of their own: what is read from there costs the kernel nothing. */
export async function holdAndCapture(
  tools: Tools,
  sockets: number,
  processes: number | undefined,
): Promise<Load> {
  const load = await holdSockets(tools, sockets, processes);
  const root = capturedRoot({ tools, load });
  const end = async (): Promise<void> => {
    rmSync(root, { recursive: true, force: true });
    await load.end();
  };
  try {
    mkdirSync(join(root, 'net'), { recursive: true });
    const copy = ['cp', '/proc/net/tcp', '/proc/net/tcp6', join(root, 'net')];
    execFileSync(tools.runInside, [`${load.pid}`, ...copy], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    return { ...load, end };
  } catch (error) {
    await end();
    throw error;
  }
}
