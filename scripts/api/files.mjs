// What the package promises, as text: the files of api/.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonReport, agreementFaults } from './addon.mjs';
import { columnsReport } from './columns.mjs';
import { declarationReport } from './declarations.mjs';
import { jsonReport, schemaFaults } from './json.mjs';

const ADDON = 'api/addon.md';
const JSON_KEYS = 'api/json.md';

/** The files by their paths, from what is in src and in dist now, and what stands against committing them, in words. */
export async function apiFiles(root) {
  const declarations = declarationReport(root);
  const columns = await columnsReport(root);
  const files = {
    'api/sockscope.api.md': declarations.text,
    'api/columns.md': columns.text,
    [JSON_KEYS]: jsonReport(root),
    [ADDON]: await addonReport(root),
  };
  const faults = [
    ...declarations.faults,
    ...columns.faults,
    ...sinceCommitted(root, JSON_KEYS, files[JSON_KEYS], schemaFaults),
    ...sinceCommitted(root, ADDON, files[ADDON], agreementFaults),
  ];
  return { files, faults };
}

function sinceCommitted(root, path, fresh, faultsOf) {
  const file = join(root, path);
  return existsSync(file) ? faultsOf(readFileSync(file, 'utf8'), fresh) : [];
}
