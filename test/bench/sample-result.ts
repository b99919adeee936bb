import type { Goal, Load, Measurement, Outcome, Scenario, Subject } from '../../bench/contract.ts';
import type { Machine } from '../../bench/machine.ts';
import { record } from '../../bench/record.ts';
import { RESULT_SCHEMA, type Result, type Run, type ScenarioResult } from '../../bench/result.ts';

export const machine: Machine = {
  cpu: 'Some CPU',
  cores: 2,
  memoryGib: 24,
  kernel: '6.18.1',
  node: 'v20.20.2',
  sockscope: '0.1.0',
  addon: 'release build',
  programs: { ss: 'iproute2-6.1.0', lsof: 'missing' },
};

export const run: Run = {
  commit: { hash: '0123456789abcdef0123456789abcdef01234567', dirty: false },
  begun: '2026-01-02T03:04:05.678Z',
  machine,
  options: { sockets: 500_000, processes: undefined, runs: 5, slow: false, quick: false, busy: false },
  loadAverage: [0.25, 0.1, 0.05],
  disturbances: [],
};

export const ours = subject('sockscope -tan');
export const rival = { ...subject('ss -tanH'), yardstick: true };
export const missing = { ...subject('lsof'), yardstick: true, lacks: () => 'missing: lsof' };

/** `sockscope -tan` is to take half of the time of ss. */
export const half: Goal = {
  what: 'half of ss',
  of: { subject: ours, figure: 'wallMs' },
  to: { subject: rival, figure: 'wallMs' },
  atMost: 0.5,
  headline: true,
};

export function subject(name: string): Subject {
  return { name, command: () => [name], rows: () => 0 };
}

export function scenario(goals: readonly Goal[] = [half], name = 'sample'): Scenario {
  return {
    name,
    title: 'sockets of a sample',
    rows: (sockets) => sockets,
    subjects: [ours, rival, missing],
    inside: [],
    goals,
  };
}

/** Runs of those wall times, in ms; CPU is half and memory a tenth of them. */
export function runs(...wall: readonly number[]): Measurement[] {
  return wall.map((wallMs) => ({ wallMs, cpuMs: wallMs / 2, rssMb: wallMs / 10, wallUsPerSocket: wallMs }));
}

export function outcome(
  measurements: ReadonlyMap<Subject, readonly Measurement[]>,
  of: Scenario = scenario(),
  sockets = 500_000,
): Outcome {
  const absent = new Map([[missing, 'missing: lsof']]);
  const loads = ['sockets=500000'];
  return { scenario: of, sockets, runs: 5, loads, measurements, unseen: [], absent, disturbances: [] };
}

/** A result whose subjects took that long. */
export function result(
  own: readonly number[],
  others: readonly number[],
  changes: Partial<Run> = {},
): Result {
  return resultOf([sized(500_000, own, others)], changes);
}

export function resultOf(scenarios: readonly ScenarioResult[], changes: Partial<Run> = {}): Result {
  return { schema: RESULT_SCHEMA, runs: [{ ...run, ...changes }], scenarios };
}

export function sized(sockets: number, own: readonly number[], others: readonly number[]): ScenarioResult {
  const measured = new Map([
    [ours, runs(...own)],
    [rival, runs(...others)],
  ]);
  return record(outcome(measured, scenario(), sockets), false);
}

/** A load that holds nothing. */
export const noLoad: Load = { pid: process.pid, words: 'sockets=0', end: async () => {} };
