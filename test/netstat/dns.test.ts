import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { DnsScene, type Printed, type Question, type Table } from './dns-scene.ts';
import { type PackageWithoutAddon, packageWithoutAddon } from './without-addon.ts';

const missing = requirement('netns', 'ip', 'python3', 'netstat', 'dist');
const withoutAddon = requirement('addon');
const COMMAND = fileURLToPath(new URL('../../dist/cli/main.cjs', import.meta.url));

let plain: PackageWithoutAddon;
beforeAll(() => {
  if (missing === undefined) plain = packageWithoutAddon();
});
afterAll(() => plain?.remove());

/** The ways to ask: with the addon glibc's resolver, without it our own. */
const WAYS = [
  ...(withoutAddon === undefined ? [{ way: 'with the addon', command: () => COMMAND }] : []),
  { way: 'without the addon', command: () => plain.command },
];

/** Runs `play` in a scene, and ends the scene. */
async function inScene(
  table: Table,
  peers: readonly string[],
  play: (scene: DnsScene) => Promise<void>,
): Promise<void> {
  const scene = await DnsScene.start(table, peers);
  try {
    await play(scene);
  } finally {
    await scene.stop();
  }
}

const byLines = ({ stdout, stderr, status }: Printed) => ({ status, stderr, stdout: stdout.split('\n') });

/** How often each address was asked for by UDP. */
function counts(questions: readonly Question[]): Record<string, number> {
  const asked: Record<string, number> = {};
  for (const { address, way } of questions) if (way === 'udp') asked[address] = (asked[address] ?? 0) + 1;
  return asked;
}

/** Names in which something is out of the ordinary, as a zone file writes them. */
const STRANGE = [
  'a_b.example',
  '-dash.example',
  'behind.-dash',
  'trailing-.example',
  '_lead.example',
  'sp\\032ace.example',
  'bell\\007.example',
  '\\195\\164.example',
  'zero\\000.example',
  '\\255.example',
  '*.example',
  'a\\.b.example',
  'a\\\\b.example',
  'slash/x.example',
  'a+b.example',
  '(x).example',
  'UPPER.Example',
  'single',
  '.',
  '10.9.8.7',
  'xn--bcher-kva.example',
  `${'y'.repeat(63)}.example`,
  [60, 60, 60, 60].map((length) => 'l'.repeat(length)).join('.'),
  // Around netstat's room for a name.
  ...[126, 127, 128].map((length) => `${'m'.repeat(60)}.${'n'.repeat(60)}.${'o'.repeat(length - 122)}`),
];

function strangeTable(): Table {
  const entries = STRANGE.flatMap((name, index) => [
    [`10.0.1.${index}`, { names: [name] }] as const,
    [`2001:db8::1:${index.toString(16)}`, { names: [name] }] as const,
  ]);
  return Object.fromEntries(entries);
}

const EVERYTHING: Table = {
  '127.0.0.1': { names: ['loopback.example'] },
  '10.0.0.1': { names: ['here.example'] },
  '2001:db8::1': { names: ['here6.example'] },
  '10.0.0.2': { rcode: 2 },
  '10.0.0.3': { names: ['first.example', 'second.example', 'third.example'] },
  '10.0.0.4': { names: ['truncated.example'], truncated: true },
  '10.0.0.5': { names: ['behind.an.alias.example'], alias: '5.subnet.example' },
  '10.0.0.6': { names: ['late.example'], delay: 0.2 },
  '10.0.0.7': { names: [] },
  '10.0.0.8': { rcode: 5 },
  '10.0.0.9': { names: Array.from({ length: 300 }, (_, index) => `many${index}.example`), truncated: true },
  '2001:db8::2': { rcode: 2 },
  '2001:db8::3': { names: ['first6.example', 'second6.example'] },
  '2001:db8::4': { names: ['truncated6.example'], truncated: true },
  '2001:db8::5': { names: ['behind6.an.alias.example'], alias: '5.subnet6.example' },
  '2001:db8::6': { names: ['late6.example'], delay: 0.2 },
  ...strangeTable(),
};

/** Those that nobody knows, too; an IPv4 address as IPv6. */
const PEERS = [
  ...Object.keys(EVERYTHING).filter((address) => address !== '127.0.0.1'),
  '10.0.9.9',
  '2001:db8::9:9',
  '::ffff:10.0.0.3',
  '10.0.0.3',
];

