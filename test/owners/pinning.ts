import type { Packages } from './packages.ts';
import type { OwnersScene } from './scene.ts';

/** Who may read the iterator that `pin` pins; no user is in it. */
export const GROUP = 4242;

/** Mounts a bpffs in the scene's folder, and gives a path in it. */
export async function mountBpfFs(scene: OwnersScene): Promise<string> {
  const folder = `${scene.folder}/bpf`;
  await demand(scene, 'mkdir', [folder]);
  await demand(scene, 'mount', ['-t', 'bpf', 'bpf', folder]);
  return `${folder}/owners`;
}

/** Pins the iterator by the command. */
export async function pin(scene: OwnersScene, packages: Packages, path: string): Promise<void> {
  const words = [packages.command('native'), 'pin', '--group', String(GROUP), '--path', path];
  await demand(scene, process.execPath, words);
}

/** Pins something else by python; see pin-foreign.py. */
export async function pinForeign(
  scene: OwnersScene,
  packages: Packages,
  kind: string,
  path: string,
): Promise<void> {
  await demand(scene, 'python3', ['-B', packages.program('pin-foreign.py'), kind, path]);
}

/** What the command prints; throws where it fails. */
export async function demand(scene: OwnersScene, command: string, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await scene.run(command, args);
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.toString('latin1')}`);
  return stdout.toString('latin1');
}
