import { describe, expect, it } from 'vitest';
import { disagreement, statesValue } from './stated-value.ts';

describe('a value stated in a comment', () => {
  it.each<[unknown, string]>([
    [{ source: 'netlink', better: [] }, "{ source: 'netlink', better: [] }"],
    [{ a: 1, b: undefined }, '{ a: 1 }'],
    [{ a: 1, b: 2 }, '{ a, ... }'],
    [[{ pid: 1 }, { pid: 2 }], '[{ pid }]'],
    ['the kernel has no RAW diag', "'the kernel has no ...'"],
    [true, 'true; false elsewhere'],
    [undefined, "undefined, or 'time-wait'"],
    [[1, 2], '[1, 2]'],
    [[1, 2], '[1, ...]'],
    [{ a: [] }, '{ a: [...] }'],
  ])('%j is %s', (value, comment) => {
    expect(disagreement(value, comment)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [{ source: 'procfs', better: [] }, "{ source: 'netlink', better: [] }"],
    [{ a: 1, b: 2 }, '{ a: 1 }'],
    [{ b: 2 }, '{ a, ... }'],
    [[], '[{ pid }]'],
    [[{ pid: 1 }, { fd: 2 }], '[{ pid }]'],
    ['a kernel', "'the kernel has no ...'"],
    ['xa', "'a'"],
    [[1], '[]'],
    [[2, 1], '[1, ...]'],
    [[], '[1, ...]'],
    [1, '[...]'],
    [false, 'true'],
  ])('%j is not %s', (value, comment) => {
    expect(disagreement(value, comment)).toContain(`is not ${comment}`);
  });

  it('is told from prose, and is understood or an error', () => {
    expect(['sockets', 'one Uint16Array', 'or why'].filter(statesValue)).toEqual([]);
    expect(["'x'", '[', '{', '7', 'true', 'undefined, or more'].every(statesValue)).toBe(true);
    expect(() => disagreement(1, '{ a: b }')).toThrow('a value is missing');
    expect(() => disagreement(1, '1 socket')).toThrow('cannot tell what');
  });
});
