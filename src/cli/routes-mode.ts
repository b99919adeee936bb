import { routeLayout } from '../format/netstat-route-quirks.ts';
import { RouteCells } from '../format/route-cells.ts';
import type { CommandRequest } from './command-request.ts';
import type { ModeScene, ShowTable } from './mode-scene.ts';
import type { NetstatFamily } from './netstat-options.ts';
import { showInetCache, showInetRoutes } from './routes-inet.ts';
import { showInet6Cache, showInet6Routes } from './routes-inet6.ts';
import { type LegacyRouteFamily, legacyRoutes } from './routes-legacy.ts';
import type { RouteScene } from './routes-text.ts';
import { Script } from './script.ts';

/** The end of the command, or undefined to go on. */
type Status = number | undefined;

/** `-r`: the routes of one family after the other, as they were named; the first that fails is the end. */
export const showRoutes: ShowTable = async (request, scene) => {
  // -N asks for names, and here it gets numbers.
  const hosts = request.symbolic ? undefined : scene.hosts;
  const script = new Script(hosts);
  const lent: RouteScene = {
    ...scene,
    say: (lines) => script.add(() => scene.say(lines)),
    script,
    layout: routeLayout(request.extendCount),
    extend: request.extend,
    cells: new RouteCells(hosts && scene.names),
    netDirectory: scene.host.proc.netDirectory(),
  };
  const families: readonly NetstatFamily[] = request.familyList.length > 0 ? request.familyList : ['inet'];
  try {
    for (const family of families) {
      const status = await showFamily(family, request, lent);
      if (status !== undefined) return status;
    }
  } finally {
    await script.finish();
  }
  return undefined;
};

async function showFamily(
  family: NetstatFamily,
  request: CommandRequest,
  scene: RouteScene,
): Promise<Status> {
  switch (family) {
    case 'inet':
      return showBoth(request, scene, showInetRoutes, showInetCache);
    case 'inet6':
      return showBoth(request, scene, showInet6Routes, showInet6Cache);
    case 'unix':
    case 'ash':
    case 'ec':
      scene.say(`No routing for address family \`${family}'.\n`);
      return 3;
    case 'bluetooth':
      scene.say("Address family `bluetooth' not supported.\n");
      return 3;
    default:
      return showLegacy(family, scene);
  }
}

type ShowRoutes = (scene: RouteScene) => Promise<Status>;

/** `-F`, `-C`: the table, unless the cache alone is asked for; then the cache. */
async function showBoth(
  { fib, cache }: CommandRequest,
  scene: RouteScene,
  showTable: ShowRoutes,
  showCache: ShowRoutes,
): Promise<Status> {
  const status = fib || !cache ? await showTable(scene) : undefined;
  return status === undefined && cache ? showCache(scene) : status;
}

function showLegacy(family: LegacyRouteFamily, scene: RouteScene & ModeScene): Status {
  const { stdout, stderr, status } = legacyRoutes(family, scene.netDirectory);
  scene.script.add(() => scene.out.bytes(Buffer.from(stdout, 'latin1')));
  if (stderr !== undefined) scene.say(stderr);
  return status;
}
