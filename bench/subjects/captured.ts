import type { Scene, Subject } from '../contract.ts';
import { capturedRoot } from '../load/captured.ts';
import { rowsOfColumns, rowsOfList, rowsOfProcfs } from './rows.ts';
import { script, scriptWithoutAddon } from './scripts.ts';
import { command } from './sockscope.ts';

const file = (scene: Scene): string => `${capturedRoot(scene)}/net/tcp`;

export const catCaptured: Subject = {
  name: 'cat of the captured file',
  yardstick: true,
  command: (scene) => ['cat', file(scene)],
  rows: rowsOfProcfs,
};
/** Looks at every byte, and at nothing but ends of lines. */
export const wcCaptured: Subject = {
  name: 'wc -l of the captured file',
  yardstick: true,
  command: (scene) => ['wc', '-l', file(scene)],
  rows: (stdout) => Number.parseInt(stdout, 10) - 1,
};
export const capturedListing: Subject = {
  name: 'sockscope -tan --proc DIR',
  command: (scene) => [process.execPath, command, '-tan', '--proc', capturedRoot(scene)],
  rows: rowsOfColumns(2),
};
export const capturedScan: Subject = scan('host.scan() of the captured file, warm', script);
export const capturedScanWithoutAddon: Subject = scan(
  'host.scan() of the captured file, TypeScript alone, warm',
  scriptWithoutAddon,
);

/** The parser alone, on the file's text in memory; IPv6 is the same rows with longer addresses. See inside/parse.mjs. */
export const parsedText: Subject = parse('inet', 'the parser alone, IPv4, warm');
export const parsedText6: Subject = parse('inet6', 'the parser alone, IPv6, warm');

function parse(family: 'inet' | 'inet6', name: string): Subject {
  const parsing = (scene: Scene): readonly string[] => script('parse.mjs', file(scene), family);
  return {
    name,
    command: parsing,
    figures: true,
    witness: (scene) => [...parsing(scene), '--list'],
    rows: rowsOfList,
  };
}

function scan(name: string, words: typeof script): Subject {
  const asking = (scene: Scene): readonly string[] =>
    words(
      'ask.mjs',
      JSON.stringify({
        host: { procRoot: capturedRoot(scene), source: 'procfs' },
        request: { protocols: ['tcp'] },
        iterations: 5,
      }),
    );
  return {
    name,
    command: asking,
    figures: true,
    witness: (scene) => [...asking(scene), '--list'],
    rows: rowsOfList,
  };
}
