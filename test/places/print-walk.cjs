// node print-walk.cjs ADDON: has the addon walk the kernel's TCP tables, and prints how that ended: STATUS: OPERATION: ERRNO
const addon = require(process.argv[2]);

const request = {
  kind: 'inet',
  ipProtocol: 6,
  families: [2, 10],
  states: 0xfff,
  columns: 1,
  threads: 1,
  maxBytes: 1 << 30,
};
let hasEnded = false;
const dump = addon.startTcpWalk(request, () => {
  for (let taken = dump.take(); taken !== undefined; taken = dump.take()) {
    if (!('end' in taken)) continue;
    if (!hasEnded) console.log(`${taken.status}: ${taken.operation}: ${taken.errno}`);
    hasEnded = true;
    return;
  }
});
