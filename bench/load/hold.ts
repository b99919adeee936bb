import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load, Tools } from '../contract.ts';

/** The load ends by itself after this, whatever becomes of the runner. */
const LONGEST_SECONDS = 3600;

/** Sockets, established or not, that the kernel holds for TCP in all network namespaces. Kernel: `alloc` of sockstat. */
export function tcpSocketsOnHost(): number {
  const match = /^TCP: .*\balloc (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'latin1'));
  return Number(match?.[1] ?? 0);
}

/** Starts the load in namespaces of its own; resolves when every socket is there. `processes`: as few as can, if undefined. */
export async function holdSockets(tools: Tools, sockets: number, processes?: number): Promise<Load> {
  const before = tcpSocketsOnHost();
  const shared = processes === undefined ? [] : [String(Math.min(processes, sockets / 2))];
  const command = [tools.holdSockets, String(sockets), String(LONGEST_SECONDS), ...shared];
  const child = spawn('unshare', ['-Urn', ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the load ended early (${child.exitCode ?? child.signalCode})`);
    return line.value;
  };
  return {
    words: (await answer()).replace('ready ', ''),
    pid: child.pid!,
    churn(percent) {
      child.stdin.write(`churn ${percent}\n`);
      return answer();
    },
    async end() {
      child.stdin.end();
      await exited;
      for (let tries = 0; tries < 100 && tcpSocketsOnHost() > before + sockets / 100; tries += 1)
        await sleep(50);
    },
  };
}
