// node memory.mjs THREADS
// What a scan takes at its most over an empty process. Prints { rows, grownMb, grownBytesPerRow }: the largest resident set
// less that of before the library was imported.
const [threads] = process.argv.slice(2);
const empty = process.memoryUsage.rss();
const { scan } = await import('../../../dist/index.js');
const { length: rows } = await scan({ protocols: ['tcp'], source: 'netlink', threads: Number(threads) });
const grown = process.resourceUsage().maxRSS * 1024 - empty;
process.stdout.write(`${JSON.stringify({ rows, grownMb: grown / 1e6, grownBytesPerRow: grown / rows })}\n`);
