import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withBlock } from '../../bench/generated-block.ts';
import { digits } from '../../bench/markdown.ts';
import { pagesOf, summaryOf } from '../../bench/pages.ts';
import { record } from '../../bench/record.ts';
import { provenance, report } from '../../bench/report.ts';
import { knownOf, merged } from '../../bench/result.ts';
import { readResult, writeResult } from '../../bench/result-file.ts';
import { ours, outcome, result, resultOf, rival, run, runs, sized } from './sample-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockscope-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'deep/result.json');
const sample = result([40, 50, 45], [100, 110, 90]);

describe('a result in a file', () => {
  it('is what it was, all measurements and reasons included', () => {
    writeResult(path, sample);
    const read = readResult(path);
    expect(read).toEqual(JSON.parse(JSON.stringify(sample)));
    const [own, other, absent] = read.scenarios[0]!.subjects;
    expect(own).toMatchObject({
      figures: { wallMs: [40, 50, 45], cpuMs: [20, 25, 22.5], rssMb: [4, 5, 4.5] },
    });
    expect(other).toMatchObject({ yardstick: true, absent: null });
    expect(absent).toMatchObject({ absent: 'missing: lsof', figures: {} });
  });

  it.each([
    ['no JSON', '{', 'is no result'],
    ['no JSON, of several lines', 'a\nb\nc', /is no result: .*$/],
    ['nothing', 'null', 'schema undefined, not 1'],
    ['another schema', '{ "schema": 0 }', 'schema 0, not 1'],
    ['no scenarios', '{ "schema": 1, "runs": [] }', 'scenarios is no list'],
  ])('that is none says so: %s', (_, text, words) => {
    writeFileSync(path, text);
    expect(() => readResult(path)).toThrow(words);
    expect(() => readResult(join(folder, 'absent.json'))).toThrow('is no result');
  });
});

describe('two results merged', () => {
  const later = resultOf([sized(500_000, [1], [2])], { begun: '2027-01-01T00:00:00.000Z' });

  it('have the later figures of the same scenario and number of sockets, and no run without any', () => {
    expect(merged(sample, later)).toEqual(later);
  });

  it('keep what is not replaced, each with its own run', () => {
    const both = merged(resultOf([sized(500_000, [3], [4]), sized(100, [5], [6])]), later);
    expect(both.runs.map(({ begun }) => begun)).toEqual([run.begun, '2027-01-01T00:00:00.000Z']);
    expect(both.scenarios.map(({ run: index, sockets }) => [index, sockets])).toEqual([
      [0, 100],
      [1, 500_000],
    ]);
  });
});

describe('what is kept', () => {
  it('is what there is a scenario for, in their order', () => {
    const named = (name: string, sockets: number, index: number) => ({
      ...sized(sockets, [1], [2]),
      name,
      run: index,
    });
    const all = { ...sample, runs: [run, { ...run, begun: 'later' }] };
    const mixed = {
      ...all,
      scenarios: [named('b', 9, 1), named('gone', 1, 0), named('a', 1, 1), named('b', 5, 1)],
    };
    const kept = knownOf(mixed, ['a', 'b']);
    expect(kept.scenarios.map(({ name, sockets, run: index }) => [name, sockets, index])).toEqual([
      ['a', 1, 0],
      ['b', 5, 0],
      ['b', 9, 0],
    ]);
    expect(kept.runs.map(({ begun }) => begun)).toEqual(['later']);
  });
});

