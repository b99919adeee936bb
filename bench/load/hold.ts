import { setTimeout as sleep } from 'node:timers/promises';
import type { Load, Scenario, Tools } from '../contract.ts';
import { startInNamespaces } from './namespaces.ts';
import { socketsOnHost } from './sockets-on-host.ts';

/** The load ends by itself after this, whatever becomes of the runner. */
const LONGEST_SECONDS = 3600;

/** Connections, with so many listeners beside them: at ports from 2000 on. */
export function withListeners(listeners: number): NonNullable<Scenario['load']> {
  return (tools, sockets, processes) => hold(tools, sockets, processes, String(listeners));
}

/** Sockets of that kind, and no connections: see bench/load/bound.h. */
export function bound(kind: 'unix' | 'udp'): NonNullable<Scenario['load']> {
  return async (tools, sockets, processes) => {
    const { churn: _onlyConnections, ...load } = await hold(tools, sockets, processes, kind);
    return load;
  };
}

/**
 * Starts a load of established connections in namespaces of its own; resolves when every socket is there. `processes`: as
 * few as can, if undefined.
 */
export function holdSockets(tools: Tools, sockets: number, processes?: number): Promise<Load> {
  return hold(tools, sockets, processes, '0');
}

/** `besides`: the last argument of hold-sockets. */
async function hold(
  tools: Tools,
  sockets: number,
  processes: number | undefined,
  besides: string,
): Promise<Load> {
  const before = socketsOnHost('tcp');
  const shared = String(Math.min(processes ?? 0, sockets / 2));
  const command = [tools.holdSockets, String(sockets), String(LONGEST_SECONDS), shared, besides];
  const load = await startInNamespaces(command);
  return {
    words: (await load.line()).replace('ready ', ''),
    pid: load.pid,
    churn(percent) {
      load.say(`churn ${percent}\n`);
      return load.line();
    },
    async end() {
      await load.end();
      for (let tries = 0; tries < 100 && socketsOnHost('tcp') > before + sockets / 100; tries += 1)
        await sleep(50);
    },
  };
}
