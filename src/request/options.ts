/** Throws a TypeError unless `input` is an object with no option but those of `allowed`; names the likely one. */
export function rejectUnknownOptions(input: unknown, allowed: readonly string[]): void {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new TypeError(`Options must be an object, got ${show(input)}`);
  }
  for (const name of Object.keys(input)) {
    if (!allowed.includes(name)) throw new TypeError(`Unknown option "${name}"${likely(name, allowed)}`);
  }
}

/** A list option's words, each one of `allowed`; undefined when it was not given. */
export function wordList<T extends string>(
  option: string,
  value: unknown,
  allowed: readonly T[],
): readonly T[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new TypeError(`Option "${option}" must be an array, got ${show(value)}`);
  if (value.length === 0) throw new TypeError(`Option "${option}" is empty: leave it out to have all`);
  return Array.from(value, (word) => oneWord(option, word, allowed));
}

/** A word option's value, one of `allowed`. */
export function oneWord<T extends string | number>(option: string, value: unknown, allowed: readonly T[]): T {
  if (allowed.includes(value as T)) return value as T;
  const words = allowed.map((word) => `${word}`);
  const hint = typeof value === 'string' && !words.includes(value) ? likely(value, words) : '';
  throw new TypeError(
    `Option "${option}" cannot be ${show(value)}${hint || `: it takes ${words.join(', ')}`}`,
  );
}

/** The default for an option that was not given; null is not that. */
export function orElse<T>(value: T | undefined, fallback: T): T {
  return value === undefined ? fallback : value;
}

/** A number option's value, at least `least`; undefined when it was not given. */
export function numberAtLeast(option: string, value: unknown, least: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= least) return value;
  throw new TypeError(`Option "${option}" must be a number of at least ${least}, got ${show(value)}`);
}

/** A text option's value, not empty; undefined when it was not given. */
export function text(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value;
  throw new TypeError(`Option "${option}" must be a non-empty string, got ${show(value)}`);
}

/** A list of texts, none of them empty; undefined when it was not given. */
export function textList(option: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new TypeError(`Option "${option}" must be an array, got ${show(value)}`);
  return Array.from(value, (one) => text(option, one ?? '') as string);
}

/** A yes-or-no option's value; undefined when it was not given. */
export function yesOrNo(option: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new TypeError(`Option "${option}" must be true or false, got ${show(value)}`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function likely(name: string, allowed: readonly string[]): string {
  const wrong = name.toLowerCase();
  const ranked = allowed.map((word) => ({ word, far: distance(wrong, word.toLowerCase()) }));
  const near = ranked.filter(
    ({ word, far }) =>
      far <= Math.max(2, Math.floor(word.length / 3)) ||
      (word.length > 2 && wrong.startsWith(word.toLowerCase())),
  );
  const best = near.sort((a, b) => a.far - b.far)[0];
  return best === undefined ? '' : `: did you mean "${best.word}"?`;
}

/** Single-letter edits between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
