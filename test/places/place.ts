import { nobody } from '../owners/users.ts';

/** Where a program may have to run: restricted in some way. */
export interface Place {
  /** Words before a program that is to run there. */
  readonly words: readonly string[];
  /** A shell's line that ends with 0 there, and nowhere else: without it a place that does not restrict would pass. */
  readonly proof: string;
}

/** The programs that make places, and an empty folder that any user may enter. */
export interface PlaceTools {
  /** Itself, and no script in front of it that takes longer than it does. */
  readonly python3: string;
  readonly refuse: string;
  readonly folder: string;
}

/** No restriction: what the others are compared with. */
export const anywhere: Place = { words: [], proof: 'true' };

export const asNobody: Place = { words: nobody, proof: 'test "$(id -u)" = 65534' };

/** A user, with none of the capabilities, and no way to get any. */
export function withoutCapabilities(uid: number): Place {
  const caps = ['--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];
  const user = uid === 0 ? [] : [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
  const proof = `test "$(id -u)" = ${uid} && grep -q '^NoNewPrivs:.1' /proc/self/status && grep -q '^CapEff:.0000000000000000$' /proc/self/status`;
  return { words: ['setpriv', ...user, ...caps], proof };
}

/** Root of a user namespace that knows nobody else. */
export const inUserNamespace: Place = {
  words: ['unshare', '-U', '-r'],
  proof: 'test "$(id -u)" = 0 && grep -q " 1$" /proc/self/uid_map',
};

/** System calls refused by seccomp: rules as refuse.py takes them. `proof` shows that they are. */
export function refusing({ python3, refuse }: PlaceTools, rules: readonly string[], proof: string): Place {
  return { words: [python3, '-IBS', refuse, ...rules, '--'], proof };
}

/** Mounts of its own, made by a shell's lines. `proof` shows that they are there. */
export function withMounts(lines: string, proof: string): Place {
  return { words: ['unshare', '-m', 'sh', '-ec', `${lines}; exec "$@"`, 'sh'], proof };
}

/** A shell's lines before the program, in the same process. */
export function after(lines: string, proof: string): Place {
  return { words: ['sh', '-ec', `${lines}; exec "$@"`, 'sh'], proof };
}

/** One place within another: the restrictions of both. */
export function within(outer: Place, inner: Place): Place {
  return { words: [...outer.words, ...inner.words], proof: `{ ${outer.proof}; } && { ${inner.proof}; }` };
}
