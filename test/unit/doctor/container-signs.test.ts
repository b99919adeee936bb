import { describe, expect, it } from 'vitest';
import { containerFacts } from '../../../src/doctor/container-signs.ts';
import { madeUp } from './made-up-root.ts';

describe('signs of a container', () => {
  it.each([
    ['none', {}, {}, null, 0],
    ["Docker's file", { '/.dockerenv': '' }, {}, 'docker', 1],
    ["Podman's file beside the variable", { '/run/.containerenv': '' }, { container: 'podman' }, 'podman', 2],
    ['a pod of containerd', { '/.dockerenv': '' }, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 'kubernetes', 2],
    ['a group of pods', { '/proc/1/cgroup': '0::/kubepods.slice/pod1\n' }, {}, 'kubernetes', 1],
    ['a group of Docker', { '/proc/self/cgroup': '4:memory:/docker/0123\n' }, {}, 'docker', 1],
    ['a word of its own', {}, { container: 'systemd-nspawn' }, 'other', 1],
    ['an empty variable', {}, { container: '' }, null, 0],
    ['a user slice', { '/proc/self/cgroup': '0::/user.slice/mydocker.service\n' }, {}, null, 0],
  ] as const)('%s', (_, files, environment, kind, signs) => {
    const facts = containerFacts(madeUp(files, {}, environment));
    expect(facts.kind).toBe(kind);
    expect(facts.signs).toHaveLength(signs);
  });
});
