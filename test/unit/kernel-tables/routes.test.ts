import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InetRouteLine } from '../../../src/kernel-tables/route-inet.ts';
import { RouteLines } from '../../../src/kernel-tables/route-scanner.ts';
import { parseRoutes, readRoutes } from '../../../src/kernel-tables/routes.ts';
import { TABLES_ASIDE, tablesInTurns } from '../../../src/kernel-tables/table-file.ts';
import { Turn } from '../../../src/turn.ts';

const HEADING = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
const ROUTE = 'eth0\t0000000A\t030200C0\t0003\t1\t2\t4294967295\t000000FF\t1040\t5000\t300';
const ROUTE6 =
  '20010db8f00000000000000000000000 30 20010db8000000000000000000000000 20 fe80000000000000000000000000000a ffffffff 00000001 00000002 80400003     eth0';

function inet(...lines: string[]): ReturnType<typeof parseRoutes> {
  return parseRoutes(
    Buffer.from([HEADING, ...lines].map((line) => `${line.padEnd(127)}\n`).join('')),
    'inet',
  );
}

function inet6(...lines: string[]): ReturnType<typeof parseRoutes> {
  return parseRoutes(Buffer.from(lines.map((line) => `${line}\n`).join('')), 'inet6');
}

describe('routes', () => {
  it('of IPv4 are rows', () => {
    expect(inet(ROUTE)).toEqual({
      rows: [
        {
          family: 'inet',
          destination: '10.0.0.0',
          prefixLength: 8,
          source: undefined,
          gateway: '192.0.2.3',
          metric: 4_294_967_295,
          flags: 3,
          flagNames: ['up', 'gateway'],
          isReject: false,
          references: 1,
          use: 2,
          interfaceName: 'eth0',
          mtu: 1040,
          window: 5000,
          irtt: 300,
        },
      ],
      malformed: 0,
    });
  });

  it('of IPv4 lack what is not set', () => {
    const [row] = inet('*\t0000000A\t00000000\t0205\t0\t0\t0\tFFFFFFFF\t0\t0\t0').rows;
    expect(row).toMatchObject({ prefixLength: 32, isReject: true, flagNames: ['up', 'host', 'reject'] });
    const { gateway, interfaceName, mtu, window, irtt } = row!;
    expect([gateway, interfaceName, mtu, window, irtt]).toEqual(Array(5).fill(undefined));
  });

  it('of IPv6 are rows', () => {
    expect(inet6(ROUTE6)).toEqual({
      rows: [
        {
          family: 'inet6',
          destination: '2001:db8:f000::',
          prefixLength: 48,
          source: { address: '2001:db8::', prefixLength: 32 },
          gateway: 'fe80::a',
          metric: 4_294_967_295,
          flags: 0x8040_0003,
          flagNames: ['up', 'gateway', 'expires', 'local'],
          isReject: false,
          references: 1,
          use: 2,
          interfaceName: 'eth0',
          mtu: undefined,
          window: undefined,
          irtt: undefined,
        },
      ],
      malformed: 0,
    });
    const zeros = '0'.repeat(32);
    const [row] = inet6(`${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`).rows;
    expect(row).toMatchObject({ destination: '::', source: undefined, gateway: undefined, isReject: true });
  });

  it.each([
    ['too few fields', ROUTE.replace(/\t300$/, '')],
    ['no address', ROUTE.replace('0000000A', '0000000')],
    ['no gateway', ROUTE.replace('030200C0', 'xxxxxxxx')],
    ['a mask of other bits', ROUTE.replace('000000FF', '0000FF00')],
    ['no mask', ROUTE.replace('000000FF', '*')],
    ['a route that is not up', ROUTE.replace('0003', '0002')],
    ['no number', ROUTE.replace('1040', 'x')],
    ['nothing', ''],
  ])('of IPv4 are counted where a line has %s', (_, line) => {
    const { rows, malformed } = inet(ROUTE, line, ROUTE);
    expect(rows).toHaveLength(2);
    expect(malformed).toBe(1);
  });

  it.each([
    ['too few fields', ROUTE6.replace(/ +eth0$/, '')],
    ['no address', ROUTE6.replace('20010db8f', 'x0010db8f')],
    ['no source', ROUTE6.replace(/ 2001/, ' x001')],
    ['a prefix too long', ROUTE6.replace(' 30 ', ' 81 ')],
    ['a source prefix below 0', ROUTE6.replace(' 20 ', ' -1 ')],
    ['nothing', ''],
  ])('of IPv6 are counted where a line has %s', (_, line) => {
    const { rows, malformed } = inet6(ROUTE6, line, ROUTE6);
    expect(rows).toHaveLength(2);
    expect(malformed).toBe(1);
  });

  it('are none below a heading that is none', () => {
    expect(parseRoutes(Buffer.from(`${ROUTE}\n${ROUTE}\n`), 'inet')).toEqual({ rows: [], malformed: 1 });
    expect(parseRoutes(new Uint8Array(0), 'inet')).toEqual({ rows: [], malformed: 0 });
  });
});

