import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReaderGone } from '../../src/cli/output.ts';
import { type Run, run } from './in-process.ts';

let netDirectory: string;
beforeEach(() => {
  netDirectory = mkdtempSync(join(tmpdir(), 'sockscope-rounds-'));
});
afterEach(() => rmSync(netDirectory, { recursive: true }));

interface Rounds extends Run {
  /** What the command waited, round after round. */
  readonly pauses: readonly number[];
}

/** Runs the command for some rounds, each of which takes so many milliseconds. */
async function rounds(
  words: readonly string[],
  took: readonly number[],
  program = 'sockscope',
): Promise<Rounds> {
  const pauses: number[] = [];
  let now = 7;
  const scene = {
    program,
    now: () => now,
    pause: async (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds;
      if (pauses.length === took.length) throw new ReaderGone();
    },
  };
  // A round begins when the clock is asked, or a pause is over; it takes its time when its first table is looked for.
  let round = 0;
  const missing = () => {
    now += took[round++] ?? 0;
    return undefined;
  };
  const outcome = await run(words, scene, { missing, netDirectory });
  return { ...outcome, pauses };
}

describe('-c', () => {
  it('begins a round every second, however long one takes', async () => {
    const { pauses, stdout, status } = await rounds(['-xnc'], [0, 300, 999, 10]);
    expect(pauses).toEqual([1000, 700, 1001, 990]);
    expect(stdout.match(/^Active/gm)).toHaveLength(4);
    expect(status).toBe(0);
  });

  it('does not begin one twice where a timer ends early', async () => {
    const pauses: number[] = [];
    let now = 0;
    const pause = async (milliseconds: number) => {
      pauses.push(milliseconds);
      now += milliseconds - 0.8;
      if (pauses.length === 3) throw new ReaderGone();
    };
    await run(['-xnc'], { program: 'sockscope', now: () => now, pause }, { missing: () => undefined });
    expect(pauses).toEqual([1000, expect.closeTo(1000.8), expect.closeTo(1000.8)]);
  });

  it('leaves out rounds that would have begun while one ran', async () => {
    expect((await rounds(['-xnc'], [2500, 0])).pauses).toEqual([500, 1000]);
  });

  it.each([
    [['-xnc', '5'], 5000],
    [['-c', '0.5', '-xn'], 500],
    [['-xnc', '.25'], 250],
    [['-xn', '--continuous=2'], 2000],
    [['-xn', '--conti=2.25'], 2250],
    [['-xnc', 'word', '3'], 3000],
  ])('takes a period: %j', async (words, period) => {
    expect((await rounds(words, [0, 0])).pauses).toEqual([period, period]);
  });

  it('takes none as netstat', async () => {
    expect((await rounds(['-xnc', '5'], [0, 0], 'netstat')).pauses).toEqual([1000, 1000]);
  });

  it.each([
    [['-c', '5s'], "'5s'"],
    [['-c', '1e1'], "'1e1'"],
    [['-c', '9999999'], "'9999999'"],
  ])('says that %j is no number of seconds', async (words, word) => {
    const { status, stderr } = await rounds(['-xn', ...words], [0]);
    expect(stderr).toContain(`takes a number of seconds, not ${word}`);
    expect(status).toBe(3);
  });

  it.each(['-c0', '--continuous=0', '--continuous=x', '--continuous=1e3', '--continuous=-1'])(
    'refuses %s',
    async (word) => {
      const { status, stdout, pauses } = await rounds(['-xn', word], [0]);
      expect({ status, stdout, pauses }).toEqual({ status: 3, stdout: '', pauses: [] });
    },
  );

  it('repeats every table; the title of -i once, the statistics with a period alone', async () => {
    const net = {
      route: 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n',
      igmp: 'Idx\n',
      igmp6: '',
      dev: 'Inter-|\n face |bytes compressed\n',
      snmp: 'Tcp: InSegs\nTcp: 3\n',
      ip_masquerade: `${'Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta PDelta Expires (free=1)'.padEnd(127)}\n`,
    };
    for (const [name, text] of Object.entries(net)) {
      mkdirSync(netDirectory, { recursive: true });
      writeFileSync(join(netDirectory, name), text);
    }
    const titles = async (words: string[]): Promise<string[]> => {
      const { stdout, pauses } = await rounds(words, [0, 0, 0]);
      expect(pauses, words.join(' ')).toHaveLength(3);
      return stdout.match(/^(Kernel|IPv6|Iface|Tcp).*$/gm)?.map((line) => line.slice(0, 10)) ?? [];
    };
    expect(await titles(['-rnc'])).toEqual(['Kernel IP ', 'Kernel IP ', 'Kernel IP ']);
    expect(await titles(['-gnc'])).toEqual(['IPv6/IPv4 ', 'IPv6/IPv4 ', 'IPv6/IPv4 ']);
    expect(await titles(['-stc', '1'])).toEqual(['Tcp:', 'Tcp:', 'Tcp:']);
    expect((await rounds(['-stc'], [0, 0, 0])).pauses).toEqual([]);
    await titles(['-Mnc']);
  });
});
