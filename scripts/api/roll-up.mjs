// The declarations of a library as one file: what its entry exports, and nothing of how it works inside.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ts } from './compiler.mjs';
import { extract } from './extractor.mjs';

/** Puts the declarations that `entry` reaches, in `folder`, into `entry` itself. */
export function rollUpTypes(root, folder, entry) {
  const file = join(folder, entry);
  const rolled = join(folder, `rolled-${entry}`);
  const messages = extract(root, file, { dtsRollup: { enabled: true, untrimmedFilePath: rolled } });
  const broken = messages.filter(({ category, logLevel }) => category === 'Compiler' || logLevel === 'error');
  if (broken.length > 0) throw new Error(broken.map(({ text }) => text).join('\n'));
  writeFileSync(file, withoutValues(readFileSync(rolled, 'utf8'), typesOnly(readFileSync(file, 'utf8'))));
  rmSync(rolled);
}

/** What the entry exports as a type alone. */
function typesOnly(text) {
  const { statements } = ts.createSourceFile('entry.d.ts', text, ts.ScriptTarget.Latest);
  return statements
    .filter((one) => ts.isExportDeclaration(one) && one.exportClause !== undefined)
    .flatMap(({ isTypeOnly, exportClause }) =>
      exportClause.elements
        .filter((element) => isTypeOnly || element.isTypeOnly)
        .map(({ name }) => name.text),
    );
}

/**
 * API Extractor exports every class as one that can be made and extended, also where the entry exports its type alone:
 * such a name is not there when the program runs.
 */
function withoutValues(text, names) {
  const classes = names.filter((name) => text.includes(`\nexport declare class ${name} `));
  const declared = classes.reduce(
    (left, name) => left.replace(`\nexport declare class ${name} `, `\ndeclare class ${name} `),
    text,
  );
  return declared.replace(/\nexport \{ \}\n$/, `\nexport type { ${classes.join(', ')} }\n`);
}
