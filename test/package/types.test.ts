import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { COMMON_JS, DISPOSING, EXACT, MODULE } from './consumer-sources.ts';
import { Published } from './published.ts';
import { ROOT } from './report-tools.ts';

const missing = requirement('dist');
/** The compilers that are JavaScript take seconds for each project. */
const LONG = 180_000;
const require = createRequire(import.meta.url);

/** Folders of TypeScript: the one that builds the package, and those that its tools bring. */
const COMPILERS = ['', '@microsoft/api-extractor', '@arethetypeswrong/core'].map((tool) => {
  const folder = dirname(tool === '' ? require.resolve('typescript/package.json') : typescriptOf(tool));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { version: version as string, program: join(folder, 'bin/tsc') };
});

function typescriptOf(tool: string): string {
  const owner = tool.startsWith('@arethetypeswrong')
    ? require.resolve('@arethetypeswrong/cli/package.json')
    : import.meta.url;
  return createRequire(createRequire(owner).resolve(tool)).resolve('typescript/package.json');
}

const NODENEXT = { module: 'nodenext', moduleResolution: 'nodenext' };
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' };

describe.skipIf(missing !== undefined)(`consumers in TypeScript ${missing ?? ''}`, () => {
  let published: Published;
  beforeAll(() => {
    published = new Published();
    published.install();
    const types = join(published.folder, 'node_modules/@types');
    mkdirSync(types);
    for (const [name, path] of [
      ['@types/node', '@types/node/package.json'],
      ['undici-types', 'undici-types/package.json'],
    ] as const) {
      symlinkSync(join(ROOT, 'node_modules', path, '..'), join(published.folder, 'node_modules', name));
    }
    writeFileSync(join(published.folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  });
  afterAll(() => published?.remove());

  /** What the compiler has to say of files, by their names. */
  function compile(program: string, files: Readonly<Record<string, string>>, options: object): string {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(published.folder, name), text);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      target: 'es2022',
      lib: ['es2022'],
      types: ['node'],
      ...options,
    };
    const project = { compilerOptions, files: Object.keys(files) };
    writeFileSync(join(published.folder, 'tsconfig.json'), JSON.stringify(project));
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, '--pretty', 'false'], {
      cwd: published.folder,
      encoding: 'utf8',
    });
    return `${status === 0 ? '' : `exit status ${status}\n`}${stdout}${stderr}`;
  }

  it('have a file that uses every name that there is', async () => {
    const library = join(published.folder, 'node_modules/sockscope/dist');
    const types = readFileSync(join(library, 'index.d.ts'), 'utf8');
    const declared = [...types.matchAll(/^export declare (?:type|interface|class|const|function) (\w+)/gm)];
    const asTypes = /^export type \{ (.*) \}$/m.exec(types)?.[1]?.split(', ') ?? [];
    const names = [...declared.map(([, name]) => name!), ...asTypes];
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(MODULE))).toEqual([]);
    const others = [...types.matchAll(/^declare \w+ (\w+)/gm)].map(([, name]) => name);
    expect(others.sort()).toEqual(asTypes.sort());
    const values = [...types.matchAll(/^export declare (?:class|const|function) (\w+)/gm)];
    expect(values.map(([, name]) => name).sort()).toEqual(
      Object.keys(await import(join(library, 'index.js'))).sort(),
    );
  });

  it.each(COMPILERS)(
    'are served by TypeScript $version, as modules of Node.js',
    ({ version, program }) => {
      // TypeScript knows since 5.8 that Node.js may require an ES module.
      const [major, minor] = version.split('.').map(Number);
      const knowsRequire = major! > 5 || minor! >= 8;
      const files = { 'a.mts': MODULE, 'exact.mts': EXACT, 'a.cts': COMMON_JS };
      const said = compile(program, files, { ...NODENEXT, exactOptionalPropertyTypes: true });
      if (knowsRequire) expect(said).toBe('');
      else expect(said.match(/^\S+\.\w?ts(?=\(.*error)/gm)).toEqual(['a.cts', 'a.cts']);
    },
    LONG,
  );

  it.each(COMPILERS)(
    'are served by TypeScript $version, for a bundler, and where undefined is as good as absent',
    ({ program }) => {
      expect(compile(program, { 'a.ts': MODULE, 'exact.ts': EXACT }, BUNDLER)).toBe('');
    },
    LONG,
  );

  it.each(COMPILERS)(
    'need no types of Node.js where there are libraries, for TypeScript $version',
    ({ program }) => {
      const files = { 'exact.mts': EXACT, 'using.mts': DISPOSING };
      const libraries = { types: [], lib: ['es2022', 'dom', 'esnext.disposable'] };
      expect(compile(program, files, { ...NODENEXT, ...libraries })).toBe('');
    },
    LONG,
  );

  it('are told of a mistake that is none', () => {
    const { program } = COMPILERS[0]!;
    const unfounded = '// @ts-expect-error\nexport const one = 1;\n';
    expect(compile(program, { 'wrong.mts': unfounded }, NODENEXT)).toContain('TS2578');
  });
});
