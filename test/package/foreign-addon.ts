import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { INTERFACE_VERSION } from '../../src/addon/native-binding.ts';
import { root } from './toolchain.ts';

/** An addon that loads, and says of itself that it has other columns. */
const SOURCE = `
#define INTERFACE_VERSION ${INTERFACE_VERSION}
#define NAPI_VERSION 8
#include <node_api.h>

NAPI_MODULE_INIT() {
  napi_value interface, version, layout;
  napi_create_uint32(env, INTERFACE_VERSION, &interface);
  napi_set_named_property(env, exports, "interfaceVersion", interface);
  napi_create_uint32(env, 9999, &version);
  napi_create_array(env, &layout);
  napi_set_named_property(env, exports, "layoutVersion", version);
  napi_set_named_property(env, exports, "layout", layout);
  return exports;
}
`;

/** Needs the requirements compiler and addon: the headers come with the latter. */
export function compileForeignAddon(output: string): void {
  const headers = join(root, 'native/headers/include/node');
  const words = ['-shared', '-fPIC', '-I', headers, '-o', output, '-xc', '-'];
  const { status, stderr } = spawnSync('cc', words, { input: SOURCE, encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc: ${stderr}`);
}
