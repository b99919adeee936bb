import { accessSync, constants, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isReplaceable, replaceFile } from './replace-file.ts';
import { RESULT_SCHEMA, type Result } from './result.ts';
import { whyNoResult } from './result-shape.ts';

/** Throws an Error that says what is wrong with the file. */
export function readResult(path: string): Result {
  let result: unknown;
  try {
    result = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // What is no JSON is quoted there, lines and all.
    throw new Error(`${path} is no result: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
  const { schema } = (result ?? {}) as Partial<Result>;
  if (schema !== RESULT_SCHEMA) {
    throw new Error(`${path}: schema ${JSON.stringify(schema)}, not ${RESULT_SCHEMA}`);
  }
  const wrong = whyNoResult(result);
  if (wrong !== undefined) throw new Error(`${path} is no result: ${wrong}`);
  return result as Result;
}

/** Throws an Error where no result can be put: to be known before an hour of timing, not after it. */
export function prepareResult(path: string): void {
  const folder = dirname(path);
  try {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`no folder ${folder}`);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
    accessSync(isReplaceable(path) ? folder : path, constants.W_OK);
  } catch (error) {
    throw new Error(
      `the result cannot go to ${path}: ${(error as Error).message}; --json names another place`,
    );
  }
}

/** The whole file or nothing; its folder is made where it went meanwhile. Throws an Error that names the file. */
export function writeResult(path: string, result: Result): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, resultText(result));
  } catch (error) {
    throw new Error(`the result cannot be written to ${path}: ${(error as Error).message}`);
  }
}

/** What the file holds: indented, with lists of numbers on one line, so that a difference reads. */
export function resultText(result: Result): string {
  const text = JSON.stringify(result, undefined, 1).replaceAll(
    /\[\n\s*(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g,
    (list) => list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']'),
  );
  return `${text}\n`;
}
