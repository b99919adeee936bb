import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { requirement } from '../requirements.ts';
import { type Block, DOCUMENTS, ROOT } from './document.ts';
import { ELSEWHERE, isRunElsewhere, OUTWARD } from './elsewhere.ts';
import { misfit, samplesOf } from './sample.ts';
import { mistakesIn } from './unit-file.ts';
import { missing, openWorkplace, statingLines, type Workplace } from './workplace.ts';

const blocks = DOCUMENTS.flatMap((one) => one.blocks);
const of = (kind: string): [string, Block][] =>
  blocks.filter(({ info }) => info === kind).map((block) => [`${block.path}:${block.line}`, block]);
/** Commands of shell, without remarks; one that goes on behind a backslash is one. */
const commandsOf = (block: Block): string[] =>
  block.lines
    .join('\n')
    .replaceAll(/\s*\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');

/** What is known of a block by its info string: each kind has its tests below. */
const KINDS = ['ts', 'js', 'sh', 'console', 'ini', 'json', 'yaml', 'dockerfile', 'text'];

describe('blocks of the documents', () => {
  it('are of a kind that is tested', () => {
    expect(blocks.length).toBeGreaterThan(0);
    const strange = blocks.filter(({ info }) => !KINDS.includes(info));
    expect(strange.map(({ path, line, info }) => `${path}:${line} "${info}"`)).toEqual([]);
  });

  it.each(of('ini'))('%s is a unit of systemd', (_, block) => {
    if (!isExcerpt(block)) expect(mistakesIn(block.lines)).toEqual([]);
  });

  it.each([...of('dockerfile'), ...of('js')])('%s is part of a file that has its own tests', (_, block) => {
    expect(isExcerpt(block)).toBe(true);
  });

  it.each(of('json'))('%s is JSON', (_, block) => {
    expect(JSON.parse(block.lines.join('\n'))).toBeTypeOf('object');
  });

  it.each(of('yaml'))('%s is YAML', (_, block) => {
    expect(parseYaml(block.lines.join('\n'))).toBeTypeOf('object');
  });

  // A way from stage to stage: `src/request/ -> src/choice.ts`.
  it.each(of('text'))('%s leads through files that there are', (_, block) => {
    const stages = block.lines.flatMap((line) => line.split(/->/)).map((stage) => stage.trim());
    expect(stages.length).toBeGreaterThan(1);
    expect(stages.filter((stage) => !existsSync(join(ROOT, stage)))).toEqual([]);
  });
});

describe('lines of shell that are run elsewhere', () => {
  const lines = of('sh').flatMap(([, block]) => commandsOf(block));

  it.each(ELSEWHERE)('$line', ({ shownBy }) => {
    for (const [path, text] of shownBy) expect(readFileSync(join(ROOT, path), 'utf8')).toContain(text);
  });

  it('are still in the documents', () => {
    const listed = [...ELSEWHERE, ...OUTWARD].map(({ line }) => line);
    expect(listed.filter((line) => !lines.includes(line))).toEqual([]);
  });
});

describe.skipIf(missing !== undefined)(`what blocks say is so ${missing ?? ''}`, () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await openWorkplace();
  });
  afterAll(() => place?.stop());

  it('types of snippets are right for who imports the package', () => {
    for (const [name, block] of of('ts')) {
      writeFileSync(join(place.consumer, `${fileName(name)}.ts`), block.lines.join('\n'));
    }
    const options = { ...CONSUMER, types: ['node'] };
    const tsconfig = { compilerOptions: options, include: ['*.ts'], exclude: ['*.run.ts'] };
    writeFileSync(join(place.consumer, 'tsconfig.json'), JSON.stringify(tsconfig));
    const { status, stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', place.consumer], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it.each(of('ts'))('%s runs, and its values are as stated', async (name, block) => {
    const { outcome, stated } = await place.runSnippet(block, fileName(name));
    expect({ status: outcome.status, stderr: outcome.stderr.toString() }).toEqual({ status: 0, stderr: '' });
    const wrong = stated.filter(({ disagreement }) => disagreement !== undefined);
    expect(wrong.filter(({ line }) => !isOtherKernel(block.lines[line]!))).toEqual([]);
    // Each was looked at.
    expect(stated.map(({ line }) => line)).toEqual(statingLines(block.lines));
  });

  // Before what takes longer: the scene's TIME_WAIT lasts a minute.
  it.each(of('console'))('%s shows what is printed', async (_, block) => {
    for (const { command, lines } of samplesOf(block.lines)) {
      // Others are told what root has.
      if (command === 'sockscope doctor' && ROOTLESS !== undefined) continue;
      const { status, stdout, stderr } = await place.sh(command);
      expect({ command, status, stderr: stderr.toString() }).toEqual({ command, status: 0, stderr: '' });
      const printed = stdout.toString().trimEnd().split('\n');
      expect({ misfit: misfit(lines, printed), of: printed }).toEqual({ misfit: undefined, of: printed });
    }
  });

  it.each(of('sh'))('%s: each line succeeds', async (_, block) => {
    for (const line of commandsOf(block).filter((command) => !isRunElsewhere(command))) {
      const { status, stderr } = await place.sh(line);
      expect({ line, status, stderr: stderr.toString() }).toMatchObject({ line, status: 0 });
    }
  });
});

const ROOTLESS = requirement('root', 'bpf', 'addon');

const CONSUMER = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
};

/** Whether a file that others run has the block as it is. */
function isExcerpt({ lines }: Block): boolean {
  return ['deploy', 'examples', 'test/embed/agents']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(lines.join('\n')));
}

function fileName(name: string): string {
  return name.replaceAll(/\W/g, '-');
}

/** A kernel may have what the README says that one may lack. */
function isOtherKernel(line: string): boolean {
  return line.startsWith('host.abilities.raw;');
}
