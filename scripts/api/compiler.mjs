// TypeScript's compiler as a library, which TypeScript 7 is not: the one that API Extractor brings with it.
import { createRequire } from 'node:module';

const ownRequire = createRequire(import.meta.url);
const extractorRequire = createRequire(ownRequire.resolve('@microsoft/api-extractor'));

export const ts = extractorRequire('typescript');
