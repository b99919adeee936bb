import type { Subject } from '../contract.ts';
import { rowsCounted, rowsOfIpRoute, rowsOfList, rowsOfRoutes } from './rows.ts';
import { lacking, script } from './scripts.ts';
import { command } from './sockscope.ts';

export const netstatRoutes: Subject = {
  name: 'netstat -rn',
  yardstick: true,
  command: () => ['netstat', '-rn'],
  rows: rowsOfRoutes,
};
export const routesListing: Subject = {
  name: 'sockscope -rn',
  command: () => [process.execPath, command, '-rn'],
  rows: rowsOfRoutes,
  sameBytesAs: netstatRoutes,
};
export const ipRoutes: Subject = {
  name: 'ip route',
  yardstick: true,
  command: () => ['ip', 'route'],
  rows: rowsOfIpRoute,
  lacks: () => lacking('ip', ['-V'], 'ip on the path'),
};
export const busyboxRoutes: Subject = {
  name: 'busybox netstat -rn',
  yardstick: true,
  command: () => ['busybox', 'netstat', '-rn'],
  rows: rowsOfRoutes,
  lacks: () => lacking('busybox', ['netstat', '-rn'], 'busybox with netstat'),
};
export const catRoutes: Subject = {
  name: 'cat /proc/net/route',
  yardstick: true,
  command: () => ['cat', '/proc/net/route'],
  rows: (stdout) => stdout.trimEnd().split('\n').length - 1,
};
export const hostRoutes: Subject = {
  name: 'host.routes(), warm',
  command: () => script('routes.mjs'),
  figures: true,
  witness: () => script('routes.mjs', '--list'),
  rows: rowsOfList,
};
export const routesTurns: Subject = {
  name: 'turns during host.routes()',
  command: () => script('table-turns.mjs', 'routes', 'inet'),
  figures: true,
  rows: rowsCounted,
};
/** They list no route. */
export const interfacesTurns: Subject = turnsOf('interfaces');
export const groupsTurns: Subject = turnsOf('groups');

function turnsOf(method: string): Subject {
  return {
    name: `turns during host.${method}()`,
    command: () => script('table-turns.mjs', method),
    figures: true,
  };
}
