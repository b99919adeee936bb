import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCommandLine } from '../../src/cli/options.ts';
import { LocalHost } from '../../src/host.ts';
import { settleHostOptions } from '../../src/request/host-options.ts';
import { run } from '../cli/in-process.ts';
import { addProcess, procTree } from '../unit/owners/proc-trees.ts';
import { IGMP, IGMP6 } from './synthetic-groups.ts';
import { LEGACY_HOSTS } from './synthetic-legacy.ts';
import { type netstat, type Outcome, runOn, type SyntheticHost } from './synthetic-proc.ts';
import { type InetLine, inetFile, unixFile } from './synthetic-rows.ts';

type Net = SyntheticHost['net'];

/** Addresses that nobody looks up: here the machine's own names count. */
function sockets(any: string): InetLine[] {
  return [
    { local: `${any} 80`, state: 10, inode: 101 },
    { local: `${any} 22`, remote: `${any} 50000`, state: 1, uid: 1, inode: 102, timer: 2, ticks: 500 },
    { local: `${any} 0`, state: 7 },
    { local: `${any} 17`, remote: `${any} 443`, state: 6, sendQ: 5, recvQ: 7 },
  ];
}

const SCTP: Net = {
  'sctp/eps': ' ENDPT\nx y 2 10 29 80 0 101 0.0.0.0\n',
  'sctp/assocs': ' ASSOC\nx y 2 1 3 27 1 5 7 0 103 80 443 0.0.0.0 <-> *0.0.0.0 \t 7500\n',
};

const TABLES: Net = {
  ...Object.fromEntries(
    ['tcp', 'udp', 'udplite', 'raw'].flatMap((name) => [
      [name, inetFile(sockets('0.0.0.0'))],
      [`${name}6`, inetFile(sockets('::'))],
    ]),
  ),
  ...SCTP,
  igmp: IGMP,
  igmp6: IGMP6,
  unix: unixFile([
    { flags: 0x10000, inode: 104, path: '/run/a.sock' },
    { refs: 3, state: 3, inode: 105 },
  ]),
  ...LEGACY_HOSTS[0]![1].net,
};

const without = (...names: readonly string[]): Net =>
  Object.fromEntries(Object.entries(TABLES).filter(([name]) => !names.includes(name)));

/** What /proc/net may hold, by name. */
export const OPTION_TREES: Readonly<Record<string, Net>> = {
  full: TABLES,
  usual: without('sctp/eps', 'sctp/assocs', 'udplite', 'udplite6', 'ipx/socket', 'ax25', 'x25', 'nr', 'rose'),
  legacy: LEGACY_HOSTS[0]![1].net,
  holes: without('tcp', 'tcp6', 'udp6', 'igmp', 'unix', 'x25', 'rose'),
  bare: {},
};

export type TreeName = keyof typeof OPTION_TREES;

/** One command line on one of the trees. */
export interface Trial {
  readonly tree: TreeName;
  readonly words: readonly string[];
}

const PROCESSES = {
  20: { commandLine: '/usr/sbin/sshd\0-D\0', links: { 3: 'socket:[102]', 4: 'socket:[104]' } },
  30: { commandLine: 'nginx: master', links: { 5: 'socket:[101]', 6: 'socket:[103]' } },
};

/** Databases of this machine: our command runs on it as it is. */
const ETC = Object.fromEntries(
  ['services', 'protocols', 'passwd'].map((name) => [name, readFileSync(`/etc/${name}`, 'latin1')]),
);

/** What a program says of each, in namespaces of its own. */
export function outcomesOf(trials: readonly Trial[], program: typeof netstat): Outcome[] {
  const net: Record<string, string | Uint8Array> = {};
  for (const [name, tables] of Object.entries(OPTION_TREES)) {
    net[`trees/${name}/present`] = '';
    for (const [file, text] of Object.entries(tables)) net[`trees/${name}/${file}`] = text;
  }
  const command =
    'mount --bind "/proc/net/trees/$0" /proc/net; "$@"; status=$?; umount /proc/net; exit $status';
  const lines = trials.map(({ tree, words }) => ['sh', '-c', command, tree, ...program(words)]);
  return runOn({ net, processes: PROCESSES, etc: ETC }, lines);
}

/** Whether a command line asks for another table than those of sockets: of that the kernel itself may be asked. */
export function hasMode({ words }: Trial): boolean {
  const { outcome } = parseCommandLine(words, {
    program: 'netstat',
    environment: {},
    selinuxEnabled: () => false,
  });
  return outcome.kind === 'request' && outcome.request.mode !== 'sockets';
}

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Our command under netstat's name, in this process, over copies of the trees; `removeTrees` takes them away. */
export class CommandOverTrees {
  readonly #roots = new Map(Object.entries(OPTION_TREES).map(([name, tables]) => [name, rootOf(tables)]));

  async run({ tree, words }: Trial): Promise<Outcome> {
    const root = this.#roots.get(tree)!;
    const options = settleHostOptions({ procRoot: root, source: 'procfs', owners: 'procfd' });
    const surroundings = {
      packageRoot,
      reader: 'inline',
      automaticBpf: false,
      hostTables: () => import('../../src/host-tables.ts'),
    } as const;
    const openHost = () => new LocalHost(options, surroundings);
    const { stdout, stderr, status } = await run(words, { openHost });
    const inProc = (text: string): string => text.replaceAll(root, '/proc');
    return { stdout: inProc(stdout), stderr: inProc(stderr), code: status! };
  }
}

function rootOf(tables: Net): string {
  const processes = Object.entries(PROCESSES).map(([pid, { commandLine, links }]) => [
    pid,
    { fd: links, files: { cmdline: commandLine } },
  ]);
  const { path } = procTree(Object.fromEntries(processes));
  addProcess(path, 'net', { files: { ...tables, present: '' } });
  return path;
}
