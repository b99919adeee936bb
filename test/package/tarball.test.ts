import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { root } from './toolchain.ts';

const MOST_BYTES = 1_000_000;
const lacking = requirement('dist', 'prebuilds');
/** Everything that ships, and what for. */
const SHIPPED: Readonly<Record<string, RegExp>> = {
  'what npm wants': /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/,
  'the library': /^dist\/[\w-]+\.js$/,
  'the types of the library': /^dist\/index\.d\.ts$/,
  'the command': /^dist\/cli\/[\w-]+\.cjs$/,
  'the thread that reads /proc': /^dist\/worker\/procfs-worker\.cjs$/,
  'the addons': /^prebuilds\/linux-(?:x64|arm64)\/sockscope\.(?:glibc|musl)\.node$/,
  'the manual': /^man\/sockscope\.1$/,
  'the completions': /^completions\/[\w.]+$/,
};
/** npm runs these where a package is installed, or when it is a dependency of a checkout. */
const RUN_ON_INSTALL = [
  ...['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'prepublish'],
  ...['preuninstall', 'uninstall', 'postuninstall', 'dependencies'],
];

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('package.json', () => {
  it('has no script that runs in a consumer, and makes npm invent none', () => {
    expect(Object.keys(manifest.scripts).filter((name) => RUN_ON_INSTALL.includes(name))).toEqual([]);
    expect(manifest.gypfile).toBe(false);
  });

  it('depends on nothing', () => {
    const kinds = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'];
    expect(kinds.filter((kind) => kind in manifest)).toEqual([]);
  });

  it('has no script that npm would run before or after another one unasked', () => {
    const names = Object.keys(manifest.scripts);
    const asked = ['prestart', 'pretest', 'prebench', 'precoverage', 'precheck', 'prepack'];
    const hooks = names.filter(
      (name) => /^(?:pre|post)/.test(name) && names.includes(name.replace(/^pre|^post/, '')),
    );
    expect(hooks.filter((name) => !asked.includes(name))).toEqual([]);
  });

  it('is as npm publish writes it: it would leave out a command with ./ before its path, and says so', () => {
    expect(Object.values<string>(manifest.bin)).toEqual(['dist/cli/main.cjs']);
  });

  it('lets nothing in from prebuilds but addons', () => {
    expect(manifest.files.filter((path: string) => path.startsWith('prebuilds'))).toEqual([
      'prebuilds/*/sockscope.*.node',
    ]);
  });

  it('names the oldest Node.js that can require a module of this kind', () => {
    expect(manifest.engines).toEqual({ node: '>=20.19.0' });
    expect(manifest.type).toBe('module');
  });
});

describe.skipIf(lacking !== undefined)('the tarball', () => {
  let packed: Packed;
  beforeAll(() => {
    const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const { status, stdout, stderr } = spawnSync('npm', words, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm pack: ${stderr}`);
    packed = JSON.parse(stdout)[0];
  });

  it('holds what is needed, and nothing else', () => {
    const kinds = Object.values(SHIPPED);
    const paths = packed.files.map(({ path }) => path);
    expect(paths.filter((path) => !kinds.some((kind) => kind.test(path)))).toEqual([]);
    for (const [what, kind] of Object.entries(SHIPPED)) {
      expect(paths.filter((path) => kind.test(path)).length, what).toBeGreaterThan(0);
    }
  });

  it('holds whatever package.json points to, and the addons of both architectures', () => {
    const paths = packed.files.map(({ path }) => path);
    const { types, default: library } = manifest.exports['.'];
    const named: string[] = [types, library, ...manifest.man, ...Object.values<string>(manifest.bin)];
    for (const path of named) expect(paths).toContain(path.replace(/^\.\//, ''));
    for (const architecture of ['x64', 'arm64']) {
      expect(paths).toContain(`prebuilds/linux-${architecture}/sockscope.glibc.node`);
    }
  });

  it('holds the types that a consumer can name, and no others', () => {
    const paths = packed.files.map(({ path }) => path).filter((path) => path.endsWith('.d.ts'));
    const reached = new Set(['dist/index.d.ts']);
    for (const path of reached) for (const target of importsOf(path)) reached.add(target);
    expect(paths.sort()).toEqual([...reached].sort());
  });

  it('is small', () => {
    expect(packed.size).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('has an executable command, and a first line that finds Node.js', () => {
    const path = manifest.bin.sockscope.replace(/^\.\//, '');
    expect(packed.files.find((file) => file.path === path)!.mode & 0o111).toBe(0o111);
    expect(readFileSync(join(root, path), 'latin1').split('\n')[0]).toBe('#!/usr/bin/env node');
  });

  it('speaks of no source map that it lacks', () => {
    const text = packed.files.filter(({ path }) => /\.(?:[cm]?js|d\.ts)$/.test(path));
    expect(text.length).toBeGreaterThan(20);
    const speaking = text.filter(({ path }) =>
      readFileSync(join(root, path), 'latin1').includes('sourceMappingURL'),
    );
    expect(speaking.map(({ path }) => path)).toEqual([]);
  });
});

/** The files that a .d.ts takes its types from. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/\b(?:from|import)\b[ (]*['"](\.[^'"]+)['"]/g)].map(([, target]) =>
    join(path, '..', target!).replace(/\.[jt]s$/, '.d.ts'),
  );
}
