import { type Place, withMounts } from './place.ts';

/** Processes of other users are not shown to anybody but root. */
export const hidingProcesses: Place = withMounts(
  'mount -o remount,hidepid=2 /proc',
  'grep -q "^proc /proc .*hidepid=" /proc/self/mounts',
);

/** Ways of not having /proc: where it would be, there is something else. */
export const WITHOUT_PROC: Readonly<Record<string, Place>> = {
  'an empty /proc': withMounts('mount -t tmpfs none /proc', 'test -z "$(ls /proc)"'),
  'a file in place of /proc': withMounts(
    'mount -t tmpfs none /proc; echo > /proc/readme',
    'test -f /proc/readme',
  ),
};
