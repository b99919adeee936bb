import { type ContainerGifts, type Engine, hostProc, inContainer } from './container-like.ts';
import type { Installed } from './installed.ts';
import { RESIDENTS, type ResidentName, type Residents } from './residents.ts';

interface Listener {
  readonly port: number;
  readonly pid?: number;
}

interface Rehearsal {
  /** Of the residents whose listeners the agent listed. */
  readonly listed: readonly ResidentName[];
  /** Of those whose process it named. */
  readonly named: readonly ResidentName[];
  /** What found the owners. */
  readonly owners: string;
}

/** Runs the agent with the view of a container for one line; /host/proc in its environment is where `hostProc` is. */
export async function rehearse(
  place: Residents,
  installed: Installed,
  gifts: ContainerGifts,
  env: Readonly<Record<string, string>>,
  engine: Engine,
): Promise<Rehearsal> {
  const settings = { ...env, SOCKSCOPE_AGENT_SECONDS: '0.05' };
  const words = Object.entries(settings).map(
    ([name, value]) => `${name}=${value === '/host/proc' ? hostProc(place) : value}`,
  );
  // The agent ends when its reader has left.
  const container = inContainer(place, installed, gifts, engine);
  // Where coverage is collected, there is nowhere to write it to.
  const command = [
    'env',
    '--unset=NODE_V8_COVERAGE',
    ...words,
    ...container,
    process.execPath,
    installed.agent,
  ];
  const { status, stdout, stderr } = await place.run('sh', ['-c', '"$@" | head -n 2', 'sh', ...command]);
  const [first, second] = stdout.toString().split('\n');
  if (status !== 0 || !first || !second || stderr.length > 0)
    throw new Error(`the agent says: ${stdout}${stderr}`);
  const { listeners, owners } = JSON.parse(second) as { listeners: readonly Listener[]; owners: string };
  const { residents } = place.description;
  const listenerOf = (name: ResidentName) => listeners.find(({ port }) => port === residents[name].port);
  return {
    listed: RESIDENTS.filter((name) => listenerOf(name) !== undefined),
    named: RESIDENTS.filter((name) => listenerOf(name)?.pid === residents[name].pid),
    owners,
  };
}
