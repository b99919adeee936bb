import { readFileSync } from 'node:fs';
import { showsCacheRows, unknownCacheLine } from '../format/netstat-route-quirks.ts';
import { RouteCacheTable } from '../format/route-cache-table.ts';
import { InetRoutesTable } from '../format/routes-table.ts';
import { CacheKind, cacheHeader, cacheKind, routeCacheLines } from '../kernel-tables/route-cache.ts';
import { type RouteHeader, splitHeader } from '../kernel-tables/route-header.ts';
import { type InetRouteLine, inetRouteHeader } from '../kernel-tables/route-inet.ts';
import { inetRouteLines, routeFile } from '../kernel-tables/routes.ts';
import { ENOENT, errnoOf, errnoOfOpening, errorWords } from './errno.ts';
import { piecesOf, type RouteScene, RouteText } from './routes-text.ts';

/** The end of the command, or undefined to go on. */
type Status = number | undefined;

/** Shows /proc/net/route. */
export async function showInetRoutes(scene: RouteScene): Promise<Status> {
  const { script } = scene;
  const path = routeFile(scene.netDirectory, 'inet');
  if (isMissing(path, scene)) return 1;
  const table = new InetRoutesTable(scene.out, scene.layout, scene.cells);
  script.add(() => table.heading());
  let text: RouteText<InetRouteLine> | undefined;
  for await (const piece of piecesOf(path)) {
    if (text !== undefined) {
      text.add(piece);
      continue;
    }
    const { header, rest } = splitHeader(piece);
    const columns = inetRouteHeader(header);
    if (columns.kind !== 'columns') {
      scene.say(complaint(path, columns));
      return 1;
    }
    text = new RouteText(script, table, (take) =>
      inetRouteLines(columns.skips, (line, isShown) => isShown && take(line)),
    );
    text.add(rest);
  }
  // An empty table, as of a network namespace that never had an address, is a failure without a word.
  if (text === undefined) return 1;
  text.end();
  return undefined;
}

/** Shows /proc/net/rt_cache, which has been empty since Linux 3.6. */
export async function showInetCache(scene: RouteScene): Promise<Status> {
  const { script } = scene;
  const path = `${scene.netDirectory}/rt_cache`;
  if (isMissing(path, scene)) return 1;
  const table = new RouteCacheTable(scene.out, scene.layout, scene.cells);
  script.add(() => table.title());
  const { bytes, errno } = readWhole(path);
  if (bytes.length === 0) {
    scene.say(`${path}: ${errorWords(errno ?? ENOENT)}\n`);
    return 255;
  }
  const { header, rest } = splitHeader(bytes);
  const kind = cacheKind(header);
  script.add(() => {
    if (kind !== CacheKind.recent) scene.out.ascii(unknownCacheLine(path, kind));
    table.columns(kind);
  });
  if (!showsCacheRows(kind)) return undefined;
  const columns = cacheHeader(header, kind);
  if (columns.kind !== 'columns') {
    scene.say(complaint(path, columns));
    return undefined;
  }
  const text = new RouteText(script, table, (take) => routeCacheLines(columns.skips, take));
  text.add(rest);
  text.end();
  return undefined;
}

/** A table's bytes; why they are not all, where they cannot be read. */
function readWhole(path: string): { readonly bytes: Uint8Array; readonly errno?: number } {
  try {
    return { bytes: readFileSync(path) };
  } catch (error) {
    return { bytes: new Uint8Array(0), errno: errnoOf(error) };
  }
}

/** Whether the table cannot be opened; if so, that has been said. */
function isMissing(path: string, { script, out, say }: RouteScene): boolean {
  const errno = errnoOfOpening(path);
  if (errno === undefined) return false;
  say(`${path}: ${errorWords(errno)}\n`);
  script.add(() => out.ascii('INET (IPv4) not configured in this system.\n'));
  return true;
}

/** What netstat says of a heading line that it cannot use. */
function complaint(path: string, header: Exclude<RouteHeader, { kind: 'columns' }>): string {
  return header.kind === 'lacks'
    ? `warning: ${path} does not contain required field ${header.name}\n`
    : `warning: format buffer overflow in ${path}\n`;
}
