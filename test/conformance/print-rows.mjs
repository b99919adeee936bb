// Runs inside the scene: scans it once for each set of host options and prints what came as JSON.
// usage: print-rows.mjs LIBRARY SELECTIONS OPTIONS...      (JSON: an array of requests, an object each)
const [library, selections, ...subjects] = process.argv.slice(2);
const { openHost, SCHEMA } = await import(library);
const columns = SCHEMA.map((column) => column.name);

const results = [];
for (const subject of subjects) {
  const host = await openHost(JSON.parse(subject));
  try {
    const table = await host.scan({ columns });
    // References come from /proc, and with them rows that unix_diag leaves out: what does the source tell alone?
    const alone = await host.scan({ columns: columns.filter((name) => name !== 'unixRefs') });
    results.push({
      abilities: host.abilities,
      gaps: table.gaps,
      length: table.length,
      rows: objects(table),
      rowsWithoutReferences: objects(alone),
      selections: await inTurn(JSON.parse(selections), async (request) => objects(await host.scan(request))),
    });
  } finally {
    await host.close();
  }
}
process.stdout.write(JSON.stringify(results, (_, value) => plain(value)));

async function inTurn(values, make) {
  const made = [];
  for (const value of values) made.push(await make(value));
  return made;
}

function objects(table) {
  return Array.from(table, (socket) => socket.toObject());
}

function plain(value) {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
