// What becomes of a host that is disposed of. Compiled by the test, or run by a Node.js that knows `await using`.
import { openHost } from 'sockscope';

const codeOf = (promise) =>
  promise.then(
    () => 'fulfilled',
    (error) => error.code,
  );

async function kept() {
  await using host = await openHost();
  const table = await host.scan({ protocols: ['tcp'] });
  return { host, isComplete: table.length >= 0 };
}

const drain = async (batches) => {
  for await (const _ of batches);
};

/** Everything that takes time, ended in its midst. */
async function midst() {
  const host = await openHost({ threads: 2 });
  const text = await openHost({ source: 'procfs' });
  const long = await openHost({ source: 'procfs', procRoot: process.argv[2] });
  const running = [
    host.scan(),
    host.scan({ protocols: ['tcp'], owners: 'lowest' }),
    host.scan({ protocols: ['tcp'], owners: 'all' }),
    drain(host.batches({ protocols: ['unix'] })),
    text.scan({ protocols: ['tcp'], owners: 'lowest' }),
    long.scan({ protocols: ['tcp'] }),
  ].map(codeOf);
  await Promise.all([host, text, long].map((one) => one[Symbol.asyncDispose]()));
  return Promise.all(running);
}

const { host, isComplete } = await kept();
await host[Symbol.asyncDispose]();
await host.close();
console.log(JSON.stringify({ isComplete, after: await codeOf(host.scan()), midst: await midst() }));
