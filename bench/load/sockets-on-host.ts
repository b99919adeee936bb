import { readFileSync } from 'node:fs';

/** What a load holds. */
export type SocketKind = 'tcp' | 'udp' | 'unix';

/**
 * Sockets that a dump of that kind passes besides the load's, as far as the kernel tells: those of TCP in all network
 * namespaces, with those in TIME_WAIT of this one, which stand in the same table; of UDP and unix those of this one.
 */
export function socketsOnHost(kind: SocketKind, read: (file: string) => string = readNet): number {
  if (kind === 'unix') return unixSockets(read('protocols'));
  const sockstat = read('sockstat');
  if (kind === 'tcp') return field(sockstat, 'TCP', 'alloc') + field(sockstat, 'TCP', 'tw');
  return field(sockstat, 'UDP', 'inuse') + field(read('sockstat6'), 'UDP6', 'inuse');
}

/** "TCP: inuse 1 orphan 0 tw 0 alloc 38 mem 174". 0 where it is missing: a kernel without IPv6 has no sockstat6. */
function field(sockstat: string, protocol: string, name: string): number {
  const match = new RegExp(`^${protocol}: (?:.* )?${name} (\\d+)`, 'm').exec(sockstat);
  return Number(match?.[1] ?? 0);
}

/** "UNIX-STREAM 1152 2 ...": the third word, of streams and of the others. */
function unixSockets(protocols: string): number {
  const counts = [...protocols.matchAll(/^UNIX\S* +\d+ +(\d+)/gm)].map(([, count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}

function readNet(file: string): string {
  try {
    return readFileSync(`/proc/net/${file}`, 'latin1');
  } catch {
    return '';
  }
}
