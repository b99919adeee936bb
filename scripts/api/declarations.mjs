// api/sockscope.api.md: the public types as text, without their comments, from what ships: dist/index.d.ts.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from './extractor.mjs';

const REPORT = 'sockscope.api.md';

/** The text, and what is wrong with the types: hidden ones behind exported ones, members without a comment. */
export function declarationReport(root) {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-api-'));
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  try {
    const messages = extract(root, join(root, 'dist/index.d.ts'), {
      apiReport: { enabled: true, reportFileName: REPORT, reportFolder: folder, reportTempFolder: temporary },
    });
    const faults = messages.filter(isFault).map(({ messageId, text }) => `${text} (${messageId})`);
    return { text: readFileSync(join(folder, REPORT), 'utf8'), faults };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Our comments are not in TSDoc, and everything that is exported is public. */
function isFault({ category, messageId }) {
  return category !== 'TSDoc' && messageId !== 'ae-missing-release-tag';
}
