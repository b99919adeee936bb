import { readdirSync, readlinkSync } from 'node:fs';

const NOBODY = ['--reuid=65534', '--regid=65534'];

/** Words before a program that is to run as nobody, without a capability. */
export const nobody: readonly string[] = ['setpriv', ...NOBODY, '--clear-groups', '--inh-caps=-all'];

/** As nobody, in a further group. */
export function nobodyIn(group: number): readonly string[] {
  return ['setpriv', ...NOBODY, `--groups=${group}`, '--inh-caps=-all'];
}

/** As nobody, with these capabilities and no others. */
export function nobodyWith(...capabilities: string[]): readonly string[] {
  const added = capabilities.map((name) => `+${name}`).join(',');
  return ['setpriv', ...NOBODY, '--clear-groups', `--inh-caps=-all,${added}`, `--ambient-caps=-all,${added}`];
}

/** As root, without these capabilities. */
export function rootWithout(...capabilities: string[]): readonly string[] {
  const removed = capabilities.map((name) => `-${name}`).join(',');
  return ['setpriv', `--bounding-set=${removed}`, `--inh-caps=${removed}`];
}

/** Whether some process does not let this one, which is root, see where its descriptors lead: what made the machine, perhaps. */
export function deniesRoot(): boolean {
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isDenied(`/proc/${name}/fd`));
}

function isDenied(directory: string): boolean {
  try {
    const [first] = readdirSync(directory);
    if (first !== undefined) readlinkSync(`${directory}/${first}`);
    return false;
  } catch (error) {
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
