import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { outcomesOn, type Tree } from './routes-trees.ts';
import { IGMP6 } from './synthetic-groups.ts';
import {
  type CommandLine,
  netstat,
  type Outcome,
  runOn,
  type SyntheticHost,
  sockscope,
} from './synthetic-proc.ts';
import { inetFile, unixFile } from './synthetic-rows.ts';

const missing = requirement('netns', 'netstat', 'dist');

/** netstat reads each line over the one before: a short heading would leave any bytes. */
const LONG_HEADING = `${'heading'.padEnd(250)}\n`;
const NEIGHBOURS = `${LONG_HEADING}${Array.from({ length: 10 }, (_, at) => `0000${at} C${at}LLSIGN   dev${at}\n`).join('')}`;
const NODE = `${LONG_HEADING}1234567890 0010 1 00001\n`;
const ROSE_TITLE =
  'Kernel ROSE routing table\nDestination  neigh1 callsign  device  neigh2 callsign  device  neigh3 callsign  device\n';
const CACHE_TITLE =
  'Kernel IP routing cache\nERROR: proc_guess_fmt(/proc/net/rt_cache,... returned: 0\n' +
  'Source          Destination     Gateway         Flags   MSS Window  irtt Iface\n';
const TCP_TITLE =
  'Active Internet connections (w/o servers)\n' +
  'Proto Recv-Q Send-Q Local Address           Foreign Address         State      \n';

/** What each of the two prints. */
function bothOn(host: SyntheticHost, ...options: readonly string[]): Outcome[] {
  return runOn(host, [netstat(options), sockscope(options)]);
}

/** Words that the shell makes, with bytes that are no UTF-8, behind the command's own. */
function withWords(words: string, line: CommandLine): CommandLine {
  return ['sh', '-c', `exec "$@" ${words}`, 'sh', ...line];
}

describe.skipIf(missing !== undefined)(`departures from netstat's routes ${missing ?? ''}`, () => {
  it('an unknown cache of routes: rows of what is in memory', () => {
    const [theirs, ours] = outcomesOn({ rt_cache: 'x\ny\n' }, '-rnC');
    const [row = '', again] = theirs!.stdout.slice(CACHE_TITLE.length).split('\n');
    expect(theirs!.stdout.startsWith(CACHE_TITLE)).toBe(true);
    expect(row).toMatch(/^0\.0\.0\.0 {9}0\.0\.0\.0 {9}0\.0\.0\.0 /);
    expect(again).toBe(row);
    expect(ours).toEqual({ stdout: CACHE_TITLE, stderr: '', code: 0 });
  });

  it.each<[string, Tree, string, Outcome, Outcome]>([
    [
      'nodes of ROSE without neighbours',
      { rose_nodes: NODE },
      '-r --rose',
      { stdout: '', stderr: 'Segmentation fault\n', code: 139 },
      {
        stdout: '',
        stderr: '/proc/net/rose_neigh: No such file or directory\nROSE not configured in this system.\n',
        code: 1,
      },
    ],
    [
      'routes of AppleTalk without a heading',
      { atalk_route: '' },
      '-r --ddp',
      { stdout: '', stderr: 'free(): invalid pointer\nAborted\n', code: 134 },
      { stdout: 'Destination     Gateway         Device          Flags\n', stderr: '', code: 0 },
    ],
    [
      'a node of ROSE with four neighbours',
      { rose_nodes: `${LONG_HEADING}1234567890 0010 4 00001 00002 00003 00004\n`, rose_neigh: NEIGHBOURS },
      '-r --rose',
      {
        stdout: `${ROSE_TITLE}1234567890   00001  C1LLSIGN      dev100002  C2LLSIGN      dev200003  C3LLSIGN      dev300004  C4LLSIGN      dev4\n`,
        stderr: '',
        code: 0,
      },
      {
        stdout: `${ROSE_TITLE}1234567890   00001  C1LLSIGN      dev100002  C2LLSIGN      dev200003  C3LLSIGN      dev3\n`,
        stderr: '',
        code: 0,
      },
    ],
    [
      'a node of NET/ROM whose neighbour is far outside of its line',
      { nr_nodes: `${LONG_HEADING}NODE      MNEM     900000000\n`, nr_neigh: NEIGHBOURS },
      '-r --netrom',
      { stdout: '', stderr: 'Segmentation fault\n', code: 139 },
      {
        stdout:
          'Kernel NET/ROM routing table\nDestination  Mnemonic  Quality  Neighbour  Iface\n' +
          'NODE         MNEM        0      C0LLSIGN    dev\n',
        stderr: '',
        code: 0,
      },
    ],
  ])('%s', (_, tree, line, theirs, ours) => {
    expect(outcomesOn(tree, line)).toEqual([theirs, ours]);
  });
});

