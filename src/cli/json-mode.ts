import type { ByteWriter } from '../format/byte-writer.ts';
import { jsonText } from '../format/json.ts';
import { JSON_SCHEMA_VERSION, type JsonTables, type SocketsDocument } from '../format/json-documents.ts';
import type { LocalHost } from '../host.ts';
import type { CommandRequest, Mode } from './command-request.ts';
import { isAskedFor } from './counter-topics.ts';
import { isOfTheSystem, wordsOf } from './errno.ts';
import { limits } from './interfaces-mode.ts';
import { type ListingScene, showListing } from './listing.ts';
import { notesOn } from './nat-mode.ts';
import type { NetstatFamily } from './netstat-options.ts';
import { planListing, type Section } from './sections.ts';

/** What JSON is made from; `say` writes lines to stderr. */
export interface JsonScene extends Omit<ListingScene, 'host'> {
  readonly host: LocalHost;
}

type Status = number | undefined;

/** Writes what is asked for as one JSON document on a line. Gives the exit status to end with, if any. */
export function showJson(request: CommandRequest, scene: JsonScene): Promise<Status> {
  return request.mode === 'sockets' ? showSockets(request, scene) : showTable(request.mode, request, scene);
}

/** A document's first key; the others follow. */
const HEAD = `{"schemaVersion":${JSON_SCHEMA_VERSION},`;

/** `{...,"sockets":[...]}`, with `"groups":[...]` where those were asked for: a SocketsDocument. */
async function showSockets(request: CommandRequest, scene: JsonScene): Promise<Status> {
  const listing = planListing(request);
  const sections = listing.sections.filter(isTyped);
  if (listing.explicit && sections.length < listing.sections.length) {
    return refuse(scene, 'there is no JSON of families that Linux has given up, or has never had here');
  }
  // First, since what cannot be read leaves no half of a document.
  const groups: SocketsDocument['groups'] = request.groups ? await scene.host.groups() : undefined;
  const { out } = scene;
  out.ascii(`${HEAD}"sockets":[`);
  const sockets = sections.filter(({ kind }) => kind !== 'groups');
  try {
    return await showListing(request, { ...listing, sections: sockets }, scene);
  } finally {
    // What was read before a failure is a document, too.
    out.ascii(']');
    if (groups !== undefined) {
      const shown = groups.filter(({ family }) => (family === 'inet6' ? listing.inet6 : listing.inet));
      out.ascii(',');
      writeRows(out, 'groups', shown);
    }
    out.ascii('}\n');
  }
}

function isTyped({ kind }: Section): boolean {
  return kind === 'internet' || kind === 'unix' || kind === 'groups';
}

type Table = Exclude<Mode, 'sockets'>;

/** `{...,"routes":[...]}` and its like: a TableDocument. */
async function showTable(mode: Table, request: CommandRequest, scene: JsonScene): Promise<Status> {
  const refusal = mode === 'routes' || mode === 'statistics' ? refusalOf(mode, request) : undefined;
  if (refusal !== undefined) return refuse(scene, refusal);
  try {
    const rows = await TABLES[mode](scene, request);
    scene.out.ascii(HEAD);
    writeRows(scene.out, mode, rows);
    scene.out.ascii('}\n');
    return undefined;
  } catch (error) {
    if (!(error instanceof NoSuchInterface) && !isOfTheSystem(error)) throw error;
    return refuse(scene, wordsOf(error as Error));
  }
}

class NoSuchInterface extends Error {}

const INTERNET: readonly NetstatFamily[] = ['inet', 'inet6'];

function refusalOf(mode: Table, { families, cache }: CommandRequest): string | undefined {
  if (mode === 'routes' && cache) return 'there is no JSON of the routing cache';
  const stranger = [...families].find((family) => !INTERNET.includes(family));
  return stranger === undefined ? undefined : `there is no JSON of the ${mode} of ${stranger}`;
}

function refuse({ say, program }: JsonScene, words: string): 1 {
  say(`${program}: ${words}\n`);
  return 1;
}

type Read<Row> = (scene: JsonScene, request: CommandRequest) => Promise<Iterable<Row>>;

const TABLES: { readonly [Name in Table]: Read<JsonTables[Name]> } = {
  routes: async ({ host }, { families }) => {
    const wanted = families.size === 0 ? (['inet'] as const) : [...families];
    const tables = wanted.map((family) => (family === 'inet6' ? host.routes('inet6') : host.routes('inet')));
    return (await Promise.all(tables)).flat();
  },
  interfaces: async ({ host, program, say }, { interfaceName, which }) => {
    const interfaces = await host.interfaces();
    if (interfaces.some(({ flags }) => flags === undefined)) say(`${program}: ${limits(host)}\n`);
    if (interfaceName === undefined) {
      // Where the flags are not known, nothing is known to be down.
      return interfaces.filter(
        ({ flags, flagNames }) => which === 'all' || flags === undefined || flagNames.includes('up'),
      );
    }
    const wanted = Buffer.from(interfaceName, 'latin1').toString();
    const found = interfaces.filter(({ name, labels }) => [name, ...labels].includes(wanted));
    if (found.length === 0) throw new NoSuchInterface(`-I ${wanted}: no such interface`);
    return found;
  },
  statistics: async ({ host }, { protocols, families }) => {
    const family = families.has('inet6') ? (families.has('inet') ? undefined : 'inet6') : 'inet';
    const { groups } = await host.statistics();
    return groups.filter(({ name }) => isAskedFor(name, { protocols, family }));
  },
  nat: async ({ host, program, say }) => {
    const table = await host.natEntries();
    for (const note of notesOn(table)) say(`${program}: ${note}\n`);
    return table;
  },
};

/** `"name":[...]`, row by row: a table may be larger than a string can be. */
function writeRows(out: ByteWriter, name: string, rows: Iterable<object>): void {
  let before = `"${name}":[`;
  for (const row of rows) {
    out.bytes(Buffer.from(`${before}${jsonText(row)}`));
    before = ',';
  }
  out.ascii(before === ',' ? ']' : `${before}]`);
}
