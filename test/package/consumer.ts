import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from '../kernel/namespaced.ts';
import { type Invocation, root } from './toolchain.ts';

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The question that both kinds of module ask, and print the answer of as JSON: an `Answer`. */
const QUESTION = `
openHost().then(async (host) => {
  const table = await host.scan({ protocols: ['tcp'] });
  const { source, better } = host.abilities.tcp;
  console.log(JSON.stringify({ source, reason: better[0]?.reason, rows: table.length, complete: table.complete }));
  await host.close();
});
`;

export interface Answer {
  readonly source: string;
  /** Why it is not a better one. */
  readonly reason?: string;
  readonly rows: number;
  readonly complete: boolean;
}

/** Where consumers live: for npm the home of a user without settings. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'sockscope-consumer-'));
  #tarball: string | undefined;

  /** What `npm pack` makes of the checkout as it is: nothing is built, so that other tests may run beside. */
  tarball(npm: Invocation): string {
    if (this.#tarball !== undefined) return this.#tarball;
    const words = ['pack', '--json', '--ignore-scripts', `--pack-destination=${this.folder}`];
    const { status, stdout, stderr } = this.npm(npm, words, root);
    if (status !== 0) throw new Error(`npm pack: ${stderr}`);
    const [, name] = /"filename": "(.+)"/.exec(stdout)!;
    this.#tarball = join(this.folder, name!);
    return this.#tarball;
  }

  npm([program, ...first]: Invocation, words: readonly string[], cwd = this.folder): Ended {
    const { status, stdout, stderr } = spawnSync(program, [...first, ...words], {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: `${dirname(program)}:${process.env.PATH}`,
        HOME: this.folder,
        npm_config_cache: join(this.folder, 'cache'),
        npm_config_audit: 'false',
        npm_config_offline: 'true',
        npm_config_update_notifier: 'false',
      },
    });
    return { status, stdout, stderr };
  }

  /** An empty project with two modules that ask for TCP sockets. */
  project(name: string): Project {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    writeFileSync(join(folder, 'ask.mjs'), `import { openHost } from 'sockscope';${QUESTION}`);
    writeFileSync(join(folder, 'ask.cjs'), `const { openHost } = require('sockscope');${QUESTION}`);
    return new Project(folder);
  }

  copyOf(project: Project, name: string): Project {
    const folder = join(this.folder, name);
    cpSync(project.folder, folder, { recursive: true, verbatimSymlinks: true });
    return new Project(folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** No coverage: where tests count it, the command in the checkout is meant. */
const PLAIN = { NODE_V8_COVERAGE: '', NODE_EXTRA_CA_CERTS: '' };

export class Project {
  readonly folder: string;
  /** The package in it. */
  readonly installed: string;

  constructor(folder: string) {
    this.folder = folder;
    this.installed = join(folder, 'node_modules/sockscope');
  }

  addon(architecture: string = process.arch): string {
    return join(this.installed, `prebuilds/linux-${architecture}/sockscope.glibc.node`);
  }

  /** `ask.mjs` imports, `ask.cjs` requires. */
  ask(file: 'ask.mjs' | 'ask.cjs', [program, ...words]: Invocation): Command {
    return { command: program, args: [...words, join(this.folder, file)], env: PLAIN };
  }

  /** The command by its file. */
  command([program, ...first]: Invocation, words: readonly string[]): Command {
    return {
      command: program,
      args: [...first, join(this.installed, 'dist/cli/main.cjs'), ...words],
      env: PLAIN,
    };
  }

  /** The command as a shell finds it, by its first line, with this Node.js first on the path. */
  bin(node: string, words: readonly string[]): Command {
    const command = join(this.folder, 'node_modules/.bin/sockscope');
    return { command, args: words, env: { ...PLAIN, PATH: `${dirname(node)}:${process.env.PATH}` } };
  }
}
