import { readFileSync } from 'node:fs';

/** The name of a user. Undefined when there is none. */
export type UserLookup = (uid: number) => string | undefined;

export interface UserSources {
  /** Asks the system, which may know users from elsewhere than a file: getpwuid_r(3). */
  readonly system?: ((uid: number) => string | undefined) | undefined;
  /** passwd(5), read where there is no `system`. Default: /etc/passwd. */
  readonly file?: string | undefined;
}

/** Looks users up, each of them once. Nothing is read before the first question; a file that cannot be read is empty. */
export function userLookup({ system, file = '/etc/passwd' }: UserSources = {}): UserLookup {
  const known = new Map<number, string | undefined>();
  let inFile: ReadonlyMap<number, string> | undefined;
  const lookInFile: UserLookup = (uid) => {
    inFile ??= parseUsers(textOf(file));
    return inFile.get(uid);
  };
  const ask = system ?? lookInFile;
  return (uid) => {
    if (!known.has(uid)) known.set(uid, ask(uid));
    return known.get(uid);
  };
}

/** Name, password, user, group; lines of + and - belong to NIS. */
const USER = /^[ \t]*((?![+\-#])[^:]*):[^:]*: *\+?([0-9]+): *\+?[0-9]+(?::|$)/;

/** passwd(5) as glibc reads it, by user number; of several lines about a number the first one wins. */
export function parseUsers(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const match = USER.exec(line);
    if (match === null) continue;
    const uid = Number(match[2]);
    if (!names.has(uid)) names.set(uid, match[1]!);
  }
  return names;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
