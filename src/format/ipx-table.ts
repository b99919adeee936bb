import type { IpxSocket } from '../kernel-tables/ipx-sockets.ts';

export function ipxHeading(extend: boolean): string {
  const columns = 'Proto Recv-Q Send-Q Local Address              Foreign Address            State';
  return `Active IPX sockets\n${columns}${extend ? ' User' : ''}\n`;
}

/** TCP_* numbers, as far as IPX has them. */
const STATES: Readonly<Record<number, string>> = { 1: 'ESTAB', 7: '' };

/** A row: a byte string. `user`: what -e adds. As netstat has it, the queue to be sent stands under Recv-Q. */
export function ipxLine({ sendQ, recvQ, local, remote, state }: IpxSocket, user: string | undefined): string {
  const queues = `${String(sendQ).padStart(6)} ${String(recvQ).padStart(6)}`;
  const ends = `${local.padEnd(26)} ${remote.padEnd(26)}`;
  const word = (STATES[state] ?? 'UNK.').padEnd(5);
  return `IPX   ${queues} ${ends} ${word}${user === undefined ? '' : ` ${user.padEnd(10)}`}\n`;
}
