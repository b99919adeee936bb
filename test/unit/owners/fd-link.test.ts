import { describe, expect, it } from 'vitest';
import { socketInode } from '../../../src/owners/fd-link.ts';

describe('the inode in a link', () => {
  it.each([
    ['socket:[4711]', 4711],
    ['socket:[0]', 0],
    ['socket:[4294967295]', 4294967295],
    ['[0000]:110', 110],
    ['[0000]:0x6c', 108],
    ['[0000]:0X6C', 108],
    ['[0000]:0155', 109],
    ['[0000]:0', 0],
  ])('of %s is %i', (link, inode) => {
    expect(socketInode(link)).toBe(inode);
  });

  it.each([
    'socket:[4294967296]',
    'socket:[]',
    'socket:[12',
    'socket:[12]junk',
    'socket:[ 12]',
    'socket:[-12]',
    'socket:[0x12]',
    'socket:12]',
    'pipe:[12]',
    '/dev/socket:[12]',
    '[0000]:',
    '[0000]:110 junk',
    '[0000]:-113',
    '[0000]:08',
    '[0000]:0x',
    '[0000]:4294967413',
    '[0001]:5',
    'anon_inode:[eventpoll]',
    '',
  ])('is not to be had of "%s"', (link) => {
    expect(socketInode(link)).toBeUndefined();
  });
});
