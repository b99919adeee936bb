import type { Figure, Goal, Scenario, Subject } from '../contract.ts';
import { warmNetlink, warmNetlinkAlone } from '../subjects/asking.ts';
import { drainDump } from '../subjects/programs.ts';
import { atShare } from '../subjects/sockscope-owners.ts';

const SHARE = 0.1;

/** A subject beside itself with a tenth of the sockets. */
interface Pair {
  readonly few: Subject;
  readonly all: Subject;
}

const drain = pair(drainDump);
const alone = pair(warmNetlinkAlone);
const split = pair(warmNetlink);

/** What a row costs where there are ten times as many. The kernel's own share grows, too: caches are what they are. */
export const growth: Scenario = {
  name: 'growth',
  title: 'established TCP sockets over IPv4 and a tenth of them, read into columns',
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects: [drain, alone, split].flatMap(({ few, all }) => [few, all]),
  inside: [
    ...[drain.few, drain.all].map(wallPerSocket),
    ...[alone.few, alone.all, split.few, split.all].map(scanPerRow),
  ],
  goals: [
    growthOf('scan() with one thread', alone),
    growthOf('scan() split by ports over two threads', split),
  ],
};

function pair(subject: Subject): Pair {
  return { few: atShare(SHARE, subject, 'a tenth'), all: subject };
}

function wallPerSocket(subject: Subject): Figure {
  return { subject, figure: 'wallUsPerSocket' };
}

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
    sockets: 1_000_000,
  };
}
