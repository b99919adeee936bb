// Scenes of what looks for owners, or reads the NAT table, on a thread of its own:
// `node owner-scenes.cjs <scene> <subject> <hand-made /proc>`, one a process. A scene that ends as it should prints one
// line of JSON.
const { Worker, isMainThread, workerData } = require('node:worker_threads');
const { binding, ended, held, say, settle, spoken, turn } = require('./addon.cjs');

const [scene, subject, procRoot] = isMainThread ? process.argv.slice(2) : workerData;
const ignore = () => {};

const everything = { lowest: false, leadersOnly: false, threads: 2, maxBytes: 2 ** 30 };
const startOwners = (wake, root = procRoot) =>
  binding.startOwners({ ...everything, scan: 'procfd', procRoot: root }, wake);

/** What begins something on a thread of its own, to which the same is to happen. */
const begin = {
  owners: startOwners,
  bpf: (wake) => binding.loadBpf(wake),
  conntrack: (wake) => binding.startConntrack(2 ** 30, wake),
}[subject];

/** How to give it up. */
const leave = (begun) => (subject === 'bpf' ? begun.close() : begun.cancel());

/** Begins, and resolves to what was begun once it has ended. */
function finished(start = begin) {
  return new Promise((resolve) => {
    const begun = start(() => resolve(begun));
  });
}

/** A worker that plays a part of this file. */
const startWorker = (part) => new Worker(__filename, { workerData: [part, subject, procRoot] });

const parts = {
  'exits at once'() {
    begin(ignore);
    process.exit(7);
  },

  'exits when woken'() {
    globalThis.begun = begin(() => process.exit(7));
  },

  async 'begins again and again'() {
    begin(ignore);
    require('node:worker_threads').parentPort.postMessage('started');
    for (;;) await finished();
  },
};

const scenes = {
  'exit in main at once'() {
    begin(ignore);
    say('exiting');
    process.exit(7);
  },

  'exit in main when woken'() {
    // Held: what nobody holds may go before it wakes anybody.
    globalThis.begun = begin(() => {
      say('exiting');
      process.exit(7);
    });
  },

  async 'exit in a worker at once'() {
    say(await ended(startWorker('exits at once')));
  },

  async 'exit in a worker when woken'() {
    say(await ended(startWorker('exits when woken')));
  },

  async 'worker terminated'() {
    let before;
    for (let round = 0; round < 20; round++) {
      const worker = startWorker('begins again and again');
      await spoken(worker);
      await worker.terminate();
      before ??= held(); // Node keeps a descriptor for workers from the first one on
    }
    await settle(before);
    say('settled');
  },

  async awaited() {
    const { status } = (await finished()).end();
    say(status);
  },

  abandoned() {
    begin(ignore);
    say('left');
  },

  cancelled() {
    const begun = begin(() => say('woken'));
    leave(begun);
    leave(begun);
    say('left');
  },

  async 'many, finished or cancelled'() {
    leave(await finished());
    const before = held();
    for (let round = 0; round < 250; round++) {
      leave(await finished());
      leave(begin(ignore));
    }
    if (subject === 'owners') {
      for (let round = 0; round < 500; round++) await finished((wake) => startOwners(wake, '/proc'));
    }
    await settle(before);
    say('settled');
  },

  /** Needs --expose-gc. */
  async garbage() {
    const before = held();
    const leaveOne = async () => {
      const begun = await finished();
      if (begun.end().status !== 'ok') throw new Error(JSON.stringify(begun.end()));
      return new WeakRef(begun);
    };
    const round = async () => {
      const left = [];
      for (let each = 0; each < 20; each++) left.push(await leaveOne());
      // Finalisers run some turns after the collection.
      for (let each = 0; each < 5; each++) {
        await turn();
        global.gc();
      }
      await settle(before);
      return left.filter((weak) => weak.deref() !== undefined).length;
    };
    await round();
    const used = process.memoryUsage.rss();
    let alive = 0;
    for (let each = 0; each < 10; each++) alive += await round();
    say({ alive, grownMegabytes: Math.max(0, Math.round((process.memoryUsage.rss() - used) / 2 ** 20)) });
  },

  /** In a mount namespace of its own, with the folder of the hand-made /proc as the place of a bpffs. */
  async pinned() {
    const path = `${procRoot}/owners`;
    const round = async () => {
      const outcomes = [
        binding.mountBpfFs(procRoot),
        binding.mountBpfFs(procRoot),
        binding.pinOwners(path, 0),
        binding.pinOwners(path, 0),
        binding.probePinned(path),
      ];
      const start = (wake) =>
        binding.startOwners({ ...everything, scan: 'bpf-pinned', procRoot, path }, wake);
      for (let each = 0; each < 20; each++) outcomes.push((await finished(start)).end());
      const cancelled = start(ignore);
      cancelled.cancel();
      while (cancelled.end() === undefined) await turn(); // a bpffs that is read is busy
      outcomes.push(binding.unmountBpfFs(procRoot));
      return [...new Set(outcomes.map(({ status, operation, errno }) => `${status} ${operation} ${errno}`))];
    };
    await round();
    const before = held();
    const seen = new Set();
    for (let each = 0; each < 5; each++) for (const outcome of await round()) seen.add(outcome);
    await settle(before);
    say([...seen]);
  },

  /** Asked line by line, while somebody else changes the limit of threads. */
  'threads refused'() {
    process.stdin.on('data', async () => {
      const { status, operation, errno, threads } = (await finished()).end();
      say({ status, operation, errno, threads });
    });
    say('ready');
  },
};

(isMainThread ? scenes : parts)[scene]();
