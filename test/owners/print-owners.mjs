// Runs inside a scene: opens the host as each job says, scans it for each of the job's requests, prints what came as JSON.
// usage: print-owners.mjs LIBRARY JOBS      (JSON: an array of { host, requests, times? })
const [library, jobs] = process.argv.slice(2);
const { openHost } = await import(library);

const answers = [];
for (const { host, requests, times = 1 } of JSON.parse(jobs)) {
  answers.push(await answerOf(host, Array(times).fill(requests).flat()).catch(failure));
}
process.stdout.write(JSON.stringify(answers));

async function answerOf(options, requests) {
  const host = await openHost(options);
  try {
    const scans = [];
    for (const request of requests) scans.push(await host.scan(request).then(tableOf, failure));
    return { ability: host.abilities.owners, scans };
  } finally {
    await host.close();
  }
}

function tableOf(table) {
  const { report } = table;
  return {
    rows: Array.from(table, rowOf),
    complete: table.complete,
    gaps: table.gaps,
    owners: report.owners,
    source: report.sources.owners,
  };
}

function rowOf(socket) {
  const { protocol, family, state, inode, local, remote, path, owners, noOwner } = socket;
  return {
    protocol,
    family,
    state,
    inode,
    localPort: local?.port,
    remotePort: remote?.port,
    path,
    owners: owners?.map(({ programBytes, ...owner }) => ({
      ...owner,
      programBytes: Buffer.from(programBytes).toString('hex'),
    })),
    noOwner,
  };
}

function failure(error) {
  const { name, code, message, errno, remedy } = error;
  return { error: { name, code, message, errno, remedy } };
}
