// node table-turns.mjs METHOD
// How long the event loop is held while a host reads a table of the kernel: routes, groups or interfaces.
import { openHost } from '../../../dist/index.js';
import { printTurns } from './turn-watch.mjs';

const host = await openHost();
await printTurns(async () => (await host[process.argv[2]]()).length);
await host.close();
