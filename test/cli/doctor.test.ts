import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOLS } from '../../src/socket/protocol.ts';
import { requirement } from '../requirements.ts';
import { DoctorRuns, waysOf } from './doctor-runs.ts';

const missing = requirement('addon', 'dist');
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const KEYS = [
  'schemaVersion',
  'answersAll',
  'unanswered',
  'failure',
  'abilities',
  'tables',
  'findings',
  'settings',
  'facts',
];
const FACTS = [
  ...['version', 'node', 'platform', 'arch', 'kernel', 'libc', 'addon', 'user', 'capabilities'],
  ...['lackingCapabilities', 'namespaces', 'container', 'proc', 'bpf', 'sandbox', 'limits', 'files'],
];
const HEADINGS = ['READ BY', 'NOT ANSWERED', 'BETTER', 'NOT TOLD', 'TO ENABLE', 'THIS HOST'];

describe.skipIf(missing !== undefined)(`doctor${missing === undefined ? '' : ` (${missing})`}`, () => {
  let runs: DoctorRuns;
  let folder: string;

  beforeAll(() => {
    runs = new DoctorRuns();
    folder = mkdtempSync(join(tmpdir(), 'sockscope-doctor-'));
  });
  afterAll(() => {
    runs?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A root with these files of /proc/net, all of them empty. */
  const rootWith = (name: string, ...files: string[]): string => {
    const root = join(folder, name);
    mkdirSync(join(root, 'net'), { recursive: true });
    for (const file of files) writeFileSync(join(root, 'net', file), '');
    return root;
  };

  it('tells of this machine what is so', () => {
    const { facts } = runs.report();
    expect(facts).toMatchObject({
      version,
      node: process.versions.node,
      platform: 'linux',
      kernel: release(),
      user: { uid: process.getuid!(), gid: process.getgid!() },
      proc: { path: '/proc', isMounted: true, hasTables: true },
    });
    expect(facts.addon).toEqual({
      path: join(runs.packages.folder, 'native/build/Release/sockscope.node'),
      reason: null,
    });
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))![1];
    expect(facts.limits.descriptors!.soft).toBe(Number(limit));
  });

  it('has the keys that it had', () => {
    const report = runs.report();
    expect(Object.keys(report)).toEqual([...KEYS, 'status']);
    expect(Object.keys(report.facts)).toEqual(FACTS);
    expect(Object.keys(report.abilities)).toEqual([...PROTOCOLS, 'owners']);
    expect(Object.keys(report.tables)).toEqual([
      'routes',
      'interfaces',
      'groups',
      'statistics',
      'natEntries',
    ]);
    for (const ability of Object.values({ ...report.abilities, ...report.tables })) {
      const large = ability.largeBy === undefined ? [] : ['largeBy'];
      expect(Object.keys(ability)).toEqual(['source', 'better', 'limits', 'absent', ...large]);
    }
    for (const finding of report.findings) {
      expect(Object.keys(finding)).toEqual([
        'kind',
        'subjects',
        'what',
        'columns',
        'source',
        'reason',
        'remedy',
        'needs',
      ]);
    }
    for (const { need } of report.settings) expect(Object.keys(need)).toEqual(['kind', 'name']);
  });

  it('names the source that a scan goes by', () => {
    const { abilities } = runs.report();
    const script = `import { scan } from ${JSON.stringify(runs.packages.library('native'))};
      const { sources } = await scan({ owners: 'lowest', ownerScans: ['bpf', 'bpf-pinned', 'procfd'] });
      console.log(JSON.stringify(Object.fromEntries(Object.entries(sources).map(([name, one]) => [name, one.source]))));`;
    const program = join(runs.packages.folder, 'sources.mjs');
    writeFileSync(program, script);
    const { stdout } = runs.run([], { as: [process.execPath, program] });
    const used = JSON.parse(stdout) as Record<string, string>;
    expect(Object.keys(used)).not.toEqual([]);
    for (const [name, source] of Object.entries(used))
      expect([name, abilities[name]!.source]).toEqual([name, source]);
  });

  it('says the same in words, on lines that fit, without colour', () => {
    const { status, stdout, stderr } = runs.run(['doctor']);
    const report = runs.report();
    expect([status, stderr]).toEqual([report.status, '']);
    const lines = stdout.split('\n');
    const headings = lines.filter((line) => /^[A-Z ]+$/.test(line));
    expect(headings).toEqual(HEADINGS.filter((heading) => headings.includes(heading)));
    expect(headings).toEqual(expect.arrayContaining(['READ BY', 'THIS HOST']));
    expect(lines.filter((line) => line.length > 112 && !line.trim().startsWith('/'))).toEqual([]);
    expect(stdout).not.toContain('\x1b');
    for (const { reason } of report.findings) {
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(reason.replaceAll(/\s+/g, ' '));
    }
    expect(stdout).toContain(`sockscope ${version}, Node.js ${process.versions.node}`);
  });

  it('goes by the source that is named, by an option or by the environment', () => {
    const byOption = runs.report(['--source=procfs', '--owners=procfd']);
    const env = { SOCKSCOPE_SOURCE: 'procfs', SOCKSCOPE_OWNERS: 'procfd' };
    const byEnvironment = runs.report([], { env });
    for (const { abilities, tables } of [byOption, byEnvironment]) {
      expect(PROTOCOLS.map((protocol) => abilities[protocol]!.source)).not.toContain('netlink');
      expect(abilities.owners).toMatchObject({ source: 'procfd', better: [] });
      expect(tables.natEntries!.source).not.toBe('ctnetlink');
    }
    const none = runs.report(['--owners=none']);
    expect(none.abilities.owners).toEqual({ source: 'none', better: [], limits: [], absent: false });
    expect(none.unanswered).not.toContain('owners');
  });

  it('without the addon names its file as what is needed', () => {
    const { abilities, tables, facts, findings, status } = runs.report([], { kind: 'typescript' });
    expect(facts.addon).toMatchObject({ path: null, reason: expect.stringMatching(/no addon/) });
    expect(PROTOCOLS.map((protocol) => abilities[protocol]!.source)).not.toContain('netlink');
    expect(abilities.tcp).toMatchObject({ source: 'procfs' });
    expect(waysOf(abilities.tcp!.better[0]!.needs)).toEqual([['package sockscope.node']]);
    expect(abilities.owners!.source).toBe('procfd');
    expect(tables.interfaces).toMatchObject({ source: 'sysfs', better: [{ source: 'ioctl' }] });
    const [shared] = findings.filter(
      ({ source, subjects }) => source === 'netlink' && subjects.includes('tcp'),
    );
    expect(shared!.subjects).toEqual(expect.arrayContaining(['tcp', 'udp', 'unix']));
    expect(status).toBe(tables.natEntries!.source === 'none' && !tables.natEntries!.absent ? 1 : 0);
  });

  it('tells what a made-up /proc has and lacks', () => {
    const { abilities, tables, unanswered, status } = runs.report([
      `--proc=${rootWith('bare', 'tcp', 'route')}`,
    ]);
    expect(abilities.tcp).toMatchObject({ source: 'procfs', absent: false });
    expect(abilities.udp).toMatchObject({ source: 'none', absent: true });
    expect(abilities.tcp!.limits.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining('process 1'),
    );
    expect(tables).toMatchObject({
      routes: { source: 'procfs' },
      groups: { source: 'none', absent: true },
      interfaces: { source: 'none', absent: false },
    });
    // What there is not need not be told; a list of interfaces there always is.
    expect(unanswered).toContain('interfaces');
    expect(unanswered).not.toContain('udp');
    expect(status).toBe(1);
    const whole = runs.report([`--proc=${rootWith('more', 'tcp', 'dev', 'nf_conntrack')}`]);
    expect([whole.unanswered, whole.status]).toEqual([[], 0]);
    expect(whole.tables.natEntries).toMatchObject({
      source: 'nf_conntrack',
      better: [{ source: 'ctnetlink' }],
    });
  });

  it('tells that nothing is where nothing is', () => {
    const { unanswered, facts, status } = runs.report(['--proc', join(folder, 'nowhere')]);
    expect(facts.proc).toMatchObject({ path: join(folder, 'nowhere'), isMounted: false, hasTables: false });
    expect(unanswered).toEqual(expect.arrayContaining(['tcp', 'owners', 'routes', 'interfaces']));
    expect(status).toBe(1);
  });

  it('prints no character that others chose to move the cursor by', () => {
    const root = rootWith('evil\x1b[2J\u202e\n', 'tcp');
    const { stdout } = runs.run(['doctor', `--proc=${root}`]);
    expect(stdout).toContain('evil\\x1b[2J\\u202e\\x0a');
    expect(stdout).not.toContain('\x1b');
    expect(stdout).not.toContain('\u202e');
    expect(runs.report([`--proc=${root}`]).facts.proc.path).toBe(root);
  });

  it('says on another system that sockets are read on Linux', () => {
    const elsewhere = join(folder, 'darwin.cjs');
    writeFileSync(elsewhere, "Object.defineProperty(process, 'platform', { value: 'darwin' });");
    const node = ['--require', elsewhere];
    const { status, stdout, stderr } = runs.run(['doctor'], { node });
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout.split('\n')[0]).toBe(
      'Nothing can be told: open host: sockets can be listed on Linux only, this is darwin',
    );
    const report = runs.report([], { node });
    expect(report).toMatchObject({
      answersAll: false,
      abilities: {},
      findings: [],
      facts: { platform: 'darwin' },
    });
    expect(Object.keys(report)).toEqual([...KEYS, 'status']);
  });

  it("names Node's own options where its permission model keeps the files, and the addon", () => {
    const model = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const node = ['--no-warnings', model, `--allow-fs-read=${runs.packages.folder}/*`];
    const { abilities, tables, unanswered, facts, status } = runs.report([], { node });
    expect(facts.addon.path).toBeNull();
    expect(waysOf(abilities.tcp!.better[0]!.needs)).toEqual([['node-flag --allow-addons']]);
    for (const ability of [abilities.tcp!, abilities.owners!, ...Object.values(tables)]) {
      const [[way] = []] = waysOf(ability.better.at(-1)!.needs);
      expect(way).toMatch(/^node-flag --allow-fs-read=\/(?:proc|sys)\/.*\*$/);
      expect(ability.absent).toBe(false);
    }
    expect([unanswered.length, status]).toEqual([11, 1]);
    const withProc = runs.report([], { node: [...node, '--allow-fs-read=/proc/*'] });
    expect(withProc.tables.interfaces!.source).toBe('procfs');
    const [ioctl, sysfs] = withProc.tables.interfaces!.better;
    expect([ioctl!.source, waysOf(ioctl!.needs)]).toEqual(['ioctl', [['node-flag --allow-addons']]]);
    const flag = '--allow-fs-read=/sys/class/net/*';
    expect([sysfs!.source, waysOf(sysfs!.needs)]).toEqual(['sysfs', [[`node-flag ${flag}`]]]);
    const withSys = runs.report([], { node: [...node, '--allow-fs-read=/proc/*', flag] });
    expect(withSys.tables.interfaces!.source).toBe('sysfs');
    const allowed = runs.report([], { node: ['--no-warnings', model, '--allow-fs-read=*'] });
    expect(allowed.abilities.tcp!.source).toBe('procfs');
    const ways = [...allowed.tables.natEntries!.better, ...allowed.tables.interfaces!.better]
      .filter(({ source }) => source === 'ctnetlink' || source === 'ioctl')
      .map(({ needs }) => waysOf(needs));
    expect(ways).toEqual([[['node-flag --allow-addons']], [['node-flag --allow-addons']]]);
  });

  it('takes no option that it does not know, and no operand', () => {
    for (const [words, said] of [
      [['--nonsense'], /unrecognized option '--nonsense'/],
      [['--source=bpf'], /--source takes auto, netlink, procfs, not 'bpf'/],
      [['--owners'], /requires an argument/],
      [['--proc='], /--proc needs the path of a folder/],
      [['tcp'], /what is 'tcp'/],
      [['é'], /what is 'é'/],
    ] as const) {
      const { status, stdout, stderr } = runs.run(['doctor', ...words]);
      expect([status, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(said);
      expect(stderr).toContain('usage: sockscope doctor');
    }
    const { status, stderr } = runs.run(['doctor'], { env: { SOCKSCOPE_OWNERS: 'nonsense' } });
    expect([status, stderr]).toEqual([3, expect.stringContaining('SOCKSCOPE_OWNERS takes')]);
    expect(runs.run(['doctor', '-h'])).toMatchObject({ status: 0, stderr: '' });
  });

  it('is an operand of netstat', () => {
    const netstat = join(folder, 'netstat');
    symlinkSync(runs.packages.command('native'), netstat);
    const { status, stdout } = runs.run([], { as: [process.execPath, netstat, 'doctor', '-tn'] });
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe('Active Internet connections (w/o servers)');
  });

  it('is named where what was asked for cannot be had', () => {
    const { status, stderr } = runs.run(['-tn', '--source=netlink'], { kind: 'typescript' });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^sockscope: read tcp: netlink: there is no addon .*; 'sockscope doctor' tells more\n/,
    );
  });
});
