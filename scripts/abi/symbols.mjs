import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const NODE_API = 8;
const { js_native_api_symbols, node_api_symbols } = require('node-api-headers').symbols[`v${NODE_API}`];
const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];
const nodeApi = new Set([...js_native_api_symbols, ...node_api_symbols]);
/** Memory that is lent to V8: Electron refuses it. `napi_create_external` is a handle, and allowed. */
const LENT = /^(?:napi|node_api)_create_external_/;
/** Of Node.js, and not the same from one version to the next. */
const UNSTABLE = /^(?:uv_|_ZNK?2v8|_ZNK?4node)/;
/** What compilers call where it is there: for transactional memory, profiles and the end of a library. */
const OPTIONAL = /^(?:_ITM_\w+|__gmon_start__|__cxa_finalize)$/;
/** Names under which a compile by glibc's headers calls what is there by a plain one. */
const OF_GLIBC = /^(?:__\w+_chk|__isoc\d+_\w+|gnu_\w+|(?!_Z)\w+64)$/;

/** Symbols that nothing has where the addon is loaded, or that are not its to have. */
export function faultsOfSymbols({ symbols, needed }, libc) {
  const faults = [];
  if (!symbols.some(({ name, isImport }) => name === 'napi_register_module_v1' && !isImport)) {
    faults.push('it exports no napi_register_module_v1: this is no addon');
  }
  for (const symbol of symbols) {
    const fault = symbol.isImport ? faultOfImport(symbol, libc, needed) : faultOfExport(symbol);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

function faultOfExport({ name }) {
  return EXPORTS.includes(name) ? undefined : `it exports ${name}, which may stand for one of another addon`;
}

function faultOfImport({ name, version, isWeak }, libc, needed) {
  if (version !== undefined) return undefined;
  if (LENT.test(name)) return `it lends memory by ${name}, which Electron refuses`;
  if (nodeApi.has(name)) return undefined;
  if (/^(?:napi|node_api)_/.test(name)) return `${name} is not of Node-API ${NODE_API}`;
  if (UNSTABLE.test(name)) return `${name} is of Node.js, and not of Node-API`;
  if (isWeak && OPTIONAL.test(name)) return undefined;
  if (libc === 'glibc') return `no library is known to have ${name}`;
  // The symbols of musl have no versions: that it has one can be told of few.
  if (OF_GLIBC.test(name)) return `${name} is of glibc, and not of musl`;
  const isOfCpp = name.startsWith('_Z') && !needed.includes('libstdc++.so.6');
  return isOfCpp ? `no library is known to have ${name}` : undefined;
}
