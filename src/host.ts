import { availableParallelism } from 'node:os';
import type { LoadedAddon } from './addon/load-addon.ts';
import type { NativeBinding } from './addon/native-binding.ts';
import { abilityOf, type Choice, choose, usedOf } from './choice.ts';
import { SockscopeError } from './errors.ts';
import { HostParts, type Surroundings } from './host-parts.ts';
import type { HostTables } from './host-tables.ts';
import { OwnerSearch } from './owner-search.ts';
import type { OwnerQuestion, OwnerScan } from './owners/owner-scan.ts';
import { ProcessTable } from './owners/processes.ts';
import { ProcRoot } from './proc/proc-root.ts';
import type { HostSettings } from './request/host-options.ts';
import { type ScanRequest, type SettledRequest, settleRequest } from './request/request.ts';
import { readBatches, type Setting } from './scan.ts';
import { PROTOCOLS, type ProtocolName } from './socket/protocol.ts';
import type { Batch } from './table/batch.ts';
import { collectBatches } from './table/collect.ts';
import type { BatchOwners } from './table/owners.ts';
import type { ProcessField } from './table/process.ts';
import { type Ability, RunningReport, type ScanReport } from './table/report.ts';
import { SocketTable } from './table/socket-table.ts';
import { nextTurn, Turn } from './turn.ts';

/** Batches as they come. Read it once, with `for await`; leaving the loop ends the scan. */
export interface BatchStream extends AsyncIterable<Batch> {
  /** Grows while the stream is read; whole at its end. */
  readonly report: ScanReport;
}

/** What each protocol's sockets, and their owners, are read by. */
export type Abilities = Readonly<Record<ProtocolName | 'owners', Ability>>;

/** A host's sockets, to be asked for any number of times. Close it, or hold it with `await using`. */
export interface Host extends HostTables, AsyncDisposable {
  /**
   * Per protocol, and for owners: what is used, what would be better, why it is not used, and how to get it; and what
   * the one in use does not tell here. As it was when the host was opened.
   */
  readonly abilities: Abilities;
  /**
   * The sockets that the request asks for, as one table. All scans of a host together hold the event loop for some two
   * milliseconds at a time. Rows of a protocol stand in the kernel's order, but those of a TCP table of more than 50,000
   * sockets that was read by two dumps at once: see `threads`. Throws a TypeError for a wrong request, the signal's reason on abort, and SockscopeErrors.
   */
  scan(request?: ScanRequest): Promise<SocketTable>;
  /**
   * As `scan`, a batch at a time and always in the kernel's order: for tables that need not be held. `maxBytes` then bounds what waits for the reader:
   * beyond it netlink's dump fails with ERR_TOO_LARGE, for the kernel does not keep; the reader of /proc waits.
   * Throws a TypeError for a wrong request, and ERR_CLOSED, at the call.
   */
  batches(request?: ScanRequest): BatchStream;
  /** Ends every scan that runs; it throws an ERR_CLOSED, and so do later ones. Closing again, or disposing, is no error. */
  close(): Promise<void>;
}

/** What the command asks beside a request. */
export interface InnerRequest {
  /** See `Dump.bytecode`. */
  readonly bytecode?: Uint8Array | undefined;
  /** A search for owners to go by, instead of one for this request alone. */
  readonly search?: OwnerSearch | undefined;
}

/** The holders of a list of sockets, as BatchOwners has them; a process that has ended is not among `processes`. */
export type ListOwners = Pick<BatchOwners, 'ownerStart' | 'ownerPid' | 'processes'>;

/** Threads that walk over processes, at the most, where `auto` leaves it to us. */
const MOST_WALKERS = 8;
/** Holders that a shared search may keep: some 50 million. */
const MOST_OWNER_BYTES = 2 ** 30;

/** The host this process runs on, or whose /proc it sees: holds the parts of the pipeline. */
export class LocalHost implements Host {
  readonly proc: ProcRoot;
  readonly #parts: HostParts;
  readonly #setting: Setting;
  #ownerScans: readonly OwnerScan[] | undefined;
  readonly #closing = new AbortController();
  #abilities: Abilities | undefined;
  #tables: Promise<HostTables> | undefined;

