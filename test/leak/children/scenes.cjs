// One scene a process: `node scenes.cjs <name>`. A scene that ends as it should prints one line of JSON.
const { Worker } = require('node:worker_threads');
const { drain, ended, held, say, settle, spoken, startLive, startReplay, tcp, turn } = require('./addon.cjs');

const ignore = () => {};

/** A worker in which `startReplay`, `startLive` and `drain` are at hand. */
function startWorker(code) {
  const preamble = `
    const { parentPort } = require('node:worker_threads');
    const { drain, startLive, startReplay } = require(${JSON.stringify(require.resolve('./addon.cjs'))});`;
  return new Worker(preamble + code, { eval: true });
}

const scenes = {
  'exit in main at once'() {
    startReplay(ignore);
    startLive(ignore);
    say('exiting');
    process.exit(7);
  },

  'exit in main when woken'() {
    // Held: a dump that nobody holds may go before it wakes anybody.
    globalThis.dump = startReplay(() => {
      say('exiting');
      process.exit(7);
    });
  },

  'exception in main'() {
    startReplay(ignore);
    throw new Error('nobody catches this');
  },

  async 'exit in a worker at once'() {
    const worker = startWorker('startReplay(() => {}); startLive(() => {}); process.exit(7);');
    say(await ended(worker));
  },

  async 'exit in a worker when woken'() {
    const worker = startWorker('globalThis.dump = startReplay(() => process.exit(7));');
    say(await ended(worker));
  },

  async 'exception in a worker'() {
    const worker = startWorker('startReplay(() => {}); throw new Error("mine");');
    worker.once('error', (error) => say(error.message));
    await ended(worker);
  },

  async 'worker terminated'() {
    let before;
    for (let round = 0; round < 20; round++) {
      const worker = startWorker(`
        startReplay(() => {}, 40 * ${round});
        (async () => { for (;;) await drain((wake) => startLive(wake)); })();
        parentPort.postMessage('started');`);
      await spoken(worker);
      await worker.terminate();
      before ??= held(); // Node keeps a descriptor for workers from the first one on
    }
    await settle(before);
    say('settled');
  },

  async 'worker that ends by itself'() {
    const worker = startWorker(`
      drain((wake) => startReplay(wake, 40)).then((end) => parentPort.postMessage(end.rows));`);
    const [rows, code] = await Promise.all([spoken(worker), ended(worker)]);
    say({ rows, code });
  },

  'abandoned dump'() {
    startReplay(ignore, 40);
    startLive(ignore);
    say('left');
  },

  'cancelled dump'() {
    startReplay(() => say('woken')).cancel();
    say('left');
  },

  async 'awaited dump'() {
    const live = await drain((wake) => startLive(wake));
    const replayed = await drain((wake) => startReplay(wake, 40));
    say({ live: live.status, rows: replayed.rows, status: replayed.status, threads: replayed.threads });
  },

  async 'a thousand scans'() {
    const unix = { ...tcp, kind: 'unix', ipProtocol: 0, families: [1] };
    await drain((wake) => startLive(wake));
    const before = held();
    for (let round = 0; round < 250; round++) {
      await Promise.all([tcp, unix].map((request) => drain((wake) => startLive(wake, request))));
      startLive(ignore).cancel();
      startReplay(ignore, 20).cancel();
    }
    await settle(before);
    say('settled');
  },

  /** Needs --expose-gc. */
  async garbage() {
    const round = async () => {
      const dumps = [];
      for (let each = 0; each < 20; each++) {
        await new Promise((resolve) => {
          dumps.push(new WeakRef(startReplay(resolve, 60)));
        });
      }
      await settle(before);
      await turn();
      global.gc();
      await turn();
      return dumps.filter((dump) => dump.deref() !== undefined).length;
    };
    const before = held();
    await round();
    const used = process.memoryUsage.rss();
    let alive = 0;
    for (let each = 0; each < 20; each++) alive += await round();
    say({ alive, grownMegabytes: Math.max(0, Math.round((process.memoryUsage.rss() - used) / 2 ** 20)) });
  },

  /** Asked line by line, while somebody else changes the limit of threads. */
  'threads refused'() {
    process.stdin.on('data', async () => {
      const { status, operation, errno, threads } = await drain((wake) => startLive(wake));
      say({ status, operation, errno, threads });
    });
    say('ready');
  },
};

scenes[process.argv[2]]();
