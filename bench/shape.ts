/**
 * What is wrong with a value of JSON, in words that begin with its place, `at` (of the whole it is empty); undefined where
 * nothing is.
 */
export type Shape = (value: unknown, at: string) => string | undefined;

export const text: Shape = primitive('a string', 'string');
export const number: Shape = primitive('a number', 'number');
export const boolean: Shape = primitive('true or false', 'boolean');

export function orNull(shape: Shape): Shape {
  return (value, at) => (value === null ? undefined : shape(value, at));
}

/** Absent, which JSON makes of undefined, or as it says. */
export function optional(shape: Shape): Shape {
  return (value, at) => (value === undefined ? undefined : shape(value, at));
}

export function oneOf(...words: readonly string[]): Shape {
  return (value, at) =>
    words.some((word) => word === value) ? undefined : `${at} is none of ${words.join(', ')}`;
}

export function listOf(shape: Shape, least = 0): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} is no list`;
    if (value.length < least) return `${at} has fewer than ${least}`;
    return firstOf(value.map((one, index) => shape(one, `${at}[${index}]`)));
  };
}

/** An object of any names. */
export function mapOf(shape: Shape): Shape {
  return (value, at) => {
    if (!isObject(value)) return `${at} is no object`;
    return firstOf(Object.entries(value).map(([name, one]) => shape(one, member(at, name))));
  };
}

/** An object that has at least these. */
export function objectOf(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, at) => {
    if (!isObject(value)) return `${at} is no object`;
    return firstOf(Object.entries(shapes).map(([name, shape]) => shape(value[name], member(at, name))));
  };
}

function member(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

function primitive(what: string, type: 'string' | 'number' | 'boolean'): Shape {
  return (value, at) => (typeof value === type ? undefined : `${at} is not ${what}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstOf(found: readonly (string | undefined)[]): string | undefined {
  return found.find((wrong) => wrong !== undefined);
}
