// The declarations of a library as one file: what its entry exports, and nothing of how it works inside.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { extract } from './extractor.mjs';

/** Puts the declarations that `entry` reaches, in `folder`, into `entry` itself. */
export function rollUpTypes(root, folder, entry) {
  const rolled = join(folder, `rolled-${entry}`);
  const messages = extract(root, join(folder, entry), {
    dtsRollup: { enabled: true, untrimmedFilePath: rolled },
  });
  const broken = messages.filter(({ category, logLevel }) => category === 'Compiler' || logLevel === 'error');
  if (broken.length > 0) throw new Error(broken.map(({ text }) => text).join('\n'));
  renameSync(rolled, join(folder, entry));
}
