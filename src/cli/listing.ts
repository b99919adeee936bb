import { closeSync, openSync } from 'node:fs';
import { SockscopeError } from '../errors.ts';
import { remotePortAtMost } from '../filter/bytecode.ts';
import type { ByteWriter } from '../format/byte-writer.ts';
import { InternetTable, type Names } from '../format/internet-table.ts';
import { SctpTable } from '../format/sctp-table.ts';
import { UnixTable } from '../format/unix-table.ts';
import type { LocalHost } from '../host.ts';
import { parseSctpAssociations, parseSctpEndpoints, readSctp, type SctpFile } from '../kernel-tables/sctp.ts';
import type { FamilyName } from '../socket/family.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import { STATES, type StateName } from '../socket/state.ts';
import type { Batch } from '../table/batch.ts';
import type { ColumnName } from '../table/schema.ts';
import { judgeMissingTable, type MissingTable } from './missing-table.ts';
import type { CommandRequest, InternetProtocol } from './options.ts';
import type { LegacyFamily, Listing, Section } from './sections.ts';

/** What a listing is lent. */
export interface ListingScene {
  /** The command's name. */
  readonly program: string;
  readonly host: Pick<LocalHost, 'batches' | 'sourceOf' | 'proc'>;
  readonly out: ByteWriter;
  /** Writes a line, or several, to stderr. */
  readonly say: (lines: string) => void;
  readonly names: Names;
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
  for (const section of listing.sections) {
    const status = await round.show(section);
    if (status !== undefined) return status;
  }
  return round.incomplete ? 1 : undefined;
}

class Round {
  /** A table was not shown, or not whole, where netstat has no words for it. */
  incomplete = false;
  readonly #request: CommandRequest;
  readonly #listing: Listing;
  readonly #scene: ListingScene;

  constructor(request: CommandRequest, listing: Listing, scene: ListingScene) {
    this.#request = request;
    this.#listing = listing;
    this.#scene = scene;
  }

  async show(section: Section): Promise<Status> {
    switch (section.kind) {
      case 'internet':
        return this.#showInternet(section.protocols);
      case 'unix':
        return this.#showUnix();
      case 'legacy':
        return this.#showLegacy(section.family);
      case 'bluetooth':
        this.#scene.say(BLUETOOTH_MISSING);
        return 1;
    }
  }

  async #showInternet(protocols: readonly InternetProtocol[]): Promise<Status> {
    const { out, names } = this.#scene;
    const table = new InternetTable(out, this.#request, names);
    table.heading();
    for (const protocol of protocols) {
      const status = protocol === 'sctp' ? this.#showSctp() : await this.#showProtocol(protocol, table);
      if (status !== undefined) return status;
    }
    return undefined;
  }

  async #showProtocol(protocol: Exclude<InternetProtocol, 'sctp'>, table: InternetTable): Promise<Status> {
    const families: FamilyName[] = [];
    if (this.#listing.inet) families.push('inet');
    if (this.#listing.inet6) families.push('inet6');
    const filter = protocol === 'tcp' ? await this.#tcpFilter() : {};
    try {
      return await this.#readInto(table, { protocol, families, columns: table.columns, ...filter });
    } finally {
      table.end();
    }
  }

  async #showUnix(): Promise<Status> {
    const table = new UnixTable(this.#scene.out, this.#request);
    table.heading();
    return this.#readInto(table, { protocol: 'unix', families: ['unix'], columns: table.columns });
  }

  async #readInto(table: { batch(batch: Batch): void }, dump: TableQuery): Promise<Status> {
    const { protocol, families, columns, states, bytecode } = dump;
    const request = { protocols: [protocol], families, states, columns };
    const stream = this.#scene.host.batches(request, bytecode);
    try {
      for await (const batch of stream) table.batch(batch);
    } catch (error) {
      if (!(error instanceof SockscopeError) || error.code !== 'ERR_SOURCE_UNAVAILABLE') throw error;
      return this.#cannotRead(dump, error);
    }
    for (const { source, malformed, lacks } of stream.report.dumps) {
      this.#warn(protocol, source, malformed);
      if (lacks === undefined) continue;
      this.#scene.say(`${this.#scene.program}: ${lacks}\n`);
      this.incomplete = true;
    }
    return undefined;
  }

