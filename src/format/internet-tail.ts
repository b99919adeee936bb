import type { ProtocolName } from '../socket/protocol.ts';
import { ABSENT_PROBES } from '../table/schema.ts';
import type { ByteWriter } from './byte-writer.ts';
import { putPair } from './digits.ts';
import type { TimerColumns } from './internet-rows.ts';
import { datagramTimerWord, shownRetransmissions } from './netstat-quirks.ts';

/** What `-e` adds to a row: ` user inode`. */
export function writeExtension(out: ByteWriter, user: Uint8Array, inode: number): void {
  out.blanks(1);
  out.bytesLeft(user, 10);
  out.blanks(1);
  out.decimalLeft(inode, 10);
}

const TCP_WORDS = ['off', 'on', 'keepalive', 'timewait', 'probe'] as const;

/** What `-o` adds to a row: ` keepalive (5.00/2/3)`. */
export function writeTimerCell(
  out: ByteWriter,
  protocol: ProtocolName,
  timers: TimerColumns,
  row: number,
): void {
  const timer = timers.timer[row]!;
  const word = protocol === 'tcp' ? (TCP_WORDS[timer] ?? `unkn-${timer}`) : datagramTimerWord(timer);
  writeTimer(out, timers, row, word, shownRetransmissions(protocol, timers.retrans[row]!));
}

function writeTimer(out: ByteWriter, timers: TimerColumns, row: number, word: string, retrans: number): void {
  // /proc counts in clock ticks of 10 ms, rounded down; netstat prints them as hundredths of a second.
  const ticks = timers.timer[row] === 0 ? 0 : Math.floor(timers.expiresMs[row]! / 10);
  const seconds = Math.floor(ticks / 100);
  const probes = timers.probes[row]!;
  out.byte(0x20);
  out.ascii(word);
  out.ascii(' (');
  out.decimal(seconds);
  out.byte(0x2e);
  out.reserve(2);
  out.length = putPair(out.view, out.length, ticks - seconds * 100);
  out.byte(0x2f);
  out.decimal(retrans);
  out.byte(0x2f);
  out.decimal(probes === ABSENT_PROBES ? 0 : probes);
  out.byte(0x29);
}
