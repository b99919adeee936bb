// Runs the C++ core's own tests, which `npm run build:native` has built.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../build/Release/core_tests', import.meta.url));
if (!existsSync(program)) {
  console.error(
    'build/Release/core_tests is not there: the native part needs python3, make and a C++ compiler',
  );
  process.exit(1);
}
process.exit(spawnSync(program, { stdio: 'inherit' }).status ?? 1);
