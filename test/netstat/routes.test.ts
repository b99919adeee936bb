import { basename } from 'node:path';
import { describe, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { LEGACY, WHOLE } from './routes-hosts.ts';
import { cacheLines, headings, inet6Lines, inetLines, legacyLines, neighbourLines } from './routes-lines.ts';
import { compareTrees, compareTreesHere, type Tree } from './routes-trees.ts';

const missing = requirement('netns', 'netstat');

const COUNTS = ['', 'e', 'ee', 'eee', 'eeee', 'eeeee', 'eeeeee', 'eeeeeee'];

describe.skipIf(missing !== undefined)(`routes beside netstat ${missing ?? ''}`, () => {
  it('prints one of everything', { timeout: 60_000 }, () => {
    const families = ['', '-4', '-6', '-6 -4', '-4 -4', '-A inet,inet6,inet', '-46', '--ip --inet6'];
    const tables = ['', 'F', 'C', 'CF'];
    const numeric = ['-n', '', '-N', '--numeric-hosts', '--numeric-ports', '--numeric-users'];
    const lines = families.flatMap((family, at) =>
      tables.map(
        (table, other) => `-r${table}${COUNTS[(at * 3 + other) % 8]} ${family} ${numeric[(at + other) % 6]}`,
      ),
    );
    const more = COUNTS.flatMap((count) => [`-rn${count}`, `-rnC${count}`, `-r${count}C6`]);
    compareTrees([{ tree: WHOLE, lines: [...lines, ...more, '-rnaltuxvWop', '-r -g -n'] }]);
  });

  it('goes through families in the order in which they are named', { timeout: 60_000 }, () => {
    const lines = [
      '-r -4 -x -6',
      '-rn -x',
      '-rn -6 -4 -x',
      '-rnFC -4 -6',
      '-r -A ash',
      '-r -A econet -4',
      '-r -4 -A bluetooth',
      '-r --ipx --ax25 --netrom --rose --x25 --ddp',
      '-rn -A ddp,x25,inet,ipx',
      '-rFC --ax25 -4',
      '-rC --rose --netrom',
      '-r --x25 -x --x25',
      '-r -A ipx,ipx',
    ];
    compareTrees([
      { tree: { ...WHOLE, ...LEGACY }, lines },
      {
        tree: { route: WHOLE.route! },
        lines: ['-rn -4 -6', '-rn -6 -4', '-rnFC', '-rnCF -4', '-rn -4 --ipx -4'],
      },
    ]);
  });

  const EACH = ['-rn', '-rn6', '-rnC', '-rnC6', '-rnFC', '-rnFC6', '-rneee', '-rnCeee', '-rnCe6'];
  const LEGACY_EACH = ['--ipx', '--ax25', '--netrom', '--rose', '--x25'].map((family) => `-r ${family}`);

  it('says what is not there, or empty, or cannot be opened', { timeout: 60_000 }, async () => {
    const names = [...Object.keys(WHOLE), ...Object.keys(LEGACY), 'ndisc'];
    const loops: Tree = Object.fromEntries(names.map((name) => [name, { link: basename(name) }]));
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    await compareTreesHere([
      { tree: {}, lines: [...EACH, ...LEGACY_EACH, '-r --ddp', '-rC --ipx'] },
      { tree: empty, lines: [...EACH, ...LEGACY_EACH] },
      { tree: { ipx_route: LEGACY['ipx/route']!, x25_routes: LEGACY['x25/route']! }, lines: LEGACY_EACH },
      { tree: { ipx: '', x25: '', nr_nodes: LEGACY.nr_nodes! }, lines: LEGACY_EACH },
      { tree: { nr_neigh: LEGACY.nr_neigh!, rose_neigh: LEGACY.rose_neigh! }, lines: LEGACY_EACH },
      { tree: loops, lines: [...EACH, ...LEGACY_EACH, '-r --ddp'] },
      // A directory opens, and cannot be read.
      { tree: Object.fromEntries(names.map((name) => [`${name}/x`, ''])), lines: [...EACH, ...LEGACY_EACH] },
    ]);
  });

  it('reads headings whose columns are others', { timeout: 60_000 }, async () => {
    await compareTreesHere(headings());
  });

  it('reads lines of any shape', { timeout: 60_000 }, async () => {
    await compareTreesHere([...inetLines(), ...inet6Lines(), ...cacheLines(), ...neighbourLines()]);
  });

  it('reads the lines of other families', { timeout: 60_000 }, async () => {
    await compareTreesHere(legacyLines());
  });
});
