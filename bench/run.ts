import type { Measurement, Scenario, Subject, Tools } from './contract.ts';
import { assertEqualRows } from './equal-rows.ts';
import { measure, type Scene } from './inside.ts';
import { holdSockets } from './load/hold.ts';
import { disturbances, machineFacts } from './machine.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { writeReadmeBlock } from './readme-block.ts';
import { type Outcome, report } from './report.ts';
import { compileTools } from './tools.ts';

/** Fails when a subject fails or rows differ; a goal that is missed is only reported. */
async function main(options: Options): Promise<void> {
  const facts = machineFacts().map((fact) => `- ${fact}`);
  const warnings = disturbances(options.sockets).map((warning) => `- **Warning**: ${warning}`);
  const { tools, dispose } = compileTools();
  try {
    const parts = [[...facts, ...warnings].join('\n')];
    for (const scenario of options.scenarios) parts.push(report(await run(scenario, options, tools)));
    const markdown = parts.join('\n\n');
    process.stdout.write(`${markdown}\n`);
    if (options.write) writeReadmeBlock(markdown);
  } finally {
    dispose();
  }
}

async function run(scenario: Scenario, { sockets, runs }: Options, tools: Tools): Promise<Outcome> {
  progress(`${scenario.name}: holding ${sockets} sockets`);
  const load = await holdSockets(tools, sockets);
  try {
    const scene = { tools, pid: load.pid };
    progress(`${scenario.name}: ${load.words}; comparing rows`);
    const rows = scenario.rows(sockets);
    await assertEqualRows(scenario.subjects, rows, scene);
    const measurements = await interleave(scenario.subjects, runs, rows, scene);
    return { scenario, sockets, runs, load: load.words, measurements };
  } finally {
    await load.end();
  }
}

/** A B C A B C ...: slow drifts of the machine meet all subjects alike. */
async function interleave(
  subjects: readonly Subject[],
  runs: number,
  rows: number,
  scene: Scene,
): Promise<Map<Subject, Measurement[]>> {
  const measurements = new Map(subjects.map((subject) => [subject, [] as Measurement[]]));
  for (let round = 1; round <= runs; round += 1) {
    progress(`round ${round} of ${runs}`);
    for (const subject of subjects) {
      const measurement = await measure(subject, scene);
      if (subject.figures === true && measurement.rows !== rows) {
        throw new Error(`${subject.name} saw ${measurement.rows} rows in round ${round}, not ${rows}`);
      }
      measurements.get(subject)!.push(measurement);
    }
  }
  return measurements;
}

function progress(words: string): void {
  process.stderr.write(`bench: ${words}\n`);
}

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n${error instanceof TypeError ? USAGE : ''}`);
  process.exitCode = 1;
}
