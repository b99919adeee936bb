import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Abilities } from '../../src/host.ts';
import { requirement } from '../requirements.ts';
import { Installed } from './installed.ts';
import { reachOnPage } from './reach.ts';
import {
  demand as demandIn,
  GROUP,
  RESIDENTS,
  type ResidentName,
  type Residents,
  startResidents,
} from './residents.ts';
import { bootSystemd, type SystemdHost, UNITS } from './systemd-host.ts';

const DROP_INS = 'etc/systemd/system/sockscope-agent.service.d';
const noLint = requirement('systemdanalyze');
const missing = requirement('root', 'systemd', 'netns', 'mountns', 'pidns', 'python3', 'ip', 'dist', 'addon');
const noBpf = requirement('bpf');

describe.skipIf(noLint !== undefined)(`the units${noLint ? ` (${noLint})` : ''}`, () => {
  let root: string;
  beforeAll(() => {
    // What the units name, so that nothing but themselves can be wrong.
    root = mkdtempSync(join(tmpdir(), 'sockscope-units-'));
    for (const folder of ['etc/systemd/system', 'usr/bin', 'usr/local/bin', 'sys/kernel/btf'])
      mkdirSync(join(root, folder), { recursive: true });
    cpSync('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true });
    cpSync(UNITS, join(root, 'etc/systemd/system'), { recursive: true });
    for (const program of ['usr/bin/node', 'usr/local/bin/sockscope']) {
      writeFileSync(join(root, program), '');
      chmodSync(join(root, program), 0o755);
    }
  });
  afterEach(() => rmSync(join(root, DROP_INS), { recursive: true, force: true }));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const analyze = (verb: string, ...words: string[]) =>
    spawnSync('systemd-analyze', [verb, `--root=${root}`, '--no-pager', ...words], { encoding: 'utf8' });
  const dropIn = (text?: string): void => {
    const folder = join(root, DROP_INS);
    mkdirSync(folder, { recursive: true });
    if (text === undefined) cpSync(join(UNITS, 'pinned.conf'), join(folder, 'pinned.conf'));
    else writeFileSync(join(folder, 'wrong.conf'), text);
  };

  it.each(['sockscope-agent.service', 'sockscope-pin@monitoring.service'])('%s is well formed', (unit) => {
    const { status, stdout, stderr } = analyze('verify', '--man=no', unit);
    expect([status, `${stdout}${stderr}`]).toEqual([0, '']);
  });

  it('are well formed together with the drop-in', () => {
    dropIn();
    const { status, stderr } = analyze('verify', '--man=no', 'sockscope-agent.service');
    expect([status, stderr]).toEqual([0, '']);
  });

  it('would not be with a wrong line', () => {
    dropIn('[Service]\nProtectSystm=strict\n');
    expect(analyze('verify', '--man=no', 'sockscope-agent.service').stderr).toMatch('ProtectSystm');
  });

  it.each([
    ['the agent', 'sockscope-agent.service', false, 17],
    ['the agent without a capability', 'sockscope-agent.service', true, 12],
    ['the pin, which loads and mounts', 'sockscope-pin@monitoring.service', false, 41],
  ])('leave %s no more exposed than it has to be', (_, unit, pinned, tenths) => {
    if (pinned) dropIn();
    const { status, stdout, stderr } = analyze('security', '--offline=yes', `--threshold=${tenths}`, unit);
    expect(stderr).toBe('');
    expect([status, stdout.split('\n').at(-2)]).toEqual([
      0,
      expect.stringContaining('Overall exposure level'),
    ]);
  });
});

interface Line {
  readonly listeners: readonly { readonly port: number; readonly pid?: number; readonly program?: string }[];
  readonly owners: {
    readonly source: string;
    readonly better: readonly { source: string; reason: string }[];
  };
  readonly gaps: readonly unknown[];
}

describe.skipIf(missing !== undefined)(`under systemd${missing ? ` (${missing})` : ''}`, () => {
  let installed: Installed;
  let host: SystemdHost;
  let residents: Record<ResidentName, { pid: number; port: number }>;

  beforeAll(async () => {
    installed = new Installed();
    host = await bootSystemd(installed);
    await demand('systemctl', 'start', 'residents');
    residents = (
      JSON.parse(await eventually('cat', '/run/residents.json')) as { residents: typeof residents }
    ).residents;
  });
  afterAll(async () => {
    await host?.stop();
    installed?.remove();
  });

  async function demand(command: string, ...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await host.run(command, args);
    if (status !== 0)
      throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
    return stdout.toString();
  }

  /** What a command prints, once it succeeds and prints a line; the test's own limit ends it. */
  async function eventually(command: string, ...args: string[]): Promise<string> {
    for (;;) {
      const { status, stdout } = await host.run(command, args);
      if (status === 0 && stdout.includes('\n')) return stdout.toString();
      await sleep(100);
    }
  }

  /** Starts the agent anew, and gives its lines, at least so many. */
  async function linesOfAgent(least: number): Promise<string[]> {
    await demand('systemctl', 'stop', 'sockscope-agent');
    await demand('rm', '-f', '/run/agent.out');
    await demand('systemctl', 'start', 'sockscope-agent');
    for (;;) {
      const lines = (await eventually('cat', '/run/agent.out')).split('\n').slice(0, -1);
      if (lines.length >= least) return lines;
      await sleep(100);
    }
  }

  /** Of the agent's process, as the kernel has it. */
  async function statusOfAgent(): Promise<Record<string, string>> {
    const pid = await demand('systemctl', 'show', '-P', 'MainPID', 'sockscope-agent');
    const text = await demand('cat', `/proc/${pid.trim()}/status`);
    return Object.fromEntries(text.split('\n').map((line) => line.split(/:\s+/) as [string, string]));
  }

  it('the agent names the owners of every user', async () => {
    const { listeners, owners, gaps } = JSON.parse((await linesOfAgent(2))[1]!) as Line;
    expect(owners).toBe('procfd');
    expect(gaps).toEqual([]);
    const expected = RESIDENTS.map((name) => residents[name]);
    expect(listeners.filter(({ pid }) => pid !== undefined)).toHaveLength(listeners.length);
    for (const { pid, port } of expected)
      expect(listeners).toContainEqual(expect.objectContaining({ pid, port }));
  });

  it('the agent has two capabilities, no root, and a filter', async () => {
    await linesOfAgent(1);
    const { CapEff, CapBnd, NoNewPrivs, Seccomp, Uid } = await statusOfAgent();
    // CAP_DAC_READ_SEARCH is number 2, CAP_SYS_PTRACE number 19.
    expect([CapEff, CapBnd]).toEqual(['0000000000080004', '0000000000080004']);
    expect([NoNewPrivs, Seccomp]).toEqual(['1', '2']);
    expect(Uid).not.toMatch(/\b0\b/);
  });

  /** What probe.mjs finds under the agent's unit. */
  async function probe(): Promise<{ outcomes: unknown; reach: unknown }> {
    await demand('rm', '-f', '/run/probe.out');
    await demand('systemctl', 'start', 'sockscope-probe');
    return JSON.parse(await eventually('cat', '/run/probe.out'));
  }

  it('what the unit refuses is refused, and what is open in spite of it is as the page says', async () => {
    const { outcomes, reach } = await probe();
    expect(reach).toEqual(reachOnPage('`deploy/systemd/sockscope-agent.service` alone'));
    expect(outcomes).toEqual({
      'write to the system': 'EROFS',
      'write to the memory of process 1': 'EACCES',
      'write below /proc': 'EROFS',
      'read the memory of process 1': 'done',
      'write a sysctl': 'EROFS',
      'write to a control group': 'EROFS',
      'open a disk': 'ENOENT',
      'be another user': 'EPERM',
      'listen on IPv4': 'EAFNOSUPPORT',
      'listen on a unix socket': 'EAFNOSUPPORT',
    });
  });

  it('the agent ends well when it is stopped', async () => {
    await linesOfAgent(2);
    await demand('systemctl', 'stop', 'sockscope-agent');
    // The unit's ExecStopPost= in this test writes it.
    expect((await demand('tail', '-n1', '/run/agent.out')).trim()).toBe('success exited 0');
    expect((await demand('cat', '/run/agent.err')).trim()).toBe('');
  });

  describe.skipIf(noBpf !== undefined)(`with the iterator pinned${noBpf ? ` (${noBpf})` : ''}`, () => {
    beforeAll(async () => {
      for (const unit of ['agent', 'probe'])
        cpSync(
          join(UNITS, 'pinned.conf'),
          join(host.folder, `units/sockscope-${unit}.service.d/pinned.conf`),
        );
      await demand('systemctl', 'daemon-reload');
    });

    it('nothing is open to whoever takes it over', async () => {
      expect((await probe()).reach).toEqual(reachOnPage('`deploy/systemd` with `pinned.conf`'));
    });

    it('the agent has no capability, and may read the iterator', async () => {
      const { abilities } = JSON.parse((await linesOfAgent(1))[0]!) as { abilities: Abilities };
      const { CapEff, CapPrm, CapBnd, Groups } = await statusOfAgent();
      expect([CapEff, CapPrm, CapBnd]).toEqual(Array(3).fill('0000000000000000'));
      expect(Groups).toContain(String(GROUP));
      expect(await demand('stat', '-c', '%a %u %g', '/run/sockscope/owners')).toBe(`440 0 ${GROUP}\n`);
      // systemd is in a pid namespace here, whose numbers the iterator does not have: that is seen by reading it.
      const refusal = abilities.owners.better.find(({ source }) => source === 'bpf-pinned');
      expect(refusal?.reason).toMatch(/^\/run\/sockscope\/owners: [^;]* it may be of another pid namespace/);
    });
  });
});

const noPin = requirement('root', 'netns', 'mountns', 'python3', 'dist', 'addon', 'setpriv', 'bpf', 'bpffs');

describe.skipIf(noPin !== undefined)(`sockscope-pin@.service${noPin ? ` (${noPin})` : ''}`, () => {
  let installed: Installed;
  let place: Residents;
  beforeAll(async () => {
    installed = new Installed();
    place = await startResidents();
    await demandIn(place, 'mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run');
  });
  afterAll(async () => {
    await place?.stop();
    installed?.remove();
  });

  it('has the capabilities to pin and to unpin, and no more', async () => {
    const unit = readFileSync(join(UNITS, 'sockscope-pin@.service'), 'utf8');
    const names = /^CapabilityBoundingSet=(.*)$/m.exec(unit)![1]!.split(' ');
    const perform = (kept: readonly string[], ...words: string[]) => {
      const set = kept.map((name) => `,+${name.replace('CAP_', '').toLowerCase()}`).join('');
      const bounded = [`--bounding-set=-all${set}`, '--inh-caps=-all', '--no-new-privs'];
      return place.run('setpriv', [...bounded, process.execPath, installed.command, ...words]);
    };
    for (const name of names) {
      const without = names.filter((other) => other !== name);
      expect((await perform(without, 'pin', '--group', String(GROUP))).status).toBe(1);
    }
    expect((await perform(names, 'pin', '--group', String(GROUP))).status).toBe(0);
    expect(await demandIn(place, 'stat', '-c', '%a %u %g', '/run/sockscope/owners')).toBe(`440 0 ${GROUP}\n`);
    expect((await perform(names, 'unpin')).status).toBe(0);
    expect(await demandIn(place, 'ls', '-A', '/run')).toBe('');
  });
});
