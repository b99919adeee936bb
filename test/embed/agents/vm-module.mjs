// Loads a bundle of the library (argv[2]) as a module of another realm, as test runners load ECMAScript modules, and scans
// with the addon (argv[3]), and a long table below argv[4]. Wants --experimental-vm-modules.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext, SourceTextModule, SyntheticModule } from 'node:vm';

const [bundle, addonPath, procRoot] = process.argv.slice(2);
const outside = {
  AbortController,
  AbortSignal,
  Buffer,
  clearTimeout,
  performance,
  process,
  setImmediate,
  setTimeout,
};
const realm = createContext({ ...outside, TextDecoder, TextEncoder, URL });

/** A module of Node.js, for the other realm. */
async function builtIn(name) {
  const exported = await import(name);
  const names = Object.keys(exported);
  const module = new SyntheticModule(
    names,
    () => {
      for (const one of names) module.setExport(one, exported[one]);
    },
    { context: realm },
  );
  await module.link(() => {});
  await module.evaluate();
  return module;
}

const library = new SourceTextModule(readFileSync(bundle, 'utf8'), {
  context: realm,
  identifier: bundle,
  initializeImportMeta: (meta) => {
    meta.url = pathToFileURL(bundle).href;
  },
  importModuleDynamically: builtIn,
});
await library.link(builtIn);
await library.evaluate();

const { scan } = library.namespace;
const tcp = { protocols: ['tcp'] };
const native = await scan({ ...tcp, addonPath });
const text = await scan({ ...tcp, procRoot, source: 'procfs' });
const failure = await scan({ ...tcp, addonPath: '/nonexistent.node' }).catch((error) => error);
console.log(
  JSON.stringify({
    sources: [native, text].map(({ sources }) => sources.tcp.source),
    rows: text.length,
    name: failure.name,
    isOfTheRealm: failure instanceof runInContext('Error', realm),
  }),
);