  constructor(settings: HostSettings, surroundings: Surroundings) {
    requireLinux();
    this.proc = new ProcRoot(settings.procRoot);
    this.#parts = new HostParts(settings, surroundings, this.proc);
    const parts = this.#parts;
    const cores = availableParallelism();
    const turn = new Turn();
    const { priority } = settings;
    const walkers = settings.threads === 'auto' ? Math.min(cores, MOST_WALKERS) : settings.threads;
    const walking = { threads: walkers, priority, turn };
    this.#setting = {
      choose: async (protocol) => choose(parts.sources, (source) => source.probe(protocol)),
      search: (question, lent) =>
        new OwnerSearch(() => this.#chooseOwnerScan(), question, { ...lent, ...walking }),
      ownerAbility: async () => usedOf(await this.#chooseOwnerScan()),
      get memory() {
        return parts.ownerMemory;
      },
      walk: (question, lent) => parts.procFdWalk().scan(question, { ...lent, ...walking }),
      descriptorsOf: (pid) => this.proc.descriptorsOf(pid),
      processes: new ProcessTable(this.proc),
      closing: this.#closing.signal,
      turn,
      threads: settings.threads === 'auto' ? (cores > 1 ? 2 : 1) : settings.threads,
      threadsBesideWalk: settings.threads === 'auto' ? (cores > 2 ? 2 : 1) : settings.threads,
      priority,
    };
  }

  /**
   * Loads the addon, where it is to be used, in rounds of the event loop of its own: in a young process this takes some two
   * milliseconds, and what comes before and after it one each. A host that was not asked to loads it when it needs it.
   */
  async load(): Promise<void> {
    await nextTurn();
    for (const _ of this.#parts.loading()) await nextTurn();
    await nextTurn();
  }

  /** Finds out what each protocol can be read by. `openHost` has done it. */
  async probe(): Promise<this> {
    const abilities = {} as Record<ProtocolName | 'owners', Ability>;
    for (const protocol of PROTOCOLS) {
      const choice = await this.#setting.choose(protocol);
      const { chosen } = choice;
      abilities[protocol] = abilityOf(choice, chosen?.limits?.(protocol) ?? [], chosen?.largeBy?.(protocol));
    }
    const choice = await this.#chooseOwnerScan();
    abilities.owners = abilityOf(choice, choice.chosen?.limits?.() ?? []);
    this.#abilities = Object.freeze(abilities);
    return this;
  }

  /** The addon, or why there is none. Throws where the caller has named a file that does not load. */
  get addon(): LoadedAddon {
    return this.#parts.addon;
  }

  /** The addon, where there is one. */
  get binding(): NativeBinding | undefined {
    return this.#parts.binding;
  }

  /** The source that answers for a protocol here; `none` where there is none. */
  async sourceOf(protocol: ProtocolName): Promise<string> {
    return usedOf(await this.#setting.choose(protocol)).source;
  }

  get abilities(): Abilities {
    if (this.#abilities === undefined) throw new TypeError('the host was not probed');
    return this.#abilities;
  }

  async scan(request: ScanRequest = {}): Promise<SocketTable> {
    const settled = settleRequest(request);
    const stream = this.#stream({ ...settled, anyOrder: true });
    return new SocketTable(await collectBatches(stream, settled.maxBytes, 'scan'), stream.report);
  }

  batches(request: ScanRequest = {}, { bytecode, search }: InnerRequest = {}): BatchStream {
    return this.#stream({ ...settleRequest({ remember: false, ...request }), bytecode }, search);
  }

  /** Who holds sockets that come from elsewhere than from a scan. Nobody, where the search did not come to its end. */
  async ownersOf(
    inodes: Uint32Array,
    search: OwnerSearch,
    fields: readonly ProcessField[],
  ): Promise<ListOwners | undefined> {
    const { index } = await search.result;
    if (index === undefined) return undefined;
    const holders = index.find(inodes);
    const leave = { signal: this.#closing.signal, turn: this.#setting.turn };
    const processes = await this.#setting.processes.read(new Set(holders.pid), index.starts, fields, leave);
    return { ownerStart: holders.start, ownerPid: holders.pid, processes };
  }

  /** Begins a search that several requests may share; it ends with the host. */
  searchOwners(question: OwnerQuestion): OwnerSearch {
    this.#closing.signal.throwIfAborted();
    return this.#setting.search(question, { signal: this.#closing.signal, maxBytes: MOST_OWNER_BYTES });
  }

  routes: HostTables['routes'] = async (family) => (await this.#kernelTables()).routes(family);
  interfaces: HostTables['interfaces'] = async () => (await this.#kernelTables()).interfaces();
  groups: HostTables['groups'] = async () => (await this.#kernelTables()).groups();
  statistics: HostTables['statistics'] = async () => (await this.#kernelTables()).statistics();
  natEntries: HostTables['natEntries'] = async () => (await this.#kernelTables()).natEntries();

  tableAbilities: HostTables['tableAbilities'] = async () => (await this.#kernelTables()).tableAbilities();

  async close(): Promise<void> {
    this.#closing.abort(
      new SockscopeError('ERR_CLOSED', 'the host was closed', {
        operation: 'use the host',
        remedy: 'open it again',
      }),
    );
    for (const scan of this.#ownerScans ?? []) scan.close?.();
    this.#parts.forget();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #stream(settled: SettledRequest, search?: OwnerSearch): BatchStream {
    this.#closing.signal.throwIfAborted();
    const report = new RunningReport();
    const generator = readBatches(settled, this.#setting, report, search);
    return { report, [Symbol.asyncIterator]: () => generator };
  }

  /** Loaded at the first question: a listing of sockets does without. */
  #kernelTables(): Promise<HostTables> {
    this.#tables ??= this.#parts.tables(this.#setting);
    return this.#tables;
  }

  #chooseOwnerScan(): Promise<Choice<OwnerScan>> {
    this.#ownerScans ??= this.#parts.ownerScans();
    return choose(this.#ownerScans, (scan) => scan.probe());
  }
}

function requireLinux(): void {
  if (process.platform === 'linux') return;
  throw new SockscopeError(
    'ERR_UNSUPPORTED_PLATFORM',
    `sockets can be listed on Linux only, this is ${process.platform}`,
    { operation: 'open host' },
  );
}
