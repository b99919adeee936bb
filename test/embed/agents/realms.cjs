// Loads a bundle of the library (argv[3]) as test runners do, with modules and globals of their own, and the addon (argv[4])
// into each of them: argv[2] names a scene.
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:net');
const { createContext, runInContext } = require('node:vm');

const [scene, bundle, addonPath] = process.argv.slice(2);

/** What a realm has beside the intrinsics of its own: Array, Error, Uint8Array and so on. */
const OUTSIDE = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'clearTimeout',
  'performance',
  'process',
  'setImmediate',
  'setTimeout',
  'TextDecoder',
  'TextEncoder',
  'URL',
];

function loadInRealm() {
  const realm = createContext(Object.fromEntries(OUTSIDE.map((name) => [name, globalThis[name]])));
  const wrapper = runInContext(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(bundle, 'utf8')}
})`,
    realm,
  );
  const module = { exports: {} };
  wrapper(module.exports, require, module, bundle, __dirname);
  return { realm, library: module.exports };
}

async function withListener(use) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(server.address().port);
  } finally {
    server.close();
  }
}

const question = { protocols: ['tcp'], states: ['listen'], owners: 'lowest' };
const rowOf = (table, port) => {
  for (const row of table) if (row.local.port === port) return row.toObject();
  throw new Error('the listener is not there');
};

const scenes = {
  /** What a scan gives is of the realm that asked. */
  async answers() {
    return withListener(async (port) => {
      const [one, two] = [loadInRealm(), loadInRealm()];
      const hosts = await Promise.all([one, two].map(({ library }) => library.openHost({ addonPath })));
      const tables = await Promise.all(hosts.map((host) => host.scan(question)));
      const of = ({ realm }, value, name) => value instanceof runInContext(name, realm);
      await Promise.all(hosts.map((host) => host.close()));
      return {
        sources: hosts.map(({ abilities }) => abilities.tcp.source),
        found: tables.map((table) => rowOf(table, port).owners[0].pid === process.pid),
        columns: [one, two].map((side, index) => of(side, tables[index].column('localPort'), 'Uint16Array')),
      };
    });
  },

  /** A row's copy has its bytes for itself. */
  async copies() {
    const { library } = loadInRealm();
    const server = createServer().listen(`\0sockscope-realms-${process.pid}`);
    await once(server, 'listening');
    const host = await library.openHost({ addonPath });
    try {
      for (const row of await host.scan({ protocols: ['unix'] })) {
        if (!row.path?.includes(`realms-${process.pid}`)) continue;
        const [one, two] = [row.toObject(), row.toObject()];
        one.pathBytes.fill(0);
        return { isOwn: two.pathBytes[1] === 's'.charCodeAt(0) };
      }
    } finally {
      await host.close();
      server.close();
    }
  },

  /** Errors are of it too, and those that came from outside of it are understood. */
  async errors() {
    const { library, realm } = loadInRealm();
    const failures = await Promise.all(
      [{ addonPath: '/nonexistent.node' }, { addonPath: __filename }, { source: 'wrong' }].map((options) =>
        library.openHost(options).catch((error) => error),
      ),
    );
    return failures.map((error) => ({
      name: error.name,
      isOurs: error instanceof runInContext('Error', realm),
      message: error.message.replaceAll(__filename, 'FILE'),
    }));
  },

  /** A signal of another realm ends a scan. */
  async abort() {
    const { library, realm } = loadInRealm();
    delete realm.AbortSignal;
    realm.AbortSignal = class AbortSignal {};
    const host = await library.openHost({ addonPath });
    const controller = new AbortController();
    const scan = host.scan({ ...question, signal: controller.signal }).catch((error) => error.message);
    controller.abort(new Error('enough'));
    const ended = await scan;
    await host.close();
    return ended;
  },

  /** The addon is forgotten by the registry of modules, and loaded anew while its first loading is in use. */
  async registries() {
    return withListener(async (port) => {
      const { library } = loadInRealm();
      const first = await library.openHost({ addonPath });
      const running = first.scan(question);
      const before = require.cache[addonPath];
      delete require.cache[addonPath];
      const second = await library.openHost({ addonPath });
      const again = { exports: {} };
      process.dlopen(again, addonPath);
      const tables = await Promise.all([running, second.scan(question), first.scan(question)]);
      await Promise.all([first.close(), second.close()]);
      return {
        isAnew: require.cache[addonPath] !== before && require.cache[addonPath].exports !== before.exports,
        layout: again.exports.layoutVersion === before.exports.layoutVersion,
        found: tables.map((table) => rowOf(table, port).owners[0].pid === process.pid),
      };
    });
  },
};

scenes[scene]().then((told) => console.log(JSON.stringify(told)));
