import { describe, expect, it } from 'vitest';
import { appended, entriesOf, historyLines, historyTable, parseHistory } from '../../bench/history.ts';
import { record } from '../../bench/record.ts';
import {
  half,
  machine,
  ours,
  outcome,
  result,
  resultOf,
  rival,
  run,
  runs,
  scenario,
  sized,
} from './sample-result.ts';

const [entry] = entriesOf(result([45], [100]));
const measured = new Map([
  [ours, runs(45)],
  [rival, runs(100)],
]);

describe('the history', () => {
  it('has a line of ratios for a run', () => {
    expect(entry).toEqual({
      commit: run.commit,
      begun: run.begun,
      machine: 'Some CPU, 2 cores, Linux 6.18.1, Node v20.20.2',
      ratios: { 'sample: half of ss': 0.45 },
      disturbed: [],
    });
  });

  it('has no milliseconds, nothing that was not judged, and nothing but headlines', () => {
    const { to: _, ...alone } = half;
    const goals = [{ ...half, headline: false }, { ...half, sockets: 10 }, alone];
    expect(entriesOf(resultOf([record(outcome(measured, scenario(goals)), false)]))).toEqual([]);
    expect(entriesOf(resultOf([record(outcome(measured), true)]))).toEqual([]);
  });

  it('has one line of a commit on a machine, the later figure of each', () => {
    const again = { ...entry!, begun: 'later', ratios: { 'sample: half of ss': 0.4, 'sample: other': 1 } };
    const other = { ...entry!, ratios: { 'sample: third': 2 } };
    expect(appended([entry!], [again, other])).toEqual([
      { ...again, begun: run.begun, ratios: { ...again.ratios, ...other.ratios } },
    ]);
    const elsewhere = entriesOf(result([1], [2], { machine: { ...machine, cores: 4 } }));
    const changed = entriesOf(result([1], [2], { commit: { ...run.commit, dirty: true } }));
    expect(appended([entry!], [...elsewhere, ...changed])).toEqual([entry, ...elsewhere, ...changed]);
  });

  it('says what was disturbed, by whatever', () => {
    const [before] = entriesOf(result([45], [100], { disturbances: ['load average 3'] }));
    const [during] = entriesOf(resultOf([{ ...sized(500_000, [45], [100]), disturbances: ['others came'] }]));
    expect([before!.disturbed, during!.disturbed]).toEqual([['sample: half of ss'], ['sample: half of ss']]);
    expect(historyTable([before!])).toContain('2026-01-02, disturbed |');
  });

  it('is calm again when a calm run has replaced what was disturbed', () => {
    const name = 'sample: half of ss';
    const [spoiled] = entriesOf(result([45], [100], { disturbances: ['load average 3'] }));
    const more = { ...spoiled!, ratios: { ...spoiled!.ratios, other: 2 }, disturbed: [name, 'other'] };
    expect(appended([spoiled!], [entry!])).toEqual([entry]);
    expect(appended([more], [entry!])[0]!.disturbed).toEqual(['other']);
    expect(appended([entry!], [spoiled!])[0]!.disturbed).toEqual([name]);
  });

  it('has a line for each run where no commit is known', () => {
    const nowhere = { ...entry!, commit: { hash: null, dirty: false } };
    const later = { ...nowhere, begun: 'later' };
    expect(appended([nowhere], [later])).toEqual([nowhere, later]);
    expect(appended([nowhere], [{ ...nowhere, ratios: {} }])).toEqual([nowhere]);
  });

  it('is a line of JSON each, and back', () => {
    const lines = historyLines([entry!, entry!]);
    expect(lines.split('\n')).toHaveLength(3);
    expect(parseHistory(lines)).toEqual([entry, entry]);
    expect(parseHistory('')).toEqual([]);
  });

  it('is a table with a column for each of the latest commits', () => {
    const commits = Array.from({ length: 10 }, (_, at) => ({
      ...entry!,
      commit: { hash: `${at}`.repeat(40), dirty: false },
      ratios: { [at < 9 ? 'old' : 'new']: at },
    }));
    const table = historyTable(commits);
    expect(table).not.toContain('111111111');
    expect(table).toContain('commit 222222222, 2026-01-02');
    expect(table).toContain('| new |  |  |  |  |  |  |  | 9.00 |');
    expect(table).toContain('Some CPU, 2 cores');
  });

  it('of sizes of a curve has none, for they have no goals', () => {
    expect(entriesOf(resultOf([{ ...sized(100, [1], [2]), goals: [] }]))).toEqual([]);
  });
});
