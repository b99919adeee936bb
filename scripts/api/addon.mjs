// api/addon.md: what the addon and the library have agreed on, by version: the layout of a batch, and the interface, which
// is what the exports take and give. A change of either takes a new version, so that an addon from elsewhere is refused.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { ts } from './compiler.mjs';

/** What crosses beside the layout: whole files, or the declarations of these names. */
const CROSSING = [
  { path: 'src/addon/native-binding.ts', not: ['INTERFACE_VERSION'] },
  { path: 'src/addon/native-interfaces.ts' },
  { path: 'src/addon/native-dump.ts' },
  { path: 'src/table/batch.ts', only: ['BatchData'] },
  { path: 'src/socket/protocol.ts', only: ['Protocol'] },
  {
    path: 'src/kernel-tables/nat-record.ts',
    only: ['NatField', 'NAT_RECORD_BYTES', 'NAT_BATCH', 'Told', 'Nat'],
  },
];

export async function addonReport(root) {
  const load = (path) => tsImport(pathToFileURL(join(root, 'src', path)).href, import.meta.url);
  const { SCHEMA, LAYOUT_VERSION, elementBytes } = await load('table/schema.ts');
  const { INTERFACE_VERSION } = await load('addon/native-binding.ts');
  const columns = SCHEMA.map(({ name, element, lanes }) => `${name} ${elementBytes(element) * lanes}`);
  return `# The addon

## Layout ${LAYOUT_VERSION}

Columns in their order, and bytes a row of each.

\`\`\`
${columns.join('\n')}
\`\`\`

## Interface ${INTERFACE_VERSION}

\`\`\`ts
${CROSSING.map((part) => declarations(root, part)).join('\n')}
\`\`\`
`;
}

/** Without comments, and as the compiler would print them. */
function declarations(root, { path, only, not = [] }) {
  const source = ts.createSourceFile(path, ts.sys.readFile(join(root, path)), ts.ScriptTarget.Latest, true);
  const printer = ts.createPrinter({ removeComments: true });
  const parts = source.statements.filter((statement) => {
    const name = nameOf(statement);
    return name !== undefined && !not.includes(name) && (only === undefined || only.includes(name));
  });
  if (only !== undefined && parts.length !== only.length)
    throw new Error(`${path} lacks one of ${only.join(', ')}`);
  return parts.map((part) => printer.printNode(ts.EmitHint.Unspecified, part, source)).join('\n');
}

function nameOf(statement) {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0].name.text;
  return statement.name?.text;
}

/** What has changed from the committed report to a new one without a new version, in words. */
export function agreementFaults(committed, fresh) {
  return [
    ['Layout', 'LAYOUT_VERSION in src/table/schema.ts and kLayoutVersion in native/core/columns.h'],
    [
      'Interface',
      'INTERFACE_VERSION in src/addon/native-binding.ts and kInterfaceVersion in native/napi/addon.cc',
    ],
  ].flatMap(([title, constants]) => {
    const before = sectionOf(committed, title);
    const now = sectionOf(fresh, title);
    if (before.body === now.body || now.version > before.version) return [];
    return [
      `the addon's ${title.toLowerCase()} has changed and is still version ${now.version}: raise ${constants}`,
    ];
  });
}

function sectionOf(report, title) {
  const match = new RegExp(`^## ${title} (\\d+)\\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(report);
  if (match === null) throw new Error(`there is no "## ${title} <version>" in api/addon.md`);
  return { version: Number(match[1]), body: match[2].trim() };
}
