import type { Measurement, Options, Outcome, Scenario, Scene, Subject, Tools } from './contract.ts';
import { assertEqualRows } from './equal-rows.ts';
import { measure } from './inside.ts';
import { holdSockets } from './load/hold.ts';
import { settledSlabBytes } from './slab.ts';

/** Beyond so many sockets slow subjects take more than a second, and soon minutes. */
const SLOW_BEYOND = 20_000;

/** One scenario's runs while they are made. */
interface Session {
  readonly scenario: Scenario;
  readonly options: Options;
  readonly tools: Tools;
  readonly loads: string[];
  readonly measurements: Map<Subject, Measurement[]>;
  readonly absent: Map<Subject, string>;
}

/** Subjects that see the same part of the sockets, and how many that are. */
interface Stage {
  readonly subjects: readonly Subject[];
  readonly sockets: number;
}

/** Runs a scenario. Throws when a subject fails, or when two do not see the same rows. */
export async function runScenario(scenario: Scenario, options: Options, tools: Tools): Promise<Outcome> {
  const session: Session = {
    scenario,
    options,
    tools,
    loads: [],
    measurements: new Map(),
    absent: new Map(),
  };
  const sockets = socketsOf(scenario, options);
  for (const stage of stagesOf(scenario, sockets)) {
    const able = await withLoad(session, stage.sockets, (scene) => runHeld(stage, scene, session));
    if (scenario.cold === true) await runCold({ ...stage, subjects: able }, session);
  }
  const { loads, measurements, absent } = session;
  const unseen = [...measurements.keys()].filter(({ slow }) => slow === true && sockets > SLOW_BEYOND);
  return { scenario, sockets, runs: options.runs, loads, measurements, unseen, absent };
}

/** How many sockets a scenario has held. */
export function socketsOf({ sockets, mostSockets = Infinity }: Scenario, options: Options): number {
  const wanted = Math.min(options.sockets, mostSockets);
  return sockets === undefined || (options.quick && wanted < sockets) ? wanted : sockets;
}

/** The smallest part first; every number of sockets is even. */
function stagesOf({ subjects }: Scenario, sockets: number): Stage[] {
  const shares = [...new Set(subjects.map(({ share = 1 }) => share))].sort((a, b) => a - b);
  return shares.map((wanted) => ({
    subjects: subjects.filter(({ share = 1 }) => share === wanted),
    sockets: Math.max(2, 2 * Math.round((sockets * wanted) / 2)),
  }));
}

/** Compares the rows and, unless the scenario wants fresh loads, makes all runs. Returns the subjects that can run. */
async function runHeld(stage: Stage, scene: Scene, session: Session): Promise<readonly Subject[]> {
  const { scenario, options } = session;
  const able = leaveOut(stage, scene, session);
  const quick = stage.sockets <= SLOW_BEYOND;
  session.loads.push(scene.load.words);
  progress(`${scenario.name}: ${scene.load.words}; comparing rows`);
  await assertEqualRows(
    able.filter(({ slow }) => quick || slow !== true),
    scenario.rows(stage.sockets),
    scene,
  );
  if (scenario.cold === true) return able;
  const inTurn = able.filter(({ slow }) => slow !== true);
  for (let round = 1; round <= options.runs; round += 1) {
    progress(`round ${round} of ${options.runs}`);
    for (const subject of inTurn) keep(subject, stage, await measure(subject, stage.sockets, scene), session);
  }
  for (const subject of able.filter(({ slow }) => slow === true)) {
    progress(`${subject.name}, once`);
    keep(subject, stage, await measure(subject, stage.sockets, scene), session);
  }
  return able;
}

/** The subjects that can run here and are wanted; why the others do not is written down. */
function leaveOut({ subjects, sockets }: Stage, scene: Scene, session: Session): readonly Subject[] {
  for (const subject of subjects) {
    const skipped = subject.slow === true && sockets > SLOW_BEYOND && !session.options.slow;
    const reason = skipped ? 'not run: only with --slow' : subject.lacks?.(scene);
    if (reason !== undefined) session.absent.set(subject, reason);
  }
  return subjects.filter((subject) => !session.absent.has(subject));
}

/** A load for each run. */
async function runCold({ subjects, sockets }: Stage, session: Session): Promise<void> {
  for (let round = 1; round <= session.options.runs; round += 1) {
    progress(`round ${round} of ${session.options.runs}, a load for each run`);
    for (const subject of subjects) {
      await withLoad(session, sockets, async (scene) => {
        const before = await settledSlabBytes();
        const measurement = await measure(subject, sockets, scene);
        const grown = (await settledSlabBytes()) - before;
        const slab = { slabMb: grown / 1e6, slabBytesPerSocket: grown / sockets };
        keep(subject, { subjects, sockets }, { ...measurement, ...slab }, session);
      });
    }
  }
}

async function withLoad<T>(
  session: Session,
  sockets: number,
  work: (scene: Scene) => Promise<T>,
): Promise<T> {
  const { load: hold = holdSockets, processes } = session.scenario;
  const load = await hold(session.tools, sockets, session.options.processes ?? processes);
  try {
    return await work({ tools: session.tools, load });
  } finally {
    await load.end();
  }
}

function keep(subject: Subject, { sockets }: Stage, measurement: Measurement, session: Session): void {
  const rows = session.scenario.rows(sockets);
  if (subject.figures === true && subject.rows !== undefined && measurement.rows !== rows) {
    throw new Error(`${subject.name} saw ${measurement.rows} rows in a timed run, not ${rows}`);
  }
  const earlier = session.measurements.get(subject);
  if (earlier === undefined) session.measurements.set(subject, [measurement]);
  else earlier.push(measurement);
}

function progress(words: string): void {
  process.stderr.write(`bench: ${words}\n`);
}
