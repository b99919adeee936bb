import type { Scenario } from '../contract.ts';
import { bpfListing, listingWithoutOwners, procfdListing } from '../subjects/sockscope-owners.ts';

const subjects = [listingWithoutOwners, bpfListing, procfdListing];

/**
 * What a listing leaves behind in the kernel: a walk over /proc/PID/fd makes an inode and a directory entry for each
 * descriptor, kept until its process ends or memory is short.
 */
export const slab: Scenario = {
  name: 'slab',
  title: 'established TCP sockets over IPv4 that nobody has looked at yet, with their owners',
  processes: 40,
  cold: true,
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects,
  inside: subjects.flatMap((subject) =>
    ['slabMb', 'slabBytesPerSocket'].map((figure) => ({ subject, figure })),
  ),
  goals: [
    {
      what: 'kernel memory that `sockscope -tanp` by BPF leaves behind, bytes a socket, the least of all runs',
      of: { subject: bpfListing, figure: 'slabBytesPerSocket' },
      // Whoever else walks over /proc meanwhile adds to it.
      least: true,
      atMost: 10,
      floor: { subject: listingWithoutOwners, figure: 'slabBytesPerSocket' },
      sockets: 500_000,
    },
  ],
};
