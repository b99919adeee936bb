import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, type Namespaced, type Outcome } from '../kernel/namespaced.ts';
import { type Requirement, requirement } from '../requirements.ts';
import { type Block, ROOT } from './document.ts';
import { statesValue } from './stated-value.ts';

/** What a workplace needs. */
export const NEEDS: readonly Requirement[] = ['netns', 'python3', 'ip', 'addon', 'dist'];

export const missing = requirement(...NEEDS);

/** What one statement of a snippet was said to give, and did not. */
export interface Stated {
  readonly line: number;
  readonly disagreement: string | undefined;
}

/** A network namespace with something to show, and a folder in which `sockscope` can be imported: scene.py. */
export class Workplace {
  readonly #scene: Namespaced<{ readonly bin: string }>;
  /** A package that depends on this one. */
  readonly consumer: string;

  constructor(scene: Namespaced<{ readonly bin: string }>) {
    this.#scene = scene;
    this.consumer = join(scene.folder, 'consumer');
    mkdirSync(join(this.consumer, 'node_modules/@types'), { recursive: true });
    symlinkSync(ROOT, join(this.consumer, 'node_modules/sockscope'));
    symlinkSync(join(ROOT, 'node_modules/@types/node'), join(this.consumer, 'node_modules/@types/node'));
    writeFileSync(join(this.consumer, 'package.json'), '{ "type": "module" }\n');
  }

  /** Runs a line of shell with this package's commands, in a folder that has what `npm pack` goes by. */
  async sh(line: string): Promise<Outcome> {
    const folder = join(this.#scene.folder, 'sockscope');
    if (!existsSync(folder)) copyPackage(folder);
    return this.#scene.run('sh', ['-c', `cd ${folder} && ${line}`], this.#environment());
  }

  /** Runs a snippet; gives what each statement with a stated value gave. */
  async runSnippet(block: Block, name: string): Promise<{ outcome: Outcome; stated: Stated[] }> {
    const [program, report] = [join(this.consumer, `${name}.run.ts`), join(this.consumer, `${name}.json`)];
    writeFileSync(program, instrumented(block.lines, report));
    writeFileSync(report, '[]');
    const loader = join(ROOT, 'node_modules/tsx/dist/loader.mjs');
    const outcome = await this.#scene.run(
      process.execPath,
      ['--import', loader, program],
      this.#environment(),
    );
    return { outcome, stated: JSON.parse(readFileSync(report, 'utf8')) };
  }

  stop(): Promise<void> {
    return this.#scene.stop();
  }

  #environment(): Record<string, string> {
    return {
      PATH: `${this.#scene.description.bin}:${process.env.PATH}`,
      npm_config_update_notifier: 'false',
    };
  }
}

export async function openWorkplace(): Promise<Workplace> {
  const script = join(ROOT, 'test/readme/scene.py');
  const args = [process.execPath, join(ROOT, 'dist/cli/main.cjs')];
  return new Workplace(await launch({ script, args }));
}

/** Without its scripts: packing it builds nothing. */
function copyPackage(folder: string): void {
  mkdirSync(folder);
  const { scripts: _, ...manifest } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const names = ['package-lock.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'dist', 'man', 'completions'];
  for (const name of names) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Statements that stand for a value, with a comment that states it. */
const STATEMENT = /^(?!const |let |for |if |import |await using |\s|\}|\/\/)(.+?);\s*\/\/ (.*)$/;

/** The lines, from 0, whose comment states a value. */
export function statingLines(lines: readonly string[]): number[] {
  return [...lines.keys()].filter((index) => {
    const comment = /\/\/ (.*)$/.exec(lines[index]!)?.[1];
    return comment !== undefined && statesValue(comment);
  });
}

/** The snippet with its stated values compared, and a report of them written in the end. */
function instrumented(lines: readonly string[], report: string): string {
  const body = lines.map((line, index) => {
    const [, expression, comment] = STATEMENT.exec(line) ?? [];
    if (expression === undefined || !statesValue(comment!)) return line;
    return `__state(${index}, (${expression}), ${JSON.stringify(comment)});`;
  });
  const head = [
    `import { writeFileSync as __write } from 'node:fs';`,
    `import { disagreement as __disagreement } from ${JSON.stringify(join(ROOT, 'test/readme/stated-value.ts'))};`,
    `const __stated: unknown[] = [];`,
    `const __state = (line: number, value: unknown, comment: string) => {`,
    `  __stated.push({ line, disagreement: __disagreement(value, comment) });`,
    `  __write(${JSON.stringify(report)}, JSON.stringify(__stated));`,
    `};`,
  ];
  return `${[...head, ...body].join('\n')}\n`;
}