describe.skipIf(missing !== undefined)(`departures from netstat's other tables ${missing ?? ''}`, () => {
  it('a last counter of SCTP without value and newline', () => {
    const [theirs, ours] = bothOn(
      { net: { snmp: '', 'sctp/snmp': 'SctpAborteds abc\nSctpShutdowns' } },
      '-s',
    );
    const stdout = 'Sctp:\n    0 Number of Aborteds \n';
    expect(theirs).toEqual({
      stdout: `${stdout}    0 Number of Graceful Terminations\n`,
      stderr: '',
      code: 0,
    });
    expect(ours).toEqual({ stdout, stderr: '', code: 0 });
  });

  it.each([
    ['of 70 bytes before an empty line', 70, '\n\n'],
    ['of 1023 bytes', 1023, '\n'],
  ])('a counter of IPv6 whose name is %s', (_, length, end) => {
    const name = '6'.padEnd(length, 'x');
    const [theirs, ours] = bothOn({ net: { snmp: '', snmp6: `Ip6InReceives 5\n${name}${end}` } }, '-s6');
    const stdout = `Ip6:\n    5 total packets received\n6:\n    ${name}: 5\n`;
    expect(theirs!.stdout).toBe(`${stdout}    ${name.slice(0, 64)}\n: 5\n`);
    expect(ours!.stdout).toBe(`${stdout}    ${name}: 5\n`);
  });

  it('a group of IPv6 whose address is short', () => {
    const [theirs, ours] = bothOn({ net: { igmp: '', igmp6: `${IGMP6}1 lo ff02 1\n` } }, '-gn');
    const added = theirs!.stdout.slice(ours!.stdout.length);
    expect(theirs!.stdout.startsWith(ours!.stdout)).toBe(true);
    expect(added).toMatch(/^lo {14}1 {6}0:ff02:.*\n$/);
    expect([theirs!.stderr, ours!.stderr]).toEqual(['', 'warning, got bogus igmp6 line 4.\n']);
  });

  it('an end of if_inet6 that is no address', () => {
    const dev =
      'Inter-|   Receive                                                |  Transmit\n' +
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n' +
      '    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n';
    const if_inet6 = '00000000000000000000000000000001 01 80 10 80       lo\njunk\n';
    const [theirs, ours] = bothOn({ net: { dev, if_inet6 } }, '-iae');
    const addresses = ({ stdout }: Outcome) => stdout.match(/^ +inet6 .*$/gm);
    const row = '        inet6 ::1  prefixlen 128  scopeid 0x10<host>';
    // The row before once more: it is still in netstat's memory.
    expect(addresses(theirs!)).toEqual([row, row]);
    expect(addresses(ours!)).toEqual([row]);
  });

  it('unix sockets below a heading without Inode', () => {
    const unix = unixFile([{ inode: 7300, path: '/run/x', flags: 0x10000 }]).replace('Inode', 'Xnode');
    const rows = bothOn({ net: { unix } }, '-xa').map(({ stdout }) => stdout.split('\n')[2]);
    expect(rows).toEqual([
      'unix  2      [ ACC ]     STREAM     LISTENING     -        7300',
      'unix  2      [ ACC ]     STREAM     LISTENING     7300     /run/x',
    ]);
  });

  it('what follows a newline in the path of a unix socket', () => {
    const unix = unixFile([{ inode: 7300, path: '/run/x\ny z', flags: 0x10000 }]);
    const [theirs, ours] = bothOn({ net: { unix } }, '-xa');
    const row = 'unix  2      [ ACC ]     STREAM     LISTENING     7300     /run/x';
    expect([theirs!.stdout.split('\n')[2], theirs!.stderr]).toEqual([row, 'warning, got bogus unix line.\n']);
    expect([ours!.stdout.split('\n')[2], ours!.stderr]).toEqual([`${row}\\x0ay z`, '']);
  });
});

