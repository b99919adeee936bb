// api/columns.md: the columns of a batch, with what their comments promise: meaning, unit, absent value, kernel field.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ts } from './compiler.mjs';

export async function columnsReport(root) {
  const { SCHEMA, ABSENT } = await import(pathToFileURL(join(root, 'dist/index.js')).href);
  const absentText = (absent) => (absent === ABSENT ? '0xFFFFFFFF, `ABSENT`' : (absent ?? ''));
  const comments = commentsOf(join(root, 'src/table/columns.ts'), 'Columns');
  const undescribed = SCHEMA.filter(({ name }) => !comments.has(name)).map(({ name }) => name);
  const rows = SCHEMA.map(
    ({ name, element, lanes, absent }) =>
      `| \`${name}\` | ${element} | ${lanes} | ${absentText(absent)} | ${comments.get(name) ?? ''} |`,
  );
  const text = `# Columns

In the order in which they lie in a batch. \`heap\`: 32-bit offsets into the bytes behind the last column.
\`absent\`: what a column holds where its source does not know, or was not told.

| column | element | lanes | absent | meaning |
|---|---|---|---|---|
${rows.join('\n')}
`;
  return { text, faults: undescribed.map((name) => `src/table/columns.ts: column "${name}" has no comment`) };
}

/** The comments of an interface's members, each on a line, by their names. */
function commentsOf(path, name) {
  const source = ts.createSourceFile(path, ts.sys.readFile(path), ts.ScriptTarget.Latest, true);
  const declaration = source.statements.find(
    (one) => ts.isInterfaceDeclaration(one) && one.name.text === name,
  );
  return new Map(
    declaration.members.flatMap((member) => {
      const comment = ts.getJSDocCommentsAndTags(member)[0]?.comment;
      return comment === undefined ? [] : [[member.name.text, comment.replaceAll(/\s+/g, ' ')]];
    }),
  );
}
