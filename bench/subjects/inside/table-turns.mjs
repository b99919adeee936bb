// node table-turns.mjs METHOD [ARGUMENT]
// How long the event loop is held while a host reads a table of the kernel: routes, groups or interfaces; routes take a family.
import { openHost } from '../../../dist/index.js';
import { printTurns } from './turn-watch.mjs';

const [method, ...rest] = process.argv.slice(2);
const host = await openHost();
await printTurns(async () => (await host[method](...rest)).length);
await host.close();
