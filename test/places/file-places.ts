import { spawnSync } from 'node:child_process';
import { after, type Place, type PlaceTools, withMounts } from './place.ts';

/** Everything is mounted read-only, the scratch folders and the working directory included. */
export function readOnly({ folder }: PlaceTools): Place {
  const top = `${folder}/read-only`;
  // Another mount of everything, since one that has files open for writing cannot be made read-only. A mount that cannot
  // be, of the machine's own, is left: what must not be written to is proved.
  const lines = [
    `mkdir -p ${top}`,
    `mount --rbind / ${top}`,
    `for each in $(awk '$5 ~ "^${top}(/|$)" { print $5 }' /proc/self/mountinfo); do mount -o remount,bind,ro "$each" 2>/dev/null || true; done`,
    `cd ${top}/tmp`,
    `set -- chroot ${top} "$@"`,
  ];
  const files = ['.', '/', '/tmp', '/var/tmp', '/run', '/dev/shm', '/etc', folder].map(
    (path) => `${path}/written`,
  );
  return withMounts(
    lines.join('; '),
    `for each in ${files.join(' ')}; do ! touch "$each" 2>/dev/null || exit 1; done`,
  );
}

export const withoutBtf: Place = withMounts(
  'test -d /sys/kernel/btf && mount -t tmpfs none /sys/kernel/btf',
  'test ! -e /sys/kernel/btf/vmlinux && test -d /sys/class/net',
);

export const withoutSys: Place = withMounts('umount -l /sys', 'test -z "$(ls /sys)"');

export const withoutEtc: Place = withMounts('mount -t tmpfs none /etc', 'test -z "$(ls /etc)"');

/** /etc without the two files that name ports and users. Names of hosts are asked for at an address where nobody answers. */
export function withoutNameFiles({ folder }: PlaceTools): Place {
  const etc = `${folder}/etc`;
  const lines = [
    `rm -rf ${etc}`,
    `cp -a /etc ${etc} 2>/dev/null || true`,
    `rm -f ${etc}/services ${etc}/passwd ${etc}/resolv.conf`,
    `echo nameserver 127.0.0.1 > ${etc}/resolv.conf`,
    `mount --bind ${etc} /etc`,
  ];
  return withMounts(
    lines.join('; '),
    'test ! -e /etc/services && test ! -e /etc/passwd && test -e /etc/hosts',
  );
}

/** A working directory that has been removed. */
export function inRemovedFolder({ folder }: PlaceTools): Place {
  const gone = `${folder}/gone`;
  return after(`mkdir ${gone}; cd ${gone}; rmdir ${gone}`, '! /bin/pwd -P 2>/dev/null');
}

/** A root directory with node, the package, a shell for the proof, and the libraries of these: no /proc, /sys, /dev, /etc. */
export function jail({ folder }: PlaceTools, packages: string, addon: string): Place {
  const top = `${folder}/jail`;
  const files = [process.execPath, '/bin/sh', ...librariesOf(process.execPath, '/bin/sh', addon)];
  const bind = (path: string): string =>
    `mkdir -p "$(dirname ${top}${path})" && touch ${top}${path} && mount --bind ${path} ${top}${path}`;
  const lines = [
    `mkdir -p ${top}`,
    `mount -t tmpfs none ${top}`,
    ...[...new Set(files)].map(bind),
    `mkdir -p ${top}${packages}`,
    `mount --bind ${packages} ${top}${packages}`,
    `set -- chroot ${top} "$@"`,
  ];
  const proof = 'for each in /proc /sys /dev /etc /usr/share; do test ! -e $each || exit 1; done';
  return withMounts(lines.join('; '), proof);
}

function librariesOf(...programs: string[]): string[] {
  const { stdout } = spawnSync('ldd', programs, { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)].map((match) => match[1]!);
}
