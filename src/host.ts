import { availableParallelism } from 'node:os';
import { loadAddon } from './addon/load-addon.ts';
import type { NativeBinding } from './addon/native-binding.ts';
import { abilityOf, choose } from './choice.ts';
import { SockscopeError } from './errors.ts';
import { ProcRoot } from './proc/proc-root.ts';
import type { HostSettings } from './request/host-options.ts';
import { type ScanRequest, type SettledRequest, settleRequest } from './request/request.ts';
import { readBatches, type Setting } from './scan.ts';
import { PROTOCOLS, type ProtocolName } from './socket/protocol.ts';
import { createNetlinkSource } from './source/netlink-source.ts';
import { createProcfsSource } from './source/procfs-source.ts';
import type { Source } from './source/source.ts';
import { withUnixRefs } from './source/unix-refs.ts';
import { unusableSource } from './source/unusable-source.ts';
import type { Batch } from './table/batch.ts';
import { collectBatches } from './table/collect.ts';
import { type Ability, ScanReport } from './table/report.ts';
import { SocketTable } from './table/socket-table.ts';
import { Turn } from './turn.ts';

/** What an entry hands in: where the package's own files are, and whether there is an event loop to protect. */
export interface Surroundings {
  /** Undefined where it cannot be told: then the addon and the reading thread's file are not found. */
  readonly packageRoot: string | undefined;
  /** `worker`: large /proc tables are read off the event loop. `inline`: on this thread, for a command of its own. */
  readonly reader: 'worker' | 'inline';
}

/** Batches as they come. Read it once, with `for await`; leaving the loop ends the scan. */
export interface BatchStream extends AsyncIterable<Batch> {
  /** Grows while the stream is read; whole at its end. */
  readonly report: ScanReport;
}

/** A host's sockets, to be asked for any number of times. Close it, or hold it with `await using`. */
export interface Host extends AsyncDisposable {
  /** Per protocol: the source that is used, what would be better, why it is not used, and how to get it. */
  readonly abilities: Readonly<Record<ProtocolName, Ability>>;
  /**
   * The sockets that the request asks for, as one table. All scans of a host together hold the event loop for some two
   * milliseconds at a time. Throws a TypeError for a wrong request, the signal's reason on abort, and SockscopeErrors.
   */
  scan(request?: ScanRequest): Promise<SocketTable>;
  /**
   * As `scan`, a batch at a time: for tables that need not be held. `maxBytes` then bounds what waits for the reader:
   * beyond it netlink's dump fails with ERR_TOO_LARGE, for the kernel does not keep; the reader of /proc waits.
   * Throws a TypeError for a wrong request, and ERR_CLOSED, at the call.
   */
  batches(request?: ScanRequest): BatchStream;
  /** Ends every scan that runs; later ones throw an ERR_CLOSED. */
  close(): Promise<void>;
}

/** The host this process runs on, or whose /proc it sees: holds the parts of the pipeline. */
export class LocalHost implements Host {
  /** The addon, where there is one and it may be used. */
  readonly binding: NativeBinding | undefined;
  readonly proc: ProcRoot;
  /** The best first. */
  readonly #sources: Source[];
  readonly #setting: Setting;
  readonly #closing = new AbortController();
  #abilities: Readonly<Record<ProtocolName, Ability>> | undefined;

  constructor(settings: HostSettings, surroundings: Surroundings) {
    requireLinux();
    this.proc = new ProcRoot(settings.procRoot);
    const { packageRoot, reader } = surroundings;
    const workerPath = packageRoot && `${packageRoot}/dist/worker/procfs-worker.cjs`;
    const procfs = createProcfsSource({ root: this.proc, reader, workerPath });
    const netlink = settings.source === 'procfs' ? undefined : netlinkFor(settings, surroundings, this.proc);
    this.binding = netlink?.binding;
    this.#sources = netlink === undefined ? [] : [withUnixRefs(netlink.source, procfs)];
    if (settings.source !== 'netlink') this.#sources.push(procfs);
    this.#setting = {
      choose: (protocol) => choose(this.#sources, (source) => source.probe(protocol)),
      closing: this.#closing.signal,
      turn: new Turn(),
      threads: settings.threads === 'auto' ? (availableParallelism() > 1 ? 2 : 1) : settings.threads,
    };
  }

  /** Finds out what each protocol can be read by. `openHost` has done it. */
  async probe(): Promise<this> {
    const abilities = {} as Record<ProtocolName, Ability>;
    for (const protocol of PROTOCOLS) abilities[protocol] = abilityOf(await this.#setting.choose(protocol));
    this.#abilities = Object.freeze(abilities);
    return this;
  }

  /** The source that answers for a protocol here; `none` where there is none. */
  async sourceOf(protocol: ProtocolName): Promise<string> {
    return abilityOf(await this.#setting.choose(protocol)).source;
  }

  get abilities(): Readonly<Record<ProtocolName, Ability>> {
    if (this.#abilities === undefined) throw new TypeError('the host was not probed');
    return this.#abilities;
  }

  async scan(request: ScanRequest = {}): Promise<SocketTable> {
    const settled = settleRequest(request);
    const stream = this.#stream(settled);
    return new SocketTable(await collectBatches(stream, settled.maxBytes, 'scan'), stream.report);
  }

  /** `bytecode`: see `Dump.bytecode`. */
  batches(request: ScanRequest = {}, bytecode?: Uint8Array): BatchStream {
    return this.#stream({ ...settleRequest(request), bytecode });
  }

  async close(): Promise<void> {
    this.#closing.abort(
      new SockscopeError('ERR_CLOSED', 'the host was closed', {
        operation: 'scan',
        remedy: 'open it again',
      }),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #stream(settled: SettledRequest): BatchStream {
    this.#closing.signal.throwIfAborted();
    const report = new ScanReport();
    const generator = readBatches(settled, this.#setting, report);
    return { report, [Symbol.asyncIterator]: () => generator };
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

function netlinkFor(
  settings: HostSettings,
  surroundings: Surroundings,
  proc: ProcRoot,
): { source: Source; binding?: NativeBinding | undefined } {
  const loaded = loadAddon({ packageRoot: surroundings.packageRoot, addonPath: settings.addonPath });
  if (!('binding' in loaded)) return { source: unusableSource('netlink', loaded.reason) };
  const binding = loaded.binding;
  const own = proc.showsOwnNamespace();
  if (own === 'yes') return { source: createNetlinkSource(binding), binding };
  const reason = `netlink answers for this process's network namespace, and ${proc.path} ${own === 'no' ? 'shows another' : 'may show another'}`;
  return { source: unusableSource('netlink', reason, 'run in the network namespace of the host'), binding };
}
