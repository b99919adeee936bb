import type { Goal, Scenario, Subject } from '../contract.ts';
import { drainDump } from '../subjects/programs.ts';
import { bpfHeldMemory, bpfPoll, procfdHeldMemory, procfdPoll } from '../subjects/sockscope-owners.ts';

/** What all goals are meant for. */
const sockets = 500_000;

/** A program that keeps one host and asks it who holds the sockets, over and over, while some of them are replaced. */
export const poll: Scenario = {
  name: 'poll',
  title: 'established TCP sockets over IPv4, 1 % of them replaced before each poll',
  processes: 40,
  mostRuns: 3,
  rows: (held) => held,
  subjects: [drainDump, bpfPoll, procfdPoll, bpfHeldMemory, procfdHeldMemory],
  inside: [
    { subject: drainDump, figure: 'ms' },
    ...[bpfPoll, procfdPoll].flatMap((subject) =>
      ['firstMs', 'freshMs', 'pollMs', 'pollP99Ms', 'dumpMs', 'dumpP99Ms', 'pollCpuMs', 'dumpCpuMs'].map(
        (figure) => ({
          subject,
          figure,
        }),
      ),
    ),
    ...[bpfHeldMemory, procfdHeldMemory].map((subject) => ({ subject, figure: 'heldBytesPerSocket' })),
  ],
  goals: [
    pollToDump('BPF', bpfPoll),
    pollToDump('procfd', procfdPoll),
    held('BPF', bpfHeldMemory),
    held('procfd', procfdHeldMemory),
  ],
};

function pollToDump(owners: string, subject: Subject): Goal {
  return {
    what: `a poll with owners by ${owners} to the same without owners`,
    of: { subject, figure: 'pollMs' },
    to: { subject, figure: 'dumpMs' },
    atMost: 1.25,
    sockets,
  };
}

function held(owners: string, subject: Subject): Goal {
  return {
    what: `memory that a host keeps with owners by ${owners}, bytes a descriptor`,
    of: { subject, figure: 'heldBytesPerSocket' },
    atMost: 48,
    sockets,
  };
}
