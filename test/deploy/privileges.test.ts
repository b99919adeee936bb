import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/request/host-options.ts';
import { nobody, nobodyIn, nobodyWith } from '../owners/users.ts';
import { requirement } from '../requirements.ts';
import { verdictOf } from './asking.ts';
import { engines, giftsOf, hostProc, inContainer, rootOnlyWith } from './container-like.ts';
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
const ENGINES = engines(requirement(...needed, 'pidns', 'ip'));

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
  'root without capabilities': rootOnlyWith(),
  'root with `CAP_SYS_PTRACE` alone': rootOnlyWith('sys_ptrace'),
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

  it.each([
    ['a member of the group', nobodyIn(GROUP), "the user's"],
    ['`CAP_BPF` and `CAP_PERFMON`', nobodyWith('bpf', 'perfmon'), "the user's"],
    ['`CAP_SYS_PTRACE` and `CAP_DAC_READ_SEARCH`', nobodyWith('sys_ptrace', 'dac_read_search'), 'all'],
  ])('%s, where /proc is mounted with hidepid=2', async (_, as, owners) => {
    const mount = ['unshare', '-m', 'sh', '-c', 'mount -t proc -o hidepid=2 proc /proc && exec "$@"', 'sh'];
    const host = { ...OWNERS, pinnedPaths: [pinned] };
    expect((await verdictOf(place, installed, [...mount, ...as], host)).owners).toBe(owners);
  });
});

for (const { engine, missing } of ENGINES) {
  describe.skipIf(missing !== undefined)(`containers by ${engine}${missing ? ` (${missing})` : ''}`, () => {
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

    it.each(rows)('$given: as the page says', async ({ given, ...cells }) => {
      const gifts = giftsOf(given === 'nothing' ? [] : given!.replaceAll('`', '').split(' '));
      const isPinned = gifts.groups.length > 0;
      const where = isPinned ? unpidded : place;
      const host = {
        ...OWNERS,
        ...(gifts.procMounted ? { procRoot: hostProc(place) } : {}),
        ...(isPinned ? { pinnedPaths: [await pinIn(unpidded, installed)] } : {}),
      };
      expect(
        await verdictOf(where, installed, inContainer(where, installed, gifts, engine), host),
      ).toMatchObject(cells);
    });
  });
}

describe('what an attacker gains', () => {
  it('is said of every capability that the page names', () => {
    const risks = tableBelow('## What each risks', page).map((row) => row['what is given']);
    const named = new Set(page.match(/`CAP_\w+`/g));
    expect([...named].filter((capability) => !risks.some((risk) => risk?.includes(capability)))).toEqual([]);
  });
});
