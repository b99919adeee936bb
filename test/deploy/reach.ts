import { readFileSync } from 'node:fs';
import { type ContainerGifts, type Engine, hostProc, inContainer } from './container-like.ts';
import type { Installed } from './installed.ts';
import { type TableRow, tableBelow } from './markdown-table.ts';
import { demand, type ResidentName, type Residents } from './residents.ts';

const page = readFileSync(new URL('../../docs/privileges.md', import.meta.url), 'utf8');

/** What docs/privileges.md says is open to whoever takes that agent over. Throws where it says nothing of it. */
export function reachOnPage(agent: string): TableRow {
  const rows = tableBelow('## What is open to whoever takes the agent over', page);
  const found = rows.find((row) => row.agent === agent);
  if (found === undefined) throw new Error(`docs/privileges.md says nothing of ${agent}`);
  const { agent: _, ...cells } = found;
  return cells;
}

/** What is open in a container: reach.mjs, of a host that is the place, by a process there. */
export async function reachOf(
  place: Residents,
  installed: Installed,
  gifts: ContainerGifts,
  engine: Engine,
  by: ResidentName = 'root',
): Promise<TableRow> {
  const [secret, open] = [`${place.folder}/secret`, `${place.folder}/open`];
  await demand(place, 'install', '-m', '0600', '/dev/null', secret);
  await demand(place, 'install', '-d', '-m', '1777', open);
  const proc = gifts.procMounted ? hostProc(place) : '/proc';
  const question = JSON.stringify({ proc, pid: place.description.residents[by].pid, secret, open });
  const [program, ...words] = inContainer(place, installed, gifts, engine);
  return JSON.parse(await demand(place, program!, ...words, process.execPath, installed.reach, question));
}
