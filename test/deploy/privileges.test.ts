import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/request/host-options.ts';
import { nobody, nobodyIn, nobodyWith } from '../owners/users.ts';
import { requirement } from '../requirements.ts';
import { verdictOf } from './asking.ts';
import { hostProc, inContainer, rootOnlyWith, userOfContainer, usualAnd } from './container-like.ts';
import { Installed } from './installed.ts';
import { tableBelow } from './markdown-table.ts';
import { GROUP, pinIn, type Residents, startResidents } from './residents.ts';

const page = readFileSync(new URL('../../docs/privileges.md', import.meta.url), 'utf8');
const needed = [
  'root',
  'netns',
  'mountns',
  'python3',
  'addon',
  'dist',
  'setpriv',
  'iptables',
  'bpf',
  'bpffs',
] as const;
const missing = requirement(...needed);
const missingInContainers = requirement(...needed, 'pidns', 'ip');

/** The best first, as the command takes them. */
const OWNERS = { owners: ['bpf', 'bpf-pinned', 'procfd'], pinnedPaths: [] } as const satisfies HostOptions;

const USERS: Readonly<Record<string, readonly string[]>> = {
  'a user': nobody,
  '`CAP_SYS_PTRACE`': nobodyWith('sys_ptrace'),
  '`CAP_DAC_READ_SEARCH`': nobodyWith('dac_read_search'),
  '`CAP_SYS_PTRACE` and `CAP_DAC_READ_SEARCH`': nobodyWith('sys_ptrace', 'dac_read_search'),
  '`CAP_BPF`': nobodyWith('bpf'),
  '`CAP_PERFMON`': nobodyWith('perfmon'),
  '`CAP_BPF` and `CAP_PERFMON`': nobodyWith('bpf', 'perfmon'),
  '`CAP_NET_ADMIN`': nobodyWith('net_admin'),
  '`CAP_SYS_ADMIN`': nobodyWith('sys_admin'),
  root: ['env'],
  'root without capabilities': ['setpriv', ...rootOnlyWith()],
  'root with `CAP_SYS_PTRACE` alone': ['setpriv', ...rootOnlyWith('sys_ptrace')],
};
const MEMBER = 'a member of the group that `sockscope pin` was told';

describe.skipIf(missing !== undefined)(`users and capabilities${missing ? ` (${missing})` : ''}`, () => {
  const rows = tableBelow('## Users and capabilities', page);
  let installed: Installed;
  let place: Residents;
  let pinned: string;

  beforeAll(async () => {
    installed = new Installed();
    place = await startResidents({ nat: true });
    pinned = await pinIn(place, installed);
  });
  afterAll(async () => {
    await place?.stop();
    installed?.remove();
  });

  it('are all those that the page has', () => {
    expect(rows.map(({ who }) => who).sort()).toEqual([...Object.keys(USERS), MEMBER].sort());
  });

  it.each(rows)('$who: as the page says', async ({ who, ...cells }) => {
    const isMember = who === MEMBER;
    const host = isMember ? { ...OWNERS, pinnedPaths: [pinned] } : OWNERS;
    const verdict = await verdictOf(place, installed, isMember ? nobodyIn(GROUP) : USERS[who!]!, host);
    expect(verdict).toMatchObject(cells);
  });
});

/** What a container is given, and whether the library is told of `/host/proc`. */
const CONTAINERS: Readonly<Record<string, Parameters<typeof inContainer>[1]>> = {
  nothing: { setpriv: usualAnd() },
  '`--network=host`': { networkHost: true, setpriv: usualAnd() },
  '`--pid=host`': { pidHost: true, setpriv: usualAnd() },
  '`--network=host --pid=host`': { networkHost: true, pidHost: true, setpriv: usualAnd() },
  '`--network=host --pid=host --cap-add=SYS_PTRACE`': {
    networkHost: true,
    pidHost: true,
    setpriv: usualAnd('sys_ptrace'),
  },
  '`--network=host --pid=host --cap-drop=ALL --cap-add=SYS_PTRACE`': {
    networkHost: true,
    pidHost: true,
    setpriv: rootOnlyWith('sys_ptrace'),
  },
  '`--network=host --pid=host --cap-drop=ALL --cap-add=SYS_PTRACE --cap-add=DAC_READ_SEARCH`': {
    networkHost: true,
    pidHost: true,
    setpriv: rootOnlyWith('sys_ptrace', 'dac_read_search'),
  },
  'the same with `--user=65534`': {
    networkHost: true,
    pidHost: true,
    setpriv: userOfContainer('sys_ptrace', 'dac_read_search'),
  },
  '`--network=host --volume=/proc:/host/proc:ro --cap-drop=ALL --cap-add=SYS_PTRACE --cap-add=DAC_READ_SEARCH`':
    {
      networkHost: true,
      procMounted: true,
      setpriv: rootOnlyWith('sys_ptrace', 'dac_read_search'),
    },
  '`--volume=/proc:/host/proc:ro --cap-drop=ALL --cap-add=SYS_PTRACE --cap-add=DAC_READ_SEARCH`': {
    procMounted: true,
    setpriv: rootOnlyWith('sys_ptrace', 'dac_read_search'),
  },
  '`--volume=/proc:/host/proc:ro`': { procMounted: true, setpriv: usualAnd() },
};
const PINNED =
  '`--network=host --pid=host --cap-drop=ALL --user=65534 --group-add=GID --volume=/run/sockscope:/run/sockscope:ro`';

describe.skipIf(missingInContainers !== undefined)(
  `containers${missingInContainers ? ` (${missingInContainers})` : ''}`,
  () => {
    const rows = tableBelow('## Containers', page);
    let installed: Installed;
    let place: Residents;
    let unpidded: Residents;

    beforeAll(async () => {
      installed = new Installed();
      place = await startResidents({ pids: true });
      // A pinned iterator numbers processes as the first pid namespace does.
      unpidded = await startResidents();
    });
    afterAll(async () => {
      await place?.stop();
      await unpidded?.stop();
      installed?.remove();
    });

    it('are all those that the page has', () => {
      expect(rows.map(({ given }) => given).sort()).toEqual([...Object.keys(CONTAINERS), PINNED].sort());
    });

    it.each(rows.filter(({ given }) => given !== PINNED))(
      '$given: as the page says',
      async ({ given, ...cells }) => {
        const gifts = CONTAINERS[given!]!;
        const host = gifts.procMounted ? { ...OWNERS, procRoot: hostProc(place) } : OWNERS;
        expect(await verdictOf(place, installed, inContainer(place, gifts), host)).toMatchObject(cells);
      },
    );

    it('the pinned iterator: as the page says', async () => {
      const { given: _, ...cells } = rows.find(({ given }) => given === PINNED)!;
      const host = { ...OWNERS, pinnedPaths: [await pinIn(unpidded, installed)] };
      const setpriv = [
        '--bounding-set=-all',
        '--inh-caps=-all',
        '--reuid=65534',
        '--regid=65534',
        `--groups=${GROUP}`,
      ];
      const gifts = { networkHost: true, pidHost: true, setpriv };
      expect(await verdictOf(unpidded, installed, inContainer(unpidded, gifts), host)).toMatchObject(cells);
    });
  },
);

describe('what an attacker gains', () => {
  it('is said of every capability that the page names', () => {
    const risks = tableBelow('## What each risks', page).map((row) => row['what is given']);
    const named = new Set(page.match(/`CAP_\w+`/g));
    expect([...named].filter((capability) => !risks.some((risk) => risk?.includes(capability)))).toEqual([]);
  });
});
