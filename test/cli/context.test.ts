import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/host.ts';
import { settleHostOptions } from '../../src/request/host-options.ts';
import { SCTP_ASSOCIATIONS } from '../netstat/synthetic-hosts.ts';
import { inetFile, unixFile } from '../netstat/synthetic-rows.ts';
import { addProcess, procTree, removeTrees } from '../unit/owners/proc-trees.ts';
import { run } from './in-process.ts';

afterAll(removeTrees);

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** 48 bytes of it are shown. */
const LONG = 'system_u:system_r:very_long_domain_name_t:s0-s0:c0.c1023';

const NET = {
  tcp: inetFile([101, 102, 103, 104, 105].map((inode) => ({ local: '127.0.0.1 80', state: 10, inode }))),
  unix: unixFile([
    { flags: 0x10000, inode: 106, path: '/run/a.sock' },
    { inode: 107, path: '/run/b.sock' },
  ]),
  'sctp/assocs': SCTP_ASSOCIATIONS.split('\n').slice(0, 1).join('\n'),
  'sctp/eps': ' ENDPT\nx y 2 10 29 80 0 101 10.0.0.1\n',
};

const current = (context: string, ...inodes: number[]) => ({
  fd: Object.fromEntries(inodes.map((inode, fd) => [fd, `socket:[${inode}]`])),
  files: { cmdline: 'program\0', 'attr/current': context },
});

function tree(): string {
  const { path } = procTree({
    20: current('system_u:system_r:sshd_t:s0\0', 101, 106),
    // Nobody shows the second holder's.
    30: current('nobody:sees:this\n', 101),
    40: current(LONG, 102),
    50: current(LONG.slice(-49), 103),
    60: { ...current('', 104), files: { cmdline: 'program\0' } },
  });
  addProcess(path, 'net', { files: NET });
  return path;
}

async function rows(words: readonly string[]): Promise<string[]> {
  const options = settleHostOptions({ procRoot: tree(), source: 'procfs', owners: 'procfd' });
  const surroundings = {
    packageRoot,
    reader: 'inline',
    automaticBpf: false,
    hostTables: () => import('../../src/host-tables.ts'),
  } as const;
  const { stdout, status } = await run(words, {
    selinuxEnabled: () => true,
    openHost: () => new LocalHost(options, surroundings),
  });
  expect(status).toBe(0);
  return stdout.split('\n').slice(0, -1);
}

describe('-Z', () => {
  it('adds the context of the process that is named, and names it, in the Internet table', async () => {
    const lines = await rows(['-tlnZo']);
    const columns =
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    ';
    expect(lines[1]).toBe(`${columns}${' Security Context'.padEnd(50)} Timer`);
    const tails = lines.slice(2).map((line) => line.slice(79));
    const cells = [
      ['20/program', 'system_u:system_r:sshd_t:s0'],
      ['40/program', LONG.slice(-48)],
      ['50/program', LONG.slice(-49)],
      ['60/program', '-'],
      ['-', '-'],
    ];
    expect(tails).toEqual(
      cells.map(([program, context]) => ` ${program!.padEnd(20)} ${context!.padEnd(50)} off (0.00/0/0)`),
    );
  });

  it('does so in the tables of unix and of SCTP', async () => {
    const unix = await rows(['-xaZ']);
    expect(unix[1]).toBe(
      `Proto RefCnt Flags       Type       State         I-Node   PID/Program name    ${' Security Context'.padEnd(50)} Path`,
    );
    expect(unix.slice(2).map((line) => line.slice(58))).toEqual([
      ` ${'20/program'.padEnd(20)} ${'system_u:system_r:sshd_t:s0'.padEnd(50)} /run/a.sock`,
      ` ${'-'.padEnd(20)} ${'-'.padEnd(50)} /run/b.sock`,
    ]);
    const [, , endpoint] = await rows(['-SalnZo']);
    expect(endpoint!.slice(79)).toBe(
      ` ${'20/program'.padEnd(20)} ${'system_u:system_r:sshd_t:s0'.padEnd(50)} `,
    );
  });

  it('is an error where SELinux is off, and nothing beside -p where there are no sockets', async () => {
    expect(await run(['-Z'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'SELinux is not enabled on this machine.\n',
    });
    const { requests } = await run(['-tZ'], { selinuxEnabled: () => true });
    expect(requests[0]).toMatchObject({ owners: 'lowest', processFields: ['context'] });
    expect((await run(['-tp'])).requests[0]).toMatchObject({ processFields: [] });
  });
});
