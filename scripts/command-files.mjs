// How the command is bundled so that it starts soon. V8 looks through 50 kB in a millisecond, and what of Node.js is not in
// its snapshot is compiled at each start: `sockscope -tan` reads two files, and asks Node.js for little. The sources know
// nothing of it. test/package/start.test.ts holds both.

/**
 * What a plain listing does without, by the stage that needs it. Whatever is not named here is read at every start. To load
 * a stage takes a descriptor, and while a table is read there may be none left: so what a row may need is read at the start,
 * or is in the stage that has to be loaded before the table is opened; and so is whatever tells of a failure.
 */
const STAGES = {
  /** What only a walk over /proc, or a memory of owners, needs. */
  walk: /src\/(owners\/(procfd-walk|inode-index|holder-(list|collector)|descriptor-tables|fd-link|proc-stat|wanted-inodes|slots|poll|poll-rows|known-owners|row-holders)|recall-owners)\.ts$/,
  owners:
    /src\/(owners\/(?!owner-memory|processes|pinned-paths|owner-scan)|(with-owners|owner-search|table\/read-ahead|format\/(program|context)-cells)\.)/,
  /** What stands in for netlink, and unix sockets, of which netlink does not tell all. */
  procfs:
    /src\/(source\/(parsers\/|procfs-(t|job|probe)|page-reader|open-table|forged-lines|source-limits|unusable-source)|table\/(builder|collect|gather|project)\.|format\/unix|addon\/thread-pool|proc\/namespaces)/,
  others:
    /src\/(format\/(sctp|json|host-cells)|cli\/(sctp-section|beat|modes|table-folder)|kernel-tables\/|addon\/native-interfaces|proc\/(proc-mount|hiding|capabilities)|filter\/|names\/(services|users|networks|database-lines|address-set)|table\/(row|socket-table)\.)/,
};

const isOfStage = (id) => Object.values(STAGES).some((pattern) => pattern.test(id));

/** One file for each stage, and one for all that every listing needs. */
const codeSplitting = {
  includeDependenciesRecursively: false,
  groups: [
    ...Object.entries(STAGES).map(([name, test]) => ({ name, test, tags: ['$initial'] })),
    { name: 'listing', test: (id) => !isOfStage(id) && !id.endsWith('src/cli/main.ts'), tags: ['$initial'] },
  ],
};

const LOAD = new RegExp(
  `^const (require_(?:${Object.keys(STAGES).join('|')})) = (require\\(".*?"\\));$`,
  'gm',
);

const LIVE_EXPORT =
  /Object\.defineProperty\(exports, ["']([\w$]+)["'], \{\s*enumerable: true,\s*get: function ?\(\) \{\s*return ([\w$]+);\s*\}\s*\}\);/g;

/** Loads a stage's file when something of it is first used; no line and no column of the rest moves. */
const lazyStages = {
  name: 'lazy-stages',
  renderChunk: (code) => ({
    map: null,
    // No module exports a variable that changes: plain properties will do, at the end of a file, in place of getters.
    code: code.replace(LIVE_EXPORT, 'exports.$1 = $2;').replace(LOAD, (_, name, load) => {
      const uses = [...code.matchAll(new RegExp(`\\b${name}\\.([\\w$]+)`, 'g'))];
      const used = new Set(uses.map(([, word]) => word));
      const getters = [...used].map((word) => `get ${word}() { return ${name}_().${word}; }`);
      return `const ${name}_ = () => ${load}, ${name} = { ${getters.join(', ')} };`;
    }),
  }),
};

/** What stands in for parts of Node.js whose first use costs half a millisecond each. */
const STAND_INS = {
  // A file of CommonJS has a `require` already, and the addon is asked for by its whole path.
  'node:module': 'export const createRequire = () => require;',
  // As monotonic as the one of node:perf_hooks.
  'stand-in:clock': 'export const performance = { now: () => process.uptime() * 1000 };',
};

const standIns = {
  name: 'stand-ins',
  resolveId: (id) => (id in STAND_INS ? { id: `\0${id}` } : null),
  load: (id) => STAND_INS[id.slice(1)] ?? null,
};

export const input = {
  preserveEntrySignatures: false,
  plugins: [standIns, lazyStages],
  transform: { inject: { performance: ['stand-in:clock', 'performance'] } },
};

export const output = { codeSplitting };
