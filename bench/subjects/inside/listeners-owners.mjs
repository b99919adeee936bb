// node listeners-owners.mjs COMMAND WALK_BPF PARENT [--list]
// Opens LISTENERS listeners, and prints what it takes to name their owners by BPF beside the C walk over all descriptors,
// each the least of ROUNDS, one after the other in turns:
//     { rows, walkMs, startMs, commandMs, overStartMs, scanMs }
// `overStartMs`: the command `-tlnp` less `node -e 0`. `scanMs`: a scan of a host that stays. `rows` are the listeners that
// the command names this process for; with --list they are printed.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { openHost } from '../../../dist/index.js';

const LISTENERS = 300;
const ROUNDS = 7;
const [command, walkBpf, parent, list] = process.argv.slice(2);

const servers = Array.from({ length: LISTENERS }, () => createServer().listen(0, '127.0.0.1'));
await Promise.all(servers.map((server) => once(server, 'listening')));
// In the load's user namespace there is no BPF: then the command says so, and fails.
const host = await openHost({ owners: 'bpf' });
const least = { walkMs: Infinity, startMs: Infinity, commandMs: Infinity, scanMs: Infinity };
let rows = [];
for (let round = 0; round < ROUNDS; round += 1) {
  keep('walkMs', JSON.parse(run(walkBpf, [parent])).ms);
  keep(
    'startMs',
    timed(() => run(process.execPath, ['-e', '0'])),
  );
  let text = '';
  keep(
    'commandMs',
    timed(() => (text = run(process.execPath, [command, '-tlnp', '--owners', 'bpf']))),
  );
  rows = text.split('\n').filter((line) => line.includes(`LISTEN      ${process.pid}/`));
  const begun = performance.now();
  const table = await host.scan({
    protocols: ['tcp'],
    states: ['listen'],
    owners: 'lowest',
    processFields: [],
  });
  keep('scanMs', performance.now() - begun);
  if (table.length < LISTENERS) throw new Error(`${table.length} listeners of ${LISTENERS}`);
}
await host.close();
for (const server of servers) server.close();
const figures = { rows: rows.length, ...least, overStartMs: least.commandMs - least.startMs };
process.stdout.write(list === '--list' ? `${rows.join('\n')}\n` : `${JSON.stringify(figures)}\n`);

function keep(figure, milliseconds) {
  least[figure] = Math.min(least[figure], milliseconds);
}

function timed(body) {
  const begun = performance.now();
  body();
  return performance.now() - begun;
}

function run(program, words) {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'latin1', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${status}\n${stderr}`);
  return stdout;
}
