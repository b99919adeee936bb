import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { TCP_HEADING, tcpRow } from './tcp-text.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
/** Far above what any of these takes: what hangs is ended, and has no status. */
const PATIENCE = 30_000;
const missing = requirement('dist');
const noUsers = missing ?? requirement('root', 'setpriv');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sockscope-odd-'));
  mkdirSync(join(root, 'net/sctp'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

function node(words: readonly string[], before: readonly string[] = []): Ended {
  const [file, ...args] = [...before, process.execPath, ...words];
  const { stdout, stderr, status } = spawnSync(file!, args, { encoding: 'utf8', timeout: PATIENCE });
  return { stdout, stderr, status };
}

function sockscope(...words: readonly string[]): Ended {
  return node([join(DIST, 'cli/main.cjs'), `--proc=${root}`, ...words]);
}

/** What a host's method comes to: its rows' number, or the error's code and message. */
function ask(question: string): {
  readonly answer?: number;
  readonly code?: string;
  readonly message?: string;
} {
  const script = `
    const { openHost } = await import(${JSON.stringify(join(DIST, 'index.js'))});
    const host = await openHost({ procRoot: ${JSON.stringify(root)} });
    const said = await host.${question}.then(
      (rows) => ({ answer: rows.length ?? rows.groups.length }),
      ({ code, message }) => ({ code, message }),
    );
    console.log(JSON.stringify(said));
    await host.close();`;
  const { stdout, stderr, status } = node(['--input-type=module', '-e', script]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(stdout);
}

/** Each table, what shows it, and what the library gives it by. */
const TABLES = [
  ['tcp', ['-tn'], "scan({ protocols: ['tcp'] })"],
  ['unix', ['-xn'], "scan({ protocols: ['unix'] })"],
  ['sctp/eps', ['-an', '--sctp'], undefined],
  ['snmp', ['-s'], 'statistics()'],
  ['dev', ['-i'], 'interfaces()'],
  ['igmp', ['-gn'], 'groups()'],
  ['route', ['-rn'], "routes('inet')"],
  ['ipv6_route', ['-r6n'], "routes('inet6')"],
  ['nf_conntrack', ['-Mn', '--json'], 'natEntries()'],
] as const;

function makePipe(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
}

describe.skipIf(missing !== undefined)(`a pipe that nobody writes to ${missing ?? ''}`, () => {
  it.each(TABLES)('in place of %s is no table', (table, words, question) => {
    makePipe(join(root, 'net', table));
    const { stderr, status } = sockscope(...words);
    expect(status).not.toBe(null);
    expect(stderr).toMatch(/No such device or address|ENXIO|a pipe/);
    if (question === undefined) return;
    const { code, message } = ask(question);
    expect(code).toMatch(/^(ENXIO|ERR_SOURCE_UNAVAILABLE)$/);
    expect(message).toMatch(/pipe|ENXIO/);
  });

  it.each(['stat', 'cmdline'])('in place of <pid>/%s is no process', (file) => {
    writeFileSync(join(root, 'net/tcp'), TCP_HEADING + tcpRow('01'));
    mkdirSync(join(root, '7/fd'), { recursive: true });
    const inode = tcpRow('01').trim().split(/ +/)[9];
    symlinkSync(`socket:[${inode}]`, join(root, '7/fd/3'));
    if (file !== 'cmdline') writeFileSync(join(root, '7/cmdline'), 'seven\0');
    makePipe(join(root, '7', file));
    for (const source of ['auto', 'procfs']) {
      const { stdout, status } = sockscope('-tnp', '--source', source);
      expect(stdout).toMatch(file === 'stat' ? /ESTABLISHED 7\/seven *\n$/ : /ESTABLISHED - *\n$/);
      expect(status).toBe(0);
    }
  });
});

const TOO_LARGE = expect.stringMatching(
  /^sockscope: [^\n]* has more than \d+ MiB: no kernel writes that \([^\n]+\)\n$/,
);

/** Tables that are read whole, or have lines of any length. */
const WHOLE = TABLES.filter(([table]) => /snmp|dev|igmp|eps|nf_conntrack/.test(table));

describe.skipIf(missing !== undefined)(`more bytes than a kernel writes ${missing ?? ''}`, () => {
  it.each(WHOLE)('in %s end in words', { timeout: PATIENCE }, (table, words, question) => {
    const path = join(root, 'net', table);
    writeFileSync(path, '');
    truncateSync(path, 2 ** 30);
    expect(sockscope(...words)).toMatchObject({ stderr: TOO_LARGE, status: 1 });
    if (question !== undefined) expect(ask(question)).toMatchObject({ code: 'ERR_TOO_LARGE' });
    rmSync(path);
    symlinkSync('/dev/zero', path);
    expect(sockscope(...words)).toMatchObject({ stderr: TOO_LARGE, status: 1 });
    if (question !== undefined) expect(ask(question)).toMatchObject({ code: 'ERR_TOO_LARGE' });
  });

  it('in if_inet6 end in words', () => {
    writeFileSync(join(root, 'net/dev'), 'heading\nheading\n');
    writeFileSync(join(root, 'net/if_inet6'), '');
    truncateSync(join(root, 'net/if_inet6'), 2 ** 30);
    expect(sockscope('-i')).toMatchObject({ stderr: TOO_LARGE, status: 1 });
    expect(ask('interfaces()')).toMatchObject({ code: 'ERR_TOO_LARGE' });
  });
});

describe.skipIf(noUsers !== undefined)(`a root that may not be looked into ${noUsers ?? ''}`, () => {
  it.each([['layers'], ['delta'], ['-tn']])('is not said to be missing: %s', (verb) => {
    chmodSync(root, 0o700);
    const nobody = ['setpriv', '--reuid=61237', '--regid=61237', '--clear-groups'];
    const words = [join(DIST, 'cli/main.cjs'), verb, `--proc=${root}`];
    const named = verb === '-tn' ? '' : `${verb}: `;
    expect(node(words, nobody)).toEqual({
      stdout: '',
      stderr: `sockscope: ${named}--proc: ${root}/net cannot be looked into: Permission denied (allow this process to pass the folders above it)\n`,
      status: 1,
    });
  });
});
