import { fileURLToPath } from 'node:url';
import { launch, type Namespaced } from '../kernel/namespaced.ts';
import type { Installed } from './installed.ts';

export const RESIDENTS = ['root', 'root without capabilities', 'a user', 'nobody'] as const;
export type ResidentName = (typeof RESIDENTS)[number];

/** Processes of several users, each with one listener, and a connection under address translation; see residents.py. */
export type Residents = Namespaced<{
  readonly residents: Readonly<Record<ResidentName, { pid: number; uid: number; port: number }>>;
}>;

/** Who may read an iterator that is pinned here; no user is in it. */
export const GROUP = 4242;

/** Needs the requirements root, netns and python3; iptables for `nat`, pidns for `pids`. Call `stop` in the end. */
export function startResidents({ nat = false, pids = false } = {}): Promise<Residents> {
  const script = fileURLToPath(new URL('residents.py', import.meta.url));
  return launch({ script, args: nat ? ['nat'] : [], pids });
}

/** What a command in there prints; throws where it fails. */
export async function demand(place: Residents, command: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await place.run(command, args);
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.toString('latin1')}`);
  return stdout.toString();
}

/**
 * Pins the iterator for GROUP, and gives the path: in a BPF file system of the place's folder, or where it usually is, which is
 * below /run. Needs bpf and bpffs.
 */
export async function pinIn(
  place: Residents,
  installed: Installed,
  where: 'apart' | 'usual' = 'apart',
): Promise<string> {
  const folder = `${place.folder}/bpf`;
  const words = [installed.command, 'pin', '--group', String(GROUP)];
  if (where === 'usual') {
    await demand(place, process.execPath, ...words);
    return '/run/sockscope/owners';
  }
  await demand(place, 'mkdir', folder);
  await demand(place, 'mount', '-t', 'bpf', 'bpf', folder);
  await demand(place, process.execPath, ...words, '--path', `${folder}/owners`);
  return `${folder}/owners`;
}