const live = missing ?? requirement('ip', 'python3', 'addon');
const CHANGING = fileURLToPath(new URL('changing_table.py', import.meta.url));
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

describe.skipIf(live !== undefined)(`departures while a table changes ${live ?? ''}`, () => {
  it('rows that come twice', { timeout: 30_000 }, () => {
    const [theirs, ours] = [['netstat'], [process.execPath, COMMAND]].map((program) => {
      const words = ['-Urn', 'python3', CHANGING, ...program, '-uan'];
      const { stdout, status } = spawnSync('unshare', words, { encoding: 'latin1' });
      expect(status).toBe(0);
      const rows = stdout.split('\n').filter((line) => line.startsWith('udp '));
      expect(rows.length).toBeGreaterThanOrEqual(250);
      return rows.length - new Set(rows).size;
    });
    expect(theirs).toBeGreaterThan(0);
    expect(ours).toBe(0);
  });
});

describe.skipIf(missing !== undefined)(`departures for files that cannot be read ${missing ?? ''}`, () => {
  const AX25 = 'Active AX.25 sockets\nDest       Source     Device  State        Vr/Vs    Send-Q  Recv-Q\n';

  it.each<[file: string, option: string, theirs: Partial<Outcome>, ours: Partial<Outcome>]>([
    ['igmp', '-gn4', { stdout: '', code: 124 }, { stderr: '/proc/net/igmp: Is a directory\n', code: 255 }],
    [
      'tcp',
      '-tn',
      { stdout: '', code: 124 },
      { stdout: TCP_TITLE, stderr: '/proc/net/tcp: Is a directory\n', code: 255 },
    ],
    [
      'ax25',
      '--ax25',
      { stdout: AX25, stderr: '', code: 0 },
      { stdout: '', stderr: '/proc/net/ax25: Is a directory\n', code: 255 },
    ],
  ])('%s', (file, option, expected, own) => {
    const host = { net: { [`${file}/x`]: '' } };
    const [theirs, ours] = runOn(host, [['timeout', '1', ...netstat([option])], sockscope([option])]);
    expect(theirs).toMatchObject(expected);
    expect(ours).toMatchObject(own);
  });
});

