import { type AddonOptions, addonLoading, type LoadedAddon, loadAddon } from './addon/load-addon.ts';
import type { NativeBinding } from './addon/native-binding.ts';
import { type MayUsePool, type TryOut, threadPool, tryByAddon, tryByWorkers } from './addon/thread-pool.ts';
import type { HostTables, TablesSetting } from './host-tables.ts';
import { type Needs, need } from './need.ts';
import { createBpfScan, createPinnedScan, createProcFdScan } from './owners/native-owners.ts';
import { OwnerMemory } from './owners/owner-memory.ts';
import { OWNER_SCANS, type OwnerScan, type OwnerScanName } from './owners/owner-scan.ts';
import { PINNED_PATHS } from './owners/pinned-paths.ts';
import { createTypeScriptProcFdScan } from './owners/procfd-walk.ts';
import { unusableOwnerScan } from './owners/unusable-owner-scan.ts';
import type { ProcRoot } from './proc/proc-root.ts';
import type { HostSettings } from './request/host-options.ts';
import { createNetlinkSource } from './source/netlink-source.ts';
import { createProcfsSource } from './source/procfs-source.ts';
import type { Source } from './source/source.ts';
import { withTcpWalk } from './source/tcp-walk.ts';
import { withUnixRefs } from './source/unix-refs.ts';
import { unusableSource } from './source/unusable-source.ts';

/** What an entry hands in: where the package's own files are, and what the process it runs in is for. */
export interface Surroundings {
  /** Undefined where this code is bundled into another program: then the addon and the reading thread's file are not found. */
  readonly packageRoot: string | undefined;
  /** What may be that folder, and is kept from this process by Node.js's permission model. */
  readonly keptRoot?: string | undefined;
  /**
   * `worker`: /proc tables are read off the event loop, large ones by a thread of their own. `inline`: on this thread, for
   * a command of its own.
   */
  readonly reader: 'worker' | 'inline';
  /** Whether BPF programs may be loaded where nobody has named them. */
  readonly automaticBpf: boolean;
  /** What reads the tables beside the sockets: a listing does without, and need not load it. */
  readonly hostTables: () => Promise<typeof import('./host-tables.ts')>;
}

/** The parts of a host, each made when it is first needed. */
export class HostParts {
  readonly #settings: HostSettings;
  readonly #surroundings: Surroundings;
  readonly #proc: ProcRoot;
  #addon: LoadedAddon | undefined;
  #walk: OwnerScan | undefined;
  #pool: MayUsePool | undefined;
  #sources: readonly Source[] | undefined;
  #ownerMemory: { readonly memory: OwnerMemory | undefined } | undefined;

