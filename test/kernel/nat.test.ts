import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NatEntry } from '../../src/kernel-tables/nat-table.ts';
import { nobody } from '../owners/users.ts';
import { requirement } from '../requirements.ts';
import { launch, type Namespaced } from './namespaced.ts';

const missing =
  requirement('root', 'netns', 'ip', 'iptables', 'python3', 'dist', 'setpriv') ?? requirement('addon');

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const command = here('../../dist/cli/main.cjs');
const TSX = here('../../node_modules/tsx/dist/loader.mjs');
const NO_SUPPORT = "netstat: no support for `ip_masquerade' on this system.\n";

/** A connection through the gateway: as it was made, and who the server sees. */
interface Made {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly seen: string;
  readonly seenPort: number;
}

interface Gateway {
  readonly connections: readonly Made[];
  /** The port of the gateway's own connection, which is tracked and not translated. */
  readonly own: number;
}

interface Answer {
  readonly source: string;
  readonly better: readonly { readonly source: string; readonly errno?: number }[];
  readonly malformed: number;
  readonly interrupted: boolean;
  readonly entries: readonly NatEntry[];
  readonly code?: string;
}

type Answers = Record<'auto' | 'ctnetlink' | 'text' | 'bounded', Answer>;

const TIMEOUT_MS = 60_000;

describe.skipIf(missing !== undefined)(`a gateway's NAT table${missing ? ` (${missing})` : ''}`, () => {
  let scene: Namespaced<Gateway>;
  beforeAll(async () => {
    scene = await launch({ script: here('nat_gateway.py') });
  }, TIMEOUT_MS);
  afterAll(() => scene?.stop());

  const show = async (words: readonly string[], env: Record<string, string> = {}, before = ['env']) => {
    const [program, ...args] = [...before, process.execPath, command, ...words];
    const { stdout, stderr, status } = await scene.run(program!, args, env);
    return { stdout: stdout.toString(), stderr: stderr.toString(), status };
  };
  const answers = async (before: readonly string[] = ['env']): Promise<Answers> => {
    const [program, ...args] = [...before, process.execPath, '--import', TSX, here('print-nat.ts')];
    const { stdout, stderr } = await scene.run(program!, args, { TSX_DISABLE_CACHE: '1' });
    expect(stderr.toString()).toBe('');
    return JSON.parse(stdout.toString()) as Answers;
  };

  it('is what was made, from ctnetlink and from the text alike', { timeout: TIMEOUT_MS }, async () => {
    const { auto, ctnetlink, text, bounded } = await answers();
    expect([auto.source, ctnetlink.source, text.source]).toEqual(['ctnetlink', 'ctnetlink', 'nf_conntrack']);
    expect([auto.better.length, text.better.map(({ source }) => source)]).toEqual([0, ['ctnetlink']]);
    expect(bounded.code).toBe('ERR_TOO_LARGE');
    for (const { malformed, interrupted, entries } of [auto, ctnetlink, text]) {
      expect({ malformed, interrupted }).toEqual({ malformed: 0, interrupted: false });
      expect(entries.map(madeOf).sort()).toEqual(scene.description.connections.map(lineOf).sort());
    }
    // The same rows in the same order.
    expect(text.entries.map(withoutTime)).toEqual(ctnetlink.entries.map(withoutTime));
    const expiries = (answer: Answer) => answer.entries.map(({ expiresSeconds }) => expiresSeconds!);
    for (const [index, seconds] of expiries(text).entries()) {
      expect(Math.abs(seconds - expiries(ctnetlink)[index]!)).toBeLessThanOrEqual(3);
    }
  });

  it('tells kinds, states and counters', { timeout: TIMEOUT_MS }, async () => {
    const { entries } = (await answers()).ctnetlink;
    const kinds = entries.map(({ kind, original }) => `${original.destination} ${kind}`);
    expect(new Set(kinds)).toEqual(new Set(['10.2.0.2 source', 'fd00:2::2 source', '10.1.0.1 both']));
    for (const { protocol, state, original, reply, family, mark, zone } of entries) {
      expect(state).toBe(protocol === 'tcp' ? 'established' : undefined);
      expect(Number(original.packets)).toBeGreaterThan(0);
      expect(Number(reply.bytes)).toBeGreaterThan(Number(reply.packets));
      expect({ family, mark, zone }).toEqual({
        family: original.source.includes(':') ? 'inet6' : 'inet',
        mark: 0,
        zone: 0,
      });
    }
    const ping = entries.find(({ protocol }) => protocol === 'icmp')!;
    expect([ping.original.icmp, ping.reply.icmp?.type]).toEqual([{ id: 77, type: 8, code: 0 }, 0]);
  });

  it.each(['netlink', 'procfs', 'auto'])(
    'is shown by -M, source %s',
    { timeout: TIMEOUT_MS },
    async (source) => {
      const { stdout, stderr, status } = await show(['-Mn'], { SOCKSCOPE_SOURCE: source });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      const [title, heading, ...rows] = stdout.trimEnd().split('\n');
      expect([title, heading]).toEqual([
        'IP masquerading entries',
        'prot   expire source               destination          ports',
      ]);
      expect(rows.map(withoutExpiry).sort()).toEqual(scene.description.connections.map(rowOf).sort());
      expect(stdout).not.toContain(String(scene.description.own));
    },
  );

  it('is shown with -e, and under the name of netstat', { timeout: TIMEOUT_MS }, async () => {
    const { stdout } = await show(['-Mne']);
    const rows = stdout.trimEnd().split('\n').slice(2);
    expect(rows).toHaveLength(scene.description.connections.length);
    for (const row of rows) expect(row).toMatch(/^\w+ +\d+:\d\d\.00 {10}0 {5}0 {5}0 [\da-f]/);
    const link = `${scene.folder}/netstat`;
    const { stdout: named } = await scene.run('sh', [
      '-c',
      `ln -sf ${command} ${link}; exec ${process.execPath} ${link} -Mn`,
    ]);
    expect(named.toString().split('\n').slice(2, -1).map(withoutExpiry)).toEqual(
      rows.map((row) => withoutExpiry(row.replace(/ {10}0 {5}0 {5}0 /, ' '))),
    );
  });

  it('is not for everybody', { timeout: TIMEOUT_MS }, async () => {
    const plain = await show(['-Mn'], {}, [...nobody]);
    expect(plain).toEqual({ stdout: '', stderr: NO_SUPPORT, status: 1 });
    const verbose = await show(['-Mnv'], {}, [...nobody]);
    expect(verbose).toEqual({ stdout: '', stderr: `${NO_SUPPORT}${WHAT_IT_TAKES}`, status: 1 });
    expect(await show(['-Mnv', '--source', 'netlink'], {}, [...nobody])).toMatchObject({
      stderr: `${NO_SUPPORT}sockscope: read the NAT table: ctnetlink: it takes CAP_NET_ADMIN (run as root, or with CAP_NET_ADMIN over the network namespace)\n`,
      status: 1,
    });
  });

  it('is read as text by root without CAP_NET_ADMIN', { timeout: TIMEOUT_MS }, async () => {
    const { auto } = await answers(['setpriv', '--bounding-set=-net_admin', '--inh-caps=-net_admin']);
    expect(auto.source).toBe('nf_conntrack');
    expect(auto.better).toMatchObject([{ source: 'ctnetlink', errno: 1 }]);
    expect(auto.entries).toHaveLength(scene.description.connections.length);
  });
});

