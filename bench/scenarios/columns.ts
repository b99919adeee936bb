import type { Goal, Scenario, Subject } from '../contract.ts';
import {
  scanMemory,
  warmNetlink,
  warmNetlinkAlone,
  warmProcfs,
  warmStream,
  warmTypeScript,
} from '../subjects/asking.ts';
import { catProcfs, drainDump } from '../subjects/programs.ts';

const memory = scanMemory(1);
const memoryOfTwo = scanMemory(2);

/** What a program pays that stays: all sockets to columns, asked of one host again and again. */
export const columns: Scenario = {
  name: 'columns',
  title: 'established TCP sockets over IPv4, to columns, by a host that stays',
  rows: (sockets) => sockets,
  subjects: [
    drainDump,
    warmNetlinkAlone,
    warmStream,
    warmNetlink,
    warmProcfs,
    warmTypeScript,
    catProcfs,
    memory,
    memoryOfTwo,
  ],
  inside: [
    { subject: drainDump, figure: 'ms' },
    ...[memory, memoryOfTwo].flatMap((subject) =>
      ['grownMb', 'grownBytesPerRow'].map((figure) => ({ subject, figure })),
    ),
  ],
  goals: [
    toDrain('host.scan() by netlink, 1 thread', warmNetlinkAlone, 1.1),
    toDrain('host.batches() by netlink, 2 threads', warmStream, 1.03),
    // Two dumps at once, each of half of the ports: it need not keep the kernel's order.
    toDrain('host.scan() by netlink, 2 threads', warmNetlink, 0.72),
    {
      what: 'host.scan() by TypeScript alone to `cat /proc/net/tcp`',
      headline: true,
      of: { subject: warmTypeScript, figure: 'p50Ms' },
      to: { subject: catProcfs, figure: 'wallMs' },
      atMost: 1.25,
    },
    {
      what: 'peak memory of scan() over an empty process, bytes a row',
      headline: true,
      of: { subject: memory, figure: 'grownBytesPerRow' },
      atMost: 110,
      sockets: 500_000,
    },
  ],
};

function toDrain(words: string, subject: Subject, atMost: number): Goal {
  return {
    what: `${words}, to draining the dump`,
    headline: true,
    of: { subject, figure: 'p50Ms' },
    to: { subject: drainDump, figure: 'ms' },
    atMost,
    sockets: 500_000,
  };
}
