import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = join(root, '.nodes/node_modules');

/** A program, and the words before those of a script. */
export type Invocation = readonly [program: string, ...words: string[]];

/** Versions of Node.js, by the title they have in tests. `npm run nodes` installs those that are not the machine's. */
export const NODES: Readonly<Record<string, string>> = {
  'the Node.js of this machine': process.execPath,
  'Node.js 22': join(packages, 'node22/bin/node'),
  'Node.js 24': join(packages, 'node24/bin/node'),
  'Node.js 26': join(packages, 'node26/bin/node'),
};

/** npm 12 does not run on Node.js 20. */
export const NPMS: Readonly<Record<string, Invocation>> = {
  'npm 11': [process.execPath, join(packages, 'npm11/bin/npm-cli.js')],
  'npm 12': [join(packages, 'node24/bin/node'), join(packages, 'npm12/bin/npm-cli.js')],
};

/** Node.js 22 for arm64, emulated. */
export const ARM64: Invocation = [
  'qemu-aarch64',
  '-L',
  '/usr/aarch64-linux-gnu',
  join(packages, 'arm64/bin/node'),
];
