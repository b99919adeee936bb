import type { Scenario } from '../contract.ts';
import {
  bpfTurns,
  netlinkTurns,
  netlinkTurnsAlone,
  procfdTurns,
  procfsTurns,
  typeScriptTurns,
} from '../subjects/sockscope.ts';

const subjects = [netlinkTurnsAlone, netlinkTurns, procfsTurns, typeScriptTurns, procfdTurns, bpfTurns];

/** What others in the process wait for while sockets are read. */
export const turns: Scenario = {
  name: 'turns',
  title: 'established TCP sockets over IPv4, and the turns of the event loop meanwhile',
  processes: 40,
  rows: (sockets) => sockets,
  subjects,
  inside: subjects.flatMap((subject) =>
    ['longestTurnMs', 'againLongestTurnMs', 'activeMs', 'noiseMs', 'ms'].map((figure) => ({
      subject,
      figure,
    })),
  ),
  goals: [netlinkTurnsAlone, netlinkTurns].map((subject) => ({
    what: `longest of the ${subject.name}, ms`,
    headline: true,
    of: { subject, figure: 'longestTurnMs' },
    atMost: 2,
    sockets: 500_000,
  })),
};
