import type { Options, Outcome, Scenario } from './contract.ts';
import { counted } from './markdown.ts';
import type { Declined } from './rounds.ts';
import { lsof, netstatOwners, psutil, ssOwners, systeminformation } from './subjects/owner-programs.ts';
import { catProcfs, drainDump, netstat, ss } from './subjects/programs.ts';
import { listing, netlinkListing, procfsListing } from './subjects/sockscope.ts';
import { bpfListing, procfdListing } from './subjects/sockscope-owners.ts';

/** Numbers of sockets at which curves are taken, up to the one that is asked for. */
const SIZES = [100, 1000, 10_000, 100_000, 500_000, 1_000_000];
/** What has taken longer is not asked at more sockets. */
const PASSED_MS = 10_000;
/** What would take longer is not run, unless --slow asks for it. */
const LONGEST_MS = 20_000;

const listings: Scenario = {
  name: 'curve-listing',
  title: 'TCP sockets',
  rows: (sockets) => sockets,
  subjects: [listing, netlinkListing, procfsListing, ss, netstat, catProcfs, drainDump],
  inside: [],
  goals: [],
};

const withOwners: Scenario = {
  name: 'curve-owners',
  title: 'TCP sockets with their owners',
  processes: 40,
  rows: (sockets) => sockets,
  subjects: [bpfListing, procfdListing, lsof, psutil, ssOwners, netstatOwners, systeminformation],
  inside: [],
  goals: [],
};

/** What charts show: time over number of sockets. */
export const curves: readonly Scenario[] = [listings, withOwners];

export function sizesUpTo(sockets: number): number[] {
  return SIZES.filter((size) => size <= sockets);
}

/** Declines what would take too long by what it took with fewer sockets: by their number, or by its square. */
export class Patience {
  readonly #options: Options;
  readonly #took = new Map<string, { readonly sockets: number; readonly ms: number }>();

  constructor(options: Options) {
    this.#options = options;
  }

  readonly declined: Declined = ({ name, slow }, sockets) => {
    const last = this.#took.get(name);
    if (last === undefined) return undefined;
    if (last.ms > PASSED_MS) {
      return `not run: it took ${Math.round(last.ms / 1e3)} s with ${counted(last.sockets, 'socket')}`;
    }
    if (this.#options.slow) return undefined;
    const times = (sockets / last.sockets) ** (slow === true ? 2 : 1);
    if (last.ms * times <= LONGEST_MS) return undefined;
    return `not run: it would take some ${Math.round((last.ms * times) / 1e3)} s`;
  };

  remember({ sockets, measurements }: Outcome): void {
    for (const [{ name }, runs] of measurements) {
      this.#took.set(name, { sockets, ms: Math.min(...runs.map(({ wallMs }) => wallMs)) });
    }
  }
}
