// api/json.md: the keys of every document that `--json` prints, and what they hold.
import { keyLines } from './json-keys.mjs';
import { documentShapes } from './json-shapes.mjs';

export function jsonReport(root) {
  const shapes = documentShapes(root);
  const documents = [...shapes].map(
    ([title, shape]) => `## \`${title}\`\n\n\`\`\`\n${keyLines(shape).join('\n')}\n\`\`\`\n`,
  );
  return `# JSON, schema version ${schemaVersion(shapes)}

A line for each key: \`[]\` stands for every item of an array, \`*\` for every key of an object whose keys are names, \`?\`
for a key that is left out where there is nothing to tell. In braces: what tells one kind of object from another.
\`integer\`: a whole number of up to 64 bits, more than every reader of JSON keeps.

${documents.join('\n')}`;
}

function schemaVersion(shapes) {
  const versions = [...shapes.values()].map(
    ({ fields }) => fields.find(({ name }) => name === 'schemaVersion')?.shape.words[0],
  );
  if (new Set(versions).size !== 1) throw new Error(`documents have the versions ${versions.join(', ')}`);
  return versions[0];
}

/** What the new report lacks of the committed one without a new version, in words. */
export function schemaFaults(committed, fresh) {
  if (versionOf(fresh) > versionOf(committed)) return [];
  const now = new Set(keysOf(fresh));
  return keysOf(committed)
    .filter((line) => !now.has(line))
    .map((line) => `${line} has gone: raise JSON_SCHEMA_VERSION in src/format/json-documents.ts`);
}

function versionOf(report) {
  return Number(/^# JSON, schema version (\d+)$/m.exec(report)?.[1]);
}

/** Each with the title of its document, and once for each of the words that it may hold: another word is no change. */
function keysOf(report) {
  return report.split(/^## /m).flatMap((part) => {
    const [title, ...below] = part.split('\n');
    const keys = below.filter((line) => line !== '' && line !== '```');
    if (!title.startsWith('`')) return [];
    return keys.flatMap((line) => {
      const [key, words = ''] = line.split(': ');
      return words.split(' | ').map((word) => `${title}: ${key}: ${word}`);
    });
  });
}
