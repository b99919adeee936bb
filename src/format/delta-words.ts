import type { DeviceColumn } from '../kernel-tables/device-counters.ts';
import { SECTIONS6, TITLED_SECTIONS } from './statistics-sections.ts';

/** What is said of a difference; the sentences of some counters have the number in their middle. */
export function protocolWords(group: string, counter: string, difference: bigint): string {
  const section = TITLED_SECTIONS.get(group) ?? SECTIONS6.get(group);
  const sentence = section?.sentences.get(counter);
  if (sentence === undefined || sentence.shown === 'never') return counter;
  const { text, histogram } = sentence;
  if (histogram !== undefined) return `ICMP ${histogram}: ${text.slice(0, text.indexOf(':'))}`;
  return (text.startsWith('# ') ? text.slice(2) : text.replace('#', String(difference))).trim();
}

const DEVICE_WORDS: Readonly<Record<DeviceColumn, string>> = {
  rxPackets: 'packets received',
  rxBytes: 'bytes received',
  rxErrors: 'receive errors',
  rxDropped: 'packets dropped on receipt',
  rxFifo: 'receive overruns',
  rxFrame: 'frame errors',
  rxCompressed: 'compressed packets received',
  multicast: 'multicast packets received',
  txPackets: 'packets sent',
  txBytes: 'bytes sent',
  txErrors: 'send errors',
  txDropped: 'packets dropped on sending',
  txFifo: 'send overruns',
  collisions: 'collisions',
  txCarrier: 'carrier losses',
  txCompressed: 'compressed packets sent',
};

export function deviceWords(column: string): string {
  return DEVICE_WORDS[column as DeviceColumn];
}
