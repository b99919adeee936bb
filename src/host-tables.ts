import { bindingOf, type LoadedAddon } from './addon/load-addon.ts';
import { Ending } from './ending.ts';
import { SockscopeError } from './errors.ts';
import { type GroupMembership, readGroups } from './kernel-tables/groups.ts';
import { type NetworkInterface, readInterfaces } from './kernel-tables/interfaces.ts';
import { readNatEntries } from './kernel-tables/nat.ts';
import type { NatTable } from './kernel-tables/nat-table.ts';
import type { RouteFamily } from './kernel-tables/route-family.ts';
import { type Route, readRoutes } from './kernel-tables/routes.ts';
import { readStatistics, type Statistics } from './kernel-tables/statistics.ts';
import { type TableAbilities, tableAbilities } from './kernel-tables/table-abilities.ts';
import { TABLES_ASIDE, TABLES_HERE, type TableFiles, tablesInTurns } from './kernel-tables/table-file.ts';
import { MOUNT_TABLES } from './need.ts';
import { forbidden, isForbidden, mayExist } from './permission.ts';
import type { ProcRoot } from './proc/proc-root.ts';
import type { Turn } from './turn.ts';

/**
 * What a host tells beside its sockets, read anew at each call. A table that the kernel does not have has no rows; what
 * there is and cannot be read rejects, with the system's error where nothing else is said; and where proc is not mounted
 * all of them reject with an ERR_SOURCE_UNAVAILABLE. Routes and translated
 * connections, of which there may be a million, are parsed in pieces; the others at once, some microseconds a row.
 */
export interface HostTables {
  /** The routes of one family (else a TypeError), or of both, IPv4 first, in the kernel's order. Lines that make no sense are left out. */
  routes(family?: RouteFamily): Promise<Route[]>;
  /**
   * The network interfaces, up or down, by name and number; with addresses and counters. Rejects where there is no
   * /proc/net/dev, and with a SockscopeError where the kernel refuses a socket to ask it by.
   */
  interfaces(): Promise<NetworkInterface[]>;
  /** The multicast groups that interfaces have joined, IPv4 first, in the kernel's order. A table that may not be read is as none. */
  groups(): Promise<GroupMembership[]>;
  /** The counters of the network protocols. A table that may not be read is as none. */
  statistics(): Promise<Statistics>;
  /**
   * The connections whose addresses the kernel translates. Throws an ERR_SOURCE_UNAVAILABLE where it tracks none, or does
   * not show them: CAP_NET_ADMIN is needed for netlink, or to be root for /proc/net/nf_conntrack.
   */
  natEntries(): Promise<NatTable>;
  /**
   * What each of these is read from here, why not from something better, and what that does not tell; looked at anew at
   * each call. Costs some opened files, a question to the kernel for its first connections, and one for the names that have
   * an IPv4 address.
   */
  tableAbilities(): Promise<TableAbilities>;
}

/** What reads them. */
export interface TablesSetting {
  readonly proc: ProcRoot;
  readonly addon: LoadedAddon;
  readonly closing: AbortSignal;
  readonly turn: Turn;
  /** Whether netlink may be asked, and whether text may be read in its place. */
  readonly netlink: boolean;
  readonly text: boolean;
  /**
   * Whether tables may be read on Node's thread pool; where not, they are on this thread, in turns with others. Undefined:
   * on this thread, which has nothing else to do.
   */
  readonly mayUsePool?: (() => Promise<boolean>) | undefined;
}

export class KernelTables implements HostTables {
  readonly #setting: TablesSetting;

  constructor(setting: TablesSetting) {
    this.#setting = setting;
  }

  async routes(family?: RouteFamily): Promise<Route[]> {
    const directory = this.#tables('routes');
    if (family !== undefined && family !== 'inet' && family !== 'inet6') {
      throw new TypeError(`routes takes 'inet' or 'inet6', not ${JSON.stringify(family)}`);
    }
    return this.#untilClosed(async (signal, files) => {
      if (family !== undefined) return readRoutes(directory, family, signal, files);
      const inet = await readRoutes(directory, 'inet', signal, files);
      return inet.concat(await readRoutes(directory, 'inet6', signal, files));
    });
  }

  async interfaces(): Promise<NetworkInterface[]> {
    const netDirectory = this.#tables('interfaces');
    const { binding } = bindingOf(this.#setting.addon);
    const own = this.#setting.proc.showsOwnNamespace() === 'yes';
    return this.#untilClosed((signal, files) =>
      readInterfaces({ netDirectory, binding, own, signal, files }),
    );
  }

  async groups(): Promise<GroupMembership[]> {
    const directory = this.#tables('groups');
    return this.#untilClosed((_, files) => readGroups(directory, files));
  }

  async statistics(): Promise<Statistics> {
    const directory = this.#tables('statistics');
    return this.#untilClosed((_, files) => readStatistics(directory, files));
  }

  async natEntries(): Promise<NatTable> {
    const netDirectory = this.#tables('the NAT table');
    const { proc, turn, addon, netlink, text } = this.#setting;
    const asked = netlink ? bindingOf(addon) : { binding: undefined };
    const isOwnNamespace = proc.showsOwnNamespace() === 'yes';
    return this.#untilClosed((signal, files) =>
      readNatEntries({ ...asked, netDirectory, isOwnNamespace, text, signal, turn, files }),
    );
  }

  async tableAbilities(): Promise<TableAbilities> {
    const netDirectory = this.#directory();
    const { proc, addon, netlink, text } = this.#setting;
    const isOwnNamespace = proc.showsOwnNamespace() === 'yes';
    return this.#whileOpen((signal) =>
      tableAbilities({ netDirectory, addon, isOwnNamespace, netlink, text, signal }),
    );
  }

  #untilClosed<T>(read: (signal: AbortSignal, files: TableFiles) => Promise<T>): Promise<T> {
    return this.#whileOpen(async (signal) => {
      const files = await this.#files();
      signal.throwIfAborted();
      return read(signal, files);
    });
  }

  /** The signal is aborted when the host is closed; what has been read by then is not given. */
  async #whileOpen<T>(read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ending = new Ending([this.#setting.closing], undefined);
    try {
      const answer = await read(ending.signal);
      ending.signal.throwIfAborted();
      return answer;
    } catch (error) {
      throw isForbidden(error) ? forbidden(error, this.#setting.proc.netDirectory()) : error;
    } finally {
      ending.release();
    }
  }

  /** As `#directory`; throws where there is none as well: no table is not an empty one. */
  #tables(wanted: string): string {
    const directory = this.#directory();
    if (mayExist(directory)) return directory;
    throw new SockscopeError('ERR_SOURCE_UNAVAILABLE', `there is no folder ${directory}`, {
      operation: `read ${wanted}`,
      ...MOUNT_TABLES,
    });
  }

  async #files(): Promise<TableFiles> {
    const { mayUsePool, turn } = this.#setting;
    if (mayUsePool === undefined) return TABLES_HERE;
    return (await mayUsePool()) ? TABLES_ASIDE : tablesInTurns(turn);
  }

  /** Where the tables are; throws what the host was closed with. */
  #directory(): string {
    this.#setting.closing.throwIfAborted();
    return this.#setting.proc.netDirectory();
  }
}
