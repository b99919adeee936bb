import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { TextTree } from './means-tree.ts';

const missing = requirement('dist');
const noPython = missing ?? requirement('python3');

let tree: TextTree;
beforeAll(() => {
  tree = new TextTree();
});
afterAll(() => tree?.remove());

describe.skipIf(missing !== undefined)(`a reader${missing ? ` (${missing})` : ''}`, () => {
  it('that is slow gets every byte, whatever the pipe\u2019s mode', async () => {
    const pipe = join(tree.folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    // The mode belongs to the pipe's open end, which the command inherits.
    const both = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const child = spawn(process.execPath, tree.words('-tan'), { stdio: ['ignore', both, 'pipe'] });
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
    expect(Buffer.concat(chunks).equals(tree.expected)).toBe(true);
  });

  it.each(['-tan', '-tan --json', '-tanc'])('that leaves ends %s quietly', (line) => {
    for (const trap of ['', "trap '' PIPE; "]) {
      const { stdout, stderr } = tree.shell(`${trap}"$@" | head -c 40; echo " \${PIPESTATUS[0]}"`, line);
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
      const path = join(tree.folder, 'socket');
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
        const child = spawn('python3', ['-c', client, path, process.execPath, ...tree.words('-tan')], {
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
      expect(Buffer.concat(chunks).equals(tree.expected)).toBe(true);
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
    spawnSync('python3', ['-c', ON_A_SCREEN, how, process.execPath, ...tree.words(line)], {
      timeout: 25_000,
    }).stdout.toString();

  it('gets every byte', () => {
    expect(onScreen('stay', '-tan')).toBe(`0 ${tree.expected.length}\n`);
  });

  it('that is hung up is no crash: the input is a closed tty, and so are both outputs', () => {
    expect(onScreen('hang', '-tan')).toMatch(/^0 \d+\n$/);
    expect(onScreen('hang', '-tan --json')).toMatch(/^1 \d+\n$/);
  });
});
