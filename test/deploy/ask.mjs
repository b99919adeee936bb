// What one user may know here, as one line of JSON. usage: node ask.mjs HOST_OPTIONS
// Has a listener of its own, which is a process of the place it runs in.
import { createServer } from 'node:net';
import { openHost } from 'sockscope';

const own = createServer().listen(0, '0.0.0.0');
await new Promise((resolve) => own.once('listening', resolve));
await holding(await openHost(JSON.parse(process.argv[2])), async (host) => {
  const table = await host.scan({ protocols: ['tcp'], states: ['listen'], owners: 'all' });
  const listeners = Array.from(table, ({ local, owners, noOwner }) => ({
    port: local.port,
    owners,
    noOwner,
  }));
  const { tcp, owners } = table.sources;
  console.log(
    JSON.stringify({
      ownPort: own.address().port,
      listeners,
      by: { tcp: tcp.source, owners: owners.source },
      nat: await countOrCode(async () => [...(await host.natEntries())]),
      interfaces: await countOrCode(() => host.interfaces()),
      routes: await countOrCode(() => host.routes()),
      groups: await countOrCode(() => host.groups()),
      statistics: await countOrCode(async () => (await host.statistics()).groups),
    }),
  );
});
own.close();

async function holding(host, use) {
  try {
    await use(host);
  } finally {
    await host.close();
  }
}

/** How many there are, or the code of the error. */
async function countOrCode(read) {
  try {
    return (await read()).length;
  } catch (error) {
    return error.code ?? String(error);
  }
}
