import type { HostOptions } from '../../src/request/host-options.ts';
import type { Installed } from './installed.ts';
import { RESIDENTS, type Residents } from './residents.ts';

interface Listener {
  readonly port: number;
  readonly owners?: readonly {
    readonly pid: number;
    readonly commandLine?: unknown;
    readonly cgroup?: unknown;
  }[];
  readonly noOwner?: string;
}

/** What ask.mjs prints. Of the tables how many rows they have, or the code of an error. */
interface Answer {
  readonly ownPort: number;
  readonly listeners: readonly Listener[];
  readonly by: { readonly tcp: string; readonly owners: string };
  readonly nat: number | string;
  readonly interfaces: number | string;
  readonly routes: number | string;
  readonly groups: number | string;
  readonly statistics: number | string;
}

/** An answer in the words of docs/privileges.md. */
export interface Verdict {
  /** Whose listeners are listed. */
  readonly sockets: string;
  readonly 'read by': string;
  /** Whose owners are named. */
  readonly owners: string;
  readonly 'found by': string;
  /** What is told of the owners. */
  readonly 'their command line, cgroup': string;
  readonly '`-i`, `-r`, `-g`, `-s`': string;
  readonly '`-M`': string;
}

/** Runs ask.mjs in the place as somebody (words that go before the program), and puts its answer into words. */
export async function verdictOf(
  place: Residents,
  installed: Installed,
  as: readonly string[],
  host: HostOptions,
): Promise<Verdict> {
  const words = [...as, process.execPath, installed.ask, JSON.stringify(host)];
  const { status, stdout, stderr } = await place.run(words[0]!, words.slice(1));
  if (status !== 0) throw new Error(`ask.mjs ended with ${status}: ${stderr.toString('latin1')}`);
  return verdict(JSON.parse(stdout.toString()) as Answer, place);
}

function verdict(answer: Answer, place: Residents): Verdict {
  const { by, nat, interfaces, routes, groups, statistics, listeners } = answer;
  const owners = listeners.flatMap((one) => one.owners ?? []);
  const told = owners.every(({ commandLine, cgroup }) => commandLine !== undefined && cgroup !== undefined);
  const tables = [interfaces, routes, groups, statistics];
  return {
    sockets: socketsOf(answer, place),
    'read by': by.tcp,
    owners: ownersOf(answer, place),
    'found by': by.owners,
    'their command line, cgroup': told ? 'yes' : 'no',
    '`-i`, `-r`, `-g`, `-s`': tables.every((rows) => Number(rows) > 0) ? 'yes' : `no: ${tables.join()}`,
    '`-M`': nat === 1 ? 'yes' : nat === 'ERR_SOURCE_UNAVAILABLE' ? 'no' : `no: ${nat}`,
  };
}

/** The asker's own listener is in the container's network, which is the host's or not. */
function socketsOf({ listeners, ownPort }: Answer, place: Residents): string {
  const has = (port: number): boolean => listeners.some((one) => one.port === port);
  const seen = RESIDENTS.filter((name) => has(place.description.residents[name].port));
  if (seen.length === RESIDENTS.length) return "the host's";
  return seen.length === 0 && has(ownPort) ? "the container's" : `some: ${seen.join()}`;
}

/** The asker's own listener has an owner wherever it is listed. */
function ownersOf({ listeners, ownPort }: Answer, place: Residents): string {
  const { residents } = place.description;
  const own = listeners.find(({ port }) => port === ownPort);
  if (own !== undefined && own.owners?.length !== 1) return 'not even its own';
  const named = RESIDENTS.filter((name) => {
    const { pid, port } = residents[name];
    return listeners.some((one) => one.port === port && one.owners?.some((owner) => owner.pid === pid));
  });
  return WORDS[named.join()] ?? `some: ${named.join()}`;
}

/** By the residents whose listeners have an owner. */
const WORDS: Readonly<Record<string, string>> = {
  '': 'its own',
  [RESIDENTS.join()]: 'all',
  nobody: "the user's",
  'root without capabilities': 'of root without capabilities',
  'root,root without capabilities': "root's",
};
