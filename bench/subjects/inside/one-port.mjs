// node one-port.mjs PORT [--list]
// As ask.mjs, the sockets with a local port, picked by the kernel: by a filter that `host.batches` takes beside its request,
// as the command uses it, and that the library does not offer by name.
import { openHost } from '../../../dist/index.js';
import { rowsOf, write } from './rows.mjs';
import { printTimed } from './timed.mjs';

/** inet_diag's operation "local port is": the port stands in the last field of the operation behind it. Linux 4.16. */
const LOCAL_PORT_IS = 11;

const port = Number(process.argv[2]);
const request = { protocols: ['tcp'], columns: ['local', 'remote'] };

const host = await openHost({ source: 'netlink' });
if (process.argv[3] === '--list') write(rowsOf(await picked()));
else await printTimed(async () => (await picked()).reduce((rows, { length }) => rows + length, 0));
await host.close();

async function picked() {
  const batches = [];
  for await (const batch of host.batches(request, { bytecode: localPortIs(port) })) batches.push(batch);
  return batches;
}

/** Two operations { u8 code, u8 yes, u16 no }: past the end is a pass, four bytes beyond it is none. */
function localPortIs(wanted) {
  const program = new Uint16Array(4);
  new Uint8Array(program.buffer).set([LOCAL_PORT_IS, 8]);
  program[1] = 12;
  program[3] = wanted;
  return new Uint8Array(program.buffer);
}
