import type { Scenario } from '../contract.ts';
import { noPolls, pollsByQuestion } from '../subjects/poll-cost.ts';

/** What the goals are meant for. */
const SOCKETS = 100_000;

const figures = ['answerRows', 'pollMs', 'pollCpuMs', 'cpuMsPer100k', 'restMb', 'grownMb'];

/** What each question costs a program that asks it again and again, and what stays in memory between the answers. */
export const pollCost: Scenario = {
  name: 'poll-cost',
  title: 'one host, the same question again and again',
  processes: 40,
  mostSockets: SOCKETS,
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects: [noPolls, ...pollsByQuestion],
  inside: [
    { subject: noPolls, figure: 'restMb' },
    ...pollsByQuestion.flatMap((subject) => figures.map((figure) => ({ subject, figure }))),
  ],
  goals: pollsByQuestion.map((subject) => ({
    what: `megabytes by which a process has grown in 30 polls, or 3 s of them: ${subject.name}`,
    of: { subject, figure: 'grownMb' },
    // An allocator's part comes and goes by up to 8; one batch of rows that a poll does not let go of would be 30.
    atMost: 10,
    sockets: SOCKETS,
  })),
};
