import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { requirement } from '../requirements.ts';
import { PACKAGE } from './workshop.ts';

/** A Node.js to try things with. */
export interface NodeProgram {
  readonly path: string;
  /** Such as 20. */
  readonly major: number;
}

const OTHERS = ['node22', 'node24', 'node26'];

/** The Node.js that runs the tests, and the later ones where they have been installed. */
export function nodePrograms(): readonly NodeProgram[] {
  const others = requirement('nodes') === undefined ? OTHERS : [];
  const paths = others.map((name) => join(PACKAGE, '.nodes/node_modules', name, 'bin/node'));
  return [process.execPath, ...paths].map((path) => ({ path, major: majorOf(path) }));
}

/** The one that runs the tests and the newest: for what costs much. */
export function firstAndLast(): readonly NodeProgram[] {
  return nodePrograms().filter((_, index, all) => index === 0 || index === all.length - 1);
}

/** A later Node.js than the one that runs the tests may be; undefined where it has not been installed. */
export function laterNode(major: number): NodeProgram | undefined {
  return nodePrograms().find((program) => program.major >= major);
}

function majorOf(path: string): number {
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return Number(/^v(\d+)\./.exec(stdout)?.[1]);
}