describe.skipIf(missing !== undefined)(`names from a name server ${missing ?? ''}`, () => {
  it.each(WAYS)('are those that netstat shows, $way', { timeout: 60_000 }, async ({ command }) => {
    await inScene(EVERYTHING, PEERS, async (scene) => {
      for (const line of ['-ua', '-uaW', '-uW6', '-ta', '-tuaWe', '-ta --numeric-ports']) {
        const words = line.split(' ');
        const expected = byLines(await scene.run(['netstat', ...words]));
        expect(expected.stdout.length, line).toBeGreaterThan(5);
        for (const source of ['auto', 'procfs']) {
          const found = await scene.run([process.execPath, command(), ...words], {
            SOCKSCOPE_SOURCE: source,
          });
          expect(byLines(found), `${line}, source ${source}`).toEqual(expected);
        }
      }
    });
  });

  it.each(WAYS)('are asked for once each, $way', { timeout: 60_000 }, async ({ command }) => {
    await inScene(EVERYTHING, [...PEERS, ...PEERS], async (scene) => {
      const { status } = await scene.run([process.execPath, command(), '-tua']);
      expect(status).toBe(0);
      const asked = counts(scene.questions());
      const expected = new Set([...PEERS, '127.0.0.1'].map((address) => address.replace('::ffff:', '')));
      expect(new Set(Object.keys(asked))).toEqual(expected);
      const twice = Object.keys(asked).filter((address) => asked[address]! > 1);
      // Those that are asked for as addresses of IPv6, too.
      expect(twice.sort()).toEqual(['10.0.0.1', '10.0.0.3']);
      expect(Math.max(...Object.values(asked))).toBe(2);
    });
  });

  it('are asked for once, those of IPv6 too: netstat asks for them row by row', {
    timeout: 60_000,
  }, async () => {
    const peers = new Array(5).fill('2001:db8::9:9') as string[];
    await inScene({ '2001:db8::9:9': { names: ['six.example'] } }, peers, async (scene) => {
      const asked = [];
      for (const line of [['netstat'], [process.execPath, COMMAND]]) {
        const { stdout } = await scene.run([...line, '-u6W']);
        expect(stdout.match(/ six\.example:/g)).toHaveLength(5);
        asked.push(counts(scene.questions())['2001:db8::9:9']);
      }
      expect(asked).toEqual([5, 1]);
    });
  });

  it.each(WAYS)('are asked for many at a time, $way', { timeout: 60_000 }, async ({ command }) => {
    const late = Array.from({ length: 100 }, (_, index) => `10.1.0.${index + 1}`);
    const table = Object.fromEntries(
      late.map((address, index) => [address, { names: [`late${index}.example`], delay: 0.2 }]),
    );
    await inScene(table, late, async (scene) => {
      const { stdout, status } = await scene.run([process.execPath, command(), '-uW']);
      expect(status).toBe(0);
      expect(stdout.match(/ late\d+\.example:30000/g)).toHaveLength(100);
      const questions = scene.questions();
      expect(Object.values(counts(questions))).toEqual(new Array(101).fill(1));
      const most = Math.max(...questions.map(({ open }) => open));
      expect(most).toBeGreaterThan(16);
      expect(most).toBeLessThanOrEqual(32);
    });
  });
});

/** A server that says nothing of 40 addresses: more than are asked for at a time. */
const SILENT = Array.from({ length: 40 }, (_, index) => `10.2.0.${index + 1}`);
const SILENT_TABLE: Table = Object.fromEntries(
  ['10.0.0.1', '127.0.0.1', ...SILENT].map((address) => [address, { silent: true }]),
);

describe.skipIf(missing !== undefined)(`a name server that is silent ${missing ?? ''}`, () => {
  it.each(WAYS)(
    'leaves numbers, after the time that is given to it, $way',
    { timeout: 60_000 },
    async ({ command }) => {
      await inScene(SILENT_TABLE, SILENT, async (scene) => {
        const numbers = byLines(await scene.run(['netstat', '--numeric-hosts', '-ua']));
        expect(numbers.stdout.length).toBeGreaterThan(40);
        for (const source of ['auto', 'procfs']) {
          const line = [process.execPath, command(), '-ua', '--resolve-timeout', '0.4'];
          expect(byLines(await scene.run(line, { SOCKSCOPE_SOURCE: source }))).toEqual(numbers);
        }
        expect(scene.questions().length).toBeGreaterThan(0);
      });
    },
  );

  it.each(WAYS)('is not asked where no time is given to it, $way', async ({ command }) => {
    await inScene(SILENT_TABLE, SILENT, async (scene) => {
      const numbers = byLines(await scene.run(['netstat', '--numeric-hosts', '-ua']));
      const found = await scene.run([process.execPath, command(), '-ua', '--resolve-timeout', '0']);
      expect(byLines(found)).toEqual(numbers);
      expect(scene.questions()).toEqual([]);
    });
  });
});

