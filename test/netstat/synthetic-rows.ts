import { parseAddress } from '../../src/socket/address.ts';

/** A line of /proc/net/{tcp,udp,udplite,raw}{,6}; what is left out is 0. */
export interface InetLine {
  /** `address port`, such as `10.0.0.1 80`: IPv6 text makes it a line of the `6` file. */
  readonly local: string;
  readonly remote?: string;
  readonly state?: number;
  readonly sendQ?: number;
  readonly recvQ?: number;
  readonly timer?: number;
  /** Clock ticks left on the timer. */
  readonly ticks?: number;
  readonly retrans?: number;
  readonly uid?: number;
  readonly probes?: number;
  readonly inode?: number;
}

const INET_HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

/** A file of /proc/net; a string is taken as a line of its own. */
export function inetFile(lines: readonly (InetLine | string)[]): string {
  const text = lines.map((line, slot) => (typeof line === 'string' ? line : inetLine(line, slot)));
  return [INET_HEADER, ...text].map((line) => `${line.padEnd(149)}\n`).join('');
}

export function inetLine(line: InetLine, slot = 0): string {
  const { local, remote = local.includes(':') ? ':: 0' : '0.0.0.0 0' } = line;
  const timer = `${hex(line.timer ?? 0, 2)}:${hex(line.ticks ?? 0, 8)}`;
  const queues = `${hex(line.sendQ ?? 0, 8)}:${hex(line.recvQ ?? 0, 8)}`;
  const uid = String(line.uid ?? 0).padStart(5);
  const probes = String(line.probes ?? 0).padStart(8);
  const head = `${String(slot).padStart(4)}: ${endpoint(local)} ${endpoint(remote)} ${hex(line.state ?? 1, 2)}`;
  const tail = `${hex(line.retrans ?? 0, 8)} ${uid} ${probes} ${line.inode ?? 0} 1 0000000000000000 20 4 30 10 -1`;
  return `${head} ${queues} ${timer} ${tail}`;
}

/** As the kernel prints an address: each 32-bit word in host order. */
function endpoint(text: string): string {
  const [address = '', port = '0'] = text.split(' ');
  const bytes = new Uint8Array(16);
  if (parseAddress(address, bytes, 0) === undefined) throw new Error(`not an address: ${text}`);
  const words: string[] = [];
  for (let at = address.includes(':') ? 0 : 12; at < 16; at += 4) {
    words.push(hex(new DataView(bytes.buffer).getUint32(at, true), 8));
  }
  return `${words.join('')}:${hex(Number(port), 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

/** A line of /proc/net/unix. */
export interface UnixLine {
  readonly refs?: number;
  readonly protocol?: number;
  readonly flags?: number;
  readonly type?: number;
  readonly state?: number;
  readonly inode?: number;
  readonly path?: string;
}

/** A file of /proc/net/unix; a string is taken as a line of its own. */
export function unixFile(lines: readonly (UnixLine | string)[]): string {
  const text = lines.map((line) => {
    if (typeof line === 'string') return line;
    const { refs = 2, protocol = 0, flags = 0, type = 1, state = 1, inode = 0, path } = line;
    const numbers = `${hex(refs, 8)} ${hex(protocol, 8)} ${hex(flags, 8)} ${hex(type, 4)} ${hex(state, 2)}`;
    return `0000000000000000: ${numbers} ${String(inode).padStart(5)}${path === undefined ? '' : ` ${path}`}`;
  });
  return ['Num       RefCount Protocol Flags    Type St Inode Path', ...text]
    .map((line) => `${line}\n`)
    .join('');
}
