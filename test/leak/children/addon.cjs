// What the child processes of this suite share: the addon itself, without the TypeScript above it.
const { readdirSync } = require('node:fs');

/** Loaded by whoever uses it first, in this thread: a scene may want it in a worker alone. */
const load = () => require(process.env.SOCKSCOPE_ADDON);

const tcp = {
  kind: 'inet',
  ipProtocol: 6,
  families: [2, 10],
  states: 0xfff,
  columns: 0x3ffff,
  threads: 2,
  maxBytes: 2 ** 30,
};

/** About a million rows: a scan of this is still running when the caller's next lines run. */
const MANY = 4000;

/** Datagrams of 260 TCP sockets each, without an end: the scan ends with ENODATA. */
function recording(datagrams) {
  const message = Buffer.alloc(88);
  message.writeUInt32LE(88, 0);
  message.writeUInt16LE(18, 4);
  message.writeUInt32LE(1, 8);
  message.writeUInt8(2, 16);
  message.writeUInt8(1, 17);
  const datagram = new Uint8Array(Buffer.concat(new Array(260).fill(message)));
  return new Array(datagrams).fill(datagram);
}

const startLive = (wake, request = tcp) => load().startDump(request, wake);
const startReplay = (wake, datagrams = MANY) => load().replayDump(tcp, recording(datagrams), wake);

/** Takes everything; resolves to the end. */
function drain(start) {
  return new Promise((resolve) => {
    const dump = start(() => {
      for (let taken = dump.take(); taken !== undefined; taken = dump.take()) {
        if ('end' in taken) return resolve(taken);
      }
    });
  });
}

/** Descriptors open, and threads, in this process. */
function held() {
  return { descriptors: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length };
}

/** Waits until nothing more is held than before; throws after ten seconds. */
async function settle(before) {
  for (let turn = 0; turn < 1000; turn++) {
    const now = held();
    if (now.descriptors <= before.descriptors && now.threads <= before.threads) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
    // What a first collection has missed, a later one finds.
    if (turn % 50 === 49) global.gc?.();
  }
  throw new Error(`left behind: ${JSON.stringify({ before, after: held() })}`);
}

/** One line of JSON: what the test hears of a scene. */
const say = (value) => console.log(JSON.stringify(value));
const turn = () => new Promise((resolve) => setImmediate(resolve));
const ended = (worker) => new Promise((resolve) => worker.once('exit', resolve));
const spoken = (worker) => new Promise((resolve) => worker.once('message', resolve));

module.exports = {
  get binding() {
    return load();
  },
  drain,
  ended,
  held,
  say,
  settle,
  spoken,
  startLive,
  startReplay,
  tcp,
  turn,
};
