import { parseArgs } from 'node:util';
import type { Options, Scenario } from './contract.ts';
import { curves, sizesUpTo } from './curve.ts';
import { scenarios } from './scenarios/index.ts';
import { parsed, UsageError } from './usage-error.ts';

const NAMES = scenarios.map(({ name }) => name).join(', ');

export const USAGE = `usage: npm run bench -- [--sockets N] [--runs N] [--processes N] [--scenario NAME]... [--slow] [--busy]
       [--curve | --quick] [--json FILE] [--write]
       npm run bench -- --report FILE [--write]
       npm run bench -- --help

  --sockets N      sockets to hold, even, up to 1000000 (200000); with --curve at the most (500000)
  --runs N         timed runs of each subject (7; 3 with --curve); some scenarios make fewer unless they are named
  --processes N    processes that hold them, up to 4000 (as few as can; 40 where owners are looked for)
  --scenario NAME  only this one: ${NAMES}
  --slow           run once also what takes minutes: ss and netstat with -p
  --busy           time although others hold many sockets; the result says so
  --curve          in the place of the scenarios, time over number of sockets
  --quick          5000 sockets and one run: shows that nothing rots, measures nothing
  --json FILE      where the result goes, all measurements (.bench/last.json)
  --write          merge it into bench/results/latest.json, and make pages, charts and history anew
  --report FILE    the tables of a result that is there
`;

/** What a command line asks for. */
export type CommandLine = Help | Report | Timing;

/** Nothing but the usage. */
export interface Help {
  readonly kind: 'help';
}

export interface Report {
  readonly kind: 'report';
  readonly file: string;
  /** Whether pages and charts are made anew from it. */
  readonly write: boolean;
}

export interface Timing {
  readonly kind: 'timing';
  readonly options: Options;
  readonly scenarios: readonly Scenario[];
  /** Numbers of sockets at which each scenario is run. */
  readonly sizes: readonly number[];
  readonly json: string | undefined;
  readonly write: boolean;
}

const VALUES = ['sockets', 'runs', 'processes', 'json', 'report'] as const;
const FLAGS = ['slow', 'busy', 'curve', 'quick', 'write'] as const;

/** Throws a UsageError that says what is wrong with the arguments. */
export function parseOptions(argv: readonly string[]): CommandLine {
  const { help, ...given } = parse(argv);
  if (help === true) return { kind: 'help' };
  const { json, write = false, curve = false, quick = false, slow = false, busy = false } = given;
  if (given.report !== undefined) {
    const other = Object.keys(given).find((name) => name !== 'report' && name !== 'write');
    if (other !== undefined)
      throw new UsageError(`--report times nothing: it goes with --write, not with --${other}`);
    return { kind: 'report', file: given.report, write };
  }
  if (quick && write) throw new UsageError('--quick measures nothing that is worth a --write');
  if (curve && given.scenario !== undefined) throw new UsageError('--curve has scenarios of its own');
  const sockets = socketsOf(given.sockets ?? (quick ? '5000' : curve ? '500000' : '200000'));
  const runs = count('--runs', given.runs ?? (quick ? '1' : curve ? '3' : '7'), 1000);
  const processes = given.processes === undefined ? undefined : count('--processes', given.processes, 4000);
  const named = given.scenario === undefined ? scenarios : scenariosNamed(given.scenario);
  // Who names both knows how long it takes.
  const unbounded = given.scenario !== undefined && given.runs !== undefined;
  const wanted = curve ? curves : unbounded ? named.map(withAllRuns) : named;
  const sizes = curve ? sizesUpTo(sockets) : [sockets];
  if (sizes.length === 0) throw new UsageError(`--curve begins at 100 sockets, not --sockets ${sockets}`);
  const options = { sockets, processes, runs, slow, quick, busy };
  return {
    kind: 'timing',
    options,
    scenarios: wanted,
    sizes,
    json,
    write,
  };
}

type Given = { [name in (typeof VALUES)[number]]?: string } & {
  [name in (typeof FLAGS)[number]]?: boolean;
} & {
  scenario?: string[];
  help?: boolean;
};

function parse(argv: readonly string[]): Given {
  const options = Object.fromEntries([
    ...VALUES.map((name) => [name, { type: 'string' }] as const),
    ...FLAGS.map((name) => [name, { type: 'boolean' }] as const),
    ['scenario', { type: 'string', multiple: true }] as const,
    ['help', { type: 'boolean', short: 'h' }] as const,
  ]);
  return parsed(() => parseArgs({ args: [...argv], options }).values as Given);
}

function socketsOf(text: string): number {
  const sockets = count('--sockets', text, 1_000_000);
  if (sockets % 2 === 0) return sockets;
  throw new UsageError(`--sockets ${sockets}: a connection has two ends, give an even number`);
}

function count(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new UsageError(`${option} ${text}: want a whole number from 1 to ${most}`);
}

function scenariosNamed(names: readonly string[]): Scenario[] {
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new UsageError(`--scenario ${twice} is given twice`);
  return names.map(scenarioNamed);
}

function withAllRuns({ mostRuns: _, ...scenario }: Scenario): Scenario {
  return scenario;
}

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`--scenario ${name}: there is no such scenario, only ${NAMES}`);
}
