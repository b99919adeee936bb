// node waiting-walk.cjs cancelled|taken|exit, where there are more TCP sockets than a batch has: what becomes of a walk that
// waits for its reader. No more than the largest batch may wait: the walk's thread stays until somebody takes it.
const { binding, held, say, settle, tcp } = require('./addon.cjs');

const start = (maxBytes, wake) => binding.startTcpWalk({ ...tcp, threads: 1, maxBytes }, wake);
const soon = () => new Promise((resolve) => setTimeout(resolve, 200));

async function main(scene) {
  const { bytes, rows } = await batchBytes();
  const maxBytes = Math.max(...bytes);
  await soon();
  const before = held();
  let wakes = 0;
  let walk;
  const woken = new Promise((resolve) => {
    walk = start(maxBytes, () => {
      wakes += 1;
      resolve();
    });
  });
  await woken;
  await soon();
  const waiting = { wakes, threads: held().threads - before.threads };
  if (scene === 'exit') {
    say(waiting);
    process.exit(7);
  }
  const end = scene === 'taken' ? await takeAll(walk, rows) : leave(walk);
  // Before anything is said: a standard stream takes a descriptor once it is written to.
  await settle(before);
  say({ ...waiting, ...end });
}

async function takeAll(walk, rows) {
  let taken = 0;
  for (;;) {
    const next = walk.take();
    if (next === undefined) await soon();
    else if ('end' in next) return { status: next.status, all: taken === rows && rows === next.rows };
    else taken += next.rows;
  }
}

function leave(walk) {
  walk.cancel();
  return { left: walk.take() === undefined };
}

/** Of the batches of a walk that is read at once, in their order. */
function batchBytes() {
  return new Promise((resolve) => {
    const bytes = [];
    const walk = start(2 ** 30, () => {
      for (let taken = walk.take(); taken !== undefined; taken = walk.take()) {
        if ('end' in taken) return resolve({ bytes, rows: taken.rows });
        bytes.push(taken.buffer.byteLength);
      }
    });
  });
}

main(process.argv[2]);
