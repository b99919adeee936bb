import { type PortSide, portAtLeast, portAtMost } from '../filter/bytecode.ts';
import { State } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import type { Dump, DumpContext } from './source.ts';

/** Two programs for inet_diag, of which each socket passes one and no more. */
export type Halves = readonly [Uint8Array, Uint8Array];

/** Sockets from which on a table is read by two dumps at once: one takes some 30 ms for as many. */
const LARGE_TABLE = 50_000;
/** Of so many rows one is looked at: enough to part a large table within one hundredth of it. */
const SAMPLE_STEP = 64;
/** Of the larger part, for which the other one waits. */
const LARGEST_SHARE = 0.75;

/** Sockets that are bound and no more: they get their remote port under the dump. */
const MOVING = 1 << State['bound-inactive'];

/**
 * At which port a host's large TCP tables are to be parted, so that two dumps may share them. Learnt from the last one of
 * the same question: the first rows of a table are no sample of it, since the kernel keeps the connections from one address
 * to one port together (Linux 6.15 on).
 */
export class PortSplits {
  #question: string | undefined;
  #halves: Halves | undefined;

  /** Undefined where the dump may not be parted, or nothing is known. */
  halvesFor(dump: Dump, context: DumpContext): Halves | undefined {
    return mayBeParted(dump, context) && this.#question === questionOf(dump) ? this.#halves : undefined;
  }

  /** The batches of the dump, which are learnt from. */
  async *learn(
    dump: Dump,
    context: DumpContext,
    batches: AsyncIterable<Batch>,
  ): AsyncGenerator<Batch, void, undefined> {
    if (!mayBeParted(dump, context)) return yield* batches;
    const ports = { local: [] as number[], remote: [] as number[] };
    for await (const batch of batches) {
      takeSample(batch.column('localPort'), ports.local);
      takeSample(batch.column('remotePort'), ports.remote);
      yield batch;
    }
    this.#question = questionOf(dump);
    this.#halves = context.tally.rows < LARGE_TABLE ? undefined : chooseHalves(ports);
  }
}

function mayBeParted({ protocol, states, bytecode, anyOrder }: Dump, { threads }: DumpContext): boolean {
  return protocol === 'tcp' && anyOrder === true && threads === 2 && !bytecode && (states & MOVING) === 0;
}

function questionOf({ families, states }: Dump): string {
  return `${families} ${states}`;
}

function takeSample(ports: Uint16Array | undefined, into: number[]): void {
  if (ports === undefined) return;
  for (let row = 0; row < ports.length; row += SAMPLE_STEP) into.push(ports[row]!);
}

/**
 * The halves that are nearest to being equal; undefined where one would have nearly all. A server's connections share their
 * local port, a client's their remote one.
 */
export function chooseHalves(sample: Readonly<Record<PortSide, readonly number[]>>): Halves | undefined {
  const best = [...boundariesOf('local', sample.local), ...boundariesOf('remote', sample.remote)].reduce<
    Boundary | undefined
  >((least, other) => (least === undefined || other.larger < least.larger ? other : least), undefined);
  if (best === undefined || best.larger > LARGEST_SHARE) return undefined;
  return [portAtMost(best.side, best.last), portAtLeast(best.side, best.last + 1)];
}

interface Boundary {
  readonly side: PortSide;
  /** Largest port of the first part. */
  readonly last: number;
  /** Share of the larger part. */
  readonly larger: number;
}

/** Before the median and behind it: half of the sockets may share one port. */
function boundariesOf(side: PortSide, sample: readonly number[]): Boundary[] {
  const ports = Uint16Array.from(sample).sort();
  const median = ports[ports.length >> 1]!;
  return [ports.indexOf(median), ports.lastIndexOf(median) + 1]
    .filter((count) => count > 0 && count < ports.length)
    .map((count) => ({
      side,
      last: ports[count - 1]!,
      larger: Math.max(count, ports.length - count) / ports.length,
    }));
}
