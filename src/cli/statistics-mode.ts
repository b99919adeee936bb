import { closeSync } from 'node:fs';
import { join } from 'node:path';
import {
  carriedOver,
  isBesideInet6,
  sctpCounters,
  zeroWhereMissing,
} from '../format/netstat-statistics-quirks.ts';
import { SECTIONS6, type StatisticsProtocol, TITLED_SECTIONS } from '../format/statistics-sections.ts';
import { StatisticsTable } from '../format/statistics-table.ts';
import {
  parseCounterLines,
  parseCounterPairs,
  parseSctpCounters,
  type TitledEntries,
} from '../kernel-tables/counter-text.ts';
import { groupsByName, STATISTICS_FILES } from '../kernel-tables/statistics.ts';
import { openKernelFile, readDescriptor } from '../proc/kernel-file.ts';
import { type CommandRequest, INTERNET_PROTOCOLS } from './command-request.ts';
import { errnoOf, errorWords } from './errno.ts';
import type { ModeScene, ShowTable } from './mode-scene.ts';

/** `-s`. Whatever cannot be read, netstat's exit status is 0. */
export const showStatistics: ShowTable = async (request, scene) => {
  const [family = 'inet', ...further] = request.familyList;
  if (further.length > 0 || (family !== 'inet' && family !== 'inet6')) {
    const list = request.familyList.join();
    scene.out.ascii(`netstat: No statistics support for specified address family: ${list}\n`);
    return 1;
  }
  const statistics = new NetstatStatistics(request, scene);
  if (family === 'inet') statistics.inet();
  else statistics.inet6();
  return undefined;
};

const NOTHING = new Uint8Array();

/** The statistics of one family, file by file. */
class NetstatStatistics {
  readonly #directory: string;
  readonly #say: ModeScene['say'];
  readonly #table: StatisticsTable;

  constructor({ protocols }: Pick<CommandRequest, 'protocols'>, { host, out, say }: ModeScene) {
    this.#directory = host.proc.netDirectory();
    this.#say = say;
    this.#table = new StatisticsTable(out, protocols.size === 0 ? ALL : protocols);
  }

  inet(): void {
    const snmp = this.#required(STATISTICS_FILES.snmp);
    if (snmp === undefined) return;
    this.#pairs(STATISTICS_FILES.snmp, snmp);
    const netstat = this.#read(STATISTICS_FILES.netstat);
    if (netstat instanceof Uint8Array) this.#pairs(STATISTICS_FILES.netstat, netstat);
    const sctp = this.#read(STATISTICS_FILES.sctp);
    if (!(sctp instanceof Uint8Array)) return;
    const counters = sctpCounters(parseSctpCounters(sctp));
    this.#table.group({ name: 'Sctp', counters }, TITLED_SECTIONS);
  }

  inet6(): void {
    const snmp6 = this.#required(STATISTICS_FILES.snmp6);
    if (snmp6 === undefined) return;
    const groups = groupsByName(carriedOver(parseCounterLines(snmp6)));
    for (const group of groups) this.#table.group(group, SECTIONS6);
    const snmp = this.#required(STATISTICS_FILES.snmp);
    if (snmp === undefined) return;
    this.#titled(parseCounterPairs(snmp).groups.filter(isBesideInet6));
  }

  #pairs(file: string, bytes: Uint8Array): void {
    const { groups, broken } = parseCounterPairs(bytes);
    this.#titled(groups);
    if (broken) this.#say(`Problem while parsing ${join(this.#directory, file)}\n`);
  }

  #titled(groups: readonly TitledEntries[]): void {
    for (const { title, entries } of groups) {
      this.#table.group({ name: title, counters: entries.map(zeroWhereMissing) }, TITLED_SECTIONS);
    }
  }

  /** A file without which nothing more is shown: says so where it cannot be opened. */
  #required(file: string): Uint8Array | undefined {
    const read = this.#read(file);
    if (read instanceof Uint8Array) return read;
    this.#say(`cannot open ${join(this.#directory, file)}: ${errorWords(read)}\n`);
    return undefined;
  }

  /** A file's bytes; why it cannot be opened. One that can be opened and not be read is empty, and that is said. */
  #read(file: string): Uint8Array | number {
    const path = join(this.#directory, file);
    let fd: number;
    try {
      fd = openKernelFile(path);
    } catch (error) {
      return errnoOf(error);
    }
    try {
      return readDescriptor(fd, path);
    } catch (error) {
      this.#say(`${path}: ${errorWords(errnoOf(error))}\n`);
      return NOTHING;
    } finally {
      closeSync(fd);
    }
  }
}

const ALL: ReadonlySet<StatisticsProtocol> = new Set(INTERNET_PROTOCOLS);
