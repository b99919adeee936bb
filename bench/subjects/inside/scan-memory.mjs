// node scan-memory.mjs
// What one scan() of all TCP sockets, in a process that has done nothing else, adds to the largest resident set: the library
// and its addon, the table, and what stands beside it while it is made. Prints { rows, bytesPerRow }.
import process from 'node:process';

const before = process.resourceUsage().maxRSS;
const { scan } = await import('../../../dist/index.js');
const table = await scan({ protocols: ['tcp'], source: 'netlink' });
const bytes = (process.resourceUsage().maxRSS - before) * 1024;
process.stdout.write(`${JSON.stringify({ rows: table.length, bytesPerRow: bytes / table.length })}\n`);
