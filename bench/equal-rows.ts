import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Scene, Subject } from './contract.ts';
import { witness } from './inside.ts';

/** Nothing is timed yet: subjects may look side by side, as far as memory allows. */
const AT_ONCE = Math.min(2, availableParallelism());

interface Seen {
  readonly count: number;
  /** Of the sorted rows; absent where the subject only counts. */
  readonly digest: string | undefined;
  /** Of the output as it is. */
  readonly bytes: string;
}

/** Throws unless every subject sees the expected number of rows, all of them the same, and what is to be equal is. */
export async function assertEqualRows(
  subjects: readonly Subject[],
  expected: number,
  scene: Scene,
): Promise<void> {
  const seen = await lookAll(subjects, scene);
  const reference = [...seen].find(([, { digest }]) => digest !== undefined);
  for (const [subject, { count, digest, bytes }] of seen) {
    if (count !== expected) throw new Error(`${subject.name} sees ${count} rows, not ${expected}`);
    if (digest !== undefined && digest !== reference?.[1].digest) {
      throw new Error(`${subject.name} and ${reference?.[0].name} see different rows`);
    }
    const twin = subject.sameBytesAs && seen.get(subject.sameBytesAs);
    if (twin !== undefined && twin.bytes !== bytes) {
      throw new Error(`${subject.name} does not print the bytes of ${subject.sameBytesAs?.name}`);
    }
  }
}

/** Some at once; whoever replaces connections alone. */
async function lookAll(subjects: readonly Subject[], scene: Scene): Promise<Map<Subject, Seen>> {
  const seen = new Map<Subject, Seen>();
  const look = async (subject: Subject): Promise<void> => {
    if (subject.rows !== undefined) seen.set(subject, await lookOnce(subject, subject.rows, scene));
  };
  const waiting = subjects.filter(({ churns }) => churns !== true);
  const lookOn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await look(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookOn));
  for (const subject of subjects.filter(({ churns }) => churns === true)) await look(subject);
  return seen;
}

async function lookOnce(subject: Subject, rowsIn: NonNullable<Subject['rows']>, scene: Scene): Promise<Seen> {
  const stdout = await witness(subject, scene);
  const rows = rowsIn(stdout);
  if (typeof rows === 'number') return { count: rows, digest: undefined, bytes: sha256(stdout) };
  return { count: rows.length, digest: sha256([...rows].sort().join('\n')), bytes: sha256(stdout) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
