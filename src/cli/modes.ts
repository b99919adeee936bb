import type { Mode } from './command-request.ts';
import type { ShowTable } from './mode-scene.ts';

/** The tables of `-r -i -s -M`; each is loaded when it is asked for. */
export const MODES: Readonly<Record<Exclude<Mode, 'sockets'>, () => Promise<ShowTable>>> = {
  routes: async () => (await import('./routes-mode.ts')).showRoutes,
  interfaces: async () => (await import('./interfaces-mode.ts')).showInterfaces,
  statistics: async () => (await import('./statistics-mode.ts')).showStatistics,
  nat: async () => (await import('./nat-mode.ts')).showNat,
};
