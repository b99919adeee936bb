import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobody, nobodyIn, nobodyWith } from '../owners/users.ts';
import { requirement } from '../requirements.ts';
import { after, DoctorRuns, waysOf } from './doctor-runs.ts';

const missing = requirement(
  'root',
  'addon',
  'dist',
  'setpriv',
  'mountns',
  'pidns',
  'netns',
  'prlimit',
  'python3',
);
const noPin = requirement('bpf', 'bpffs');
const OTHER_USERS = /^owners among processes of other users/;

describe.skipIf(missing !== undefined)(
  `doctor in restricted places${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let runs: DoctorRuns;
    /** A process of root's with all that root has, and a descriptor. */
    let roots: ChildProcess;

    beforeAll(async () => {
      runs = new DoctorRuns();
      roots = spawn('sleep', ['600'], { stdio: ['pipe', 'ignore', 'ignore'] });
      await once(roots, 'spawn');
    });
    afterAll(async () => {
      if (roots?.exitCode === null) {
        roots.kill();
        await once(roots, 'exit');
      }
      runs?.remove();
    });

    /** Whether somebody sees where a descriptor of that process leads. */
    const sees = (as: readonly string[]): boolean => {
      const [command, ...args] = [...as, 'readlink', `/proc/${roots.pid}/fd/0`];
      return spawnSync(command!, args).status === 0;
    };

    describe.each([
      ['nobody', nobody, ['CAP_SYS_PTRACE', 'CAP_DAC_READ_SEARCH']],
      ['nobody with CAP_SYS_PTRACE', nobodyWith('sys_ptrace'), ['CAP_DAC_READ_SEARCH']],
      ['nobody with CAP_DAC_READ_SEARCH', nobodyWith('dac_read_search'), ['CAP_SYS_PTRACE']],
      ['nobody with both', nobodyWith('sys_ptrace', 'dac_read_search'), []],
      ['nobody with CAP_SYS_PTRACE and CAP_DAC_OVERRIDE', nobodyWith('sys_ptrace', 'dac_override'), []],
    ] as const)('%s', (_, as, lacking) => {
      it('is told of owners what lacks, and what it takes', () => {
        const { abilities, facts } = runs.report(['--owners=procfd'], { as });
        const limit = abilities.owners!.limits.find(({ what }) => OTHER_USERS.test(what));
        expect(limit === undefined).toBe(lacking.length === 0);
        expect(sees(as)).toBe(lacking.length === 0);
        if (limit !== undefined) {
          expect(waysOf(limit.needs)[0]).toEqual(lacking.map((name) => `capability ${name}`));
          expect(limit.reason).toContain(lacking.join(' and '));
        }
        expect(facts.user).toMatchObject({ uid: 65534, effectiveUid: 65534, gid: 65534 });
        for (const name of lacking) expect(facts.lackingCapabilities).toContain(name);
      });
    });

    it("offers no iterator for a /proc that may be another host's", () => {
      for (const [root, offered] of [
        ['/proc', true],
        ['/proc/self/root/proc', false],
      ] as const) {
        const { abilities } = runs.report(['--owners=procfd', `--proc=${root}`], { as: nobody });
        const limit = abilities.owners!.limits.find(({ what }) => OTHER_USERS.test(what))!;
        const ways = waysOf(limit.needs).flat();
        expect(ways).toContain('capability CAP_SYS_PTRACE');
        expect([root, ways.includes('command sockscope pin --group GROUP')]).toEqual([root, offered]);
        expect([root, limit.remedy!.includes('pin')]).toEqual([root, offered]);
      }
    });

    it('names the capability for connections under NAT, which is enough', () => {
      const without = runs.report([], { as: nobody }).tables.natEntries!;
      const having = runs.report([], { as: nobodyWith('net_admin') }).tables.natEntries!;
      if (without.absent) {
        expect(having.absent).toBe(true);
        return;
      }
      expect(waysOf(without.better[0]!.needs)).toEqual([['capability CAP_NET_ADMIN']]);
      expect(having).toMatchObject({ source: 'ctnetlink', better: [] });
    });

    it('says what BPF takes, and that it is enough', () => {
      const { better } = runs.report(['--owners=bpf'], { as: nobody }).abilities.owners!;
      expect(waysOf(better[0]!.needs)).toEqual([
        ['capability CAP_BPF', 'capability CAP_PERFMON'],
        ['capability CAP_SYS_ADMIN'],
        ['command sockscope pin --group GROUP'],
      ]);
      const as = nobodyWith('bpf', 'perfmon');
      const { owners } = runs.report(['--owners=bpf'], { as }).abilities;
      expect(owners!.source).toBe(noPin === undefined ? 'bpf' : 'none');
    });

    it('names namespaces in one of users and of the network', () => {
      const { abilities, facts } = runs.report([], { as: ['unshare', '-Urn'] });
      expect(facts.namespaces).toMatchObject({ pid: { rank: 'first' }, user: { rank: 'other' } });
      expect(facts.namespaces.net.rank).not.toBe('first');
      expect(facts.capabilities).toContain('CAP_SYS_PTRACE');
      const needs = abilities.owners!.limits.map((limit) => waysOf(limit.needs));
      expect(needs).toContainEqual([['namespace user']]);
      const [network] = abilities.tcp!.limits.filter(({ what }) => what.includes('network namespaces'));
      expect(waysOf(network!.needs)).toEqual([['namespace network']]);
      const [bpf] = abilities.owners!.better.filter(({ source }) => source === 'bpf');
      expect(waysOf(bpf!.needs)).toEqual([['namespace user']]);
    });

    it('names the namespace of pids, and the way around it', () => {
      const { abilities, facts, settings } = runs.report([], { as: ['unshare', '-pf', '--mount-proc'] });
      expect(facts.namespaces.pid.rank).toBe('other');
      const [limit] = abilities.owners!.limits.filter(({ what }) => what.includes('pid namespace'));
      expect(waysOf(limit!.needs)).toEqual([['namespace pid'], ["mount the host's proc"]]);
      expect(settings.find(({ need }) => need.name === 'pid')).toMatchObject({
        docker: '--pid=host',
        kubernetes: 'hostPID: true',
      });
    });

    it('says what is left without /proc, and goes on', () => {
      const as = after('mount -t tmpfs none /proc');
      const { abilities, tables, unanswered, facts, status } = runs.report([], { as });
      expect(facts.proc).toMatchObject({ isMounted: false, hasTables: false });
      expect(facts.capabilities).toBeNull();
      expect(abilities.tcp!.source).toBe('netlink');
      expect(unanswered).toEqual(expect.arrayContaining(['owners', 'routes', 'interfaces', 'natEntries']));
      expect(waysOf(tables.routes!.better[0]!.needs)).toEqual([['mount proc']]);
      expect(status).toBe(1);
      const { stdout, stderr } = runs.run(['doctor'], { as });
      expect([stdout.split('\n')[0], stderr]).toEqual([
        expect.stringMatching(/^Not to be told here: .*owners/),
        '',
      ]);
    });

    it('tells a /proc of processes alone', () => {
      const { facts, unanswered } = runs.report([], { as: after('mount -t proc -o subset=pid proc /proc') });
      expect(facts.proc).toMatchObject({ isMounted: true, subset: 'pid' });
      expect(unanswered.includes('routes')).toBe(!facts.proc.hasTables);
    });

    it('names hidepid, and the group that it does not hide from', () => {
      const hiding = after('mount -t proc -o hidepid=2,gid=7777 proc /proc');
      const hidden = runs.report(['--owners=procfd'], { as: [...hiding, ...nobody] });
      expect(hidden.facts.proc).toMatchObject({ hidepid: 'invisible', hidepidGroup: '7777' });
      const [limit] = hidden.abilities.owners!.limits.filter(({ reason }) => reason.includes('hidepid'));
      expect(waysOf(limit!.needs)).toEqual([
        ['group 7777'],
        ['capability CAP_SYS_PTRACE'],
        ['mount hidepid=0'],
      ]);
      const member = runs.report(['--owners=procfd'], { as: [...hiding, ...nobodyIn(7777)] });
      expect(member.abilities.owners!.limits.map(({ reason }) => reason).join()).not.toContain('hidepid');
    });

    it.each([
      ['refused', '1', [], [['seccomp bpf(2)']]],
      ['deadly', 'kill', nobody, [['capability CAP_BPF', 'capability CAP_PERFMON']]],
    ] as const)('survives a filter for which bpf(2) is %s', (_, verdict, user, ways) => {
      const filter = ['python3', runs.packages.program('filter-bpf.py'), verdict, ...user];
      const { abilities, facts } = runs.report(['--owners=bpf'], { as: filter });
      expect(facts.sandbox.seccomp).toBe('filter');
      expect(waysOf(abilities.owners!.better[0]!.needs).slice(0, 1)).toEqual(ways);
    });

    it('needs few descriptors', () => {
      const { facts, abilities, status } = runs.report([], { as: ['prlimit', '--nofile=64'] });
      expect(facts.limits.descriptors).toEqual({ soft: 64, hard: 64 });
      expect(abilities.tcp!.source).toBe('netlink');
      expect(status).toBe(runs.report().status);
    });

    it('takes a thread that is refused for an answer', () => {
      const program = join(runs.packages.folder, 'no-threads.cjs');
      // Once Node.js itself has its threads. A limit on processes does not count for root.
      const script = `process.setgroups([]); process.setgid(65534); process.setuid(65534);
        require('node:child_process').spawnSync('prlimit', ['--pid', String(process.pid), '--nproc=1']);`;
      writeFileSync(program, script);
      const { abilities, facts, findings } = runs.report([], { node: ['--require', program] });
      expect(facts.limits.processes!.soft).toBe(1);
      expect(abilities.tcp).toMatchObject({ source: 'procfs', better: [{ source: 'netlink' }] });
      expect(waysOf(abilities.tcp!.better[0]!.needs)).toEqual([['limit RLIMIT_NPROC', 'limit pids.max']]);
      const [shared] = findings.filter(
        ({ source, reason }) => source === 'netlink' && reason.includes('EAGAIN'),
      );
      expect(shared!.subjects).toEqual(expect.arrayContaining(['tcp', 'udp', 'unix']));
    });

    it.skipIf(noPin !== undefined)(
      `sees a pinned iterator as a member of its group${noPin === undefined ? '' : ` (${noPin})`}`,
      () => {
        const pinned = after(
          `mount -t tmpfs none /run; ${process.execPath} ${runs.packages.command('native')} pin --group 7777 >/dev/null`,
        );
        const member = runs.report([], { as: [...pinned, ...nobodyIn(7777)] });
        expect(member.abilities.owners!.source).toBe('bpf-pinned');
        expect(member.facts.bpf.pinned[0]).toEqual({ path: '/run/sockscope/owners', isReadable: true });
        const stranger = runs.report([], { as: [...pinned, ...nobody] });
        const [passed] = stranger.abilities.owners!.better.filter(({ source }) => source === 'bpf-pinned');
        expect(passed!.errno).toBe(13);
        expect(waysOf(passed!.needs)[0]).toEqual(['group 7777']);
        expect(stranger.facts.bpf.pinned[0]!.isReadable).toBe(false);
      },
    );
  },
);
