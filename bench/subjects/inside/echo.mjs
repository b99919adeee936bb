// An echo server and a client that asks it at a fixed rate, with how long the answers took.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const CONNECTIONS = 200;
const REQUESTS_A_SECOND = 4000;
/** Longer than any run: the client ends with this process in any case. */
const LONGEST_SECONDS = 600;
/** Both ends of each connection, and the listener. */
export const ECHO_SOCKETS = 2 * CONNECTIONS + 1;

/**
 * `server` is the program of bench/load/echo-server.c, or `here` for a server in this process. Resolves when all
 * connections are there; `begin` has the requests sent, `end` resolves to what became of them.
 */
export async function startEcho({ server, client }) {
  const { port, close } = server === 'here' ? await listenHere() : await listenBeside(server);
  const asking = spawn(client, [port, CONNECTIONS, REQUESTS_A_SECOND, LONGEST_SECONDS].map(String), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(asking, 'close');
  const told = [];
  asking.stdout.on('data', (bytes) => told.push(bytes));
  await once(asking.stdout, 'data');
  const ready = told.shift().toString();
  const first = /^ready first=([01])\n$/.exec(ready)?.[1];
  if (first === undefined) throw new Error(`the echo client says ${ready}`);
  return {
    /** Whether the client runs before all others, as from another machine. */
    first: first === '1',
    begin: () => asking.stdin.write('go\n'),
    async end() {
      asking.stdin.end();
      await closed;
      if (asking.exitCode !== 0) throw new Error(`the echo client ended with ${asking.exitCode}`);
      await close();
      return answersOf(Buffer.concat(told));
    },
  };
}

async function listenHere() {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

async function listenBeside(program) {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return {
    port: Number(value.replace('port ', '')),
    close: async () => {
      child.stdin.end();
      await closed;
    },
  };
}

/** When each request was due (ms, as performance.timeOrigin-free CLOCK_MONOTONIC), and µs until its answer. */
function answersOf(bytes) {
  const [begun, period, count] = new BigUint64Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 24),
  );
  const took = new Uint32Array(
    bytes.buffer.slice(bytes.byteOffset + 24, bytes.byteOffset + bytes.byteLength),
  );
  if (took.length !== Number(count))
    throw new Error(`the echo client told ${took.length} of ${count} requests`);
  if (took.includes(0xff_ff_ff_ff)) throw new Error('a request had no answer');
  return {
    dueMs: (index) => Number(begun + BigInt(index) * period) / 1e6,
    tookUs: Float64Array.from(took, (ns) => ns / 1e3),
  };
}
