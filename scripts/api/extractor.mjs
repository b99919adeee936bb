// API Extractor over the declarations that start at an entry, such as dist/index.d.ts.
import { join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const LIBRARY = { target: 'es2023', lib: ['es2023', 'esnext.disposable'], module: 'nodenext' };

/**
 * Runs it; `outputs` are its `apiReport` and `dtsRollup`. Gives the messages about the declarations, and throws where it
 * fails without one.
 */
export function extract(root, entry, outputs) {
  const messages = [];
  const { succeeded } = Extractor.invoke(configuration(root, entry, outputs), {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
      if (message.category !== 'console') messages.push(message);
    },
  });
  if (!succeeded && messages.length === 0) throw new Error('API Extractor failed, and did not say why');
  return messages;
}

function configuration(root, entry, outputs) {
  return ExtractorConfig.prepare({
    // Of no file: what relative paths would be relative to.
    configObjectFullPath: join(root, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: { compilerOptions: { ...LIBRARY, types: ['node'], strict: true }, files: [entry] },
      },
      apiReport: { enabled: false },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      ...outputs,
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'warning' } },
        extractorMessageReporting: {
          default: { logLevel: 'warning' },
          // Silent where nothing is said.
          'ae-undocumented': { logLevel: 'warning' },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}
