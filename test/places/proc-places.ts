import { type Place, withMounts } from './place.ts';

/** Processes of other users are not shown to anybody but root. */
export const hidingProcesses: Place = withMounts(
  'mount -o remount,hidepid=2 /proc',
  'grep -q "^proc /proc .*hidepid=" /proc/self/mounts',
);

/** Of /proc there are the processes, and nothing of the system: as sandboxes mount it. */
export const processesAlone: Place = withMounts(
  'mount -t proc -o subset=pid proc /proc',
  'test -e /proc/self/fd && test ! -e /proc/net',
);

/** Ways of not having /proc: where it would be, there is something else. */
export const WITHOUT_PROC: Readonly<Record<string, Place>> = {
  'an empty /proc': withMounts('mount -t tmpfs none /proc', 'test -z "$(ls /proc)"'),
  'a file in place of /proc': withMounts(
    'mount -t tmpfs none /proc; echo > /proc/readme',
    'test -f /proc/readme',
  ),
};
