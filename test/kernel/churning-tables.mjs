// node churning-tables.mjs ADDON PYTHON_FOLDER [HALF HALF]
// In a network namespace of its own: keeps STABLE connections over loopback while others come and go, has the addon walk
// the TCP tables WALKS times meanwhile, or ask netlink by two dumps at once (HALF: a program in base64), and prints what
// became of the stable ones:
//     { walks, missing, twice, strange, churned }
// `strange` are rows that no socket of this scene can have, and of sockets that are in no table any more.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';

const STABLE = 1000;
const CHURNERS = 40;
const WALKS = 50;
const IPPROTO_TCP = 6;
const CLOSED = 7;
const [addonPath, folder, ...programs] = process.argv.slice(2);
const halves = programs.map((program) => new Uint8Array(Buffer.from(program, 'base64')));
const addon = createRequire(import.meta.url)(addonPath);
const up = spawnSync('python3', ['-c', 'import network; network.bring_up()'], {
  cwd: folder,
  encoding: 'utf8',
});
if (up.status !== 0) throw new Error(up.stderr);

const bits = Object.fromEntries(addon.layout.map(({ name }, index) => [name, 1 << index]));
const columns = bits.family | bits.state | bits.localPort | bits.remotePort;
const request = {
  kind: 'inet',
  ipProtocol: IPPROTO_TCP,
  families: [2, 10],
  columns,
  states: 0xfff,
  maxBytes: 1 << 30,
};

const server = createServer((socket) => socket.on('error', () => {})).listen(0, '::');
await once(server, 'listening');
const { port } = server.address();
const stable = [];
while (stable.length < STABLE) {
  const socket = connect(port, stable.length % 2 === 0 ? '127.0.0.1' : '::1');
  await once(socket, 'connect');
  stable.push(socket);
}
/** A port may be used by both families; the server's ends are IPv6 sockets all, of which two may have the same ports. */
const own = stable.map(
  ({ localPort, remoteFamily }) => `${remoteFamily === 'IPv4' ? 2 : 10} ${localPort} ${port}`,
);
const servers = new Map();
for (const { localPort } of stable) servers.set(localPort, (servers.get(localPort) ?? 0) + 1);

let churned = 0;
let isOver = false;
const churners = Array.from({ length: CHURNERS }, churn);
const tally = { walks: 0, missing: 0, twice: 0, strange: 0 };
while (tally.walks < WALKS) {
  const seen = new Map();
  for (const [family, state, local, remote] of await walk()) {
    if ((local !== port && remote !== port) || state === 0 || state === CLOSED) tally.strange += 1;
    const row = `${family} ${local} ${remote}`;
    seen.set(row, (seen.get(row) ?? 0) + 1);
  }
  for (const row of own) {
    if (!seen.has(row)) tally.missing += 1;
    else if (seen.get(row) > 1) tally.twice += 1;
  }
  for (const [remote, count] of servers) {
    if ((seen.get(`10 ${port} ${remote}`) ?? 0) < count) tally.missing += 1;
  }
  tally.walks += 1;
}
isOver = true;
await Promise.all(churners);
process.stdout.write(JSON.stringify({ ...tally, churned }));
process.exit(0);

/** Half are reset, half leave a TIME_WAIT. */
async function churn() {
  while (!isOver) {
    const socket = connect(port, churned % 2 === 0 ? '127.0.0.1' : '::1').on('error', () => {});
    await once(socket, 'connect');
    if (churned % 4 < 2) socket.resetAndDestroy();
    else socket.end().resume();
    await once(socket, 'close');
    churned += 1;
  }
}

function start(wake) {
  if (halves.length === 0) return addon.startTcpWalk({ ...request, threads: 1 }, wake);
  return addon.startDump({ ...request, threads: 2, halves }, wake);
}

/** Family, state, local and remote port of each row. */
function walk() {
  return new Promise((resolve, reject) => {
    const rows = [];
    const dump = start(() => {
      for (let taken = dump.take(); taken !== undefined; taken = dump.take()) {
        if ('end' in taken) {
          if (taken.status !== 'ok') reject(new Error(JSON.stringify(taken)));
          return resolve(rows);
        }
        const [bytes, ports] = [1, 2].map((width) => Math.ceil((taken.rows * width) / 8) * 8);
        const family = new Uint8Array(taken.buffer, 0, taken.rows);
        const state = new Uint8Array(taken.buffer, bytes, taken.rows);
        const local = new Uint16Array(taken.buffer, 2 * bytes, taken.rows);
        const remote = new Uint16Array(taken.buffer, 2 * bytes + ports, taken.rows);
        for (let row = 0; row < taken.rows; row += 1)
          rows.push([family[row], state[row], local[row], remote[row]]);
      }
    });
  });
}
