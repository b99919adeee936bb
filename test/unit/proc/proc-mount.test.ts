import { describe, expect, it } from 'vitest';
import { capabilitiesBeside, capabilitiesOf } from '../../../src/proc/capabilities.ts';
import { procMount } from '../../../src/proc/proc-mount.ts';

describe('the mount of a process file system', () => {
  const lines = (...mounts: string[]): string => mounts.map((one, at) => `${at} 1 0:1 / ${one}`).join('\n');

  it('is the last one at its place', () => {
    const text = lines('/proc rw - proc proc rw', '/proc rw,nosuid - proc proc ro,gid=5,hidepid=2');
    expect(procMount(text, '/proc')).toEqual({
      hidepid: '2',
      group: '5',
      subset: undefined,
      isReadOnly: true,
    });
  });

  it.each([
    ['hides where the kernel says so in words', 'rw,hidepid=ptraceable', 'ptraceable'],
    ['does not where it says off', 'rw,hidepid=off', undefined],
    ['does not where it says 0', 'rw,hidepid=0', undefined],
    ['does not where it says nothing', 'rw', undefined],
  ])('%s', (_, options, hidepid) => {
    expect(procMount(lines(`/proc rw - proc proc ${options}`), '/proc')?.hidepid).toBe(hidepid);
  });

  it('is none where something else is mounted over it, or nothing is', () => {
    expect(procMount(lines('/proc rw - proc proc rw', '/proc rw - tmpfs t rw'), '/proc')).toBeUndefined();
    expect(procMount(lines('/proc2 rw - proc proc rw'), '/proc')).toBeUndefined();
    expect(procMount('', '/proc')).toBeUndefined();
  });

  it('is found at a path that the kernel escapes', () => {
    const text = lines('/a\\040b\\011\\134c rw - proc proc rw,subset=pid');
    expect(procMount(text, '/a b\t\\c')?.subset).toBe('pid');
  });
});

describe('capabilities', () => {
  it('have the numbers of the kernel', () => {
    expect(capabilitiesOf('0000000000000000')).toEqual([]);
    expect(capabilitiesOf('000000c000281006')).toEqual([
      'CAP_DAC_OVERRIDE',
      'CAP_DAC_READ_SEARCH',
      'CAP_NET_ADMIN',
      'CAP_SYS_PTRACE',
      'CAP_SYS_ADMIN',
      'CAP_PERFMON',
      'CAP_BPF',
    ]);
    expect(capabilitiesOf('000001ffffffffff')).toHaveLength(41);
    expect(capabilitiesBeside(capabilitiesOf('000001ffffffffff'))).toEqual([]);
    expect(capabilitiesOf('0000020000000000')).toEqual(['CAP_41']);
  });
});
