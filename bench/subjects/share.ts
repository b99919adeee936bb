import type { Figure, Subject } from '../contract.ts';

const TENTH = 0.1;

/** A subject beside itself with a tenth of the sockets. */
export interface Pair {
  readonly few: Subject;
  readonly all: Subject;
}

export function besideTenth(subject: Subject): Pair {
  return { few: { ...subject, name: `${subject.name}, a tenth`, share: TENTH }, all: subject };
}

export function subjectsOf(pairs: readonly Pair[]): Subject[] {
  return pairs.flatMap(({ few, all }) => [few, all]);
}

export function figuresOf(pairs: readonly Pair[], figure: (subject: Subject) => Figure): Figure[] {
  return subjectsOf(pairs).map(figure);
}

export function wallPerSocket(subject: Subject): Figure {
  return { subject, figure: 'wallUsPerSocket' };
}
