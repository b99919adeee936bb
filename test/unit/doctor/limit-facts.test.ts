import { describe, expect, it } from 'vitest';
import { limitFacts } from '../../../src/doctor/limit-facts.ts';
import { madeUp } from './made-up-root.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             4096                 unlimited            processes
Max open files            64                   524288               files
`;

describe('limits of the process', () => {
  it('are read by their names', () => {
    const { descriptors, processes } = limitFacts(madeUp({ '/proc/self/limits': LIMITS }));
    expect(descriptors).toEqual({ soft: 64, hard: 524288 });
    expect(processes).toEqual({ soft: 4096, hard: null });
  });
});

describe('limits of the control group', () => {
  it('are the least on the way up, of version 2', () => {
    const { groupProcesses, groupMemory } = limitFacts(
      madeUp({
        '/proc/self/cgroup': '0::/a.slice/b:c.scope\n',
        '/sys/fs/cgroup/a.slice/b:c.scope/pids.max': '500\n',
        '/sys/fs/cgroup/a.slice/b:c.scope/memory.max': 'max\n',
        '/sys/fs/cgroup/a.slice/pids.max': '300\n',
        '/sys/fs/cgroup/a.slice/memory.max': '268435456\n',
      }),
    );
    expect(groupProcesses).toEqual({ max: 300, path: '/sys/fs/cgroup/a.slice/pids.max' });
    expect(groupMemory).toEqual({ max: 268435456, path: '/sys/fs/cgroup/a.slice/memory.max' });
  });

  it('are those of version 1, where its greatest number stands for none', () => {
    const { groupProcesses, groupMemory } = limitFacts(
      madeUp({
        '/proc/self/cgroup': '8:pids:/job\n4:memory:/job\n3:cpu,cpuacct:/\n0::/\n',
        '/sys/fs/cgroup/pids/job/pids.max': '12\n',
        '/sys/fs/cgroup/pids/pids.max': 'max\n',
        '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': '9223372036854771712\n',
      }),
    );
    expect(groupProcesses).toEqual({ max: 12, path: '/sys/fs/cgroup/pids/job/pids.max' });
    expect(groupMemory).toBeNull();
  });

  it('are found at the top where a container shows its own group there', () => {
    const { groupProcesses } = limitFacts(
      madeUp({
        '/proc/self/cgroup': '8:pids:/docker/0123\n',
        '/sys/fs/cgroup/pids/pids.max': '77\n',
      }),
    );
    expect(groupProcesses?.max).toBe(77);
  });

  it('are sought in no folder but theirs, whatever the path of the group', () => {
    const { groupProcesses } = limitFacts(
      madeUp({
        '/proc/self/cgroup': '0::/../../../outside\n',
        '/outside/pids.max': '1\n',
        '/sys/fs/cgroup/pids.max': '9\n',
      }),
    );
    expect(groupProcesses).toEqual({ max: 9, path: '/sys/fs/cgroup/pids.max' });
  });
});
