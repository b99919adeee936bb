import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command line of a script of bench/subjects/inside. */
export function script(name: string, ...options: readonly string[]): readonly string[] {
  return [process.execPath, inside(name), ...options];
}

/** The same where Node loads no addon: everything is TypeScript. */
export function scriptWithoutAddon(name: string, ...options: readonly string[]): readonly string[] {
  return [process.execPath, '--no-addons', inside(name), ...options];
}

/** Where a script of bench/subjects/inside is. */
export function inside(name: string): string {
  return fileURLToPath(new URL(`inside/${name}`, import.meta.url));
}

/** What a subject lacks whose program does not run with these options, which have to end with 0. */
export function lacking(program: string, options: readonly string[], name = program): string | undefined {
  const { status } = spawnSync(program, options, { stdio: 'ignore' });
  return status === 0 ? undefined : `missing: ${name}`;
}
