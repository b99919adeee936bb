import { parseArgs } from 'node:util';
import type { Options, Scenario } from './contract.ts';
import { scenarios } from './scenarios/index.ts';

export const USAGE = `usage: npm run bench -- [--sockets N] [--runs N] [--processes N] [--scenario NAME]... [--slow] [--write]
       [--quick]

  --sockets N      sockets to hold, even, up to 1000000 (200000)
  --runs N         timed runs of each subject (7)
  --processes N    processes that hold them, up to 4000 (as few as can; 40 where owners are looked for)
  --scenario NAME  only this one: ${scenarios.map(({ name }) => name).join(', ')}
  --slow           run once also what takes minutes beyond 20000 sockets: ss and netstat with -p
  --write          put the result into bench/README.md
  --quick          5000 sockets and one run: shows that nothing rots, measures nothing
`;

/** Throws a TypeError that says what is wrong with the arguments. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      sockets: { type: 'string' },
      runs: { type: 'string' },
      processes: { type: 'string' },
      scenario: { type: 'string', multiple: true },
      slow: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
  });
  const sockets = count('--sockets', values.sockets ?? (values.quick ? '5000' : '200000'), 1_000_000);
  if (sockets % 2 !== 0)
    throw new TypeError(`--sockets ${sockets}: a connection has two ends, give an even number`);
  const runs = count('--runs', values.runs ?? (values.quick ? '1' : '7'), 1000);
  const processes = values.processes === undefined ? undefined : count('--processes', values.processes, 4000);
  const wanted = values.scenario?.map(scenarioNamed) ?? scenarios;
  const { slow, quick, write } = values;
  return { sockets, processes, runs, slow, quick, write, scenarios: wanted };
}

function count(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new TypeError(`${option} ${text}: want a whole number from 1 to ${most}`);
  }
  return value;
}

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new TypeError(`--scenario ${name}: there is no such scenario`);
  return found;
}