  /**
   * What the kernel can leave out; the table decides. netstat tells by the remote port what listens and what does not,
   * whatever the state. A listener of the kernel's has no remote port, so those need not be asked for where they are not
   * shown (a text may be anything). A peer, the other way round, may well have port 0: there the kernel compares ports.
   */
  async #tcpFilter(): Promise<Pick<TableQuery, 'states' | 'bytecode'>> {
    const { which } = this.#request;
    if (which === 'listening') return { bytecode: remotePortAtMost(0) };
    if (which === 'all' || (await this.#scene.host.sourceOf('tcp')) !== 'netlink') return {};
    return { states: STATES.filter((state) => state !== 'listen' && state !== 'bound-inactive') };
  }

  #showSctp(): Status {
    // netstat looks for the sockets of IPv6 in a directory that no kernel has.
    if (!this.#listing.inet) return undefined;
    const { out, names, say } = this.#scene;
    const { extend, timers, which, numericHosts, numericPorts, numericUsers, symbolic } = this.#request;
    const numeric = numericHosts || numericPorts || numericUsers || symbolic;
    const table = new SctpTable(out, { extend, timers, numericHosts: numeric }, names);
    if (which !== 'connected') {
      const endpoints = this.#readSctp('eps', parseSctpEndpoints);
      if (typeof endpoints === 'number') return endpoints;
      for (const row of endpoints?.rows ?? []) table.endpoint(row);
      say('warning, got bogus sctp eps line.\n'.repeat(endpoints?.bogus ?? 0));
    }
    if (which !== 'listening') {
      const associations = this.#readSctp('assocs', parseSctpAssociations);
      if (typeof associations === 'number') return associations;
      for (const row of associations?.rows ?? []) table.association(row);
      say('warning, got bogus sctp assoc line.\n'.repeat(associations?.bogus ?? 0));
    }
    return undefined;
  }

  #readSctp<Table>(file: SctpFile, parse: (bytes: Uint8Array) => Table): Table | Status {
    const netDirectory = this.#scene.host.proc.netDirectory();
    let errno: number | undefined;
    try {
      const bytes = readSctp(netDirectory, file);
      if (bytes !== undefined) return parse(bytes);
    } catch (error) {
      errno = errnoOf(error);
    }
    return this.#missing({ label: 'AF INET (sctp)', path: `${netDirectory}/sctp/${file}`, errno });
  }

  #showLegacy({ label, file }: LegacyFamily): Status {
    const { host, program, say } = this.#scene;
    const path = `${host.proc.netDirectory()}/${file}`;
    const errno = errnoOfOpening(path);
    if (errno === undefined) {
      say(`${program}: the sockets of ${label} are not shown yet\n`);
      return this.#listing.explicit ? 1 : undefined;
    }
    // Here netstat does not ask whether a family was named without a protocol.
    return this.#missing({ label, path, errno }, { explicit: this.#listing.explicit, missingIsFine: false });
  }

  #cannotRead({ protocol, families }: TableQuery, error: SockscopeError): Status {
    const { program, host, say } = this.#scene;
    if (this.#request.source === 'netlink') {
      // Asked for by name, so that nothing else may stand in, and nothing be passed over in silence.
      say(`${program}: ${error.message}\n`);
      this.incomplete = true;
      return this.#listing.explicit && !this.#listing.missingIsFine ? 1 : undefined;
    }
    if (families[0] === 'inet6') return undefined;
    const label = protocol === 'unix' ? 'AF UNIX' : `AF INET (${protocol})`;
    return this.#missing({ label, path: `${host.proc.netDirectory()}/${protocol}`, errno: error.errno });
  }

  #missing(
    table: MissingTable,
    listing: Pick<Listing, 'explicit' | 'missingIsFine'> = this.#listing,
  ): Status {
    const { line, status } = judgeMissingTable(table, listing, this.#request.verbose);
    if (line !== undefined) this.#scene.say(line);
    return status;
  }

  #warn(protocol: ProtocolName, source: string, malformed: number): void {
    if (malformed === 0) return;
    const { program, say } = this.#scene;
    if (source === 'procfs') {
      const word = protocol === 'udplite' ? 'udp' : protocol;
      say(`warning, got bogus ${word} line.\n`.repeat(malformed));
    } else {
      say(`${program}: ${malformed} malformed messages from the kernel were left out\n`);
    }
  }
}

interface TableQuery {
  readonly protocol: ProtocolName;
  readonly families: readonly FamilyName[];
  readonly columns: readonly ColumnName[];
  readonly states?: readonly StateName[];
  readonly bytecode?: Uint8Array;
}

/** Why a file cannot be opened for reading; undefined when it can. */
function errnoOfOpening(path: string): number | undefined {
  try {
    closeSync(openSync(path, 'r'));
    return undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

function errnoOf(error: unknown): number {
  const { errno } = error as NodeJS.ErrnoException;
  if (errno === undefined) throw error;
  return -errno;
}
