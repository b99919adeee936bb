import { isUnavailable, type SockscopeError } from '../errors.ts';
import type { ByteWriter } from '../format/byte-writer.ts';
import type { Names } from '../format/listing.ts';
import { type BatchTable, type SocketTables, socketTables } from '../format/socket-tables.ts';
import type { LocalHost } from '../host.ts';
import type { HostNames } from '../names/host-names.ts';
import type { FamilyName } from '../socket/family.ts';
import { giveBack } from './batch-memory.ts';
import type { CommandRequest, InternetProtocol } from './command-request.ts';
import { withDoctorHint } from './doctor-hint.ts';
import { judgeMissingTable, type MissingTable } from './missing-table.ts';
import { Reading } from './reading.ts';
import { type OwnersScene, RoundOwners } from './round-owners.ts';
import { Script } from './script.ts';
import { showSctp } from './sctp-section.ts';
import type { LegacyFamily, Listing, Section } from './sections.ts';
import { malformedLines, unreadTable } from './table-faults.ts';
import { type BegunTable, type TableQuery, tcpFilter } from './table-query.ts';

/** What a listing is lent; `say` writes a line, or several, to stderr. */
export interface ListingScene extends OwnersScene {
  readonly host: OwnersScene['host'] & Pick<LocalHost, 'batches' | 'sourceOf'>;
  readonly out: ByteWriter;
  readonly names: Names;
  /** Undefined where hosts are shown by number. */
  readonly hosts: HostNames | undefined;
}

/** The end of a listing, or undefined to go on. */
type Status = number | undefined;

const BLUETOOTH_MISSING =
  "netstat: feature `AF BLUETOOTH' not supported.\n" +
  "Please recompile `net-tools' with newer kernel source or full configuration.\n";

/** Shows all sections once. Gives the exit status when it has to end there, undefined when all went well. */
export async function showListing(
  request: CommandRequest,
  listing: Listing,
  scene: ListingScene,
): Promise<Status> {
  const round = new Round(request, listing, scene);
  try {
    for (const section of listing.sections) {
      const status = await round.show(section);
      if (status !== undefined) return status;
    }
  } finally {
    round.hideLookUps();
    await round.script.finish();
  }
  return round.incomplete ? 1 : undefined;
}

class Round {
  /** A table was not shown, or not whole, where netstat has no words for it. */
  incomplete = false;
  readonly script: Script;
  readonly #request: CommandRequest;
  readonly #listing: Listing;
  readonly #scene: ListingScene;
  readonly #owners: RoundOwners;
  readonly #tables: SocketTables;
  /** Sockets of look-ups that earlier rounds began; undefined where none is under way. */
  readonly #hidden: Set<number> | undefined;

  constructor(request: CommandRequest, listing: Listing, scene: ListingScene) {
    this.#request = request;
    this.#listing = listing;
    this.#scene = scene;
    this.#owners = new RoundOwners(request, scene);
    this.script = new Script(scene.hosts);
    this.#tables = socketTables(scene.out, request, scene.names);
    const sockets = scene.hosts?.hold();
    this.#hidden = sockets && new Set(sockets);
  }

  /** Once the tables are read: a look-up may have changed its socket meanwhile. */
  hideLookUps(): void {
    for (const inode of this.#scene.hosts?.hold() ?? []) this.#hidden?.add(inode);
  }

  async show(section: Section): Promise<Status> {
    switch (section.kind) {
      case 'internet':
        return this.#showInternet(section.protocols);
      case 'groups':
        return this.#showGroups();
      case 'unix':
        return this.#showUnix();
      case 'legacy':
        return this.#showLegacy(section.family);
      case 'bluetooth':
        this.#say(BLUETOOTH_MISSING);
        return 1;
    }
  }

  async #showInternet(protocols: readonly InternetProtocol[]): Promise<Status> {
    const table = this.#tables.internet;
    const [first] = protocols;
    let begun: BegunTable | undefined;
    if (first === undefined || first === 'sctp') await this.#owners.settle();
    else begun = await this.#beginTable(await this.#internetQuery(first, table));
    this.script.add(() => table.heading());
    for (const protocol of protocols) {
      const status = await (protocol === 'sctp'
        ? this.#showSctp()
        : this.#showProtocol(protocol, table, begun));
      if (status !== undefined) return status;
      begun = undefined;
    }
    return undefined;
  }

  async #showProtocol(
    protocol: Exclude<InternetProtocol, 'sctp'>,
    table: BatchTable,
    begun: BegunTable | undefined,
  ): Promise<Status> {
    try {
      return await this.#readInto(table, begun ?? this.#open(await this.#internetQuery(protocol, table)));
    } finally {
      this.script.add(() => table.end?.());
    }
  }

