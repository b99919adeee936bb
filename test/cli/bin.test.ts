import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));
const ROWS = 60_000;
let folder: string;
/** A link of the name `netstat` to the command. */
let netstat: string;

beforeAll(() => {
  expect(existsSync(main), `${main}: npm test builds it`).toBe(true);
  folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
  netstat = join(folder, 'netstat');
  symlinkSync(main, netstat);
  mkdirSync(join(folder, 'proc/net'), { recursive: true });
  writeFileSync(join(folder, 'proc/net/tcp'), manySockets());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** /proc/net/tcp with connections of one host. */
function manySockets(): string {
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const port = (i + 1).toString(16).padStart(4, '0').toUpperCase();
    return `${String(i).padStart(4)}: 0100007F:0050 0100007F:${port} 01 00000000:00000000 00:00000000 00000000     0        0 ${i + 1} 1 0 20 4 0 10 -1`;
  });
  return `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n${lines.join('\n')}\n`;
}

const tree = () => ['--proc', join(folder, 'proc'), '--source=procfs'];

describe('the command', () => {
  it('prints every row of a large table to a pipe', () => {
    const { stdout, stderr, status } = spawnSync(main, [...tree(), '-tn'], {
      encoding: 'latin1',
      maxBuffer: 1e8,
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines).toHaveLength(ROWS + 3);
    expect(lines[2]).toBe('tcp        0      0 127.0.0.1:80            127.0.0.1:1             ESTABLISHED');
    expect(lines.at(-2)).toBe(
      'tcp        0      0 127.0.0.1:80            127.0.0.1:60000         ESTABLISHED',
    );
  });

  it('ends quietly when its reader goes', () => {
    const script = '"$0" "$@" | head -n 1; echo "status ${PIPESTATUS[0]}"';
    const { stdout, stderr } = spawnSync('bash', ['-c', script, main, ...tree(), '-tn'], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('Active Internet connections (w/o servers)\nstatus 0\n');
    expect(stderr).toBe('');
  });

  it('does not mind a full device', () => {
    const full = openSync('/dev/full', 'w');
    const { stderr, status } = spawnSync(main, [...tree(), '-tn'], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('repeats until it is interrupted', async () => {
    const child = spawn(main, ['-tnc', '--source=procfs'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    let titles = 0;
    for await (const chunk of child.stdout) {
      titles += String(chunk).split('Active Internet connections').length - 1;
      if (titles === 2) child.kill('SIGINT');
    }
    expect(await ended).toEqual([null, 'SIGINT']);
    expect(titles).toBe(2);
  });

  it('says what is wrong in one line', () => {
    const { stdout, stderr, status } = spawnSync(main, ['--source=ss'], { encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: "sockscope: --source takes auto, netlink, procfs, not 'ss'\n",
      status: 3,
    });
  });

  it('knows its version', () => {
    const { stdout, status } = spawnSync(main, ['-V'], { encoding: 'utf8' });
    expect(stdout).toMatch(/^sockscope \d+\.\d+\.\d+\n/);
    expect(status).toBe(0);
  });
});

const noPython = requirement('python3');

describe.skipIf(noPython !== undefined)(
  `a pipe that does not block${noPython ? ` (${noPython})` : ''}`,
  () => {
    const slowReader = `
import os, subprocess, sys, time
reading, writing = os.pipe()
os.set_blocking(writing, False)
child = subprocess.Popen(sys.argv[1:], stdout=writing)
os.close(writing)
time.sleep(0.3)
size = 0
while True:
    block = os.read(reading, 65536)
    if not block: break
    size += len(block)
print(child.wait(), size)
`;

    it('gets every byte', () => {
      const { stdout } = spawnSync('python3', ['-c', slowReader, main, ...tree(), '-tn'], {
        encoding: 'utf8',
      });
      const row = 'tcp        0      0 127.0.0.1:80            127.0.0.1:1             ESTABLISHED\n';
      const headings = spawnSync(main, [...tree(), '-u'], { encoding: 'utf8' }).stdout;
      expect(stdout).toBe(`0 ${headings.length + ROWS * row.length}\n`);
    });
  },
);

const noNetstat = requirement('netstat');

describe.skipIf(noNetstat !== undefined)(`a link named netstat${noNetstat ? ` (${noNetstat})` : ''}`, () => {
  it.each([['-V'], ['-h'], ['-q'], ['--s'], ['--source=procfs'], ['-A foo'], ['-ii'], ['--num'], ['-tA']])(
    'has the bytes of netstat for %s',
    (line) => {
      const [ours, theirs] = [netstat, 'netstat'].map((command) => {
        const { stdout, stderr, status } = spawnSync(command, line.split(' '), { encoding: 'latin1' });
        return { stdout, stderr, status };
      });
      expect(ours).toEqual(theirs);
    },
  );
});
