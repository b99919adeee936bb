import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** Which folders of src each may import, beside itself: the flow, and the vocabulary that every stage speaks. */
const vocabulary = [
  'socket',
  'table',
  'absolute-path.ts',
  'errors.ts',
  'need.ts',
  'exhaustion.ts',
  'permission.ts',
  'priority.ts',
  'support.ts',
  'turn.ts',
];
const allowed: Record<string, string[]> = {
  socket: [],
  table: ['socket', 'errors.ts', 'need.ts'],
  'need.ts': [],
  'errors.ts': ['need.ts'],
  'absolute-path.ts': ['errors.ts'],
  'turn.ts': [],
  'priority.ts': [],
  'exhaustion.ts': ['need.ts'],
  'permission.ts': ['errors.ts', 'need.ts'],
  'package-root.ts': ['permission.ts'],
  'support.ts': ['need.ts'],
  'choice.ts': ['table/report.ts', 'errors.ts', 'support.ts'],
  request: [...vocabulary, 'source/source.ts', 'owners/owner-scan.ts'],
  addon: [...vocabulary, 'source/source.ts'],
  proc: ['absolute-path.ts', 'errors.ts', 'permission.ts'],
  source: [...vocabulary, 'proc', 'addon', 'filter'],
  owners: [...vocabulary, 'ending.ts', 'proc', 'addon'],
  filter: [],
  names: ['socket', 'addon/native-binding.ts'],
  'kernel-tables': [
    'socket',
    'errors.ts',
    'need.ts',
    'exhaustion.ts',
    'permission.ts',
    'turn.ts',
    'addon',
    'proc/kernel-file.ts',
    'table/report.ts',
  ],
  doctor: [...vocabulary, 'proc', 'addon/libc.ts', 'owners/pinned-paths.ts'],
  format: ['socket', 'table', 'kernel-tables', 'doctor'],
  'ending.ts': [],
  'owner-search.ts': [...vocabulary, 'choice.ts', 'ending.ts', 'owners/owner-scan.ts'],
  'owner-setting.ts': [...vocabulary, 'owner-search.ts', 'request', 'owners'],
  'recall-owners.ts': [...vocabulary, 'ending.ts', 'owner-setting.ts', 'request', 'owners'],
  'with-owners.ts': [
    ...vocabulary,
    'ending.ts',
    'owner-search.ts',
    'owner-setting.ts',
    'recall-owners.ts',
    'request',
    'owners',
  ],
  'scan.ts': [
    ...vocabulary,
    'ending.ts',
    'choice.ts',
    'owner-search.ts',
    'owner-setting.ts',
    'with-owners.ts',
    'request',
    'source/source.ts',
  ],
  'host-tables.ts': [...vocabulary, 'ending.ts', 'kernel-tables', 'addon/load-addon.ts', 'proc'],
  'host-parts.ts': [...vocabulary, 'request', 'source', 'owners', 'addon', 'proc', 'host-tables.ts'],
  'host.ts': [
    ...vocabulary,
    'choice.ts',
    'host-parts.ts',
    'owner-search.ts',
    'scan.ts',
    'request',
    'owners',
    'addon',
    'proc',
    'host-tables.ts',
  ],
  'index.ts': [
    ...vocabulary,
    'package-root.ts',
    'host.ts',
    'host-parts.ts',
    'host-tables.ts',
    'request',
    'source/source.ts',
    'owners/owner-scan.ts',
    'owners/pinned-paths.ts',
    'kernel-tables',
  ],
  cli: [
    ...vocabulary,
    'host.ts',
    // The tables beside the sockets are loaded when they are asked for.
    'host-tables.ts',
    'owner-search.ts',
    'request',
    'source/source.ts',
    'owners/owner-scan.ts',
    'owners/pinned-paths.ts',
    'proc/kernel-file.ts',
    'names',
    'kernel-tables',
    'doctor',
    'format',
    'filter',
  ],
};

function imports(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) =>
    normalize(join(file, '..', match[1]!)),
  );
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('the layers', () => {
  it('are all known', () => {
    const rooms = new Set(files.map((file) => relative('', file).split('/')[0]!));
    expect([...rooms].filter((room) => !(room in allowed))).toEqual([]);
  });

  it.each(files)('%s imports only what its stage may', (file) => {
    const room = file.split('/')[0]!;
    const reach = [room, ...(allowed[room] ?? [])];
    const strangers = imports(file).filter(
      (target) => !reach.some((name) => target === name || target.startsWith(`${name}/`)),
    );
    expect(strangers).toEqual([]);
  });

  it('ask whether a path is there in one place', () => {
    const asking = files.filter((file) =>
      /\b(existsSync|accessSync)\b/.test(readFileSync(join(src, file), 'utf8')),
    );
    expect(asking.sort()).toEqual(['doctor/outside.ts', 'permission.ts']);
  });

  it('leave Node to native/napi', () => {
    const native = fileURLToPath(new URL('../../native', import.meta.url));
    const guilty = readdirSync(native, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(cc|h)$/.test(file) && !/^(napi|headers)\//.test(file))
      .filter((file) =>
        /#include\s*[<"](napi|node_api|uv|v8)\.h/.test(readFileSync(join(native, file), 'utf8')),
      );
    expect(guilty).toEqual([]);
  });
});
