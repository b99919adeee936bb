import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the figures write themselves is no change of what is measured. */
const OWN = [':!bench/results', ':!bench/history.jsonl', ':!README.md'];

export interface Commit {
  /** Full; null outside of a checkout. */
  readonly hash: string | null;
  /** Whether files differ from it. */
  readonly dirty: boolean;
}

export function commitHere(): Commit {
  try {
    const status = git('status', '--porcelain', '--', '.', ...OWN);
    return { hash: git('rev-parse', 'HEAD').trim(), dirty: status !== '' };
  } catch {
    return { hash: null, dirty: false };
  }
}

/** As people write it: nine digits, and a word when files differ. */
export function commitInWords({ hash, dirty }: Commit): string {
  return hash === null ? 'no commit' : `commit ${hash.slice(0, 9)}${dirty ? ', with changes' : ''}`;
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
