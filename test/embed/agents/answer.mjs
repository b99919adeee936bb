import { once } from 'node:events';
import { createServer } from 'node:net';
import { openHost } from 'sockscope';

/** What a small agent asks of a host with these options: of its own listener, or of all that is connected. */
export async function answer(options) {
  const host = await openHost(options);
  const server = createServer().listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const table = await host.scan({
      protocols: ['tcp'],
      states: ['listen', 'established'],
      owners: 'lowest',
    });
    const { port } = server.address();
    let own;
    for (const row of table) if (row.state === 'listen' && row.local.port === port) own = row.toObject();
    const [dump] = table.report.dumps;
    return {
      tcp: table.sources.tcp,
      rows: table.length,
      foundItself: own?.owners?.[0].pid === process.pid,
      onEventLoop: dump.onEventLoop,
      hasRoutes: Array.isArray(await host.routes()),
    };
  } finally {
    await host.close();
    server.close();
  }
}

/** Prints an answer as a line of JSON, or the error that came instead. */
export async function print(answered) {
  try {
    console.log(JSON.stringify(await answered));
  } catch ({ name, code, message }) {
    console.log(JSON.stringify({ name, code, message }));
    process.exitCode = 1;
  }
}
