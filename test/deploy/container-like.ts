import type { Residents } from './residents.ts';

/** What a container is given, as by the options of docker and podman. */
export interface ContainerGifts {
  /** `--pid=host` */
  readonly pidHost?: boolean;
  /** `--network=host` */
  readonly networkHost?: boolean;
  /** `--volume /proc:/host/proc:ro`; then `hostProc` has it. */
  readonly procMounted?: boolean;
  /** Options of setpriv. */
  readonly setpriv: readonly string[];
}

/** What runs as root in a container has, where nothing else is said: the list that docker and podman share. */
const USUAL =
  'chown dac_override fowner fsetid kill net_bind_service setfcap setgid setpcap setuid sys_chroot'.split(
    ' ',
  );

/** Root of a container, with the capabilities that are usual there and these. */
export function usualAnd(...capabilities: string[]): readonly string[] {
  return rootOnlyWith(...USUAL, ...capabilities);
}

/** Root of a container with these capabilities alone: `--cap-drop=ALL --cap-add=...`. */
export function rootOnlyWith(...capabilities: string[]): readonly string[] {
  const kept = capabilities.map((name) => `,+${name}`).join('');
  return [`--bounding-set=-all${kept}`, '--inh-caps=-all', '--no-new-privs'];
}

/** Nobody in a container. What is added is then in the bounding set alone: engines do not make it ambient. */
export function userOfContainer(...capabilities: string[]): readonly string[] {
  return [...rootOnlyWith(...capabilities), '--reuid=65534', '--regid=65534', '--clear-groups'];
}

/** Where `procMounted` mounts the host's /proc. */
export function hostProc(place: Residents): string {
  return `${place.folder}/host-proc`;
}

/** Words before a program that is to run with the view of a container. */
export function inContainer(place: Residents, gifts: ContainerGifts): readonly string[] {
  const { pidHost = false, networkHost = false, procMounted = false, setpriv } = gifts;
  const folder = hostProc(place);
  const mount = `mkdir -p ${folder} && mount --rbind /proc ${folder} && mount -o remount,bind,ro ${folder}`;
  const loopback = 'ip link set lo up';
  const steps = [...(procMounted ? [mount] : []), 'exec "$@"'].join(' && ');
  const inside = [...(networkHost ? [] : [loopback]), 'exec "$@"'].join(' && ');
  const namespaces = ['-m', ...(networkHost ? [] : ['-n']), ...(pidHost ? [] : ['-pf', '--mount-proc'])];
  const shell = (script: string): string[] => ['sh', '-c', script, 'sh'];
  return [
    'unshare',
    '-m',
    ...shell(steps),
    'unshare',
    ...namespaces,
    ...shell(inside),
    'setpriv',
    ...setpriv,
  ];
}
