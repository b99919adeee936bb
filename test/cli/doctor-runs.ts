import { spawnSync } from 'node:child_process';
import type { DoctorReport } from '../../src/doctor/report.ts';
import type { Need } from '../../src/need.ts';
import { Packages } from '../owners/packages.ts';

/** How the command ended. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Words after `doctor`, and where it runs. */
export interface Where {
  /** Words before the program. */
  readonly as?: readonly string[];
  readonly kind?: 'native' | 'typescript';
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node.js. */
  readonly node?: readonly string[];
}

/** Runs copies of the package, which any user may read. */
export class DoctorRuns {
  readonly packages = new Packages();

  run(words: readonly string[], { as = [], kind = 'native', env = {}, node = [] }: Where = {}): Run {
    const program = [process.execPath, ...node, this.packages.command(kind), ...words];
    const [command, ...args] = [...as, ...program];
    const { SOCKSCOPE_SOURCE, SOCKSCOPE_OWNERS, ...rest } = process.env;
    const { status, stdout, stderr, error } = spawnSync(command!, args, {
      encoding: 'utf8',
      env: { ...rest, ...env },
    });
    if (error !== undefined) throw error;
    return { status, stdout, stderr };
  }

  /** What `doctor --json` says; throws where it says anything on stderr. */
  report(
    words: readonly string[] = [],
    where: Where = {},
  ): DoctorReport & { readonly status: number | null } {
    const { status, stdout, stderr } = this.run(['doctor', '--json', ...words], where);
    if (stderr !== '') throw new Error(`doctor said ${stderr}`);
    return { ...(JSON.parse(stdout) as DoctorReport), status };
  }

  remove(): void {
    this.packages.remove();
  }
}

/** Words that run a script of the shell in a mount namespace of its own, and then what follows. */
export function after(script: string): readonly string[] {
  return ['unshare', '-m', 'sh', '-e', '-c', `${script}; exec "$@"`, 'sh'];
}

/** Each way by itself, as `capability CAP_BPF`. */
export function waysOf(needs: readonly (readonly Need[])[] | undefined): string[][] {
  return (needs ?? []).map((way) => way.map(({ kind, name }) => `${kind} ${name}`));
}
