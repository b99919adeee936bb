import type { Endpoint } from '../kernel/scene.ts';
import type { Row } from './capture.ts';

/** A socket by what every program shows of it: protocol, state and ends, or a unix socket's inode. */
export function seen(row: Row): string {
  if (row.protocol === 'unix') return `unix ${row.state} ${row.inode}`;
  const protocol = row.family === 'inet6' ? `${row.protocol}6` : row.protocol;
  return `${protocol} ${row.state} ${end(row.local)} ${end(row.remote)}`;
}

const STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: 'established',
  ESTAB: 'established',
  SYN_SENT: 'syn-sent',
  SYN_RECV: 'syn-recv',
  FIN_WAIT1: 'fin-wait-1',
  FIN_WAIT2: 'fin-wait-2',
  LISTENING: 'listen',
  CONNECTED: 'established',
  CONNECTING: 'syn-sent',
  UNCONN: 'close',
  '': 'close',
  1: 'established',
  7: 'close',
};

/** The rows of `netstat -anW`. */
export function rowsOfNetstat(text: string): string[] {
  const inet = /^(tcp|udp|udpl|raw)(6?) +\d+ +\d+ (\S+) +(\S+) +(\S*) *$/;
  const unix = /^unix +\d+ +\[ .*?\] +\S+ +([A-Z]*) +(\d+) /;
  const rows: string[] = [];
  for (const line of text.split('\n')) {
    const [, protocol = '', six, local = '', remote = '', state = ''] = inet.exec(line) ?? [];
    const [, unixState, inode] = unix.exec(line) ?? [];
    const word = protocol === 'udpl' ? 'udplite' : protocol;
    if (protocol !== '') rows.push(`${word}${six} ${stateOf(state)} ${local} ${remote}`);
    else if (inode !== undefined) rows.push(`unix ${stateOf(unixState!)} ${inode}`);
  }
  return rows;
}

/** The rows of `ss -tuwxanH`. Its family shows in brackets, or in the star that stands for both. */
export function rowsOfSs(text: string): string[] {
  const inet = /^(tcp|udp|icmp|raw|\?\?\?) +(\S+) +\d+ +\d+ +(\S+) +(\S+) *$/;
  const unix = /^(?:.*u_\w+ +(\S+) .*? |.* )(\d+) +\* +(\d+) *$/;
  const rows: string[] = [];
  let unixState = '';
  for (const line of text.split('\n')) {
    const [, netid, state = '', local = '', remote = ''] = inet.exec(line) ?? [];
    unixState = /^u_\w+ +(\S+)/.exec(line)?.[1] ?? unixState;
    const inode = unix.exec(line)?.[2];
    if (netid !== undefined) rows.push(inetRowOfSs(netid, state, local, remote));
    else if (inode !== undefined) rows.push(`unix ${stateOf(unixState)} ${inode}`);
  }
  return rows;
}

function inetRowOfSs(netid: string, state: string, local: string, remote: string): string {
  const protocol = netid === 'tcp' || netid === 'udp' ? netid : 'raw';
  const six = local.startsWith('[') || local.startsWith('*') ? '6' : '';
  const place = (text: string): string =>
    text
      .replace(/^\*:/, '[::]:')
      .replace(/%\w+/, '')
      .replace(/^\[(.*)\]/, '$1')
      .replace(/^::ffff:(?=\d+\.)/, '');
  return `${protocol}${six} ${stateOf(state)} ${place(local)} ${place(remote)}`;
}

function stateOf(word: string): string {
  return STATES[word] ?? word.toLowerCase().replaceAll('_', '-');
}

function end(endpoint: Endpoint | undefined): string {
  const { address, port } = endpoint!;
  return `${address.replace(/^::ffff:(?=\d+\.)/, '')}:${port === 0 ? '*' : port}`;
}
