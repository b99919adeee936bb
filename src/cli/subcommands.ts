import type { Subcommand } from './subcommand-scene.ts';

/** By name; each is loaded when it is asked for. netstat takes such a word for an operand, and passes over it. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  pin: async (scene) => (await import('./pin.ts')).runPin({ ...scene, verb: 'pin' }),
  unpin: async (scene) => (await import('./pin.ts')).runPin({ ...scene, verb: 'unpin' }),
  delta: async (scene) => (await import('./delta.ts')).runDelta(scene),
  doctor: async (scene) => (await import('./doctor.ts')).runDoctor(scene),
  layers: async (scene) => (await import('./layers.ts')).runLayers(scene),
};

export function subcommandOf(word: string | undefined): Subcommand | undefined {
  return word !== undefined && Object.hasOwn(SUBCOMMANDS, word) ? SUBCOMMANDS[word] : undefined;
}