/** The rounds of -c: lines of each. */
function rounds({ stdout }: Printed): string[][] {
  const [, ...texts] = stdout.split('Active Internet connections (servers and established)\n');
  return texts.map((text) => text.split('\n'));
}

const ROWS = /^udp/;

describe.skipIf(missing !== undefined)(`rounds of -c with names ${missing ?? ''}`, () => {
  it.each(WAYS)(
    'know what has been found, and show no look-up, $way',
    { timeout: 60_000 },
    async ({ command }) => {
      const peers = ['10.3.0.1', '10.3.0.2', '10.3.0.3', '10.3.0.4', ...SILENT.slice(0, 10)];
      const table: Table = {
        ...SILENT_TABLE,
        '127.0.0.1': { names: ['loopback.example'] },
        '10.0.0.1': { names: ['here.example'] },
        '10.3.0.1': { names: ['early.example'] },
        '10.3.0.2': { names: ['late.example'], delay: 1.5 },
        '10.3.0.3': { rcode: 2 },
      };
      await inScene(table, peers, async (scene) => {
        const rows = (await scene.run(['netstat', '-nua'])).stdout
          .split('\n')
          .filter((line) => ROWS.test(line));
        const words = ['-uaW', '-c', '--continuous=0.3', '--resolve-timeout', '0.5'];
        const printed = await scene.run(['timeout', '4', process.execPath, command(), ...words]);
        expect(printed.stderr).toBe('');
        const all = rounds(printed);
        expect(all.length).toBeGreaterThan(2);
        const [first, last] = [all[0]!.join('\n'), all.at(-2)!.join('\n')];
        expect(last).toContain(' early.example:30000');
        expect(first).toContain(' 10.3.0.2:30000');
        expect(last).toContain(' late.example:30000');
        for (const round of all.slice(0, -1)) {
          expect(round.filter((line) => ROWS.test(line))).toHaveLength(rows.length);
        }
        const asked = counts(scene.questions());
        expect(asked).toEqual(
          Object.fromEntries([...peers, '127.0.0.1', '10.0.0.1'].map((address) => [address, 1])),
        );
      });
    },
  );
});

describe.skipIf(missing !== undefined)(`the order of files and name servers ${missing ?? ''}`, () => {
  const table: Table = {
    '10.0.0.2': { names: ['two.dns'] },
    '10.0.0.3': { names: ['three.dns'] },
    '10.0.0.4': { rcode: 2 },
    '10.0.0.1': { names: ['here.dns'] },
  };
  const hosts = '10.0.0.1 here.file\n10.0.0.2 two.file\n10.0.0.4 four.file\n10.0.0.5 five.file\n';

  it.each(WAYS)('is that of nsswitch.conf, $way', { timeout: 60_000 }, async ({ command }) => {
    const peers = ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6'];
    await inScene(table, peers, async (scene) => {
      scene.writeEtc('hosts', hosts);
      for (const line of [
        'hosts: files dns',
        'hosts: dns files',
        'hosts: files',
        'hosts: dns',
        'hosts:files\tdns # files',
        '  hosts :  dns files',
        'hosts: files [NOTFOUND=return] dns',
        'hosts: dns [NOTFOUND=return] files',
        'hosts: dns [notfound=RETURN] files',
        'hosts: dns [!UNAVAIL=return] files',
        'hosts: dns [SUCCESS=return NOTFOUND=continue] files',
        'hosts: files [SUCCESS=return TRYAGAIN=return] dns',
        'hosts: nosuchservice [NOTFOUND=return] dns',
        'hosts: nosuchservice files [UNAVAIL=return] dns',
        'hosts: files dns\nhosts: dns',
        '# hosts: dns\npasswd: files',
        'hosts:',
        '',
      ]) {
        scene.writeEtc('nsswitch.conf', `${line}\n`);
        const expected = byLines(await scene.run(['netstat', '-uW']));
        const found = byLines(await scene.run([process.execPath, command(), '-uW']));
        expect(found, line).toEqual(expected);
      }
    });
  });
});
