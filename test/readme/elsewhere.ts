/** Lines of `sh` blocks that no test here runs, and what shows them instead: a file that runs them, by its text. */
export interface Elsewhere {
  readonly line: string;
  readonly shownBy: readonly (readonly [path: string, text: string])[];
}

/** A line that reaches out of this machine, or needs another system: it is not run, for that reason. */
export interface Outward {
  readonly line: string;
  readonly because: string;
}

/** `npm run check` runs lint, types, build, test:native and test: see package.json. */
const CHECK = ['.ci/run', 'npm run check'] as const;

export const ELSEWHERE: readonly Elsewhere[] = [
  { line: 'npm start -- -an', shownBy: [['.ci/run', 'npm start -- -an']] },
  { line: 'npm test', shownBy: [CHECK, ['package.json', '&& npm test"']] },
  { line: 'npm run check', shownBy: [CHECK] },
  { line: 'npm run build', shownBy: [CHECK, ['package.json', '&& npm run build &&']] },
  { line: 'npm run build:native', shownBy: [['scripts/setup.mjs', "'scripts/build-native.mjs'"]] },
  { line: 'npm run bench -- --quick', shownBy: [['.ci/run', 'npm run bench -- --quick']] },
  { line: 'npm ci', shownBy: [['scripts/setup.mjs', "'npm', 'ci'"]] },
  { line: '.ci/run', shownBy: [['.ci/run', '#!/usr/bin/env bash']] },
];

/** Programs whose commands are never run: they need a service that a test does not have. */
export const OUTWARD_PROGRAMS: Readonly<Record<string, string>> = {
  docker: 'a container engine',
  podman: 'a container engine',
  kubectl: 'a cluster',
  systemctl: 'systemd as process 1',
};

const REGISTRY = 'it asks the registry';
const LONG = 'it takes minutes; a test reads its options';

export const OUTWARD: readonly Outward[] = [
  { line: 'npm run bench -- --scenario owners --sockets 100000', because: LONG },
  { line: 'npm run bench -- --sockets 500000 --runs 5 --slow --write', because: LONG },
  { line: 'npm run bench -- --curve --slow --write', because: LONG },
  { line: 'npm run bench -- --scenario established --json before.json', because: LONG },
  { line: 'npm run bench -- --scenario established --json after.json', because: LONG },
  {
    line: 'npm run bench:compare -- before.json after.json --fail-over 1.1',
    because: 'it compares what takes minutes; test/bench runs it',
  },
  { line: 'npm run bench -- --scenario poll-cost --sockets 100000 --runs 3', because: LONG },
  { line: 'npm run bench -- --scenario neighbour --sockets 200000 --runs 3', because: LONG },
  { line: 'npm run bench -- --scenario embedder --sockets 200000 --runs 2', because: LONG },
  { line: 'npm run bench -- --scenario slab --sockets 200000 --runs 3', because: LONG },
  { line: 'npm publish --provenance --access public', because: 'it publishes; the dry run is run' },
  { line: 'git push --follow-tags', because: 'it publishes' },
  { line: 'npm view sockscope dist.tarball dist.attestations', because: REGISTRY },
  { line: 'npm audit signatures', because: REGISTRY },
  { line: 'npm dist-tag add sockscope@0.1.0 latest', because: 'it publishes' },
  {
    line: 'npm deprecate sockscope@0.1.1 "says what is wrong, and which version to take"',
    because: 'it publishes',
  },
];

/** Whether a line is not run here, with what shows it instead, or why nothing can. */
export function isRunElsewhere(line: string): boolean {
  const program = line.split(' ').find((word) => word !== 'sudo' && !/^\w+=/.test(word))!;
  return program in OUTWARD_PROGRAMS || [...ELSEWHERE, ...OUTWARD].some((one) => one.line === line);
}
