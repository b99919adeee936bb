import { readFileSync } from 'node:fs';
import { roseRefusal } from '../format/netstat-route-quirks.ts';
import {
  ax25RoutesText,
  ddpRoutesText,
  ipxRoutesText,
  netromRoutesText,
  roseRoutesText,
  x25RoutesText,
} from '../format/route-legacy-tables.ts';
import { parseDdpRoutes } from '../kernel-tables/route-ddp.ts';
import { parseIpxRoutes } from '../kernel-tables/route-ipx.ts';
import {
  parseAx25Routes,
  parseNetromRoutes,
  parseRoseRoutes,
  parseX25Routes,
} from '../kernel-tables/route-legacy.ts';
import { errnoOf, errorWords } from './errno.ts';

export type LegacyRouteFamily = 'ipx' | 'ax25' | 'netrom' | 'rose' | 'x25' | 'ddp';

/** What a family's routes come to: text for stdout and stderr (byte strings), and the status where it ends there. */
export interface LegacyRoutes {
  readonly stdout: string;
  readonly stderr?: string;
  readonly status?: number;
}

/** Shows the routes of a family that Linux has given up; most kernels have no tables of them. */
export function legacyRoutes(family: LegacyRouteFamily, netDirectory: string): LegacyRoutes {
  return FAMILIES[family](netDirectory);
}

const FAMILIES: Readonly<Record<LegacyRouteFamily, (net: string) => LegacyRoutes>> = {
  ipx: (net) => {
    const [subject, fallback] = [`${net}/ipx/route`, `${net}/ipx_route`];
    const table = firstOf(subject, fallback);
    if ('bytes' in table) return { stdout: ipxRoutesText(parseIpxRoutes(table.bytes)) };
    const stdout = `IPX routing not in file ${subject} or ${fallback} found.\n`;
    return { stdout, stderr: `${errorWords(table.errno)}\n`, status: 1 };
  },
  ax25: (net) => {
    const path = `${net}/ax25_route`;
    const table = read(path);
    if ('bytes' in table) return { stdout: ax25RoutesText(parseAx25Routes(table.bytes)) };
    return { stdout: 'AX.25 not configured in this system.\n', stderr: failed(path, table), status: 1 };
  },
  netrom: (net) => {
    const [nodesPath, neighboursPath] = [`${net}/nr_nodes`, `${net}/nr_neigh`];
    const stdout = 'NET/ROM not configured in this system.\n';
    const [nodes, neighbours] = [read(nodesPath), read(neighboursPath)];
    if (!('bytes' in nodes)) {
      // Both are opened before either is complained about: the first in words that the second has earned, the second in
      // words that come of having complained.
      const second = 'bytes' in neighbours ? '' : `${neighboursPath}: Invalid argument\n`;
      const stderr = failed(nodesPath, 'bytes' in neighbours ? nodes : neighbours) + second;
      return { stdout, stderr, status: 1 };
    }
    if (!('bytes' in neighbours)) return { stdout, stderr: failed(neighboursPath, neighbours), status: 1 };
    return {
      stdout: netromRoutesText(parseNetromRoutes(nodes.bytes, neighbours.bytes)),
    };
  },
  rose: (net) => {
    const refused = (path: string, table: { readonly errno: number }): LegacyRoutes => {
      return { stdout: '', stderr: roseRefusal(failed(path, table)), status: 1 };
    };
    const [nodesPath, neighboursPath] = [`${net}/rose_nodes`, `${net}/rose_neigh`];
    const nodes = read(nodesPath);
    if (!('bytes' in nodes)) return refused(nodesPath, nodes);
    const neighbours = read(neighboursPath);
    if (!('bytes' in neighbours)) return refused(neighboursPath, neighbours);
    return { stdout: roseRoutesText(parseRoseRoutes(nodes.bytes, neighbours.bytes)) };
  },
  x25: (net) => {
    const table = firstOf(`${net}/x25/route`, `${net}/x25_routes`);
    if ('bytes' in table) return { stdout: x25RoutesText(parseX25Routes(table.bytes)) };
    return { stdout: 'X.25 not configured in this system.\n', status: 1 };
  },
  ddp: (net) => {
    const path = `${net}/atalk_route`;
    const table = read(path);
    if ('bytes' in table) return { stdout: ddpRoutesText(parseDdpRoutes(table.bytes)) };
    const stderr = `Error opening ${failed(path, table)}DDP (AppleTalk) not configured on this system.\n`;
    return { stdout: '', stderr, status: 1 };
  },
};

type Table = { readonly bytes: Uint8Array } | { readonly errno: number };

const NOTHING = new Uint8Array(0);

/** A file that opens and cannot be read is empty. */
function read(path: string): Table {
  try {
    return { bytes: readFileSync(path) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'open') return { bytes: NOTHING };
    return { errno: errnoOf(error) };
  }
}

/** The first of two files that can be opened. */
function firstOf(path: string, other: string): Table {
  const table = read(path);
  return 'bytes' in table ? table : read(other);
}

function failed(path: string, { errno }: { readonly errno: number }): string {
  return `${path}: ${errorWords(errno)}\n`;
}
