import { describe, expect, it } from 'vitest';
import { findingsOf, unansweredIn } from '../../../src/doctor/findings.ts';
import { settingsFor } from '../../../src/doctor/settings.ts';
import type { Ability } from '../../../src/table/report.ts';

const ability = (fields: Partial<Ability>): Ability => ({
  source: 'netlink',
  better: [],
  limits: [],
  absent: false,
  ...fields,
});

const refused = { source: 'netlink', reason: 'socket: EPERM', remedy: 'allow it' };

describe('findings', () => {
  it('say once what several share', () => {
    const findings = findingsOf({
      tcp: ability({ source: 'procfs', better: [refused] }),
      udp: ability({ source: 'procfs', better: [refused] }),
      raw: ability({ source: 'procfs', better: [{ ...refused, reason: 'no RAW diag' }] }),
    });
    expect(findings.map(({ subjects, reason }) => [subjects, reason])).toEqual([
      [['tcp', 'udp'], 'socket: EPERM'],
      [['raw'], 'no RAW diag'],
    ]);
  });

  it('take files of one folder together', () => {
    const unreadable = (name: string) =>
      ability({
        source: 'none',
        better: [{ source: 'procfs', reason: `/proc/net/${name}: may not be read` }],
      });
    expect(
      findingsOf({ tcp: unreadable('tcp'), udp: unreadable('udp'), raw: unreadable('raw') }),
    ).toMatchObject([
      { subjects: ['tcp', 'udp', 'raw'], reason: '/proc/net/*: may not be read', kind: 'unanswered' },
    ]);
    expect(findingsOf({ tcp: unreadable('tcp') })[0]!.reason).toBe('/proc/net/tcp: may not be read');
  });

  it('have the gravest first', () => {
    const limit = { what: 'something', reason: 'it does not tell' };
    const findings = findingsOf({
      tcp: ability({ limits: [limit] }),
      udp: ability({ source: 'procfs', better: [refused], limits: [limit] }),
      raw: ability({ source: 'none', better: [refused] }),
    });
    expect(findings.map(({ kind }) => kind)).toEqual(['unanswered', 'better', 'limit']);
    expect(findings[2]).toMatchObject({
      subjects: ['tcp', 'udp'],
      what: 'something',
      remedy: null,
      needs: [],
    });
  });
});

describe('limits that several sources have', () => {
  const limit = { what: 'something', reason: 'it does not tell' };
  const summary = (abilities: Readonly<Record<string, Ability>>) =>
    findingsOf(abilities).map(({ subjects, source, columns, needs }) => [subjects, source, columns, needs]);

  it('name none of them as theirs', () => {
    const tcp = ability({ limits: [{ ...limit, columns: ['cookie'] }] });
    expect(summary({ tcp, udp: { ...tcp, source: 'procfs' }, raw: tcp })).toEqual([
      [['tcp', 'udp', 'raw'], null, ['cookie'], []],
    ]);
    expect(summary({ tcp, raw: tcp })).toEqual([[['tcp', 'raw'], 'netlink', ['cookie'], []]]);
  });

  it('stay apart where other columns lack, or something else is needed', () => {
    const needs = [[{ kind: 'namespace', name: 'pid' }]] as const;
    expect(
      summary({
        tcp: ability({ limits: [{ ...limit, columns: ['cookie'] }] }),
        udp: ability({ limits: [limit] }),
        raw: ability({ limits: [{ ...limit, needs }] }),
      }),
    ).toEqual([
      [['tcp'], 'netlink', ['cookie'], []],
      [['udp'], 'netlink', [], []],
      [['raw'], 'netlink', [], needs],
    ]);
  });
});

describe('what has no answer', () => {
  it('is what nothing tells, but for what is not there, or was not asked for', () => {
    const nothing = { what: 'every owner', reason: 'no processes', isEverything: true } as const;
    expect(
      unansweredIn({
        tcp: ability({}),
        udp: ability({ source: 'none', better: [refused] }),
        udplite: ability({ source: 'none', better: [refused], absent: true }),
        owners: ability({ source: 'none' }),
        walk: ability({ source: 'procfd', limits: [nothing] }),
      }),
    ).toEqual(['udp', 'walk']);
  });
});

describe('settings', () => {
  it('name each need once, in the words of each place', () => {
    const ptrace = { kind: 'capability', name: 'CAP_SYS_PTRACE' } as const;
    expect(settingsFor([ptrace, ptrace])).toEqual([
      {
        need: ptrace,
        docker: '--user=0 --cap-add=SYS_PTRACE',
        kubernetes: 'securityContext: {runAsUser: 0, capabilities: {add: [SYS_PTRACE]}}',
        systemd: 'AmbientCapabilities=CAP_SYS_PTRACE',
      },
    ]);
  });

  it.each([
    ['bpf(2)', /^SystemCallFilter=bpf \(below a SystemCallFilter= that is there\)$/],
    [
      'socket(2)',
      /^RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 \(below .*SystemCallFilter=socket \(below/,
    ],
    ['socket(AF_INET)', /^RestrictAddressFamilies=AF_INET \(below/],
    ['socket(AF_NETLINK)', /^RestrictAddressFamilies=AF_NETLINK \(below/],
  ])('add to a filter that forbids %s, and begin none', (name, line) => {
    expect(settingsFor([{ kind: 'seccomp', name }])[0]!.systemd).toMatch(line);
  });

  it('have no line of a unit for a call that none is known for', () => {
    expect(settingsFor([{ kind: 'seccomp', name: 'kcmp(2)' }])[0]!.systemd).toBeUndefined();
  });

  it('mount what was asked for', () => {
    const needs = [
      { kind: 'mount', name: 'proc' },
      { kind: 'mount', name: 'hidepid=0' },
    ] as const;
    expect(settingsFor(needs)).toMatchObject([
      { systemd: 'ProcSubset=all', host: 'mount -t proc proc /proc' },
      { systemd: 'ProtectProc=default', host: 'mount -o remount,hidepid=0 /proc' },
    ]);
    const foreign = settingsFor(needs, "/it's");
    expect(foreign.map(({ host }) => host)).toEqual([
      "mount -t proc proc '/it'\\''s'",
      "mount -o remount,hidepid=0 '/it'\\''s'",
    ]);
    expect(foreign.some(({ systemd }) => systemd !== undefined)).toBe(false);
  });

  it('load modules, and no options of the configuration', () => {
    const [module, option] = settingsFor([
      { kind: 'kernel', name: 'raw_diag' },
      { kind: 'kernel', name: 'CONFIG_DEBUG_INFO_BTF' },
    ]);
    expect(module!.host).toBe('modprobe raw_diag');
    expect(Object.keys(option!)).toEqual(['need']);
  });

  it('are no more than the name where nothing is known of it', () => {
    expect(settingsFor([{ kind: 'namespace', name: 'toString' }])).toEqual([
      { need: { kind: 'namespace', name: 'toString' } },
    ]);
  });
});
