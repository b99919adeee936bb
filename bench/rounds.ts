import type { Measurement, Options, Outcome, Scenario, Scene, Subject, Tools } from './contract.ts';
import { assertEqualRows } from './equal-rows.ts';
import { measure } from './inside.ts';
import { holdSockets } from './load/hold.ts';
import { socketsOnHost } from './load/sockets-on-host.ts';
import { counted } from './markdown.ts';
import { otherWork, readCpu } from './other-work.ts';
import { crowd, tolerable } from './quiet.ts';
import { settledSlabBytes } from './slab.ts';
import { rowsCounted } from './subjects/rows.ts';

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
  readonly disturbances: Set<string>;
  readonly surroundings: Surroundings;
}

/** What a scenario is run beside; tests bring their own. */
export interface Surroundings {
  /** See quiet.ts. */
  readonly crowd: typeof crowd;
  readonly declined: Declined;
}

/** Why a subject is not to run with so many sockets, in words; undefined when it may. */
export type Declined = (subject: Subject, sockets: number) => string | undefined;

/** Subjects that see the same part of the sockets, and how many that are. */
interface Stage {
  readonly subjects: readonly Subject[];
  readonly sockets: number;
}

/**
 * Runs a scenario. Throws when a subject fails, when two do not see the same rows, or when others hold so many sockets
 * that no figure would be worth anything.
 */
export async function runScenario(
  scenario: Scenario,
  options: Options,
  tools: Tools,
  { crowd: others = crowd, declined = onlyWithSlow(options) }: Partial<Surroundings> = {},
): Promise<Outcome> {
  const [loads, measurements, absent] = [[], new Map(), new Map()];
  const disturbances = new Set<string>();
  const surroundings = { crowd: others, declined };
  const session = { scenario, options, tools, loads, measurements, absent, disturbances, surroundings };
  const sockets = socketsOf(scenario, options);
  await refuseCrowd(sockets, session);
  for (const stage of stagesOf(scenario, sockets)) {
    const able = await withLoad(session, stage.sockets, (scene) => runHeld(stage, scene, session));
    if (scenario.cold === true) await runCold({ ...stage, subjects: able }, session);
  }
  return {
    scenario,
    sockets,
    runs: runsOf(scenario, options),
    loads,
    measurements,
    unseen: [...measurements.keys()].filter((subject) => isSlow(subject) && sockets > SLOW_BEYOND),
    absent,
    disturbances: [...disturbances],
  };
}

async function refuseCrowd(sockets: number, session: Session): Promise<void> {
  const { options, disturbances, surroundings } = session;
  const found = await surroundings.crowd(sockets, options.quick ? 0 : undefined, () => heldNow(session));
  if (found === undefined) return;
  if (!options.busy && !options.quick) throw new Error(`${found}; --busy times all the same`);
  disturbances.add(found);
}

function onlyWithSlow({ slow }: Options): Declined {
  return (subject, sockets) =>
    isSlow(subject) && sockets > SLOW_BEYOND && !slow ? 'not run: only with --slow' : undefined;
}

function tooMany({ mostSockets = Infinity }: Subject, sockets: number): string | undefined {
  return sockets > mostSockets ? `not run: with up to ${counted(mostSockets, 'socket')} only` : undefined;
}

function isSlow({ slow }: Subject): boolean {
  return slow === true;
}

/** Whether its timed run tells all that there is to compare: its rows are only counted, in every run. */
function countsItself({ figures, rows }: Subject): boolean {
  return figures === true && rows === rowsCounted;
}

function runsOf({ mostRuns = Infinity }: Scenario, { runs }: Options): number {
  return Math.min(runs, mostRuns);
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
  const { scenario } = session;
  const able = leaveOut(stage, scene, session);
  const quick = stage.sockets <= SLOW_BEYOND;
  session.loads.push(scene.load.words);
  progress(`${scenario.name}: ${scene.load.words}; comparing rows`);
  await assertEqualRows(
    able.filter((subject) => (quick || !isSlow(subject)) && !(scene.quick === true && countsItself(subject))),
    scenario.rows(stage.sockets),
    scene,
  );
  if (scenario.cold === true) return able;
  await runRounds({ ...stage, subjects: able.filter((subject) => !isSlow(subject)) }, scene, session);
  for (const subject of able.filter(isSlow)) {
    progress(`${subject.name}, once`);
    keep(subject, stage, await measure(subject, stage.sockets, scene), session);
  }
  return able;
}

/** All subjects in turn, again and again, with a look at what goes on beside them. */
async function runRounds(stage: Stage, scene: Scene, session: Session): Promise<void> {
  const runs = runsOf(session.scenario, session.options);
  const held = heldNow(session);
  const before = readCpu();
  let cpuMs = 0;
  for (let round = 1; round <= runs; round += 1) {
    progress(`round ${round} of ${runs}`);
    for (const subject of stage.subjects) {
      const measurement = await measure(subject, stage.sockets, scene);
      cpuMs += measurement.cpuMs;
      keep(subject, stage, measurement, session);
    }
    noteArrivals(heldNow(session) - held, stage, session);
  }
  const words = otherWork(before, readCpu(), cpuMs);
  if (words !== undefined && !session.options.quick) session.disturbances.add(words);
}

/** Of the kind that is listed. */
function heldNow({ scenario: { kind = 'tcp' } }: Session): number {
  return socketsOnHost(kind);
}

/** Others may come while the figures are taken. */
function noteArrivals(arrived: number, { sockets }: Stage, { disturbances }: Session): void {
  if (arrived > tolerable(sockets)) disturbances.add('others opened many sockets between the runs');
}

/** The subjects that can run here and are wanted; why the others do not is written down. */
function leaveOut({ subjects, sockets }: Stage, scene: Scene, session: Session): readonly Subject[] {
  for (const subject of subjects) {
    const reason =
      session.surroundings.declined(subject, sockets) ?? tooMany(subject, sockets) ?? subject.lacks?.(scene);
    if (reason !== undefined) session.absent.set(subject, reason);
  }
  return subjects.filter((subject) => !session.absent.has(subject));
}

/** A load for each run. */
async function runCold({ subjects, sockets }: Stage, session: Session): Promise<void> {
  const runs = runsOf(session.scenario, session.options);
  for (let round = 1; round <= runs; round += 1) {
    progress(`round ${round} of ${runs}, a load for each run`);
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
    return await work({ tools: session.tools, load, quick: session.options.quick });
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
