import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { COMMAND } from './means.ts';

const missing = requirement('dist');

const noPython = missing ?? requirement('python3');
const noMounts = missing ?? requirement('root', 'mountns');

const HEADING =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const ROWS = 30_000;

/** A /proc of files: the same bytes each time, more than any pipe holds. */
let folder: string;
let expected: Buffer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-means-'));
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const port = (row % 65_535) + 1;
    const inode = 100_000 + row;
    return `${String(row).padStart(4)}: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 20 4 30 10 -1`.padEnd(
      149,
    );
  });
  const net = join(folder, 'proc/net');
  spawnSync('mkdir', ['-p', net]);
  writeFileSync(join(net, 'tcp'), `${[HEADING.trimEnd().padEnd(149), ...rows].join('\n')}\n`);
  writeFileSync(join(net, 'tcp6'), HEADING);
  writeFileSync(join(net, 'dev'), 'Inter-|\n face |bytes compressed\n');
  writeFileSync(join(net, 'snmp'), 'Tcp: InSegs\nTcp: 3\n');
  writeFileSync(join(net, 'route'), 'Iface\tDestination\tGateway\n');
  expected = run(words('-tan')).stdout;
  expect(expected.toString().trimEnd().split('\n')).toHaveLength(ROWS + 2);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function words(line: string): string[] {
  const [first, ...others] = line.split(' ').filter(Boolean) as [string, ...string[]];
  const proc = `--proc=${join(folder, 'proc')}`;
  return first.startsWith('-') ? [COMMAND, proc, first, ...others] : [COMMAND, first, proc, ...others];
}

function run(args: readonly string[], stdio: 'pipe' | readonly ('ignore' | 'pipe' | number)[] = 'pipe') {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    stdio: stdio as 'pipe',
    maxBuffer: 2 ** 28,
    timeout: 20_000,
  });
  return { status, signal, stdout, stderr: stderr?.toString() };
}

/** A line of a shell in which `$S` is the command. */
function shell(script: string, line: string, before: readonly string[] = []) {
  const args = ['-c', script, 'sh', process.execPath, ...words(line)];
  const [program, ...others] = [...before, 'bash', ...args] as [string, ...string[]];
  const { status, signal, stdout, stderr } = spawnSync(program, others, {
    timeout: 25_000,
    maxBuffer: 2 ** 28,
  });
  return { status, signal, stdout, stderr: stderr.toString() };
}

const LOST = 'write to standard output: ENOSPC (make room there, or write elsewhere)';
const OWN = [
  '-tan --json',
  '-rn --json',
  '-s --json',
  'layers',
  'layers --json',
  'delta 0.01',
  'delta --json 0.01',
];

describe.skipIf(missing !== undefined)(`what cannot be written${missing ? ` (${missing})` : ''}`, () => {
  it.each(OWN)('is said of %s, which ends with 1', (line) => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = run(words(line), ['ignore', full, 'pipe']);
    closeSync(full);
    expect({ status, last: stderr!.trimEnd().split('\n').at(-1) }).toEqual({
      status: 1,
      last: `sockscope: ${LOST}`,
    });
  });

  it('ends what would go on for ever', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = run(words('delta -c 0.01'), ['ignore', full, 'pipe']);
    closeSync(full);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `sockscope: ${LOST}\n` });
  });

  it('takes nothing of the status of a command that was measured', () => {
    for (const [script, expectation] of [
      ['exit 0', 1],
      ['exit 7', 7],
    ] as const) {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = run([...words('delta'), '--', 'sh', '-c', script], ['ignore', full, 'pipe']);
      closeSync(full);
      expect({ status, stderr }).toEqual({ status: expectation, stderr: `sockscope: delta: ${LOST}\n` });
    }
  });

  it.each(['-tan', '-rn', '-s', '-h', '-V'])('is dropped of netstat\u2019s %s, as by netstat', (line) => {
    const full = openSync('/dev/full', 'w');
    const into = run(words(line), ['ignore', full, 'pipe']);
    closeSync(full);
    const free = run(words(line));
    expect({ status: into.status, stderr: into.stderr }).toEqual({
      status: free.status,
      stderr: free.stderr,
    });
  });

  it('is said at the limit of file sizes, which kills netstat', () => {
    for (const line of ['-tan', '-tan --json']) {
      const { status, stderr } = shell(`ulimit -f 100; exec "$@" >${folder}/small`, line);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: 'sockscope: write to standard output: EFBIG (raise the limit of file sizes (ulimit -f))\n',
      });
      expect(readFileSync(join(folder, 'small')).length).toBe(100 * 1024);
    }
  });
});

describe.skipIf(missing !== undefined)(
  `standard streams that are closed${missing ? ` (${missing})` : ''}`,
  () => {
    it.each([
      ['<&-', '<&-'],
      ['>&-', '>&-'],
      ['2>&-', '2>&-'],
      ['all', '<&- >&- 2>&-'],
    ])('%s: nothing of ours takes their numbers', (_, closing) => {
      const links = join(folder, 'links');
      const tables = readFileSync(join(folder, 'proc/net/tcp'));
      const { status } = shell(
        `exec "$@" -- sh -c 'readlink /proc/$PPID/fd/0 /proc/$PPID/fd/1 /proc/$PPID/fd/2 >${links}' ${closing}`,
        'delta',
      );
      expect(status).toBe(0);
      const [stdin, stdout, stderr] = readFileSync(links, 'latin1').trimEnd().split('\n');
      if (closing.includes('<&-')) expect(stdin).toBe('/dev/null');
      if (/(^| )>&-/.test(closing)) expect(stdout).toBe('/dev/null');
      if (closing.includes('2>&-')) expect(stderr).toBe('/dev/null');
      expect(readFileSync(join(folder, 'proc/net/tcp')).equals(tables)).toBe(true);
    });

    it('leave the other one whole', () => {
      expect(shell('exec "$@" <&- 2>&-', '-tan').stdout.equals(expected)).toBe(true);
      expect(shell('exec "$@" >&-', '-tan --no-such').stderr).toContain('usage: ');
      expect(shell('exec "$@" >&- 2>&- <&-', '-tan').status).toBe(0);
    });
  },
);