describe('the report of a scenario', () => {
  const text = report(sample.scenarios[0]!);

  it('has goals, processes and absent subjects', () => {
    expect(text).toContain('| half of ss | **0.45** (0.40 to 0.50) |  | ≤ 0.5 | met |');
    expect(text).toContain('| sockscope -tan | 45.0 | 40.0 | 50.0 | 22.5 | 4.50 |');
    expect(text).toContain('- `lsof`: missing: lsof');
    expect(text).not.toContain('Warning');
  });

  it('tells the 99th percentile from a hundred measurements on', () => {
    const many = Array.from({ length: 100 }, (_, at) => at + 1);
    const often = report(sized(500_000, many, many.slice(1)));
    expect(text).toContain('| Whole process | wall ms, p50 | min | max | CPU ms | RSS MB |');
    expect(often).toContain('| Whole process | wall ms, p50 | min | p99 | max | CPU ms | RSS MB |');
    expect(often).toContain('| sockscope -tan | 50.5 | 1.00 | 99.0 | 100 |');
    expect(often).toContain('| ss -tanH | 51.0 | 2.00 |  | 100 |');
  });

  it('tells a goal that is missed, and what disturbed', () => {
    const spoiled = report({ ...sized(500_000, [60], [100]), disturbances: ['others came'] });
    expect(spoiled).toContain('| half of ss | **0.60** |  | ≤ 0.5 | MISSED |');
    expect(spoiled).toContain('- **Warning**: others came');
  });

  it('shows what is timed inside the process unasked', () => {
    const timed = { p50Ms: 7, p99Ms: 9, minMs: 6, callCpuMs: 8, calls: 3, rows: 1 };
    const inside = outcome(
      new Map([
        [ours, runs(40).map((one) => ({ ...one, ...timed }))],
        [rival, runs(100)],
      ]),
    );
    const shown = report(record(inside, false));
    expect(shown).toContain('| sockscope -tan | p50Ms | 7.00 |');
    expect(shown).toContain('| sockscope -tan | p99Ms | 9.00 |');
    expect(shown).toContain('| sockscope -tan | callCpuMs | 8.00 |');
  });

  it('says when, where and of what it is', () => {
    const words = provenance({
      ...run,
      commit: { hash: run.commit.hash, dirty: true },
      disturbances: ['noise'],
    });
    expect(words).toContain(
      'commit 012345678, with changes, 2026-01-02 03:04 UTC, load average 0.25 0.10 0.05',
    );
    expect(words).toContain('Some CPU, 2 cores, 24 GiB');
    expect(words).toContain('ss iproute2-6.1.0, no lsof');
    expect(words).toContain('**Warning**: noise');
  });

  it('writes three digits', () => {
    expect([0, 0.001234, 0.5, 9.876, 98.76, 987.6, 9876.5, -12.34].map(digits)).toEqual([
      '0.00',
      '0.001',
      '0.50',
      '9.88',
      '98.8',
      '988',
      '9,877',
      '-12.3',
    ]);
  });
});

describe('pages', () => {
  const curved = resultOf(
    [100, 10_000, 1_000_000].map((sockets) => sized(sockets, [sockets], [sockets * 3])),
  );

  it('are one of a scenario, an index, and a chart where there are sizes enough', () => {
    expect([...pagesOf(sample, []).keys()]).toEqual(['README.md', 'sample.md']);
    const pages = pagesOf(curved, []);
    expect([...pages.keys()]).toEqual(['README.md', 'sample.md', 'sample.svg']);
    expect(pages.get('README.md')).toContain('| sockscope -tan | 100 | 10,000 | 1,000,000 |');
    expect(pages.get('README.md')).toContain('(sample.svg)');
    expect(pages.get('README.md')).toContain('| half of ss | [sample](sample.md) | 100 | **0.33** |');
    expect(pages.get('sample.md')!.match(/^## /gm)).toHaveLength(3);
  });

  it('have a summary for the README', () => {
    const summary = summaryOf(curved, 'bench/results/');
    expect(summary).toContain('](bench/results/sample.svg)');
    expect(summary).toContain('| half of ss | 100 | **0.33** | ≤ 0.5 | met |');
    expect(summary).toContain('Some CPU, 2 cores');
    expect(summary).not.toContain('disturbed');
    const later = { ...run, begun: '2026-02-03T00:00:00Z' };
    const twice = summaryOf({ ...curved, runs: [run, later] }, 'bench/results/');
    expect(twice.match(/Some CPU/g)).toHaveLength(1);
    expect(twice).toContain('2026-02-03');
    const spoiled = { ...curved, runs: [{ ...run, disturbances: ['noise'] }] };
    expect(summaryOf(spoiled, 'bench/results/')).toContain(
      'disturbed: [the figures](bench/results/README.md)',
    );
  });
});

describe('the block in a document', () => {
  const empty = 'a\n<!-- figures: written by npm run bench -- --write -->\nold\n<!-- end of figures -->\nz\n';

  it('replaces what is between its markers', () => {
    const once = withBlock(empty, 'new');
    expect(once.replaceAll(/<!--[^>]*-->/g, '|')).toBe('a\n|\n\nnew\n\n|\nz\n');
    expect(withBlock(once, 'new')).toBe(once);
  });

  it('is missed where there are no markers', () => {
    expect(() => withBlock('a\n', 'new')).toThrow('lost');
  });
});
