import { describe, expect, it } from 'vitest';
import { hostFacts } from '../../../src/doctor/host-facts.ts';
import { madeUp } from './made-up-root.ts';

const OWN = {
  version: '1.2.3',
  addon: { path: '/a.node', reason: null },
  procRoot: '/proc',
  netDirectory: '/proc/net',
};

const STATUS = 'Name:\tnode\nCapEff:\t0000000000080004\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t3\n';
const MOUNTS = [
  '20 1 0:21 / /proc rw,relatime - proc proc rw',
  '30 20 0:22 / /proc rw,nosuid shared:5 - proc proc rw,gid=77,hidepid=invisible,subset=pid',
  '31 1 0:23 / /sys rw - sysfs sysfs rw',
].join('\n');

describe('the facts', () => {
  it('are those of the files', () => {
    const outside = madeUp(
      {
        '/proc/self/status': STATUS,
        '/proc/self/mountinfo': MOUNTS,
        '/proc/self/attr/current': 'docker-default (enforce)\n\0',
        '/proc/net/tcp': '',
        '/sys/kernel/btf/vmlinux': 'btf',
        '/sys/kernel/security/lockdown': 'none integrity [confidentiality]\n',
        '/run/sockscope/owners': '',
        '/etc/services': '',
      },
      {
        '/proc/self/ns/pid': 'pid:[4026531836]',
        '/proc/self/ns/user': 'user:[4026532319]',
        '/proc/self/ns/net': 'net:[4026531833]',
        '/proc/self/ns/mnt': 'mnt:nonsense',
      },
    );
    const facts = hostFacts(outside, OWN);
    expect(facts).toMatchObject({
      version: '1.2.3',
      node: process.versions.node,
      platform: process.platform,
      addon: { path: '/a.node', reason: null },
      capabilities: ['CAP_DAC_READ_SEARCH', 'CAP_SYS_PTRACE'],
      namespaces: {
        pid: { id: 4026531836, rank: 'first' },
        user: { id: 4026532319, rank: 'other' },
        net: { id: 4026531833, rank: 'first' },
        mnt: { id: null, rank: 'unknown' },
      },
      proc: {
        path: '/proc',
        isMounted: true,
        hasTables: true,
        hidepid: 'invisible',
        hidepidGroup: '77',
        subset: 'pid',
      },
      bpf: {
        hasBtf: true,
        pinned: [
          { path: '/run/sockscope/owners', isReadable: true },
          { path: '/sys/fs/bpf/sockscope/owners', isReadable: false },
        ],
        lockdown: 'confidentiality',
      },
      sandbox: { seccomp: 'filter', noNewPrivileges: true, securityLabel: 'docker-default (enforce)' },
      files: { '/etc/services': true, '/etc/passwd': false },
    });
    expect(facts.lackingCapabilities).toContain('CAP_BPF');
    expect(facts.lackingCapabilities).not.toContain('CAP_SYS_PTRACE');
  });

  it('have every key where there is nothing at all, and null for what cannot be told', () => {
    const facts = hostFacts(madeUp({}), { ...OWN, addon: { path: null, reason: 'there is none' } });
    expect(facts).toMatchObject({
      capabilities: null,
      lackingCapabilities: null,
      namespaces: { pid: { id: null, rank: 'unknown' }, net: { id: null, rank: 'unknown' } },
      container: { kind: null, signs: [] },
      proc: { isMounted: false, hasTables: false, hidepid: null, hidepidGroup: null, subset: null },
      bpf: { hasBtf: false, lockdown: null },
      sandbox: { seccomp: null, noNewPrivileges: null, securityLabel: null },
      limits: { descriptors: null, processes: null, groupProcesses: null, groupMemory: null },
    });
    expect(JSON.stringify(facts)).toBe(
      JSON.stringify(facts, (_, value) => (value === undefined ? 'lost' : value)),
    );
  });

  it('take nonsense for nothing told', () => {
    const outside = madeUp({
      '/proc/self/status': 'CapEff:\tnonsense\nSeccomp:\t9\n',
      '/proc/self/mountinfo': '- - -\n\n1 2 3 / /proc\n',
      '/proc/self/limits': 'Max open files\nMax processes   many more processes\n',
      '/proc/self/cgroup': ':::\n0\n5:pids\n',
      '/sys/kernel/security/lockdown': '[',
    });
    expect(hostFacts(outside, OWN)).toMatchObject({
      capabilities: null,
      sandbox: { seccomp: null, noNewPrivileges: null },
      proc: { hidepid: null },
      bpf: { lockdown: null },
      limits: { descriptors: null, processes: { soft: null, hard: null }, groupProcesses: null },
    });
  });
});

describe('the network namespace of an older kernel', () => {
  const OWN_NUMBER = 'net:[4026531992]';
  const rankBeside = (pid: number, ones: string): string => {
    const files = { [`/proc/self/ns/${OWN_NUMBER}`]: '', '/proc/1/ns/net:[4026532000]': '' };
    const links = {
      '/proc/self/ns/pid': `pid:[${pid}]`,
      '/proc/self/ns/net': OWN_NUMBER,
      '/proc/1/ns/net': ones,
    };
    return hostFacts(madeUp(files, links), OWN).namespaces.net.rank;
  };

  it.each([
    ['that of process 1', 4026531836, `../../self/ns/${OWN_NUMBER}`, 'first'],
    ['another than that of process 1', 4026531836, 'net:[4026532000]', 'other'],
    ['beside a process 1 that may not be looked at', 4026531836, '/nonexistent', 'unknown'],
    ['that of a process 1 which is none of the host', 4026532999, `../../self/ns/${OWN_NUMBER}`, 'unknown'],
  ])('%s', (_, pid, ones, rank) => {
    expect(rankBeside(pid, ones)).toBe(rank);
  });
});