  async #internetQuery(protocol: Exclude<InternetProtocol, 'sctp'>, table: BatchTable): Promise<TableQuery> {
    const families: FamilyName[] = [];
    if (this.#listing.inet) families.push('inet');
    if (this.#listing.inet6) families.push('inet6');
    const filter = protocol === 'tcp' ? await tcpFilter(this.#request.which, this.#scene.host) : {};
    const columns = this.#hidden === undefined ? table.columns : withInode(table.columns);
    return { protocol, families, columns, ...filter };
  }

  async #showUnix(): Promise<Status> {
    const table = this.#tables.unix;
    const begun = await this.#beginTable({ protocol: 'unix', families: ['unix'], columns: table.columns });
    this.script.add(() => table.heading());
    return this.#readInto(table, begun);
  }

  /**
   * Begins a table with its first dump, and waits for the owners: the dump and the search for them run at the same time,
   * and what netstat has to say of the search comes before the heading. Where there are too few descriptors for both, the
   * dump begins anew after the search.
   */
  async #beginTable(query: TableQuery): Promise<BegunTable> {
    const begun = this.#open(query);
    const isSettled = await this.#owners.settle();
    return isSettled && !(await begun.reading.lacksDescriptors()) ? begun : this.#open(query);
  }

  #open(query: TableQuery): BegunTable {
    const { protocol, families, columns, states, bytecode } = query;
    const { owners, search } = this.#owners.question();
    const request = {
      protocols: [protocol],
      families,
      states,
      columns,
      owners,
      processFields: this.#owners.fields,
      remember: false,
    };
    return { query, reading: new Reading(this.#scene.host.batches(request, { bytecode, search })) };
  }

  async #readInto(table: BatchTable, { query, reading }: BegunTable): Promise<Status> {
    const { protocol } = query;
    try {
      for await (const batch of reading) {
        this.script.add(
          () => {
            table.batch(batch, this.#hidden);
            // Of unix sockets another batch may share it: they are joined from two sources.
            if (protocol !== 'unix') giveBack(batch);
          },
          (into) => table.addHosts?.(batch, into, this.#hidden),
        );
      }
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      return this.#cannotRead(query, error);
    }
    for (const dump of reading.report.dumps) {
      if (dump.malformed > 0) this.#say(malformedLines(protocol, dump, this.#scene.program));
      if (dump.lacks === undefined) continue;
      this.#say(`${this.#scene.program}: ${dump.lacks}\n`);
      this.incomplete = true;
    }
    return undefined;
  }

  #showSctp(): Status | Promise<Status> {
    // netstat looks for the sockets of IPv6 in a directory that no kernel has.
    if (!this.#listing.inet) return undefined;
    const scene = { ...this.#sectionScene(), table: this.#tables.sctp };
    return showSctp(this.#request, scene, this.#owners, (table) => this.#missing(table));
  }

  async #showGroups(): Promise<Status> {
    const { showGroups } = await import('./groups-section.ts');
    return showGroups(this.#listing, this.#sectionScene(), (table) => this.#missing(table));
  }

  async #showLegacy(family: LegacyFamily): Promise<Status> {
    const { showLegacySockets } = await import('./legacy-section.ts');
    // Here netstat does not ask whether a family was named without a protocol.
    const listing = { explicit: this.#listing.explicit, missingIsFine: false };
    return showLegacySockets(family, this.#request, this.#sectionScene(), (table) =>
      this.#missing(table, listing),
    );
  }

  #sectionScene() {
    return { ...this.#scene, script: this.script, say: (lines: string) => this.#say(lines) };
  }

  /** Writes to stderr when what comes before has been written. */
  #say(lines: string): void {
    this.script.add(() => this.#scene.say(lines));
  }

  #cannotRead({ protocol, families }: TableQuery, error: SockscopeError): Status {
    const { program, host } = this.#scene;
    if (this.#request.source === 'netlink') {
      // Asked for by name, so that nothing else may stand in, and nothing be passed over in silence.
      this.#say(`${program}: ${withDoctorHint(error, program)}\n`);
      this.incomplete = true;
      return this.#listing.explicit && !this.#listing.missingIsFine ? 1 : undefined;
    }
    if (families[0] === 'inet6') return undefined;
    return this.#missing(unreadTable(protocol, host.proc.netDirectory(), error));
  }

  #missing(
    table: MissingTable,
    listing: Pick<Listing, 'explicit' | 'missingIsFine'> = this.#listing,
  ): Status {
    const { line, status } = judgeMissingTable(table, listing, this.#request.verbose);
    if (line !== undefined) this.#say(line);
    return status;
  }
}

/** What a scan reads when nobody chooses has the inodes. */
function withInode(columns: BatchTable['columns']): BatchTable['columns'] {
  return columns && [...new Set(columns).add('inode')];
}
