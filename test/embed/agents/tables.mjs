// Asks a host for everything: argv[2] holds the options of the host as JSON. Prints, as a line of JSON, what came of each
// question: true, or the error.
import { openHost } from 'sockscope';
import { print } from './answer.mjs';

const cameOf = (question) => question().then(() => true, failure);
const failure = ({ name, code, message }) => ({ name, code, message });

async function everything(options) {
  const host = await openHost(options);
  try {
    return {
      tcp: host.abilities.tcp,
      procfd: host.abilities.owners,
      sockets: await cameOf(() => host.scan({ protocols: ['tcp'] })),
      owners: await cameOf(() => host.scan({ protocols: ['tcp'], owners: 'lowest' })),
      routes: await cameOf(() => host.routes()),
      interfaces: await cameOf(() => host.interfaces()),
      groups: await cameOf(() => host.groups()),
      statistics: await cameOf(() => host.statistics()),
    };
  } finally {
    await host.close();
  }
}

print(everything(JSON.parse(process.argv[2] ?? '{}')));
