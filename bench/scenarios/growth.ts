import { totalmem } from 'node:os';
import type { Figure, Goal, Scenario, Subject } from '../contract.ts';
import { warmNetlink, warmNetlinkAlone } from '../subjects/asking.ts';
import { drainDump } from '../subjects/programs.ts';
import { besideTenth, figuresOf, type Pair, subjectsOf, wallPerSocket } from '../subjects/share.ts';

/** What the goals are meant for; they take some 6 GiB of kernel memory. */
const SOCKETS = 1_000_000;
const LEAST_MEMORY = 12 * 2 ** 30;

const drain = besideTenth(drainDump);
const alone = besideTenth(warmNetlinkAlone);
const split = besideTenth(warmNetlink);

/**
 * What a row costs where there are ten times as many. The kernel's own share grows, too: caches are what they are. Holds as
 * many as the goals are meant for, where the machine can, whatever the command line says.
 */
export const growth: Scenario = {
  name: 'growth',
  title: 'established TCP sockets over IPv4 and a tenth of them, read into columns',
  ...(totalmem() >= LEAST_MEMORY ? { sockets: SOCKETS } : {}),
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects: subjectsOf([drain, alone, split]),
  inside: [...figuresOf([drain], wallPerSocket), ...figuresOf([alone, split], scanPerRow)],
  goals: [
    growthOf('scan() with one thread', alone),
    growthOf('scan() split by ports over two threads', split),
  ],
};

function scanPerRow(subject: Subject): Figure {
  return { subject, figure: 'usPerRow' };
}

function growthOf(what: string, { few, all }: Pair): Goal {
  return {
    what: `${what}, a row's cost to that with a tenth of the sockets`,
    of: scanPerRow(all),
    to: scanPerRow(few),
    atMost: 1.1,
    floor: wallPerSocket(drain.all),
    floorTo: wallPerSocket(drain.few),
    sockets: SOCKETS,
  };
}
