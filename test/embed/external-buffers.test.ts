import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { ADDON } from './workshop.ts';

const missing = requirement('addon');

/** What lends memory of ours to V8: Electron, and every V8 with a sandbox, refuses it. */
const LENDING = [
  'napi_create_external_arraybuffer',
  'napi_create_external_buffer',
  'node_api_create_external_string_latin1',
  'node_api_create_external_string_utf16',
  'node_api_create_external_sharedarraybuffer',
];

describe.skipIf(missing !== undefined)(`the addon${missing === undefined ? '' : ` (${missing})`}`, () => {
  // An ELF file names what it takes from the program that loads it.
  const text = missing === undefined ? readFileSync(ADDON, 'latin1') : '';
  const imports = (name: string): boolean => text.includes(`\0${name}\0`);

  it('has V8 own every buffer', () => {
    expect(imports('napi_create_arraybuffer')).toBe(true);
  });

  it.each(LENDING)('does not import %s', (name) => {
    expect(imports(name)).toBe(false);
  });
});
