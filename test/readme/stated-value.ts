import { inspect } from 'node:util';

/**
 * What a comment states of a value, as people write it: `{ source: 'netlink', better: [] }`, `[{ pid, fd, ... }]`,
 * `'...'`. A name alone says that the field is there; `...` in a list or an object that there may be more, in a text
 * anything; a list of one pattern that every element, and there is one, is like that.
 */
type Pattern =
  | { readonly kind: 'exact'; readonly value: unknown }
  | { readonly kind: 'text'; readonly like: RegExp }
  | { readonly kind: 'list'; readonly items: readonly Pattern[]; readonly more: boolean }
  | {
      readonly kind: 'record';
      readonly fields: ReadonlyMap<string, Pattern | undefined>;
      readonly more: boolean;
    };

/** How a comment begins that states a value; any other is prose. */
const BEGINNING = /^(?:[{['\d]|(?:true|false|undefined)\b)/;

export function statesValue(comment: string): boolean {
  return BEGINNING.test(comment);
}

/** Why the value is not what the comment says, or undefined where it is. Prose may follow the value, behind `,`, `;` or `:`. */
export function disagreement(value: unknown, comment: string): string | undefined {
  const reader = new PatternReader(comment);
  const pattern = reader.pattern();
  const rest = reader.rest();
  if (!/^\s*(?:$|[,;:])/.test(rest)) throw new Error(`cannot tell what "${comment}" states: "${rest}"`);
  return agrees(value, pattern) ? undefined : `${inspect(value, { depth: 4 })} is not ${comment}`;
}

function agrees(value: unknown, pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'exact':
      return Object.is(value, pattern.value);
    case 'text':
      return typeof value === 'string' && pattern.like.test(value);
    case 'list': {
      if (!Array.isArray(value)) return false;
      if (pattern.more)
        return pattern.items.every((item, at) => at < value.length && agrees(value[at], item));
      const [only] = pattern.items;
      if (pattern.items.length === 1) return value.length > 0 && value.every((item) => agrees(item, only!));
      return (
        value.length === pattern.items.length && pattern.items.every((item, at) => agrees(value[at], item))
      );
    }
    case 'record': {
      if (typeof value !== 'object' || value === null) return false;
      const fields = value as Record<string, unknown>;
      for (const [name, wanted] of pattern.fields) {
        if (!(name in fields)) return false;
        if (wanted !== undefined && !agrees(fields[name], wanted)) return false;
      }
      const unsaid = Object.keys(fields).filter((name) => !pattern.fields.has(name));
      return pattern.more || unsaid.every((name) => fields[name] === undefined);
    }
  }
}

class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  rest(): string {
    return this.#text.slice(this.#at);
  }

  pattern(): Pattern {
    if (this.#take('{')) return this.#record();
    if (this.#take('[')) return this.#list();
    const text = this.#match(/'([^']*)'/y);
    if (text !== undefined) return textPattern(text[1]!);
    const word = this.#match(/(?:-?\d[\d.]*|true|false|undefined)\b/y)?.[0];
    if (word === undefined) throw this.#error('a value');
    return { kind: 'exact', value: word === 'undefined' ? undefined : JSON.parse(word) };
  }

  #record(): Pattern {
    const fields = new Map<string, Pattern | undefined>();
    let more = false;
    while (!this.#take('}')) {
      if (this.#take('...')) more = true;
      else {
        const name = this.#match(/\w+/y)?.[0];
        if (name === undefined) throw this.#error('a name');
        fields.set(name, this.#take(':') ? this.pattern() : undefined);
      }
      this.#take(',');
    }
    return { kind: 'record', fields, more };
  }

  #list(): Pattern {
    const items: Pattern[] = [];
    let more = false;
    while (!this.#take(']')) {
      if (this.#take('...')) more = true;
      else items.push(this.pattern());
      this.#take(',');
    }
    return { kind: 'list', items, more };
  }

  #take(mark: string): boolean {
    this.#match(/\s+/y);
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  #error(wanted: string): Error {
    return new Error(`"${this.#text}": ${wanted} is missing at "${this.rest()}"`);
  }
}

function textPattern(text: string): Pattern {
  if (!text.includes('...')) return { kind: 'exact', value: text };
  const parts = text.split('...').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return { kind: 'text', like: new RegExp(`^${parts.join('.*')}$`, 's') };
}
