// Scenes of look-ups of hosts beside a name server that never answers: `node host-scenes.cjs <scene>`, one a process, in
// namespaces where 127.0.0.1 is the name server and the resolver gives up after a second. A scene that ends as it should
// prints one line of JSON. The main thread loads the addon in some scenes only.
const { createSocket } = require('node:dgram');
const { once } = require('node:events');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const shared = require('./addon.cjs');

const { ended, held, say, settle, spoken, turn } = shared;
const ignore = () => {};
const fail = () => {
  throw new Error('woken');
};
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits for questions that it does not answer; holds nothing. */
async function silentServer() {
  const server = createSocket('udp4');
  server.bind(53, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return server;
}

/** 10.0.0.1 and the ones behind it. */
function addresses(count) {
  const bytes = [];
  for (let last = 1; last <= count; last++)
    bytes.push(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, last);
  return Uint8Array.from(bytes);
}

/** Look-ups hold nothing: whoever waits for them has to. */
async function holding(play) {
  const hold = setInterval(ignore, 1000);
  try {
    return await play();
  } finally {
    clearInterval(hold);
  }
}

/** Look-ups, of which as many as there may be threads have reached the server: they are stuck. */
async function stuck(server, wake = fail) {
  let questions = 0;
  const reached = new Promise((resolve) => {
    server.on('message', () => {
      if (++questions === 8) resolve();
    });
  });
  const lookup = shared.binding.openHostLookup(8, wake);
  lookup.ask(addresses(40));
  await reached;
  return lookup;
}

const parts = {
  async 'asks and exits'() {
    shared.binding.openHostLookup(8, ignore).ask(addresses(40));
    await pause(workerData.milliseconds);
    process.exit(7);
  },

  async asks() {
    globalThis.lookup = shared.binding.openHostLookup(8, ignore);
    globalThis.lookup.ask(addresses(40));
    parentPort.postMessage('asked');
    setInterval(ignore, 1000);
  },

  'ends by itself'() {
    shared.binding.openHostLookup(8, ignore).ask(addresses(40));
  },
};

const startWorker = (part, milliseconds = 0) =>
  new Worker(__filename, { workerData: { part, milliseconds } });

/** What workers left has ended by itself; Node keeps a descriptor for workers from the first one on. */
async function settled(play) {
  await ended(startWorker('ends by itself'));
  await pause(1500);
  const before = held();
  await play();
  await settle(before);
  say('settled');
}

const scenes = {
  async 'exit in main at once'() {
    shared.binding.openHostLookup(8, ignore).ask(addresses(40));
    say('exiting');
    process.exit(7);
  },

  async 'exit in main'() {
    const server = await silentServer();
    globalThis.lookup = await holding(() => stuck(server));
    say('exiting');
    process.exit(7);
  },

  async 'exit in a worker'() {
    await silentServer();
    await settled(async () => {
      for (const milliseconds of [0, 1, 20]) {
        const code = await ended(startWorker('asks and exits', milliseconds));
        if (code !== 7) throw new Error(`ended with ${code}`);
      }
    });
  },

  async 'worker terminated'() {
    await silentServer();
    await settled(async () => {
      for (let round = 0; round < 10; round++) {
        const worker = startWorker('asks');
        await spoken(worker);
        await pause(round * 3);
        await worker.terminate();
      }
    });
  },

  /** The answers come, and find nobody: the resolver gives up while the worker is taken down. */
  async 'worker terminated when answers come'() {
    await silentServer();
    await settled(async () => {
      const workers = await Promise.all(
        Array.from({ length: 6 }, async (_, index) => {
          const worker = startWorker('asks');
          await spoken(worker);
          await pause(950 + index * 20);
          return worker.terminate();
        }),
      );
      if (workers.length !== 6) throw new Error('a worker is missing');
    });
  },

  async 'worker that ends by itself'() {
    await silentServer();
    say(await ended(startWorker('ends by itself')));
  },

  async abandoned() {
    const server = await silentServer();
    server.ref();
    await stuck(server);
    server.close();
    say('left');
  },

  async closed() {
    const server = await silentServer();
    server.ref();
    const lookup = await stuck(server);
    server.close();
    lookup.close();
    if (lookup.take().names.length > 0) throw new Error('taken');
    say('left');
  },

  /** Needs --expose-gc. */
  async garbage() {
    const server = await silentServer();
    const before = held();
    const alive = await holding(async () => new WeakRef(await stuck(server)));
    for (let each = 0; each < 5; each++) {
      await turn();
      global.gc();
    }
    await settle(before);
    say({ alive: alive.deref() !== undefined });
  },

  /** Not one of them waits for a name server: the files know the address. */
  async many() {
    const round = () =>
      new Promise((resolve) => {
        const lookup = shared.binding.openHostLookup(4, () => {
          resolve(lookup.take().names[0]);
          lookup.close();
        });
        lookup.ask(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1));
      });
    await holding(round);
    const before = held();
    const names = new Set();
    await holding(async () => {
      for (let each = 0; each < 500; each++) names.add(await round());
    });
    await settle(before);
    say([...names]);
  },

  /** Asked line by line, while somebody else changes the limit of threads. */
  'threads refused'() {
    const loopback = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1);
    const lookup = shared.binding.openHostLookup(4, () =>
      say(lookup.take().names.map((name) => typeof name)),
    );
    process.stdin.on('data', () => lookup.ask(loopback));
    say('ready');
  },
};

(isMainThread ? scenes[process.argv[2]] : parts[workerData.part])();
