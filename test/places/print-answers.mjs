// Runs in a place: asks the library for everything and prints what came as one line of JSON.
// usage: print-answers.mjs LIBRARY OPTIONS      (JSON: those of openHost)
const [library, options] = process.argv.slice(2);

const answers = await import(library).then(askAll, (error) => ({ failure: failureOf(error) }));
process.stdout.write(JSON.stringify(answers));

async function askAll({ openHost, isSupported }) {
  const supported = isSupported();
  let host;
  try {
    host = await openHost(JSON.parse(options));
  } catch (error) {
    return { supported, failure: failureOf(error) };
  }
  try {
    const answers = { supported, abilities: abilitiesOf(host) };
    answers.rows = await host.scan({ protocols: ['tcp'] }).then(tableOf, failureOf);
    answers.owned = await host.scan({ protocols: ['tcp'], owners: 'all' }).then(tableOf, failureOf);
    answers.scans = {};
    for (const protocol of ['tcp', 'udp', 'udplite', 'raw', 'unix']) {
      answers.scans[protocol] = await host.scan({ protocols: [protocol] }).then(usedIn, failureOf);
    }
    answers.tables = await host.tableAbilities();
    for (const name of ['routes', 'interfaces', 'groups', 'statistics', 'natEntries']) {
      answers[name] = await host[name]().then(sizeOf, failureOf);
    }
    return answers;
  } finally {
    await host.close();
  }
}

/** What is used and why not a better one; what else an ability says is not this program's. */
function abilitiesOf({ abilities }) {
  return Object.fromEntries(
    Object.entries(abilities).map(([subject, ability]) => [subject, abilityOf(ability)]),
  );
}

function abilityOf({ source, better }) {
  return {
    source,
    better: better.map(({ source, reason, errno, remedy }) => ({ source, reason, errno, remedy })),
  };
}

function tableOf(table) {
  const { report } = table;
  return {
    rows: Array.from(table, ({ state, local, remote, owners, noOwner }) => ({
      state,
      localPort: local.port,
      remotePort: remote.port,
      pids: owners?.map(({ pid }) => pid),
      noOwner,
    })),
    complete: table.complete,
    gaps: table.gaps,
    source: report.sources.tcp?.source,
    owners: report.owners,
    sources: usedIn(table),
  };
}

/** What each answer is really read by. */
function usedIn({ report }) {
  return Object.fromEntries(Object.entries(report.sources).map(([subject, { source }]) => [subject, source]));
}

function sizeOf(answer) {
  if (Array.isArray(answer)) return { size: answer.length };
  return answer.groups === undefined
    ? { size: answer.length, source: answer.source }
    : { size: answer.groups.length };
}

function failureOf(error) {
  const { name, code, message, remedy } = error;
  return { name, code, message, remedy };
}
