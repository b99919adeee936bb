import type { Scenario } from '../contract.ts';
import { noPolls, pollsByQuestion } from '../subjects/poll-cost.ts';

const figures = ['answerRows', 'pollMs', 'pollCpuMs', 'cpuMsPer100k', 'restMb', 'grownMb'];

/** What each question costs a program that asks it again and again, and what stays in memory between the answers. */
export const pollCost: Scenario = {
  name: 'poll-cost',
  title: 'one host, the same question again and again',
  processes: 40,
  mostSockets: 100_000,
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects: [noPolls, ...pollsByQuestion],
  inside: [
    { subject: noPolls, figure: 'restMb' },
    ...pollsByQuestion.flatMap((subject) => figures.map((figure) => ({ subject, figure }))),
  ],
  goals: [
    {
      what: 'megabytes by which a process has grown after 10 polls more, nothing asked of owners, the least of all runs',
      of: { subject: pollsByQuestion[0]!, figure: 'grownMb' },
      // What the allocator keeps for the next poll comes and goes.
      least: true,
      atMost: 5,
    },
  ],
};
