import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { type ReportTools, ROOT, reportTools } from './report-tools.ts';

const missing = requirement('dist');
const RENEW =
  'what the package promises has changed: if that is meant, run `npm run api` and say it in CHANGELOG.md';

let tools: ReportTools;
let reported: Awaited<ReturnType<ReportTools['apiFiles']>>;
beforeAll(async () => {
  tools = await reportTools();
});

describe.skipIf(missing !== undefined)(`the files of api/ ${missing ?? ''}`, () => {
  beforeAll(async () => {
    reported = await tools.apiFiles(ROOT);
  });

  it('may be committed: nothing hidden behind a public type, nothing without a comment, no change without a version', () => {
    expect(reported.faults).toEqual([]);
  });

  it.each(['sockscope.api.md', 'columns.md', 'json.md', 'addon.md'])('%s is of today', (name) => {
    const path = `api/${name}`;
    expect(reported.files[path], `${path}: ${RENEW}`).toBe(readFileSync(join(ROOT, path), 'utf8'));
  });

  it('tell of no class of our own workings', () => {
    const text = reported.files['api/sockscope.api.md'];
    expect(text).toContain('export interface Host ');
    expect(text).not.toMatch(/LocalHost|HostParts|RunningReport|NatRecords|BatchData|constructor\(batch/);
  });
});

describe('the report of types', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'sockscope-declarations-'));
    mkdirSync(join(root, 'dist'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    writeFileSync(
      join(root, 'package.json'),
      '{ "name": "sockscope", "version": "1.0.0", "type": "module" }',
    );
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each([
    ['/** Said. */\nexport interface A {\n  /** Said. */\n  readonly b: number;\n}\n', []],
    [
      '/** Said. */\nexport interface A {\n  readonly b: number;\n}\n',
      ['Missing documentation for "b". (ae-undocumented)'],
    ],
    [
      '/** Said. */\ndeclare class A {\n  readonly b: number;\n}\nexport type { A };\n',
      ['Missing documentation for "b". (ae-undocumented)'],
    ],
    ['export type A = number;\n', ['Missing documentation for "A". (ae-undocumented)']],
    [
      'interface Hidden {}\n/** Said. */\nexport type A = Hidden;\nexport {};\n',
      ['The symbol "Hidden" needs to be exported by the entry point index.d.ts (ae-forgotten-export)'],
    ],
  ])('finds what is wrong with %j', (declarations, faults) => {
    writeFileSync(
      join(root, 'dist/index.d.ts'),
      `/** Said.\n * @packageDocumentation\n */\n\n/** Said. */\nexport type First = string;\n${declarations}`,
    );
    expect(tools.declarationReport(root).faults).toEqual(faults);
  });
});

describe('the agreement with the addon', () => {
  const committed = () => readFileSync(join(ROOT, 'api/addon.md'), 'utf8');
  const layout = 'LAYOUT_VERSION in src/table/schema.ts';
  const functions = 'INTERFACE_VERSION in src/addon/native-binding.ts';

  it.each([
    ['a column of another width', ['cookie 8', 'cookie 4'], layout],
    ['two columns that changed places', ['family 1\nstate 1', 'state 1\nfamily 1'], layout],
    ['a new column', ['unixFlags 4\n', 'unixFlags 4\nmark 4\n'], layout],
    ['another argument', ['groupId(name: string)', 'groupId(name: Uint8Array)'], functions],
    ['a function that is gone', [/ {4}mayUseBpf.*\n/, ''], functions],
    ['a field of a record that moved', ['zone: 124', 'zone: 122'], functions],
    ['a new field of a request', ["kind: 'inet' | 'unix';", "kind: 'inet' | 'unix' | 'packet';"], functions],
  ] as const)('cannot change by %s without a new version', (_, [from, to], words) => {
    const changed = committed().replace(from, to);
    expect(changed).not.toBe(committed());
    expect(tools.agreementFaults(committed(), changed)).toEqual([expect.stringContaining(`raise ${words}`)]);
    const title = words === layout ? 'Layout' : 'Interface';
    const version = (text: string, by: number) =>
      text.replace(new RegExp(`(## ${title} )(\\d+)`), (_, head, number) => `${head}${Number(number) + by}`);
    expect(tools.agreementFaults(committed(), version(changed, 1))).toEqual([]);
    expect(tools.agreementFaults(committed(), version(changed, -1))).toHaveLength(1);
  });
});

describe('the keys of JSON', () => {
  const committed = () => readFileSync(join(ROOT, 'api/json.md'), 'utf8');

  it('may grow, and may not go or change without a new version', () => {
    const grown = committed()
      .replace('sockets[].inode?: number\n', 'sockets[].inode?: number\nsockets[].mark?: number\n')
      .replace('sockets[].family: "inet"', 'sockets[].family: "bluetooth" | "inet"');
    expect(grown).not.toBe(committed());
    expect(tools.schemaFaults(committed(), grown)).toEqual([]);
    // Backwards.
    const faults = tools.schemaFaults(grown, committed());
    expect(faults.map((fault) => fault.split(' has gone')[0])).toEqual([
      '`sockscope --json`: sockets[].family: "bluetooth"',
      '`sockscope --json`: sockets[].mark?: number',
    ]);
    const changed = committed().replace('routes[].metric: number', 'routes[].metric: string');
    expect(tools.schemaFaults(committed(), changed)).toHaveLength(1);
    const versioned = changed.replace(/version (\d+)/, (_, number) => `version ${Number(number) + 1}`);
    expect(tools.schemaFaults(committed(), versioned)).toEqual([]);
  });
});
