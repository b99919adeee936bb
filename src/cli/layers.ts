import { isUnavailable, SockscopeError } from '../errors.ts';
import { jsonText } from '../format/json.ts';
import { JSON_SCHEMA_VERSION, type LayersDocument } from '../format/json-documents.ts';
import {
  type LayersFacts,
  LayersScreen,
  type LinkFacts,
  type NetworkFacts,
} from '../format/layers-screen.ts';
import type { LocalHost } from '../host.ts';
import { PROTOCOLS, type ProtocolName } from '../socket/protocol.ts';
import type { Batch } from '../table/batch.ts';
import { isOfTheSystem, wordsOf } from './errno.ts';
import { LAYERS_USAGE, parseLayersWords } from './layers-words.ts';
import { SocketCensus } from './socket-census.ts';
import type { SubcommandScene } from './subcommand-scene.ts';
import { lackOfTables } from './table-folder.ts';

type LayersScene = Pick<SubcommandScene, 'words' | 'program' | 'openHost' | 'out' | 'say'>;
type Interfaces = Awaited<ReturnType<LocalHost['interfaces']>>;
type Routes = Awaited<ReturnType<LocalHost['routes']>>;
type Statistics = Awaited<ReturnType<LocalHost['statistics']>>;

/** Runs the subcommand and gives its exit status. */
export async function runLayers({ words, program, openHost, out, say }: LayersScene): Promise<number> {
  const outcome = parseLayersWords(words, program);
  if (outcome.kind === 'usage') {
    if (outcome.message === undefined) out.ascii(LAYERS_USAGE);
    else say(`${outcome.message}\n${LAYERS_USAGE}`);
    return outcome.message === undefined ? 0 : 3;
  }
  const { json, procRoot } = outcome.request;
  const host = openHost({ procRoot });
  try {
    const directory = host.proc.netDirectory();
    const lack = lackOfTables(directory, procRoot);
    if (lack !== undefined) {
      say(`${program}: layers: ${lack}\n`);
      return 1;
    }
    const gathering = new Gathering(host, (words) => say(`${program}: layers: ${words}\n`));
    const facts = await gathering.facts();
    if (json) out.bytes(Buffer.from(`${jsonText(documentOf(facts))}\n`));
    else new LayersScreen(out, facts).write();
    return gathering.complete ? 0 : 1;
  } finally {
    await host.close();
  }
}

function documentOf(facts: LayersFacts): LayersDocument {
  return { schemaVersion: JSON_SCHEMA_VERSION, ...facts };
}

/** Reads table after table; one that cannot be read is said, and counts as empty. */
class Gathering {
  complete = true;
  readonly #host: LocalHost;
  readonly #say: (words: string) => void;

  constructor(host: LocalHost, say: (words: string) => void) {
    this.#host = host;
    this.#say = say;
  }

  async facts(): Promise<LayersFacts> {
    const host = this.#host;
    const interfaces = await this.#orSay(() => host.interfaces(), []);
    const routes = await this.#orSay(() => host.routes(), []);
    const census = new SocketCensus();
    for (const protocol of PROTOCOLS) await this.#orSay(() => this.#count(protocol, census), undefined);
    const groups = await this.#orSay(() => host.groups(), []);
    const statistics = await this.#orSay(() => host.statistics(), { groups: [], malformed: 0 });
    return {
      links: interfaces.map(linkOf),
      networks: [networkOf('inet', interfaces, routes), networkOf('inet6', interfaces, routes)],
      groups: groups.length,
      nat: await this.#orSay(() => countNat(host), undefined),
      counters: countersOf(statistics),
      sockets: census.sockets(),
      programs: census.programs(),
    };
  }

  /**
   * With whoever holds them; without, where that is not to be seen here, or where there are no means to look for it,
   * which is said. A protocol that the kernel does not have has no sockets.
   */
  async #count(protocol: ProtocolName, census: SocketCensus): Promise<void> {
    const host = this.#host;
    if ((await host.sourceOf(protocol)) === 'none') return;
    try {
      await add(host.batches({ ...questionOf(protocol), owners: 'lowest' }), census);
    } catch (error) {
      if (!isUnavailable(error) && !isOfOwners(error)) throw error;
      if (!isUnavailable(error)) this.#lacks(error);
      await add(host.batches(questionOf(protocol)), census);
    }
  }

  #lacks(error: unknown): void {
    this.complete = false;
    this.#say(wordsOf(error as Error));
  }

  async #orSay<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!isOfTheSystem(error)) throw error;
      this.#lacks(error);
      return otherwise;
    }
  }
}

function linkOf({ name, mtu, flags, flagNames, statistics }: Interfaces[number]): LinkFacts {
  return {
    name,
    isUp: flags === undefined ? undefined : flagNames.includes('up'),
    mtu,
    rxBytes: statistics?.rxBytes ?? 0n,
    txBytes: statistics?.txBytes ?? 0n,
    errors: (statistics?.rxErrors ?? 0n) + (statistics?.txErrors ?? 0n),
    dropped: (statistics?.rxDropped ?? 0n) + (statistics?.txDropped ?? 0n),
  };
}

function networkOf(family: 'inet' | 'inet6', interfaces: Interfaces, routes: Routes): NetworkFacts {
  const own = routes.filter((route) => route.family === family);
  return {
    family,
    addresses: interfaces.flatMap(({ addresses }) => addresses.filter((one) => one.family === family)).length,
    routes: own.length,
    defaultRoutes: own.filter(({ prefixLength, isReject }) => prefixLength === 0 && !isReject).map(wayOf),
  };
}

function wayOf({ gateway, interfaceName }: Routes[number]): string {
  const device = interfaceName ?? 'no device';
  return gateway === undefined ? device : `${gateway} on ${device}`;
}

function countersOf({ groups }: Statistics): LayersFacts['counters'] {
  return Object.fromEntries(
    groups.map(({ name, counters }) => [
      name,
      Object.fromEntries(counters.map((counter) => [counter.name, counter.value])),
    ]),
  );
}

function questionOf(protocol: ProtocolName): Parameters<LocalHost['batches']>[0] & object {
  return { protocols: [protocol], columns: [...SocketCensus.columns], processFields: [] };
}

async function add(batches: AsyncIterable<Batch>, census: SocketCensus): Promise<void> {
  for await (const batch of batches) census.add(batch);
}

/** Undefined where the kernel translates nothing, or does not show it. */
async function countNat(host: LocalHost): Promise<number | undefined> {
  try {
    return (await host.natEntries()).length;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}

/** The search for owners has failed, and not the table of sockets: no row of that has been counted. */
function isOfOwners(error: unknown): boolean {
  return error instanceof SockscopeError && error.operation.startsWith('find owners');
}
