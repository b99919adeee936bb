// node warm-scan.mjs one|two|split
// How long a host that stays takes to read its TCP table into columns, by netlink: on one thread; received and decoded by
// one each, in the kernel's order; by two dumps at once, which the second call is the first to do. Prints what printTimed
// does, and usPerRow.
import process from 'node:process';
import { openHost } from '../../../dist/index.js';
import { timed } from './timed.mjs';

const [way] = process.argv.slice(2);
const request = { protocols: ['tcp'] };
const works = {
  one: async (host) => (await host.scan(request)).length,
  two: async (host) => {
    const batches = [];
    for await (const batch of host.batches(request)) batches.push(batch);
    return batches.reduce((rows, batch) => rows + batch.length, 0);
  },
  split: async (host) => (await host.scan(request)).length,
};

const host = await openHost({ source: 'netlink', threads: way === 'one' ? 1 : 2 });
try {
  const figures = await timed(() => works[way](host));
  const usPerRow = (figures.p50Ms * 1e3) / figures.rows;
  process.stdout.write(`${JSON.stringify({ ...figures, usPerRow })}\n`);
} finally {
  await host.close();
}
