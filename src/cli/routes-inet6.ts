import { NeighboursTable } from '../format/route-cache-table.ts';
import { Inet6RoutesTable } from '../format/routes-table.ts';
import { neighbourLines } from '../kernel-tables/route-neighbours.ts';
import type { RouteLines } from '../kernel-tables/route-scanner.ts';
import { inet6RouteLines, routeFile } from '../kernel-tables/routes.ts';
import { errnoOfOpening, errorWords } from './errno.ts';
import { piecesOf, type RouteScene, RouteText, type RowTable } from './routes-text.ts';

/** The end of the command, or undefined to go on. */
type Status = number | undefined;

/** Shows /proc/net/ipv6_route. */
export function showInet6Routes(scene: RouteScene): Promise<Status> {
  return showKernelRoutes(scene, false);
}

/** Shows /proc/net/ndisc, which Linux 2.2 had, or else what is cached of /proc/net/ipv6_route. */
export async function showInet6Cache(scene: RouteScene): Promise<Status> {
  const path = `${scene.netDirectory}/ndisc`;
  if (errnoOfOpening(path) !== undefined) return showKernelRoutes(scene, true);
  const table = new NeighboursTable(scene.out, scene.extend, scene.cells);
  scene.script.add(() => table.heading());
  await pour(path, scene, table, neighbourLines);
  return undefined;
}

async function showKernelRoutes(scene: RouteScene, cached: boolean): Promise<Status> {
  const { script, out } = scene;
  const path = routeFile(scene.netDirectory, 'inet6');
  const errno = errnoOfOpening(path);
  if (errno !== undefined) {
    scene.say(`${path}: ${errorWords(errno)}\n`);
    script.add(() => out.ascii('INET6 (IPv6) not configured in this system.\n'));
    return 1;
  }
  const table = new Inet6RoutesTable(out, cached, scene.cells);
  script.add(() => table.heading());
  await pour(path, scene, table, inet6RouteLines);
  return undefined;
}

async function pour<Line>(
  path: string,
  { script }: RouteScene,
  table: RowTable<Line>,
  lines: (take: (line: Line) => void) => RouteLines,
): Promise<void> {
  const text = new RouteText(script, table, lines);
  for await (const piece of piecesOf(path)) text.add(piece);
  text.end();
}
