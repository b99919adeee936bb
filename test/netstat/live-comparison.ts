import type { Outcome, SceneDescription } from '../kernel/scene.ts';
import type { Combination } from './live-combinations.ts';

/** What a program wrote, bytes as characters. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export function printed({ stdout, stderr, status }: Outcome): Printed {
  return { stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1'), status };
}

/**
 * Timers run on between two programs: where a timer cell lies between the cells of netstat's runs before and after it,
 * it is written as netstat's first; else it is left, for the comparison to show. `netlink` allows for one thing more:
 * of a connection request netlink counts the SYN-ACKs sent again, /proc the time-outs, and one that waits for data
 * (TCP_DEFER_ACCEPT) lets time-outs pass in silence.
 */
export function settleTimers(before: Printed, own: Printed, after: Printed, netlink: boolean): Printed {
  const first = before.stdout.split('\n');
  const last = after.stdout.split('\n');
  const lines = own.stdout
    .split('\n')
    .map((line, index) => settleLine([first[index], line, last[index]], netlink));
  return { ...own, stdout: lines.join('\n') };
}

const TIMER = /^(.* )(off|on|keepalive|timewait|probe|on1|on2) \((\d+\.\d\d)\/(\d+)\/(\d+)\)$/s;

interface Cell {
  readonly row: string;
  readonly kind: string;
  readonly seconds: number;
  readonly retrans: number;
  readonly probes: number;
}

function settleLine(
  lines: readonly [string | undefined, string, string | undefined],
  netlink: boolean,
): string {
  const [first, own, last] = lines.map(cellOf);
  if (first === undefined || own === undefined || last === undefined) return lines[1];
  if (own.row !== first.row || own.row !== last.row) return lines[1];
  const silent = netlink && own.row.includes(' SYN_RECV ') && own.retrans <= first.retrans;
  const counted = silent ? { ...own, retrans: first.retrans } : own;
  return liesBetween(first, counted, last) ? lines[0]! : lines[1];
}

function cellOf(line: string | undefined): Cell | undefined {
  const [, row, kind, seconds, retrans, probes] = TIMER.exec(line ?? '') ?? [];
  if (row === undefined) return undefined;
  return { row, kind: kind!, seconds: Number(seconds), retrans: Number(retrans), probes: Number(probes) };
}

function liesBetween(first: Cell, own: Cell, last: Cell): boolean {
  const counters =
    within(first.retrans, own.retrans, last.retrans) && within(first.probes, own.probes, last.probes);
  if (!counters || ![first.kind, last.kind].includes(own.kind)) return false;
  const ranOn = first.kind === last.kind && first.retrans === last.retrans && first.seconds >= last.seconds;
  // A hundredth is netstat's own step, the clock tick of /proc; netlink counts milliseconds.
  return !ranOn || within(last.seconds - 0.011, own.seconds, first.seconds + 0.011);
}

function within(a: number, value: number, b: number): boolean {
  return Math.min(a, b) <= value && value <= Math.max(a, b);
}

/** What two runs of netstat must agree in before anything is compared with them. */
export function withoutTimers({ stdout, stderr, status }: Printed): Printed {
  const lines = stdout.split('\n').map((line) => TIMER.exec(line)?.[1] ?? line);
  return { stdout: lines.join('\n'), stderr, status };
}

/**
 * The departures this program makes on purpose: netstat's output as it would be had netstat printed unix names whole
 * and escaped. Seen: it ends a name at the first blank, writes control bytes as they are, and takes what follows a
 * newline for a line of its own, which it warns of.
 */
export function withWholeNames(netstat: Printed, scene: SceneDescription): Printed {
  const whole = new Map<number, string>();
  for (const { inode, path = '' } of scene.sockets) {
    const name = escaped(Buffer.from(path, 'hex'));
    if (name !== undefined) whole.set(inode, name);
  }
  const lines = netstat.stdout.split('\n').map((line) => {
    const [inode = ''] = line.startsWith('unix ') ? (/^\d+/.exec(line.slice(INODE_AT)) ?? []) : [];
    const name = whole.get(Number(inode));
    // An inode of more than eight digits makes its column wider.
    return name === undefined ? line : line.slice(0, INODE_AT + Math.max(8, inode.length) + 1) + name;
  });
  const stderr = netstat.stderr.replaceAll('warning, got bogus unix line.\n', '');
  return { ...netstat, stdout: lines.join('\n'), stderr };
}

/** Where a unix row's inode begins. */
const INODE_AT = 'unix  2      [ ACC ]     STREAM     LISTENING     '.length;

/** The name as it is to be printed, or undefined when netstat prints it the same. */
function escaped(name: Buffer): string | undefined {
  const text = name.toString('latin1');
  if (!/[\x01-\x20\x7f]/.test(text)) return undefined;
  const hex = (byte: string): string => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return text.replaceAll('\0', '@').replace(/[\x01-\x1f\x7f]/g, hex);
}

/**
 * netstat's output as it would be on a kernel that shows no raw sockets, for a source that is asked for by name and
 * cannot read them (raw_diag is missing from many kernels). Where the table was named, the listing ends there.
 */
export function withoutRawTable(netstat: Printed, { namesRaw }: Combination): Printed {
  const lines = netstat.stdout.split('\n').filter((line) => !/^raw6? /.test(line));
  const unix = lines.findIndex((line) => line.startsWith('Active UNIX'));
  const shown = namesRaw && unix >= 0 ? [...lines.slice(0, unix), ''] : lines;
  return { ...netstat, stdout: shown.join('\n'), status: 1 };
}
