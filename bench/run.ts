import type { Options } from './contract.ts';
import { disturbances, machineFacts } from './machine.ts';
import { parseOptions, USAGE } from './options.ts';
import { writeReadmeBlock } from './readme-block.ts';
import { report } from './report.ts';
import { runScenario } from './rounds.ts';
import { compileTools } from './tools.ts';

/** Fails when a subject fails or rows differ; a goal that is missed is only reported. */
async function main(options: Options): Promise<void> {
  const facts = machineFacts().map((fact) => `- ${fact}`);
  const warnings = disturbances(options.sockets).map((warning) => `- **Warning**: ${warning}`);
  const { tools, dispose } = compileTools();
  try {
    const machine = [...facts, ...warnings].join('\n');
    process.stdout.write(`${machine}\n\n`);
    for (const scenario of options.scenarios) {
      const markdown = report(await runScenario(scenario, options, tools));
      process.stdout.write(`${markdown}\n\n`);
      if (options.write) writeReadmeBlock(scenario.name, `${markdown}\n\n${machine}`);
    }
  } finally {
    dispose();
  }
}

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n${error instanceof TypeError ? USAGE : ''}`);
  process.exitCode = 1;
}
