import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { RICH } from './synthetic-hosts.ts';
import {
  type CommandLine,
  netstat,
  netstatOfOurs,
  type Outcome,
  runOn,
  type SyntheticHost,
  type SyntheticProcess,
  sockscope,
  unprivileged,
} from './synthetic-proc.ts';
import { CONTROL_PROCESSES } from './synthetic-processes.ts';
import { inetFile, unixFile } from './synthetic-rows.ts';

const missing = requirement('netns', 'netstat', 'setpriv', 'dist');

const open = (inode: number): SyntheticProcess => ({
  commandLine: 'open\0',
  links: { 3: `socket:[${inode}]` },
});
const closed = (inode: number): SyntheticProcess => ({
  commandLine: 'closed\0',
  links: { 3: `socket:[${inode}]` },
  closed: true,
});

/** Hosts, and the line on which netstat's note about each begins. */
const HOSTS: readonly (readonly [string, NonNullable<SyntheticHost['processes']>, string])[] = [
  ['no process', {}, ''],
  ['nothing closed', { 20: open(101), 30: open(103) }, ''],
  ['some closed', { 20: open(101), 30: closed(103) }, '(Not all processes could be identified'],
  ['all closed', { 20: closed(101), 30: closed(103) }, '(No info could be read for "-p": geteuid()=0'],
  ['all of it closed that has sockets', { 20: { links: { 3: '/dev/null' } }, 30: closed(103) }, '(No info'],
];

function saidBy(host: SyntheticHost, ...lines: readonly CommandLine[]): Outcome[] {
  return runOn(host, lines.map(unprivileged));
}

describe.skipIf(missing !== undefined)(`the notes of -p beside netstat ${missing ?? ''}`, () => {
  it.each(HOSTS)('%s', (_, processes, note) => {
    const host = { ...RICH, processes };
    for (const options of [['-tnap'], ['-xp'], ['-Sap'], ['-tSxnaep'], ['-p', '--ipx', '-x'], ['-tn']]) {
      const [theirs, ours] = saidBy(host, netstat(options), sockscope(options));
      expect(ours, options.join(' ')).toEqual(theirs);
      if (options[0] !== '-tn') expect(theirs!.stderr.startsWith(note)).toBe(true);
    }
  });

  it('are the same of a link named netstat', () => {
    for (const [, processes] of HOSTS) {
      const [theirs, ours] = saidBy({ ...RICH, processes }, netstat(['-Snap']), netstatOfOurs(['-Snap']));
      expect(ours).toEqual(theirs);
    }
  });

  it('are the same where /proc cannot be listed', () => {
    const host = { ...RICH, processes: { 20: open(12_345) }, mode: '0300' };
    const [theirs, ours] = saidBy(host, netstat(['-Snap']), netstatOfOurs(['-Snap']));
    expect(ours).toEqual(theirs);
    expect(theirs!.stderr.split('\n')[0]).toBe(
      '(No info could be read for "-p": geteuid()=0 but you should be root.)',
    );
    const [forced] = saidBy(host, sockscope(['-Snap']));
    expect(forced).toMatchObject({ code: 1, stdout: '' });
    expect(forced!.stderr).toMatch(/^sockscope: find owners[^\n]*EACCES[^\n]*\n$/);
  });

  it('come in each round of -c', () => {
    const processes = { 20: open(101), 30: closed(103) };
    const forAWhile = (line: CommandLine): CommandLine => ['timeout', '3.5', ...line];
    const options = ['-xpc'];
    const [theirs, ours] = saidBy(
      { ...RICH, processes },
      forAWhile(netstat(options)),
      forAWhile(sockscope(options)),
    ).map(({ stdout, stderr }) => ({
      tables: stdout.split(/^(?=Active)/m).slice(0, 2),
      notes: stderr.split(/^(?=\(Not all)/m).slice(0, 2),
    }));
    expect(ours).toEqual(theirs);
    expect(theirs!.tables).toHaveLength(2);
    expect(theirs!.notes[1]).toBe(theirs!.notes[0]);
  });
});

describe.skipIf(missing !== undefined)(`programs whose names have control bytes ${missing ?? ''}`, () => {
  const host: SyntheticHost = {
    net: {
      tcp: inetFile([
        { local: '127.0.0.1 80', remote: '10.0.0.1 1', inode: 7100 },
        { local: '127.0.0.1 80', remote: '10.0.0.1 2', inode: 7200 },
      ]),
      unix: unixFile([{ inode: 7300, path: '/run/x' }]),
    },
    processes: CONTROL_PROCESSES,
  };
  const cells = ({ stdout }: Outcome): string[] => stdout.split('\n').map((line) => line.slice(59));

  it('are a departure: netstat prints them as they are', () => {
    const [theirs, ours] = runOn(host, [netstat(['-txnp']), sockscope(['-txnp'])]);
    expect(theirs!.stdout).toContain(' 71/\u001b[31mred         \n');
    expect(theirs!.stdout).toContain(' 72/two\nlines        \n');
    expect(cells(theirs!)).toContain('73/\u0001\u001f\u007f               /run/x');
    const tcp = cells(ours!).slice(2, 4);
    expect(tcp.map((cell) => cell.slice(21))).toEqual(['71/\\x1b[31mred      ', '72/two\\x0alines     ']);
    expect(cells(ours!).at(-2)).toBe('73/\\x01\\x1f\\x7f      /run/x');
    expect(ours!.stderr).toBe('');
  });

  it('are escaped under the name of netstat, too', () => {
    const sctp = ' ENDPT\nx x 2 10 29 80 0 7100 10.0.0.1 \n';
    const [ours] = runOn({ ...host, net: { 'sctp/eps': sctp, 'sctp/assocs': 'h\n' } }, [
      netstatOfOurs(['-Snlp']),
    ]);
    expect(ours!.stdout).toContain(' 71/\\x1b[31mred      \n');
  });
});
