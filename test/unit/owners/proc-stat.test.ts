import { afterAll, describe, expect, it } from 'vitest';
import { parseProcStat, readProcStat } from '../../../src/owners/proc-stat.ts';
import { procTree, removeTrees, statOf } from './proc-trees.ts';

const parse = (text: string) => parseProcStat(new TextEncoder().encode(text));

afterAll(removeTrees);

describe('the stat file of a process', () => {
  it('tells state, threads and start', () => {
    expect(parse(statOf(7, 4711, { state: 'Z', threads: 3 }))).toEqual({
      state: 'Z',
      threads: 3,
      start: 4711,
    });
  });

  it('is read behind the last parenthesis: a name may hold anything', () => {
    const name = 'a) S 1 (b\n) R 9 9';
    expect(parse(statOf(7, 4711, { name }))).toEqual({ state: 'S', threads: 1, start: 4711 });
  });

  it('has a start that wraps', () => {
    expect(parse(statOf(7, 2 ** 32 + 5))?.start).toBe(5);
    const most = statOf(7, 4711).replace(' 4711 ', ' 18446744073709551615 ');
    expect(parse(most)?.start).toBe(0xffffffff);
  });

  it.each(['', '7', '7 (a', '7 (a)', '7 (a) ', '7 (a) S 1 2 3', statOf(7, 1).replace(' 1 1000', ' x 1000')])(
    'makes no sense as "%s"',
    (text) => {
      expect(parse(text)).toBeUndefined();
    },
  );

  it('is not there for a process that has gone, or a tree without it', () => {
    const { path } = procTree({ 7: {} });
    expect(readProcStat(`${path}/7`)).toBeUndefined();
    expect(readProcStat(`${path}/8`)).toBeUndefined();
  });

  it('of this process is of a process that runs', () => {
    expect(readProcStat('/proc/self')).toMatchObject({ state: 'R', start: expect.any(Number) });
  });
});