  constructor(settings: HostSettings, surroundings: Surroundings, proc: ProcRoot) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#proc = proc;
  }

  /** Throws where the caller has named a file that does not load. */
  get addon(): LoadedAddon {
    this.#addon ??= loadAddon(this.#addonOptions);
    return this.#addon;
  }

  get #addonOptions(): AddonOptions {
    const { packageRoot, keptRoot } = this.#surroundings;
    return { packageRoot, keptRoot, addonPath: this.#settings.addonPath };
  }

  /**
   * Loads the addon, if the sources that may be used want it, or the trial of Node's thread pool: a step at each `next`.
   * Throws as `addon` does.
   */
  *loading(): Generator<void, void, undefined> {
    if (this.#settings.source === 'procfs') {
      if (this.#surroundings.reader === 'worker') this.#tryOut();
    } else if (this.#addon === undefined) {
      const loaded = yield* addonLoading(this.#addonOptions);
      this.#addon ??= loaded;
    }
  }

  /** Without the addon a command does without the pool: to try it out would take longer than it saves. */
  readonly mayUsePool: MayUsePool = async () => {
    this.#pool ??= threadPool(this.#tryOut());
    return this.#pool();
  };

  /** Reads the tables beside the sockets. */
  async tables(lent: Pick<TablesSetting, 'closing' | 'turn'>): Promise<HostTables> {
    const { hostTables, reader } = this.#surroundings;
    const { KernelTables } = await hostTables();
    const { source } = this.#settings;
    return new KernelTables({
      ...lent,
      proc: this.#proc,
      addon: this.addon,
      netlink: source !== 'procfs',
      text: source !== 'netlink',
      mayUsePool: reader === 'worker' ? this.mayUsePool : undefined,
    });
  }

  /** The addon, where there is one. */
  get binding(): NativeBinding | undefined {
    return 'binding' in this.addon ? this.addon.binding : undefined;
  }

  /** The sources that may be used, the best first. */
  get sources(): readonly Source[] {
    this.#sources ??= this.#makeSources();
    return this.#sources;
  }

  #makeSources(): Source[] {
    const { source } = this.#settings;
    const { packageRoot, reader } = this.#surroundings;
    const workerPath = packageRoot && `${packageRoot}/dist/worker/procfs-worker.cjs`;
    const procfs = createProcfsSource({ root: this.#proc, reader, workerPath, mayUsePool: this.mayUsePool });
    if (source === 'procfs') return [procfs];
    const netlink = withUnixRefs(this.#netlink(), procfs);
    return source === 'netlink' ? [netlink] : [netlink, procfs];
  }

  /** The owner scans that may be used, the best first; with those that nobody asked for, which say so. */
  ownerScans(): OwnerScan[] {
    const { owners } = this.#settings;
    if (owners !== 'auto') return owners.map((name) => this.#ownerScan(name));
    const { automaticBpf } = this.#surroundings;
    return OWNER_SCANS.map((name) =>
      name === 'bpf' && !automaticBpf ? unusableOwnerScan(name, NOT_ASKED) : this.#ownerScan(name),
    );
  }

  /**
   * What is remembered of owners. It is found by cookie, which netlink alone tells, and goes by descriptors, which a walk
   * over /proc/<pid>/fd alone can look at.
   */
  get ownerMemory(): OwnerMemory | undefined {
    if (this.#ownerMemory === undefined) this.#ownerMemory = { memory: this.#makeOwnerMemory() };
    return this.#ownerMemory.memory;
  }

  /** Lets go of what is remembered of owners. */
  forget(): void {
    this.#ownerMemory?.memory?.clear();
  }

  #makeOwnerMemory(): OwnerMemory | undefined {
    const { owners, source } = this.#settings;
    if (source === 'procfs' || !(owners === 'auto' || owners.includes('procfd'))) return undefined;
    const { addon } = this;
    return 'binding' in addon ? new OwnerMemory(() => addon.binding.createKnownOwners()) : undefined;
  }

  /** The walk that looks at what is remembered. */
  procFdWalk(): OwnerScan {
    this.#walk ??= this.#ownerScan('procfd');
    return this.#walk;
  }

  #tryOut(): TryOut | undefined {
    try {
      if (this.binding !== undefined) return tryByAddon(this.binding);
    } catch {
      // Whoever needs the addon is told.
    }
    return this.#surroundings.reader === 'worker' ? tryByWorkers : undefined;
  }

  #netlink(): Source {
    if (!('binding' in this.addon)) {
      const { reason, remedy, needs } = this.addon;
      return unusableSource('netlink', reason, remedy, needs);
    }
    const own = this.#proc.showsOwnNamespace();
    if (own === 'yes') return this.#ownNetlink(this.addon.binding);
    const reason = `netlink answers for this process's network namespace, and ${this.#proc.path} ${own === 'no' ? 'shows another' : 'may show another'}`;
    const needs = need('namespace', 'network');
    return unusableSource('netlink', reason, 'run in the network namespace of the host', needs);
  }

  /** Where nobody has named netlink, nor owner scans that do without, a BPF program may do its work. */
  #ownNetlink(binding: NativeBinding): Source {
    const netlink = createNetlinkSource(binding, this.#proc);
    const { source, owners } = this.#settings;
    const mayUseBpf = this.#surroundings.automaticBpf && (owners === 'auto' || owners.includes('bpf'));
    const mayWalk = mayUseBpf && source === 'auto';
    return mayWalk ? withTcpWalk(netlink, binding, this.#proc) : netlink;
  }

  #ownerScan(name: OwnerScanName): OwnerScan {
    if (!('binding' in this.addon)) {
      if (name === 'procfd') return createTypeScriptProcFdScan(this.#proc);
      const { reason, remedy, needs } = this.addon;
      return unusableOwnerScan(name, { reason, remedy, needs });
    }
    const { binding } = this.addon;
    switch (name) {
      case 'procfd':
        return createProcFdScan(binding, this.#proc);
      case 'bpf':
        return this.#proc.isOwn ? createBpfScan(binding) : unusableOwnerScan(name, this.#foreign());
      case 'bpf-pinned':
        return this.#proc.isOwn
          ? createPinnedScan(binding, this.#settings.pinnedPaths ?? PINNED_PATHS)
          : unusableOwnerScan(name, this.#foreign());
    }
  }

  #foreign(): { reason: string; remedy: string; needs: Needs } {
    return {
      remedy: 'run in the pid namespace of the host, with its own /proc',
      needs: need('namespace', 'pid'),
      reason: `the kernel numbers processes as /proc does, and ${this.#proc.path} may be another's`,
    };
  }
}

const NOT_ASKED = {
  reason: 'a BPF program is loaded only where it is asked for: security tools may take it for an alarm',
  remedy: 'name it: owners "bpf"',
  needs: need('host-option', 'owners: bpf'),
};
