import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../src/owners/proc-refusal.ts';

const failure = (code: string, errno: number) =>
  Object.assign(new Error(code), { code, errno: -errno, syscall: 'open', path: '/proc/7/fd' });

describe('what a failed look at a process means', () => {
  it.each([
    ['ENOENT', 2, 'gone'],
    ['ESRCH', 3, 'gone'],
    ['EACCES', 13, 'denied'],
    ['EPERM', 1, 'denied'],
    ['ENOTDIR', 20, 'odd'],
    ['EIO', 5, 'odd'],
  ])('%s: %s is %s', (code, errno, refusal) => {
    expect(refusalOf(failure(code, errno))).toBe(refusal);
  });

  it.each([
    ['EMFILE', 24],
    ['ENFILE', 23],
    ['ENOMEM', 12],
  ])('%s is of this process, and ends the scan', (code, errno) => {
    const cause = failure(code, errno);
    expect(() => refusalOf(cause)).toThrow(
      expect.objectContaining({
        code: 'ERR_NO_RESOURCES',
        errno,
        syscall: 'open',
        cause,
        reason: `open: ${code}`,
      }),
    );
  });

  it('passes on what is none of the system', () => {
    const error = new TypeError('a mistake');
    expect(() => refusalOf(error)).toThrow(error);
  });

  it('reads what Node throws', () => {
    let thrown: unknown;
    try {
      statSync('/nowhere');
    } catch (error) {
      thrown = error;
    }
    expect(refusalOf(thrown)).toBe('gone');
  });
});
