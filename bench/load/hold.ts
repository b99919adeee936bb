import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tools } from '../contract.ts';

export interface Load {
  /** A process inside the load's user and network namespaces. */
  readonly pid: number;
  /** What the load said of itself: sockets, processes, milliseconds it took. */
  readonly words: string;
  /** Ends the load; resolves when its sockets are gone, at the latest after 5 s. */
  end(): Promise<void>;
}

/** The load ends by itself after this, whatever becomes of the runner. */
const LONGEST_SECONDS = 1800;

/** Sockets, established or not, that the kernel holds for TCP in all network namespaces. Kernel: `alloc` of sockstat. */
export function tcpSocketsOnHost(): number {
  const match = /^TCP: .*\balloc (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'latin1'));
  return Number(match?.[1] ?? 0);
}

/** Starts the load in namespaces of its own; resolves when every socket is there. */
export async function holdSockets(tools: Tools, sockets: number): Promise<Load> {
  const before = tcpSocketsOnHost();
  const child = spawn('unshare', ['-Urn', tools.holdSockets, String(sockets), String(LONGEST_SECONDS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), exited]);
  if (!Buffer.isBuffer(line)) throw new Error(`the load ended early (${child.exitCode ?? child.signalCode})`);
  return {
    pid: child.pid!,
    words: line.toString().trim().replace('ready ', ''),
    async end() {
      child.stdin.end();
      await exited;
      for (let tries = 0; tries < 100 && tcpSocketsOnHost() > before + sockets / 100; tries += 1)
        await sleep(50);
    },
  };
}
