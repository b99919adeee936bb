// How much of what is compared with netstat byte by byte the comparisons run: `npm run coverage`.
//
// The tests hand SOCKSCOPE_COVERAGE on to the commands that they start, which write there what they have run. Without it
// this script runs those tests itself. Fails where less than 95 % of the branches of src/format and src/kernel-tables
// have been taken, of what has a counterpart in netstat.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoverageReport } from 'monocart-coverage-reports';

const LEAST_PERCENT = 95;
/** What netstat has nothing of is not compared with it: our screens, ctnetlink, ways of opening files. It has tests of its own. */
const WITHOUT_COUNTERPART =
  /^src\/(format\/doctor-|kernel-tables\/(table-abilities|table-file|nat|conntrack-netlink)\.ts$)/;
/** The command of this checkout: copies of it that tests make are gone by now. */
const command = new URL('../dist/cli/', import.meta.url).href;
const given = process.env.SOCKSCOPE_COVERAGE;
const folder = mkdtempSync(join(tmpdir(), 'sockscope-coverage-'));
try {
  const records = given ?? join(folder, 'records');
  makeOpen(records);
  if (given === undefined) runTests(records);
  process.exitCode = await report(records);
} finally {
  rmSync(folder, { recursive: true });
}

/** Some of the commands run as nobody. */
function makeOpen(records) {
  chmodSync(folder, 0o755);
  mkdirSync(records, { recursive: true });
  chmodSync(records, 0o1777);
}

function runTests(records) {
  const tests = ['vitest', 'run', 'test/netstat', 'test/cli', 'test/kernel'];
  const env = { ...process.env, SOCKSCOPE_COVERAGE: records };
  const { status } = spawnSync('npx', tests, { stdio: 'inherit', env });
  if (status !== 0) throw new Error('the tests failed');
}

async function report(records) {
  const coverage = new CoverageReport({
    name: 'what the comparisons with netstat run',
    outputDir: join(folder, 'report'),
    reports: [['console-details', { metrics: ['branches', 'functions', 'lines'] }]],
    entryFilter: ({ url }) => url.startsWith(command),
    // What ships names no source map: it is found by its name.
    onEntry: (entry) => {
      entry.sourceMap = JSON.parse(readFileSync(`${fileURLToPath(entry.url)}.map`, 'utf8'));
    },
    sourceFilter: (path) => /^src\/(format|kernel-tables)\//.test(path) && !WITHOUT_COUNTERPART.test(path),
  });
  await coverage.addFromDir(records);
  const { summary } = await coverage.generate();
  const { pct } = summary.branches;
  console.log(`branches of src/format and src/kernel-tables: ${pct} %, at least ${LEAST_PERCENT} %`);
  return pct >= LEAST_PERCENT ? 0 : 1;
}
