// node --require walks.cjs ...: has /proc tell of many TCP sockets, and says on standard error of each walk over the kernel's
// tables of them that the addon is asked for.
const fs = require('node:fs');

const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) =>
  String(path).endsWith('/net/sockstat')
    ? 'TCP: inuse 50000 orphan 0 tw 0 alloc 50000 mem 0\n'
    : readFileSync(path, ...rest);

const { dlopen } = process;
process.dlopen = (module, ...rest) => {
  dlopen(module, ...rest);
  const { startTcpWalk } = module.exports;
  if (startTcpWalk === undefined) return;
  const walk = (...words) => {
    process.stderr.write('walk\n');
    return startTcpWalk(...words);
  };
  module.exports = Object.create(module.exports, { startTcpWalk: { value: walk, enumerable: true } });
};