describe.skipIf(missing !== undefined)(`a reader${missing ? ` (${missing})` : ''}`, () => {
  it('that is slow gets every byte, whatever the pipe\u2019s mode', async () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    // The mode belongs to the pipe's open end, which the command inherits.
    const both = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const child = spawn(process.execPath, words('-tan'), { stdio: ['ignore', both, 'pipe'] });
    const exited = once(child, 'exit');
    const reader = spawn('sh', ['-c', `sleep 0.3; dd bs=4096 2>/dev/null <${pipe}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    reader.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const read = once(reader, 'close');
    expect(await exited).toEqual([0, null]);
    closeSync(both);
    await read;
    expect(Buffer.concat(chunks).equals(expected)).toBe(true);
  });

  it.each(['-tan', '-tan --json', '-tanc'])('that leaves ends %s quietly', (line) => {
    for (const trap of ['', "trap '' PIPE; "]) {
      const { stdout, stderr } = shell(`${trap}"$@" | head -c 40; echo " \${PIPESTATUS[0]}"`, line);
      expect({ line, trap, tail: stdout.toString('latin1').slice(40), stderr }).toEqual({
        line,
        trap,
        tail: ' 0\n',
        stderr: '',
      });
    }
  });

  it.skipIf(noPython !== undefined)(
    `that is a socket gets every byte${noPython ? ` (${noPython})` : ''}`,
    async () => {
      const path = join(folder, 'socket');
      const chunks: Buffer[] = [];
      const server = createServer((connection) => {
        connection.on('data', (chunk) => chunks.push(chunk));
      });
      server.listen(path);
      await once(server, 'listening');
      try {
        const client = [
          'import os,socket,sys',
          's=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.setblocking(False)',
          'os.dup2(s.fileno(),1); os.execv(sys.argv[2],sys.argv[2:])',
        ].join('\n');
        const child = spawn('python3', ['-c', client, path, process.execPath, ...words('-tan')], {
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        const connected = once(server, 'connection');
        const [connection] = await connected;
        const ended = once(connection, 'close');
        expect(await once(child, 'exit')).toEqual([0, null]);
        await ended;
      } finally {
        server.close();
      }
      expect(Buffer.concat(chunks).equals(expected)).toBe(true);
    },
  );
});

describe.skipIf(noPython !== undefined)(`a screen${noPython ? ` (${noPython})` : ''}`, () => {
  /** Runs the command on a pseudo-terminal, and says its status and how many bytes came out; `hang`: it is hung up early. */
  const ON_A_SCREEN = `
import fcntl, os, sys, termios, tty
hang = sys.argv[1] == 'hang'
master, slave = os.openpty()
tty.setraw(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    # Whose own screen it is would be killed by SIGHUP.
    if not hang: fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in range(3): os.dup2(slave, fd)
    os.close(master); os.close(slave)
    os.execv(sys.argv[2], sys.argv[2:])
os.close(slave)
total = 0
try:
    while True:
        piece = os.read(master, 4096)
        if not piece: break
        total += len(piece)
        if hang: break
except OSError: pass
os.close(master)
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status), total)
`;
  const onScreen = (how: string, line: string): string =>
    spawnSync('python3', ['-c', ON_A_SCREEN, how, process.execPath, ...words(line)], {
      timeout: 25_000,
    }).stdout.toString();

  it('gets every byte', () => {
    expect(onScreen('stay', '-tan')).toBe(`0 ${expected.length}\n`);
  });

  it('that is hung up is no crash: the input is a closed tty, and so are both outputs', () => {
    expect(onScreen('hang', '-tan')).toMatch(/^0 \d+\n$/);
    expect(onScreen('hang', '-tan --json')).toMatch(/^1 \d+\n$/);
  });
});

describe.skipIf(noMounts !== undefined)(`a full file system${noMounts ? ` (${noMounts})` : ''}`, () => {
  it('holds what it can, and the rest is told of where it is ours', () => {
    const disk = join(folder, 'disk');
    spawnSync('mkdir', ['-p', disk]);
    const script = `mount -t tmpfs -o size=64k tmpfs ${disk}; "$@" >${disk}/out; echo $?; stat -c %s ${disk}/out`;
    const inside = (line: string) => shell(script, line, ['unshare', '-m']);
    const json = inside('-tan --json');
    expect({ out: json.stdout.toString(), stderr: json.stderr }).toEqual({
      out: '1\n65536\n',
      stderr: `sockscope: ${LOST}\n`,
    });
    const table = inside('-tan');
    expect({ out: table.stdout.toString(), stderr: table.stderr }).toEqual({ out: '0\n65536\n', stderr: '' });
    expect(existsSync(join(disk, 'out'))).toBe(false);
  });
});
