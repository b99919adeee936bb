import type { Outside } from './outside.ts';

/** What made a container, as far as its traces tell. */
export type ContainerKind = 'kubernetes' | 'podman' | 'docker' | 'lxc' | 'other';

/** Whether this process seems to run in a container. The traces can be forged, and there need not be any. */
export interface ContainerFacts {
  /** `null`: nothing looks like one. */
  readonly kind: ContainerKind | null;
  /** The traces: paths, environment variables, names of control groups. */
  readonly signs: readonly string[];
}

const FILES: Readonly<Record<string, ContainerKind>> = {
  '/var/run/secrets/kubernetes.io': 'kubernetes',
  '/run/.containerenv': 'podman',
  '/.dockerenv': 'docker',
  '/run/systemd/container': 'other',
  '/dev/lxd/sock': 'lxc',
};

/** What follows the word tells a container's group from that of the service that runs containers: `docker.service`. */
const GROUPS: readonly (readonly [word: string, end: string, kind: ContainerKind])[] = [
  ['kubepods', '(?:[/.-]|$)', 'kubernetes'],
  ['libpod', '[/_-]', 'podman'],
  ['docker', '(?:/.|-[0-9a-f]{12})', 'docker'],
  ['lxc', '(?:/.|\\.payload[./])', 'lxc'],
  ['containerd', '[/:-][0-9a-f]{12}', 'other'],
  ['crio', '-[0-9a-f]{12}', 'other'],
];

/** The most telling kind first: Kubernetes runs its containers by something else. */
const RANKS: readonly ContainerKind[] = ['kubernetes', 'podman', 'docker', 'lxc', 'other'];

export function containerFacts(outside: Outside): ContainerFacts {
  const found: { sign: string; kind: ContainerKind }[] = [];
  for (const [path, kind] of Object.entries(FILES))
    if (outside.exists(path)) found.push({ sign: path, kind });
  const { container, KUBERNETES_SERVICE_HOST } = outside.environment;
  if (KUBERNETES_SERVICE_HOST) found.push({ sign: 'KUBERNETES_SERVICE_HOST is set', kind: 'kubernetes' });
  if (container) found.push({ sign: `container=${container}`, kind: kindOf(container) });
  for (const process of ['self', '1']) {
    const groups = outside.text(`/proc/${process}/cgroup`) ?? '';
    const known = GROUPS.find(([word, end]) => new RegExp(`[/:-]${word}${end}`, 'm').test(groups));
    if (known !== undefined) found.push({ sign: `${known[0]} in /proc/${process}/cgroup`, kind: known[2] });
  }
  const kind = RANKS.find((rank) => found.some((one) => one.kind === rank)) ?? null;
  return { kind, signs: found.map(({ sign }) => sign) };
}

function kindOf(word: string): ContainerKind {
  return RANKS.find((kind) => kind === word) ?? 'other';
}
