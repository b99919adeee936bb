import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import {
  type Outcome,
  runOn,
  type SyntheticHost,
  type SyntheticProcess,
  sockscope,
} from './synthetic-proc.ts';
import { inetFile, unixFile } from './synthetic-rows.ts';

const missing = requirement('netns', 'dist');

const CONTEXT = 'system_u:system_r:sshd_t:s0';
/** More than the column has room for. */
const LONG_CONTEXT = 'system_u:system_r:very_long_domain_name_t:s0-s0:c0.c1023';

/** A process that holds sockets, those of `twice` by two descriptors. */
function holder(commandLine: string | undefined, inodes: readonly number[], more = {}): SyntheticProcess {
  const links = Object.fromEntries(inodes.map((inode, fd) => [fd + 3, `socket:[${inode}]`]));
  return { commandLine, links, ...more };
}

const CROWD = Array.from({ length: 100 }, (_, index) => 1000 + index);

const HOST: SyntheticHost = {
  net: {
    tcp: inetFile([101, 102, 103, 104, 105, 0].map((inode) => ({ local: '127.0.0.1 80', state: 10, inode }))),
    udp: inetFile(CROWD.map((inode) => ({ local: '127.0.0.1 53', state: 7, inode }))),
    unix: unixFile([
      { flags: 0x10000, inode: 106, path: '/run/a.sock' },
      { inode: 107, path: '/run/b.sock' },
    ]),
    'sctp/eps': ' ENDPT\nx y 2 10 29 80 0 101 10.0.0.1 \nx y 2 10 29 81 0 999 10.0.0.1 \n',
    'sctp/assocs': ' ASSOC\nx y 2 1 3 27 1 5 7 0 101 80 40000 10.0.0.1 <-> *10.0.0.3 \t 7500 10\n',
  },
  processes: {
    20: holder('one\0', [101, 106, 101], { context: `${CONTEXT}\0` }),
    30: holder('a-program-with-a-long-name\0', [101, 102], { context: LONG_CONTEXT }),
    31: holder('two\0', [101], { context: 'nobody:sees:this\n' }),
    40: holder('three\0', [103], { context: LONG_CONTEXT.slice(-49) }),
    50: holder('four\0', [104]),
    // Gone while it is looked at, as far as its name goes.
    60: holder(undefined, [105, 104]),
    // More processes than cells are made for at first.
    ...Object.fromEntries(CROWD.map((inode) => [inode, holder(`crowd${inode}\0`, [inode])])),
    // Both have their place where another one's is.
    5096: holder('far\0', [1000]),
  },
};

/** A machine with SELinux, as far as the command looks. */
const SELINUX: SyntheticHost = {
  ...HOST,
  etc: { 'selinux/config': '' },
  network: ['mount -t tmpfs tmpfs /sys', 'mkdir -p /sys/fs/selinux', ': >/sys/fs/selinux/status'],
};

function tails(outcome: Outcome | undefined, from: number): string[] {
  expect(outcome).toMatchObject({ stderr: '', code: 0 });
  return outcome!.stdout
    .split('\n')
    .slice(2, -1)
    .map((line) => line.slice(from));
}

describe.skipIf(missing !== undefined)(`everyone who holds a socket ${missing ?? ''}`, () => {
  it('stands in the column with commas between', () => {
    const [tcp, unix, sctp, udp, quiet] = runOn(HOST, [
      sockscope(['-tln', '--owners-all']),
      sockscope(['-xa', '--owners-all']),
      sockscope(['-San', '--owners-all']),
      sockscope(['-uan', '--owners-all']),
      sockscope(['-tln', '--owners-all', '--owners=none']),
    ]);
    const first = '20/one,30/a-program-with-a,31/two';
    const cells = [first, '30/a-program-with-a', '40/three', '50/four'];
    const rows = tails(tcp, 79);
    expect(rows.slice(0, 4)).toEqual(cells.map((cell) => ` ${cell.padEnd(20)}`));
    expect(rows.slice(-1)).toEqual([` ${'-'.padEnd(20)}`]);
    expect(tails(unix, 58)).toEqual([
      ` ${'20/one'.padEnd(20)} /run/a.sock`,
      ` ${'-'.padEnd(20)} /run/b.sock`,
    ]);
    expect(tails(sctp, 79)).toEqual([first, '-'.padEnd(20), first].map((cell) => ` ${cell}`));
    const crowd = tails(udp, 79);
    expect(crowd[0]).toBe(` ${'1000/crowd1000,5096/far'.padEnd(20)}`);
    expect(crowd.slice(1)).toEqual(CROWD.slice(1).map((pid) => ` ${`${pid}/crowd${pid}`.padEnd(20)}`));
    expect(quiet!.code).toBeGreaterThanOrEqual(0);
  });

  // By descriptor: process 20 has two of the socket.
  it('is an array in JSON', () => {
    const [tcp, sctp] = runOn(HOST, [
      sockscope(['-tln', '--owners-all', '--json']),
      sockscope(['-San', '-p', '--json']),
    ]);
    const owners = (outcome: Outcome | undefined) =>
      JSON.parse(outcome!.stdout).sockets.map((socket: { owners?: { pid: number }[] }) =>
        socket.owners?.map(({ pid }) => pid),
      );
    expect(owners(tcp).slice(0, 3)).toEqual([[20, 20, 30, 31], [30], [40]]);
    expect(owners(sctp)).toEqual([[20], undefined, [20]]);
  });
});

describe.skipIf(missing !== undefined)(`security contexts ${missing ?? ''}`, () => {
  it('stand behind the program that is named', () => {
    const [tcp, unix, sctp, none] = runOn(SELINUX, [
      sockscope(['-tlnZo']),
      sockscope(['-xaZ']),
      sockscope(['-SalnZo']),
      sockscope(['-uanZ']),
    ]);
    const cells = [
      ['20/one', CONTEXT],
      ['30/a-program-with-a', LONG_CONTEXT.slice(-48)],
      ['40/three', LONG_CONTEXT.slice(-49)],
      ['50/four', '-'],
    ] as const;
    const rows = tails(tcp, 79);
    expect(tcp!.stdout.split('\n')[1]!.slice(79)).toBe(
      ` PID/Program name    ${' Security Context'.padEnd(50)} Timer`,
    );
    expect(rows.slice(0, 4)).toEqual(
      cells.map(([program, context]) => ` ${program.padEnd(20)} ${context.padEnd(50)} off (0.00/0/0)`),
    );
    expect(rows.at(-1)).toBe(` ${'-'.padEnd(20)} ${'-'.padEnd(50)} off (0.00/0/0)`);
    expect(tails(unix, 58)).toEqual([
      ` ${'20/one'.padEnd(20)} ${CONTEXT.padEnd(50)} /run/a.sock`,
      ` ${'-'.padEnd(20)} ${'-'.padEnd(50)} /run/b.sock`,
    ]);
    expect(tails(sctp, 79)[0]).toBe(` ${'20/one'.padEnd(20)} ${CONTEXT.padEnd(50)} `);
    expect(tails(none, 79)[0]).toBe(` ${'1000/crowd1000'.padEnd(20)} ${'-'.padEnd(50)}`);
  });

  it('are refused where SELinux is off', () => {
    expect(runOn(HOST, [sockscope(['-tlnZ'])])).toEqual([
      { stdout: '', stderr: 'SELinux is not enabled on this machine.\n', code: 1 },
    ]);
  });
});
