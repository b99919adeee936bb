import { createHash } from 'node:crypto';
import type { Scene, Subject } from './contract.ts';
import { witness } from './inside.ts';

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
  const seen = new Map<Subject, Seen>();
  for (const subject of subjects) {
    if (subject.rows !== undefined) seen.set(subject, await look(subject, subject.rows, scene));
  }
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

async function look(subject: Subject, rowsIn: NonNullable<Subject['rows']>, scene: Scene): Promise<Seen> {
  const stdout = await witness(subject, scene);
  const rows = rowsIn(stdout);
  if (typeof rows === 'number') return { count: rows, digest: undefined, bytes: sha256(stdout) };
  return { count: rows.length, digest: sha256([...rows].sort().join('\n')), bytes: sha256(stdout) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
