import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { commitHere } from './commit.ts';
import type { Options, Tools } from './contract.ts';
import { curves, Patience } from './curve.ts';
import { judgedAnew } from './goals.ts';
import { keeperHere, LAST } from './keep.ts';
import { machineHere } from './machine.ts';
import { parseOptions, type Timing, USAGE } from './options.ts';
import { disturbances } from './quiet.ts';
import { record } from './record.ts';
import { provenance, report } from './report.ts';
import { RESULT_SCHEMA, type Result, type Run, type ScenarioResult } from './result.ts';
import { prepareResult, readResult, writeResult } from './result-file.ts';
import { runScenario } from './rounds.ts';
import { scenarios } from './scenarios/index.ts';
import { endWithStandardOutput } from './standard-output.ts';
import { compileTools } from './tools.ts';
import { UsageError } from './usage-error.ts';

const KNOWN = [...scenarios, ...curves];

/** Fails when a subject fails or rows differ; a goal that is missed is only reported. */
async function main(argv: readonly string[]): Promise<void> {
  const line = parseOptions(argv);
  if (line.kind === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (line.kind === 'timing') return time(line);
  const result = judgedAnew(readResult(line.file), KNOWN);
  for (const run of result.runs) print(provenance(run));
  for (const scenario of result.scenarios) print(report(scenario));
  if (line.write) keeperHere(KNOWN).writePages(result);
}

/** Each scenario is kept as soon as it has ended: one that fails later takes nothing away. */
async function time(line: Timing): Promise<void> {
  const file = placeOf(line.json);
  const run = begin(line.options);
  print(provenance(run));
  const { tools, dispose } = compileTools();
  const done: ScenarioResult[] = [];
  try {
    for await (const scenario of scenariosOf(line, tools)) {
      done.push(scenario);
      print(report(scenario));
      const result: Result = { schema: RESULT_SCHEMA, runs: [run], scenarios: done };
      writeResult(file, result);
      if (line.write) keeperHere(KNOWN).keep(result);
    }
  } finally {
    dispose();
  }
  process.stderr.write(`bench: all measurements are in ${file}\n`);
}

/** Where the result goes: the folder of the default is made, one that is misspelt is not. */
function placeOf(json: string | undefined): string {
  if (json === undefined) mkdirSync(dirname(LAST), { recursive: true });
  const file = json ?? LAST;
  prepareResult(file);
  return file;
}

/** Size by size: what is slow with few sockets is spared with many. */
async function* scenariosOf(
  { options, scenarios, sizes }: Timing,
  tools: Tools,
): AsyncGenerator<ScenarioResult> {
  for (const scenario of scenarios) {
    const patience = new Patience(options);
    for (const sockets of sizes) {
      const surroundings = sizes.length > 1 ? { declined: patience.declined } : {};
      const begun = performance.now();
      const outcome = await runScenario(scenario, { ...options, sockets }, tools, surroundings);
      const seconds = Math.round((performance.now() - begun) / 1e3);
      process.stderr.write(`bench: ${scenario.name} took ${seconds} s\n`);
      patience.remember(outcome);
      yield record(outcome, options.quick);
    }
  }
}

function begin(options: Options): Run {
  const machine = machineHere();
  return {
    commit: commitHere(),
    begun: new Date().toISOString(),
    machine,
    options,
    loadAverage: loadavg(),
    disturbances: disturbances(machine),
  };
}

function print(markdown: string): void {
  process.stdout.write(`${markdown}\n\n`);
}

endWithStandardOutput('bench');
try {
  await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.exitCode = isUsage ? 2 : 1;
  process.stderr.write(`bench: ${(error as Error).message}\n${isUsage ? USAGE : ''}`);
}
