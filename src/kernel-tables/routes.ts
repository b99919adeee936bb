import { join } from 'node:path';
import type { RouteFamily } from './route-family.ts';
import type { RouteFlag } from './route-flags.ts';
import { splitHeader } from './route-header.ts';
import { InetRouteLine, inetRouteHeader, ROUTE_LINE_BYTES } from './route-inet.ts';
import { Inet6RouteLine } from './route-inet6.ts';
import { routePieces } from './route-pieces.ts';
import { RouteMaker } from './route-rows.ts';
import { RouteLines } from './route-scanner.ts';
import type { TableFiles } from './table-file.ts';

/** A route, as the kernel lists it: /proc/net/route or /proc/net/ipv6_route. */
export interface Route {
  /** Whose table it stands in. */
  readonly family: RouteFamily;
  /** The network or the host that it leads to, as text; `0.0.0.0` or `::`, prefix length 0: the default route. */
  readonly destination: string;
  /** Bits of `destination` that count. Kernel: the Mask column of IPv4. */
  readonly prefixLength: number;
  /** What packets have to come from, where that is restricted; undefined where it is not, always for IPv4. */
  readonly source: { readonly address: string; readonly prefixLength: number } | undefined;
  /**
   * The next router, as text; undefined where there is none. Of a route with several hops the kernel lists the first one
   * of IPv4, and a row for each of IPv6; of an IPv4 route by way of an IPv6 router it lists the flag `gateway` alone.
   */
  readonly gateway: string | undefined;
  /** The lower one wins. An unsigned 32-bit number, as the kernel has it: 4294967295 for IPv6's own last resort. */
  readonly metric: number;
  /** RTF_*, an unsigned 32-bit number. */
  readonly flags: number;
  /** The words for those bits of `flags` that have one, the lowest bit first. */
  readonly flagNames: readonly RouteFlag[];
  /**
   * Whether it refuses. Kernel: RTF_REJECT, of IPv4's unreachable and prohibit routes, and of all IPv6 routes that refuse;
   * IPv4's blackhole and throw routes are told by nothing but their lack of an interface.
   */
  readonly isReject: boolean;
  /** Kernel: RefCnt; IPv4 always has 0 there. */
  readonly references: number;
  /** Kernel: Use; IPv4 always has 0 there, as IPv6 has since Linux 4.16. */
  readonly use: number;
  /** Where packets leave; undefined where the kernel names none (`*`), as for IPv4 routes that refuse or drop. */
  readonly interfaceName: string | undefined;
  /**
   * Bytes: not the route's `mtu`, but its `advmss` and 40 more, which is what the kernel prints as MTU. Undefined where it is
   * not set, and, as the next two, for IPv6, whose table lacks it.
   */
  readonly mtu: number | undefined;
  /** Bytes that TCP may advertise as its window at the most; undefined where it is not set. */
  readonly window: number | undefined;
  /** The first round trip's time that TCP assumes, milliseconds; undefined where it is not set. */
  readonly irtt: number | undefined;
}

/** Routes in the kernel's order, and how many lines could not be understood. */
export interface RouteRows {
  readonly rows: Route[];
  readonly malformed: number;
}

const FILES = { inet: 'route', inet6: 'ipv6_route' } as const;

/** The table of a family below `netDirectory`, such as `/proc/net`. */
export function routeFile(netDirectory: string, family: RouteFamily): string {
  return join(netDirectory, FILES[family]);
}

/**
 * The routes of one family, from the tables below `netDirectory`; lines that make no sense are left out. A host without the
 * table (no IPv6 in its kernel, for one) has no routes: []. Throws the system's error where the table is there and cannot be
 * read, and the signal's reason on abort. IPv4 has the routes of the main table alone, IPv6 those of all tables.
 */
export async function readRoutes(
  netDirectory: string,
  family: RouteFamily,
  signal?: AbortSignal | undefined,
  files?: TableFiles | undefined,
): Promise<Route[]> {
  const rows: Route[] = [];
  await eachRoute(netDirectory, family, (route) => rows.push(route), signal, files);
  return rows;
}

/** Gives route after route; resolves to how many lines made no sense. Otherwise as `readRoutes`. */
export async function eachRoute(
  netDirectory: string,
  family: RouteFamily,
  take: (route: Route) => void,
  signal?: AbortSignal | undefined,
  files?: TableFiles | undefined,
): Promise<number> {
  const parser = new RouteParser(family, take);
  try {
    for await (const piece of routePieces(routeFile(netDirectory, family), files)) {
      signal?.throwIfAborted();
      parser.add(piece);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return parser.end();
}

/** Parses a table that is there as a whole. */
export function parseRoutes(bytes: Uint8Array, family: RouteFamily): RouteRows {
  const rows: Route[] = [];
  const parser = new RouteParser(family, (route) => rows.push(route));
  if (bytes.length > 0) parser.add(bytes);
  return { rows, malformed: parser.end() };
}

/** Gets a line of IPv4; `isShown`: whether netstat would show it. */
export type TakeInetRoute = (line: InetRouteLine, isShown: boolean) => void;

/** The lines of /proc/net/route behind its heading, of which `skips` tells how the columns lie. */
export function inetRouteLines(skips: readonly number[], take: TakeInetRoute): RouteLines {
  const line = new InetRouteLine(skips);
  return new RouteLines((bytes, start, end) => take(line, line.take(bytes, start, end)), ROUTE_LINE_BYTES);
}

/** The lines of /proc/net/ipv6_route. */
export function inet6RouteLines(take: (line: Inet6RouteLine) => void): RouteLines {
  const line = new Inet6RouteLine();
  return new RouteLines((bytes, start, end) => {
    line.take(bytes, start, end);
    take(line);
  }, ROUTE_LINE_BYTES);
}

class RouteParser {
  readonly #take: (route: Route) => void;
  #malformed = 0;
  readonly #maker: RouteMaker;
  #lines: RouteLines | undefined;
  /** Waits for the heading line. */
  #begins: boolean;

  constructor(family: RouteFamily, take: (route: Route) => void) {
    this.#take = take;
    this.#maker = new RouteMaker(family);
    this.#begins = family === 'inet';
    if (!this.#begins) this.#lines = inet6RouteLines((line) => this.#push(this.#maker.inet6(line)));
  }

  /** The first piece has the heading line, if there is one. */
  add(piece: Uint8Array): void {
    if (!this.#begins) {
      this.#lines?.add(piece);
      return;
    }
    this.#begins = false;
    const { header, rest } = splitHeader(piece);
    const columns = inetRouteHeader(header);
    if (columns.kind === 'columns') {
      this.#lines = inetRouteLines(columns.skips, (line, isShown) =>
        this.#push(isShown ? this.#maker.inet(line) : undefined),
      );
      this.#lines.add(rest);
    } else this.#malformed++;
  }

  /** Gives how many lines made no sense. */
  end(): number {
    this.#lines?.end();
    return this.#malformed;
  }

  #push(route: Route | undefined): void {
    if (route === undefined) this.#malformed++;
    else this.#take(route);
  }
}
