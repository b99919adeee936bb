#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalHost } from '../host.ts';
import { isThere } from '../permission.ts';
import { settleHostOptions } from '../request/host-options.ts';
import { leaveScreens, openOutput } from './output.ts';
import { runCommand } from './run.ts';

/** Two folders above this file, here and where it is bundled to: dist/cli/main.cjs. */
const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

// The name that was typed cannot be had; a link's own name is what counts.
const program = basename(process.argv[1] ?? '') === 'netstat' ? 'netstat' : 'sockscope';

runCommand({
  program,
  words: process.argv.slice(2),
  environment: process.env,
  selinuxEnabled: () => isThere('/sys/fs/selinux/status') && isThere('/etc/selinux/config'),
  stdout: openOutput(1),
  stderr: openOutput(2),
  version: () => JSON.parse(readFileSync(`${packageRoot}/package.json`, 'utf8')).version,
  openHost: (options) => {
    const automaticBpf = program !== 'netstat';
    return new LocalHost(settleHostOptions(options), {
      packageRoot,
      reader: 'inline',
      automaticBpf,
      hostTables: () => import('../host-tables.ts'),
    });
  },
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  now: () => performance.now(),
}).then((status) => {
  leaveScreens();
  process.exit(status);
});