describe('a table of routes', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-routes-'));
    mkdirSync(join(folder, 'broken/route'), { recursive: true });
    const rows = Array.from({ length: 20_000 }, (_, index) =>
      ROUTE.replace('0000000A', hex(index)).padEnd(127),
    );
    writeFileSync(join(folder, 'route'), [HEADING.padEnd(127), ...rows].join('\n'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['aside', TABLES_ASIDE],
    ['in turns', tablesInTurns(new Turn())],
  ])('is read in pieces, %s, between which others have their turn', async (_, files) => {
    let turns = 0;
    let reading = true;
    const count = (): void => {
      turns++;
      if (reading) setImmediate(count);
    };
    setImmediate(count);
    const routes = await readRoutes(folder, 'inet', undefined, files);
    reading = false;
    expect(routes).toHaveLength(20_000);
    expect(new Set(routes.map(({ destination }) => destination)).size).toBe(20_000);
    // 2.5 MB.
    expect(turns).toBeGreaterThan(files === TABLES_ASIDE ? 30 : 2);
  });

  it('that is not there has no routes, and one that cannot be read is an error', async () => {
    expect(await readRoutes(folder, 'inet6')).toEqual([]);
    await expect(readRoutes(join(folder, 'broken'), 'inet')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}

describe('lines', () => {
  const text = Buffer.from(`one\n\n${'x'.repeat(10)}\n${'y'.repeat(9)}\n${'z'.repeat(25)}\nend`);
  const linesOf = (pieces: readonly Uint8Array[]): string[] => {
    const lines: string[] = [];
    const cutter = new RouteLines((bytes, start, end) => {
      lines.push(Buffer.from(bytes.slice(start, end)).toString());
    }, 10);
    for (const piece of pieces) cutter.add(piece);
    cutter.end();
    return lines;
  };

  it('are cut where they are too long, as fgets(3) cuts them', () => {
    const long = ['x'.repeat(10), '\n', `${'y'.repeat(9)}\n`, 'z'.repeat(10), 'z'.repeat(10), 'zzzzz\n'];
    expect(linesOf([text])).toEqual(['one\n', '\n', ...long, 'end']);
  });

  it('are the same wherever the text was cut', () => {
    for (let first = 0; first <= text.length; first++) {
      for (const second of [first, first + 1, first + 11]) {
        const pieces = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)];
        expect(linesOf(pieces)).toEqual(linesOf([text]));
      }
    }
  });
});

describe('the short way for lines of IPv4 as kernels print them', () => {
  const KERNEL_COLUMNS = Array<number>(11).fill(0);
  const number = fc.oneof(
    fc.nat(9),
    fc.integer(),
    fc.constantFrom('4294967295', '-1', '99999999999', '+1', '007'),
  );
  const address = fc.oneof(
    fc.nat(0xffff_ffff).map((value) => value.toString(16).toUpperCase().padStart(8, '0')),
    fc.constantFrom('0', '0000000', '000000000', '0000000G', '00000000x'),
  );
  const flags = fc.oneof(
    fc.constantFrom('0001', '0003', '0205', '0000', '80000001', '180000001', '1'),
    address,
  );
  const name = fc.constantFrom('lo', 'eth0', 'wlx0123456789ab', 'sixteen-letters!', '', '*', '\x01', '\xfc');
  const kernelLine = fc
    .tuple(name, address, address, flags, number, number, number, address, number, number, number)
    .map((columns) => columns.join('\t'));
  /** Where a line is damaged: at a byte, by what. */
  const damage = fc.tuple(fc.nat(60), fc.constantFrom('', '\0', ' ', '\t', '\n', 'x', '-', '9'));
  const line = fc
    .tuple(kernelLine, fc.option(damage), fc.constantFrom('\n', '', '   \n', '\t1\n'))
    .map(
      ([text, damaged, end]) =>
        (damaged === null ? text : text.slice(0, damaged[0]) + damaged[1] + text.slice(damaged[0] + 1)) + end,
    );

  function taken(into: InetRouteLine, text: string): object {
    const bytes = Buffer.from(`${text}lo\t00000000`, 'latin1');
    const isShown = into.take(bytes, 0, text.length);
    const { bytes: _, nameStart, nameEnd, ...values } = into;
    return { isShown, ...values, name: isShown ? bytes.toString('latin1', nameStart, nameEnd) : undefined };
  }

  it('takes what the scanner takes', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const short = new InetRouteLine(KERNEL_COLUMNS);
        const scanned = new InetRouteLine(KERNEL_COLUMNS);
        // What begins with a blank is no line of the kernel's.
        for (const text of lines) expect(taken(short, text)).toEqual(taken(scanned, ` ${text}`));
      }),
      { numRuns: 1000 },
    );
  });
});
