import { join } from 'node:path';
import { parseInet6Addresses } from '../kernel-tables/interface-addresses.ts';
import type { RouteFamily } from '../kernel-tables/route-family.ts';
import { eachRoute, routeFile } from '../kernel-tables/routes.ts';
import { parseStatistics, STATISTICS_FILES, type StatisticsFiles } from '../kernel-tables/statistics.ts';
import { readKernelFile } from '../proc/kernel-file.ts';
import type { CommandRequest } from './command-request.ts';

/**
 * What `-v` adds to a table, in lines for stderr: how much of the kernel's text made no sense, where netstat passes over it
 * in silence. It is counted in another reading: netstat's own, which shows some of it, does not tell. A file that cannot
 * be read has been spoken of with the table.
 */
export async function malformedNotes(request: CommandRequest, netDirectory: string): Promise<string[]> {
  const counts = await countsOf(request, netDirectory);
  return counts
    .filter(({ malformed }) => malformed > 0)
    .map(
      ({ malformed, what, path }) => `${path}: ${malformed} malformed ${what}${malformed === 1 ? '' : 's'}`,
    );
}

interface Count {
  readonly path: string;
  readonly what: 'line' | 'counter';
  readonly malformed: number;
}

function countsOf(request: CommandRequest, netDirectory: string): Promise<Count[]> {
  const families = shownFamilies(request);
  switch (request.mode) {
    case 'routes':
      return Promise.all(families.map((family) => ofRoutes(netDirectory, family)));
    case 'statistics':
      return Promise.all(
        families.flatMap((family) => FILES[family].map((file) => ofCounters(netDirectory, file))),
      );
    case 'interfaces':
      return Promise.all([ofAddresses(join(netDirectory, 'if_inet6'))]);
    default:
      return Promise.resolve([]);
  }
}

const FILES: Readonly<Record<RouteFamily, readonly (keyof StatisticsFiles)[]>> = {
  inet: ['snmp', 'netstat', 'sctp'],
  inet6: ['snmp6'],
};

function shownFamilies({ families }: CommandRequest): RouteFamily[] {
  if (families.size === 0) return ['inet'];
  return (['inet', 'inet6'] as const).filter((family) => families.has(family));
}

async function ofRoutes(netDirectory: string, family: RouteFamily): Promise<Count> {
  const malformed = await orNone(() => eachRoute(netDirectory, family, () => {}));
  return { path: routeFile(netDirectory, family), what: 'line', malformed };
}

async function ofCounters(netDirectory: string, file: keyof StatisticsFiles): Promise<Count> {
  const path = join(netDirectory, STATISTICS_FILES[file]);
  const malformed = await orNone(async () => parseStatistics({ [file]: readKernelFile(path) }).malformed);
  return { path, what: 'counter', malformed };
}

async function ofAddresses(path: string): Promise<Count> {
  const malformed = await orNone(async () => parseInet6Addresses(readKernelFile(path)).malformed);
  return { path, what: 'line', malformed };
}

async function orNone(count: () => Promise<number>): Promise<number> {
  try {
    return await count();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return 0;
  }
}
