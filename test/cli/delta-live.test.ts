import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const MAIN = fileURLToPath(new URL('delta-main.ts', import.meta.url));
const EXCHANGE = fileURLToPath(new URL('delta_exchange.py', import.meta.url));
const DELTA = [process.execPath, '--import', 'tsx', MAIN];

const missing = requirement('netns', 'ip', 'python3');

/** A kind of link that this kernel has. */
const kind =
  missing === undefined
    ? ['dummy', 'bridge', 'ifb'].find(
        (type) => spawnSync('unshare', ['-Urn', 'ip', 'link', 'add', 'v0', 'type', type]).status === 0,
      )
    : undefined;

/** Runs `delta` in a network namespace of its own, with nothing but loopback. */
function inside(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['-Urn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...DELTA, ...words],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return { status, stdout, stderr };
}

type Group = {
  name: string;
  counters: { name: string; difference: number }[];
  figures: Record<string, number>;
};

function differences(groups: readonly Group[], name: string): Record<string, number> {
  const { counters = [] } = groups.find((group) => group.name === name) ?? {};
  return Object.fromEntries(counters.map((counter) => [counter.name, counter.difference]));
}

describe.skipIf(missing !== undefined)(`delta in a namespace ${missing ?? ''}`, () => {
  it('counts the datagrams of an exchange', () => {
    const { status, stdout, stderr } = inside('--json', '--', 'python3', EXCHANGE, 'udp');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { seconds, protocols, interfaces } = JSON.parse(stdout);
    expect(seconds).toBeGreaterThan(0);
    // Nine datagrams, and two ICMP messages about those that nobody took.
    expect(differences(protocols, 'Ip')).toMatchObject({ InReceives: 11, InDelivers: 11, OutRequests: 11 });
    expect(differences(protocols, 'Udp')).toEqual({ InDatagrams: 7, NoPorts: 2, OutDatagrams: 9 });
    expect(differences(protocols, 'Icmp')).toEqual({
      InMsgs: 2,
      InDestUnreachs: 2,
      OutMsgs: 2,
      OutDestUnreachs: 2,
    });
    expect(differences(protocols, 'IcmpMsg')).toEqual({ InType3: 2, OutType3: 2 });
    expect(differences(protocols, 'Tcp')).toEqual({});
    const bytes = 7 * (28 + 100) + 2 * (28 + 1) + 2 * (28 + 28 + 1);
    expect(differences(interfaces, 'lo')).toEqual({
      rxPackets: 11,
      rxBytes: bytes,
      txPackets: 11,
      txBytes: bytes,
    });
    expect(interfaces[0].figures.bytesPerPacketSent).toBeCloseTo(bytes / 11);
    expect(protocols.find((group: Group) => group.name === 'Udp').figures.lostShare).toBeCloseTo(2 / 9);
  });

  it('counts the segments of a connection', () => {
    const { status, stdout } = inside('--json', '-it', '--', 'python3', EXCHANGE, 'tcp');
    expect(status).toBe(0);
    const { protocols, interfaces } = JSON.parse(stdout);
    const tcp = differences(protocols, 'Tcp');
    const packets = differences(interfaces, 'lo').rxPackets;
    expect(tcp).toMatchObject({ ActiveOpens: 1, PassiveOpens: 1, InSegs: packets, OutSegs: packets });
    expect(packets).toBeGreaterThanOrEqual(7);
    expect(protocols.map(({ name }: Group) => name)).toEqual(['Tcp', 'TcpExt']);
  });

  it.skipIf(kind === undefined)(`sees an interface come (${kind ?? 'no kind of link can be made'})`, () => {
    const { stdout, status } = inside('-i', '--', 'sh', '-c', `ip link add v0 type ${kind}; exit 3`);
    expect(status).toBe(3);
    expect(stdout.replace(/^delta over \d+\.\d\d s/, 'delta')).toBe(
      `delta: sh -c ip link add v0 type ${kind}; exit 3\nv0: (new)\n`,
    );
  });

  it('waits as long as it is told', () => {
    expect(inside('-I', 'lo', '0.05').stdout).toMatch(/^delta over \d+\.\d\d s\nnothing moved\n$/);
  });

  it('has the report behind what the command writes, and the status of the command', () => {
    const { status, stdout } = inside('-s', '--', 'sh', '-c', 'echo hello; kill -TERM $$');
    expect(status).toBe(143);
    expect(stdout).toMatch(/^hello\ndelta over /);
    const nowhere = inside('--', '/nowhere/no-such-program-at-all');
    expect(nowhere).toEqual({
      status: 127,
      stdout: '',
      stderr: 'sockscope: delta: /nowhere/no-such-program-at-all: no such file or directory\n',
    });
    expect(inside('--', '/proc').status).toBe(126);
  });
});

/** Begins `delta` as the leader of a process group, and waits for a line of what it runs. */
async function begun(...words: readonly string[]): Promise<{ child: ChildProcess; text: () => string }> {
  const child = spawn(DELTA[0]!, [...DELTA.slice(1), ...words], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(child.stdout, 'data');
  return { child, text: () => text };
}

const SLEEP = ['-s', '--', 'sh', '-c', 'echo ready; exec sleep 20'];

describe('delta and signals', () => {
  it('tells what there was when SIGINT ends the command', async () => {
    const { child, text } = await begun(...SLEEP);
    process.kill(-child.pid!, 'SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(text()).toMatch(/^ready\ndelta over /);
  });

  it('passes SIGTERM on to the command', async () => {
    const { child, text } = await begun(...SLEEP);
    process.kill(child.pid!, 'SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
    expect(text()).toMatch(/^ready\ndelta over /);
  });

  it('tells what there was when SIGINT ends -c', async () => {
    const { child, text } = await begun('-i', '-c', '1');
    // Between its periods it dies as others do.
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(child.pid!, 'SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(text().match(/^delta over /gm)!.length).toBeGreaterThanOrEqual(2);
  });

  it('ends when nobody reads any more', async () => {
    const { child } = await begun('-i', '-c', '0.05');
    child.stdout!.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('has the status of the command though nobody reads', async () => {
    const { child } = await begun('--', 'sh', '-c', 'echo ready; sleep 0.2; exit 5');
    child.stdout!.destroy();
    expect(await once(child, 'close')).toEqual([5, null]);
  });
});
