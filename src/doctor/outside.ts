import { accessSync, constants, readFileSync, readlinkSync } from 'node:fs';
import { isThere } from '../permission.ts';

/**
 * The files that facts are read from. Nothing throws: what is not there, or may not be read, is an answer. All of it is read
 * on this thread, so that a machine without a thread to spare is told about as well.
 */
export class Outside {
  /** What stands in front of every path: empty, but in tests. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;

  constructor(environment: NodeJS.ProcessEnv, root = '') {
    this.environment = environment;
    this.root = root;
  }

  exists(path: string): boolean {
    return isThere(this.root + path);
  }

  isReadable(path: string): boolean {
    try {
      accessSync(this.root + path, constants.R_OK);
      return true;
    } catch {
      return false;
    }
  }

  /** A byte string, one character a byte. */
  text(path: string): string | undefined {
    try {
      return readFileSync(this.root + path, 'latin1');
    } catch {
      return undefined;
    }
  }

  /** As `text`, without the newline at its end. */
  line(path: string): string | undefined {
    return this.text(path)?.trimEnd();
  }

  link(path: string): string | undefined {
    try {
      return readlinkSync(this.root + path);
    } catch {
      return undefined;
    }
  }
}
