import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { optionsOf, readable } from './synthetic-comparison.ts';
import { type CommandLine, netstat, type Outcome, runOn, sockscope } from './synthetic-proc.ts';

/** What programs are shown of interfaces. Text: byte strings, one character a byte. */
export interface InterfaceTree {
  /** Lines of what ioctls answer: see interfaces-ioctls.c. */
  readonly ioctls: readonly string[];
  /** /proc/net/dev; absent: there is none. */
  readonly dev?: string | undefined;
  /** /proc/net/if_inet6; absent: there is none. */
  readonly inet6?: string | undefined;
}

export const HEADER = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
/** Headers of kernels before Linux 2.2, and before that. */
export const OLD_HEADER = `Inter-|   Receive                           |  Transmit
 face |bytes    packets errs drop fifo frame|bytes    packets errs drop fifo colls carrier
`;
export const OLDEST_HEADER = `Inter-|   Receive                  |  Transmit
 face |packets errs drop fifo frame|packets errs drop fifo colls carrier
`;
/** Counters of which each is another one. */
export const COUNTERS = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16';

/** /proc/net/dev of a kernel of today. */
export function devFile(names: readonly string[], counters: string = COUNTERS): string {
  return HEADER + names.map((name) => `${name}: ${counters}\n`).join('');
}

/** A folder with the library that answers ioctls; `remove` it in the end. Needs the requirement compiler. */
export class IoctlLibrary {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sockscope-ioctls-'));
  readonly path = join(this.#folder, 'ioctls.so');

  constructor() {
    const source = fileURLToPath(new URL('interfaces-ioctls.c', import.meta.url));
    execFileSync('cc', ['-O1', '-Wall', '-shared', '-fPIC', '-o', this.path, source, '-ldl']);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** Runs both programs on every tree, with the options of the same place, and compares all that they say. */
  compare(trees: readonly InterfaceTree[], options: (index: number) => string): void {
    const outcomes = this.outcomes(trees, options);
    for (const [index, tree] of trees.entries()) {
      const title = `${options(index)} on ${JSON.stringify(tree)}`;
      const [theirs, ours] = outcomes.slice(2 * index, 2 * index + 2);
      expect(readable(title, ours!)).toEqual(readable(title, theirs!));
    }
  }

  /** What netstat and we say of each tree, one after the other. */
  outcomes(trees: readonly InterfaceTree[], options: (index: number) => string): Outcome[] {
    const net: Record<string, Uint8Array> = {};
    for (const [index, { ioctls, dev, inet6 }] of trees.entries()) {
      const put = (name: string, text: string | undefined): void => {
        if (text !== undefined) net[`trees/${index}/${name}`] = Buffer.from(text, 'latin1');
      };
      put('ioctls', `${ioctls.join('\n')}\n`);
      put('dev', dev);
      put('if_inet6', inet6);
    }
    const lines = trees.flatMap((_, index) => {
      const words = optionsOf(options(index));
      return [this.#on(index, netstat(words)), this.#on(index, sockscope(words))];
    });
    return runOn({ net }, lines);
  }

  #on(index: number, words: CommandLine): CommandLine {
    const tree = `/proc/net/trees/${index}`;
    const script = `rm -rf /proc/net/dev /proc/net/if_inet6; cp -r ${tree}/* /proc/net/
      INTERFACES=${tree}/ioctls LD_PRELOAD=${this.path} exec "$@"`;
    return ['sh', '-c', script, 'sh', ...words];
  }
}