describe.skipIf(missing !== undefined)(`a router without NAT${missing ? ` (${missing})` : ''}`, () => {
  it('has connections, and nothing to show', { timeout: TIMEOUT_MS }, async () => {
    const scene = await launch<Gateway>({ script: here('nat_gateway.py'), args: ['without'] });
    try {
      const outcomes = await scene.runAll(
        ['netlink', 'procfs'].map((source) => ({
          command: process.execPath,
          args: [command, '-Mn'],
          env: { SOCKSCOPE_SOURCE: source },
        })),
      );
      for (const { stdout, stderr, status } of outcomes) {
        expect([stdout.toString(), stderr.toString(), status]).toEqual(['', '', 0]);
      }
      const { stdout } = await scene.run('cat', ['/proc/net/nf_conntrack']);
      expect(stdout.toString().match(/ESTABLISHED/g)!.length).toBeGreaterThan(3);
    } finally {
      await scene.stop();
    }
  });
});

const WHAT_IT_TAKES =
  'sockscope: read the NAT table: ctnetlink: it takes CAP_NET_ADMIN; nf_conntrack: open /proc/net/nf_conntrack: EACCES (run as root, or with CAP_NET_ADMIN over the network namespace)\n';

function lineOf({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
  seen,
  seenPort,
}: Made): string {
  return `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort} as ${seen} ${seenPort}`;
}

function madeOf({ protocol, original, reply, masqueradePort }: NatEntry): string {
  const { source, sourcePort, destination, destinationPort, icmp } = original;
  const ports = icmp === undefined ? [sourcePort, destinationPort] : [icmp.id, icmp.type * 256 + icmp.code];
  return `${protocol} ${source} ${ports[0]} ${destination} ${ports[1]} as ${reply.destination} ${masqueradePort}`;
}

function rowOf({ protocol, source, sourcePort, destination, destinationPort, seenPort }: Made): string {
  return `${protocol} ${source.padEnd(20)} ${destination.padEnd(20)} ${sourcePort} -> ${destinationPort} (${seenPort})`;
}

function withoutExpiry(row: string): string {
  return row.replace(/^(\w+) +\d+:\d\d\.00 /, '$1 ');
}

function withoutTime(entry: NatEntry): unknown {
  return { ...entry, expiresSeconds: undefined };
}
