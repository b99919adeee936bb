// api/sockscope.api.md: the public types as text, without their comments, from what ships: dist/index.d.ts.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

/** What nobody has to act upon: comments are not in TSDoc, and everything that is exported is public. */
const PASSED_OVER = ['ae-missing-release-tag'];

/** The text, and what is wrong with the types: hidden ones behind exported ones, members without a comment. */
export function declarationReport(root) {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-api-'));
  try {
    mkdirSync(join(folder, 'temp'));
    const faults = [];
    const { succeeded } = Extractor.invoke(configuration(root, folder), {
      localBuild: true,
      messageCallback: (message) => {
        message.handled = true;
        if (isFault(message)) faults.push(words(message, root));
      },
    });
    if (!succeeded && faults.length === 0) faults.push('API Extractor failed, and did not say why');
    return { text: readFileSync(join(folder, 'sockscope.api.md'), 'utf8'), faults };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isFault({ category, messageId }) {
  return category !== 'console' && category !== 'TSDoc' && !PASSED_OVER.includes(messageId);
}

function words({ messageId, text, sourceFilePath, sourceFileLine }, root) {
  const place = sourceFilePath === undefined ? '' : `${sourceFilePath.replace(root, '')}:${sourceFileLine}: `;
  return `${place}${text} (${messageId})`;
}

function configuration(root, folder) {
  const entry = join(root, 'dist/index.d.ts');
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
  };
  return ExtractorConfig.prepare({
    // Of no file: what relative paths would be relative to.
    configObjectFullPath: join(root, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: 'sockscope.api.md',
        reportFolder: folder,
        reportTempFolder: join(folder, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'warning' } },
        // Some are silent by default: `ae-undocumented`.
        extractorMessageReporting: {
          default: { logLevel: 'warning' },
          'ae-undocumented': { logLevel: 'warning' },
          'ae-forgotten-export': { logLevel: 'warning' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}
