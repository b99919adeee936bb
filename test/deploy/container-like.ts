import { fileURLToPath } from 'node:url';
import { requirement } from '../requirements.ts';
import type { Installed } from './installed.ts';
import { GROUP, type Residents } from './residents.ts';

/** What a container is given. */
export interface ContainerGifts {
  readonly pidHost: boolean;
  readonly networkHost: boolean;
  /** The host's /proc, read-only, at /host/proc: `hostProc` here. */
  readonly procMounted: boolean;
  readonly readOnly: boolean;
  /** In lower case, without `CAP_`. In effect for root alone: engines do not make them ambient. */
  readonly capabilities: readonly string[];
  readonly uid: number;
  readonly groups: readonly number[];
  /** What it mounts at /run/sockscope is mounted there for the host, too. Where the host's /run is shared. */
  readonly sharesPinned?: boolean;
}

/** What runs as root in a container has, where nothing else is said: the list that docker and podman share. */
const USUAL =
  'chown dac_override fowner fsetid kill net_bind_service setfcap setgid setpcap setuid sys_chroot'.split(
    ' ',
  );

/** By options of docker and podman; root where they say nothing. Throws for one that is not known here. */
export function giftsOf(options: readonly string[]): ContainerGifts {
  const rest = new Set(options);
  const take = (option: string): boolean => rest.delete(option);
  const valuesOf = (name: string): string[] =>
    options
      .filter((option) => option.startsWith(`${name}=`) && take(option))
      .map((option) => option.slice(name.length + 1));
  const gifts = {
    networkHost: take('--network=host'),
    pidHost: take('--pid=host'),
    procMounted: take('--volume=/proc:/host/proc:ro'),
    readOnly: take('--read-only'),
    capabilities: [
      ...(take('--cap-drop=ALL') ? [] : USUAL),
      ...valuesOf('--cap-add').map((name) => name.toLowerCase()),
    ],
    uid: Number(valuesOf('--user')[0] ?? 0),
    groups: valuesOf('--group-add').map((name) => (name === 'GID' ? GROUP : Number(name))),
  };
  // What these give is there, or never taken: setpriv is always told no-new-privs.
  for (const option of ['--volume=/run/sockscope:/run/sockscope:ro', '--security-opt=no-new-privileges'])
    take(option);
  if (rest.size > 0) throw new Error(`it is not known what ${[...rest].join(' ')} gives`);
  return gifts;
}

/** Where `procMounted` mounts the host's /proc. */
export function hostProc(place: Residents): string {
  return `${place.folder}/host-proc`;
}

/** `unshare`: namespaces, mounts and setpriv, by hand; `crun`: what runs the containers of podman and others. */
export type Engine = 'unshare' | 'crun';

/** Each engine, and what it lacks here beside `missing`, if anything. */
export function engines(
  missing: string | undefined,
): { readonly engine: Engine; readonly missing: string | undefined }[] {
  return [
    { engine: 'unshare', missing },
    { engine: 'crun', missing: missing ?? requirement('crun') },
  ];
}

/** Words before a program, named by its path, that is to run in a container. It finds the installed folder where it is here. */
export function inContainer(
  place: Residents,
  installed: Installed,
  gifts: ContainerGifts,
  engine: Engine = 'unshare',
): readonly string[] {
  if (engine === 'unshare') return inNamespaces(place, gifts);
  const program = fileURLToPath(new URL('crun_run.py', import.meta.url));
  return ['python3', '-B', program, JSON.stringify(gifts), hostProc(place), installed.folder];
}

function inNamespaces(place: Residents, gifts: ContainerGifts): readonly string[] {
  const { pidHost, networkHost, procMounted, readOnly } = gifts;
  const folder = hostProc(place);
  const before = [
    ...(procMounted
      ? [`mkdir -p ${folder} && mount --rbind /proc ${folder}`, `mount -o remount,bind,ro ${folder}`]
      : []),
    ...(readOnly ? ['mount -o remount,bind,ro /'] : []),
  ];
  const inside = networkHost ? [] : ['ip link set lo up'];
  const namespaces = ['-m', ...(networkHost ? [] : ['-n']), ...(pidHost ? [] : ['-pf', '--mount-proc'])];
  const shell = (steps: readonly string[]): string[] => [
    'sh',
    '-c',
    [...steps, 'exec "$@"'].join(' && '),
    'sh',
  ];
  const propagation = ['--propagation', gifts.sharesPinned === true ? 'unchanged' : 'private'];
  return [
    ...['unshare', '-m', ...propagation, ...shell(before)],
    ...['unshare', ...propagation, ...namespaces, ...shell(inside), ...identity(gifts)],
  ];
}

function identity({ capabilities, uid, groups }: ContainerGifts): string[] {
  const bounded = [
    `--bounding-set=-all${capabilities.map((name) => `,+${name}`).join('')}`,
    '--inh-caps=-all',
  ];
  const others = groups.length > 0 ? `--groups=${groups.join()}` : '--clear-groups';
  return ['setpriv', ...bounded, '--no-new-privs', `--reuid=${uid}`, `--regid=${uid}`, others];
}

/** Root with these capabilities alone. */
export function rootOnlyWith(...capabilities: string[]): readonly string[] {
  return identity({ ...giftsOf([]), capabilities });
}
