// node polls.mjs LIBRARY ACTORS STEPS [REQUEST]: tells the actors what to do, step by step (a JSON list of lists of commands), and
// asks one host after each: what it remembers, and what a search everywhere finds. Prints a JSON list, an entry a step.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [library, actors, steps, narrowed = '{}'] = process.argv.slice(2);
const { openHost } = await import(library);

const python = spawn('python3', [actors], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

async function obey(command) {
  python.stdin.write(`${command}\n`);
  const { done } = await answers.next();
  if (done) throw new Error(`the actors have ended at "${command}"`);
}

const request = {
  protocols: ['tcp'],
  owners: 'lowest',
  processFields: [],
  columns: ['local', 'remote'],
  ...JSON.parse(narrowed),
};

/** Each socket and its owner, or the reason why it has none; `gaps`: what the answer says it lacks. */
async function ask(host, more = {}) {
  const table = await host.scan({ ...request, ...more });
  const rows = {};
  for (const { local, remote, owners, noOwner } of table) {
    const name = `${local.port} ${remote.port}`;
    rows[name] = owners === undefined ? noOwner : `${owners[0].pid}:${owners[0].fd}`;
  }
  return { rows, gaps: table.gaps, owners: table.report.owners };
}

const host = await openHost({ owners: 'procfd', threads: 2 });
const seen = [];
for (const { commands = [], polls = 1 } of JSON.parse(steps)) {
  for (const command of commands) await obey(command);
  const polled = [];
  for (let poll = 0; poll < polls; poll++) polled.push(await ask(host));
  seen.push({
    polled,
    fresh: await ask(host, { remember: false }),
  });
}
await host.close();
python.stdin.end();
console.log(JSON.stringify(seen));
