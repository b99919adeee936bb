import { describe, expect, it } from 'vitest';
import { containerFacts } from '../../../src/doctor/container-signs.ts';
import { madeUp } from './made-up-root.ts';

const ID = '0123456789abcdef'.repeat(4);

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
    ['a scope of Docker', { '/proc/self/cgroup': `0::/system.slice/docker-${ID}.scope\n` }, {}, 'docker', 1],
    ['a scope of Podman', { '/proc/self/cgroup': `0::/machine.slice/libpod-${ID}.scope\n` }, {}, 'podman', 1],
    ['a group of LXC', { '/proc/1/cgroup': '0::/lxc.payload.web/init.scope\n' }, {}, 'lxc', 1],
    ['an older group of LXC', { '/proc/1/cgroup': '4:memory:/lxc/web\n' }, {}, 'lxc', 1],
    ['a group of CRI', { '/proc/1/cgroup': `0::/system.slice/cri-containerd-${ID}.scope\n` }, {}, 'other', 1],
    ['a scope of CRI-O', { '/proc/1/cgroup': `0::/x.slice/crio-${ID}.scope\n` }, {}, 'other', 1],
    ['all the pods', { '/proc/1/cgroup': '4:memory:/kubepods\n3:pids:/\n' }, {}, 'kubernetes', 1],
  ] as const)('%s', (_, files, environment, kind, signs) => {
    const facts = containerFacts(madeUp(files, {}, environment));
    expect(facts.kind).toBe(kind);
    expect(facts.signs).toHaveLength(signs);
  });

  it.each([
    'docker',
    'containerd',
    'lxcfs',
    'docker-desktop',
    'crio',
    'lxc-net',
    'kubepodsd',
    `crio-conmon-${ID}`,
  ])('none on the host itself, in the service %s', (name) => {
    const text = `0::/system.slice/${name}.service\n`;
    expect(containerFacts(madeUp({ '/proc/self/cgroup': text }, {}, {})).signs).toEqual([]);
  });
});