describe.skipIf(missing !== undefined)(`departures of the command itself ${missing ?? ''}`, () => {
  const host: SyntheticHost = { net: { tcp: inetFile([]) } };

  it('-I, and an argument of --interfaces or --continuous', () => {
    const [letter, name, period] = ['-Ilo', '--interfaces=lo', '--continuous=2'].map((word) => {
      const runs = [netstat(['-tn', word]), ['timeout', '-s', 'INT', '1', ...sockscope(['-tn', word])]];
      return runOn({ ...host, network: ['ip link set lo up 2>/dev/null || true'] }, runs);
    });
    for (const [outcomes, words] of [
      [letter, "netstat: invalid option -- 'I'\n"],
      [name, "netstat: option '--interfaces' doesn't allow an argument\n"],
      [period, "netstat: option '--continuous' doesn't allow an argument\n"],
    ] as const) {
      const [theirs, ours] = outcomes!;
      expect([theirs!.code, theirs!.stdout, theirs!.stderr.startsWith(words)]).toEqual([3, '', true]);
      expect(ours!.stderr).not.toContain('option');
    }
    expect(period![1]!.stdout).toBe(TCP_TITLE);
  });

  it('a number after -c', () => {
    const forAWhile = (line: CommandLine) => ['timeout', '-s', 'INT', '1.7', ...line];
    const [theirs, ours] = runOn(
      host,
      [netstat, sockscope].map((it) => forAWhile(it(['-tn', '-c', '9']))),
    );
    expect([theirs!.stdout, ours!.stdout]).toEqual([TCP_TITLE + TCP_TITLE, TCP_TITLE]);
  });

  it('when the rounds of -c begin', { timeout: 20_000 }, () => {
    // More than a pipe holds, so that a reader who waits 0.6 s at each heading makes each round take so long.
    const igmp = `Idx Device\n1\tlo        :     1      V3\n${'\t\t\t\t010000E0     1 0:00000000\t\t0\n'.repeat(4000)}`;
    const slow = (line: CommandLine): CommandLine => [
      'sh',
      '-c',
      `timeout 4.6 "$@" | while IFS= read -r row; do
        case $row in IPv6/IPv4*) date +%s%N; sleep 0.6 ;; esac
      done`,
      'sh',
      ...line,
    ];
    const [theirs, ours] = runOn(
      { net: { igmp } },
      [netstat, sockscope].map((program) => slow(program(['-gnc4']))),
    ).map(({ stdout }) => {
      const begins = stdout.split('\n').slice(0, 3).map(Number);
      return (begins[2]! - begins[0]!) / 2e9;
    });
    expect(theirs).toBeGreaterThan(1.55);
    expect(ours).toBeLessThan(1.45);
  });

  it('a reader who leaves', () => {
    const leave = (line: CommandLine): CommandLine => [
      'sh',
      '-c',
      '{ sleep 0.2; "$@"; echo $? >&2; } | true',
      'sh',
      ...line,
    ];
    const outcomes = runOn(host, [leave(netstat(['-tn'])), leave(sockscope(['-tn']))]);
    expect(outcomes.map(({ stderr }) => stderr)).toEqual(['141\n', '0\n']);
  });

  it('bytes of its words that are no UTF-8', () => {
    const outcomes = runOn(
      host,
      [netstat, sockscope].map((program) => withWords('-A "$(printf "f\\377")"', program([]))),
    );
    const words = outcomes.map(({ stderr }) => Buffer.from(stderr, 'latin1'));
    expect(words[0]).toEqual(Buffer.from("Unknown address family `f\xff'.\n", 'latin1'));
    expect(words[1]!.toString()).toBe("Unknown address family `f\ufffd'.\n");
  });

  it('-h and -V', () => {
    for (const word of ['-h', '-V']) {
      const [theirs, ours] = bothOn(host, word);
      expect(theirs!.stdout).toMatch(/net-tools|usage: netstat/);
      expect(theirs!.stdout).not.toContain('sockscope');
      expect(ours!.stdout).toContain('sockscope');
    }
  });

  it('the usage after a mistake', () => {
    for (const word of ['-q', '--foo']) {
      const [theirs, ours] = bothOn(host, word);
      expect([theirs!.code, ours!.code]).toEqual([3, 3]);
      const [complaint] = theirs!.stderr.split('\n');
      expect(theirs!.stderr).toMatch(/^netstat: .*\nusage: netstat /);
      expect(ours!.stderr).toMatch(/^sockscope: .*\nusage: sockscope /);
      expect(ours!.stderr.startsWith(complaint!.replace('netstat: ', 'sockscope: '))).toBe(true);
    }
  });

  it('the language of its words', (context) => {
    const inGerman = ['env', 'LANGUAGE=de', 'LC_ALL=C.UTF-8'];
    const [theirs, ours] = runOn(host, [
      [...inGerman, ...netstat(['-tn'])],
      [...inGerman, ...sockscope(['-tn'])],
    ]);
    expect(ours!.stdout).toBe(TCP_TITLE);
    context.skip(theirs!.stdout === TCP_TITLE, "netstat's translations are not installed");
    expect(theirs!.stdout).toContain('Aktive Internetverbindungen (ohne Server)\n');
  });
});
