import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ROTATION } from '../../src/owners/poll.ts';
import { requirement } from '../requirements.ts';

const missing = requirement('netns', 'python3', 'addon', 'dist');

interface Answer {
  /** By socket: who owns it, or why nobody does. */
  readonly rows: Readonly<Record<string, string>>;
  readonly gaps: readonly { readonly what: string; readonly reason: string; readonly rows: number }[];
  readonly owners?: { readonly remembered?: number; readonly descriptors: number };
}

interface Step {
  readonly commands?: readonly string[];
  readonly polls?: number;
}

interface Seen {
  readonly polled: readonly Answer[];
  readonly fresh: Answer;
}

/** What a host that remembers says after each step, and what a search everywhere says then. */
function watch(...steps: Step[]): Seen[] {
  return watchOf({}, ...steps);
}

/** As `watch`, of a narrower question. */
function watchOf(request: object, ...steps: Step[]): Seen[] {
  const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const words = [here('polls.mjs'), here('../../dist/index.js'), here('actors.py')];
  words.push(JSON.stringify(steps), JSON.stringify(request));
  const { stdout, stderr, status } = spawnSync('unshare', ['-Urn', process.execPath, ...words], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(stdout) as Seen[];
}

/** The sockets that are looked at every time are those of the actors alone. */
function expectTheSame(seen: readonly Seen[]): void {
  for (const [step, { polled, fresh }] of seen.entries()) {
    for (const answer of polled) expect({ step, rows: answer.rows }).toEqual({ step, rows: fresh.rows });
    expect(Object.keys(fresh.rows).length).toBeGreaterThan(0);
  }
}

const owned = ({ rows }: Answer): string[] => Object.values(rows).filter((word) => /^\d+:\d+$/.test(word));

describe.skipIf(missing !== undefined)(
  `what a host remembers of owners${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    it('is what a search everywhere finds, while sockets are closed and opened', () => {
      const seen = watch(
        { commands: ['start A', 'start B', 'open A 20', 'open B 10'], polls: 3 },
        { commands: ['close A 5', 'open A 5', 'close B 1', 'open B 1'], polls: 2 },
        { commands: ['close A 8'], polls: 1 },
        { commands: ['open A 4'], polls: 2 },
        { commands: ['open A 30', 'open B 3'], polls: 2 },
        { commands: ['start C', 'open C 7'], polls: 2 },
        { commands: ['open C 5'], polls: 2 },
        { commands: ['end B'], polls: 2 },
      );
      expectTheSame(seen);
      expect(seen.map(({ fresh }) => owned(fresh).length)).toEqual([30, 30, 22, 26, 59, 66, 71, 60 - 2]);
      expect(seen.at(-1)?.polled.at(-1)?.owners?.remembered).toBeGreaterThan(50);
    });

    it('names nobody for connections that have been closed, and knows who has their descriptors', () => {
      const seen = watch(
        { commands: ['start A', 'open A 3'], polls: 2 },
        { commands: ['part A 6'], polls: 2 },
        { commands: ['open A 6'], polls: 2 },
      );
      expectTheSame(seen);
      expect(Object.values(seen[2]!.fresh.rows).filter((word) => word === 'time-wait')).toHaveLength(6);
    });

    it('notices that an owner has ended, and that its child lives on', () => {
      const seen = watch(
        { commands: ['start A', 'open A 9'], polls: 2 },
        { commands: ['fork A D'], polls: 2 },
        { commands: ['end A'], polls: 2 },
      );
      expectTheSame(seen);
      expect(owned(seen[2]!.fresh)).toHaveLength(9);
    });

    it('is, of listeners alone, what a search everywhere finds, those that were passed on included', () => {
      const seen = watchOf(
        { states: ['listen'] },
        { commands: ['start A', 'start B', 'open A 20', 'open B 10'], polls: 3 },
        { commands: ['close A 5', 'open A 5', 'close B 1', 'open B 1'], polls: 2 },
        { commands: ['pass A B 4'], polls: 2 },
        { commands: ['fork A C'], polls: 2 },
        { commands: ['end A', 'open B 2'], polls: 2 },
        { commands: ['end B'], polls: 2 },
      );
      expectTheSame(seen);
      expect(seen[0]!.polled.at(-1)?.owners?.remembered).toBe(Object.keys(seen[0]!.fresh.rows).length);
    });

    it(`notices within ${ROTATION} scans who has a socket that was passed on`, () => {
      const [before, after] = watch(
        { commands: ['start A', 'start B', 'open A 6', 'open B 2'], polls: 2 },
        { commands: ['pass A B 4'], polls: ROTATION + 1 },
      );
      expect(before!.polled.at(-1)!.rows).toEqual(before!.fresh.rows);
      const { polled, fresh } = after!;
      expect(polled.at(-1)!.rows).toEqual(fresh.rows);
      for (const { rows } of polled) {
        for (const [socket, owner] of Object.entries(rows)) {
          // Where it was, or where it is.
          expect([before!.fresh.rows[socket], fresh.rows[socket]]).toContain(owner);
        }
      }
    });
  },
);
