import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoadedAddon, loadAddon } from '../../../src/addon/load-addon.ts';
import type { NativeBinding } from '../../../src/addon/native-binding.ts';
import type { NativeInterfacesEnd } from '../../../src/addon/native-interfaces.ts';
import { type TableAbilities, tableAbilities } from '../../../src/kernel-tables/table-abilities.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-tables-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Of a folder with these files, all of them empty. */
function abilitiesOf(
  files: readonly string[],
  own = false,
  binding?: NativeBinding,
  addon: LoadedAddon = binding === undefined
    ? loadAddon({ packageRoot: folder })
    : { binding, path: '/sockscope.node' },
): Promise<TableAbilities> {
  for (const file of files) writeFileSync(join(folder, file), '');
  return tableAbilities({ netDirectory: folder, addon, isOwnNamespace: own, netlink: true, text: true });
}

/** An addon of which interfaces alone may be asked for, with that end. */
function bindingOfInterfaces(end: Partial<NativeInterfacesEnd>): NativeBinding {
  return {
    ...bindingOfNothing,
    startInterfaces(_: Uint8Array, __: string, wake: () => void) {
      setImmediate(wake);
      const told = { status: 'ok', operation: '', errno: 0, listErrno: 0, inet: true, ...end };
      return { end: () => told, cancel() {} };
    },
  } as unknown as NativeBinding;
}

const bindingOfNothing = {
  startConntrack() {
    throw new TypeError('not asked');
  },
} as unknown as NativeBinding;

describe('the abilities of the tables', () => {
  it('are there where one of their files is', async () => {
    const { routes, groups, statistics } = await abilitiesOf(['ipv6_route', 'igmp', 'snmp', 'netstat']);
    for (const ability of [routes, groups, statistics]) {
      expect(ability).toEqual({ source: 'procfs', better: [], limits: [], absent: false });
    }
  });

  it('are nothing where the kernel has no such table, and there is nothing to tell', async () => {
    const { routes } = await abilitiesOf([]);
    expect(routes).toMatchObject({ source: 'none', absent: true, better: [{ source: 'procfs', errno: 2 }] });
  });

  it('are nothing where there is no folder, and nobody knows what there would be to tell', async () => {
    rmSync(folder, { recursive: true });
    const abilities = await abilitiesOf([]);
    for (const { source, absent, better } of Object.values(abilities)) {
      expect([source, absent]).toEqual(['none', false]);
      expect(better.at(-1)!.needs).toEqual([[{ kind: 'mount', name: 'proc' }]]);
    }
  });

  it('say which of the files cannot be read', async () => {
    symlinkSync('igmp6', join(folder, 'igmp6'));
    const { groups } = await abilitiesOf(['igmp']);
    expect(groups.source).toBe('procfs');
    expect(groups.limits).toMatchObject([
      { what: 'groups of IPv6', reason: `open ${folder}/igmp6: ELOOP`, errno: 40 },
    ]);
    rmSync(join(folder, 'igmp'));
    const { groups: none } = await abilitiesOf([]);
    expect(none).toMatchObject({ source: 'none', absent: false, better: [{ errno: 40 }] });
  });

  it('of interfaces need their list', async () => {
    mkdirSync(join(folder, 'empty'));
    const { interfaces } = await abilitiesOf(['if_inet6'], true, bindingOfNothing);
    expect(interfaces).toMatchObject({ source: 'none', absent: false });
  });

  it('of interfaces are more by ioctls, in the own namespace, with the addon', async () => {
    const best = await abilitiesOf(['dev'], true, bindingOfInterfaces({}));
    expect(best.interfaces).toEqual({ source: 'ioctl', better: [], limits: [], absent: false });
    const other = await abilitiesOf(['dev'], false, bindingOfNothing);
    expect(other.interfaces).toMatchObject({
      source: 'procfs',
      better: [{ source: 'ioctl', needs: [[{ kind: 'namespace', name: 'network' }]] }],
    });
    expect(other.interfaces.limits[0]!.what).toMatch(/flags/);
    const bare = await abilitiesOf(['dev'], true);
    expect(bare.interfaces.better[0]!.needs).toEqual([[{ kind: 'package', name: 'sockscope.node' }]]);
    expect(bare.natEntries.better[0]).toMatchObject({
      source: 'ctnetlink',
      needs: [[{ kind: 'package', name: 'sockscope.node' }]],
    });
  });

  it('of interfaces are none where no socket may be made: nothing else is tried', async () => {
    const refused = { status: 'system', operation: 'socket', errno: 1 } as const;
    const { interfaces } = await abilitiesOf(['dev'], true, bindingOfInterfaces(refused));
    const needs = [[{ kind: 'seccomp', name: 'socket(2)' }]];
    expect(interfaces).toMatchObject({ source: 'none', limits: [], absent: false });
    expect(interfaces.better).toMatchObject([{ source: 'ioctl', errno: 1, needs }]);
    expect(interfaces.better[0]!.reason).toBe('no socket may be made: EPERM');
  });

  it('of interfaces say where IPv4 cannot be asked for addresses', async () => {
    for (const [end, reason] of [
      [{ inet: false }, 'no socket of IPv4 may be made'],
      [{ listErrno: 1 }, 'SIOCGIFCONF: EPERM'],
    ] as const) {
      const { interfaces } = await abilitiesOf(['dev'], true, bindingOfInterfaces(end));
      expect(interfaces).toMatchObject({ source: 'ioctl', better: [] });
      expect(interfaces.limits).toMatchObject([{ what: 'addresses of IPv4, and labels', reason }]);
    }
  });

  it('of interfaces are by the text where sysfs shows others', async () => {
    const { interfaces } = await abilitiesOf(['dev'], true);
    expect(interfaces.source).toBe('procfs');
    expect(interfaces.better[1]).toMatchObject({ source: 'sysfs', reason: expect.stringContaining('other') });
  });

  it('tell why the addon is missing, in its own words', async () => {
    const why = {
      reason: 'not allowed',
      remedy: 'allow it',
      needs: [[{ kind: 'node-flag', name: '--f' }]],
    } as const;
    const abilities = await abilitiesOf(['dev'], true, undefined, { failures: [], ...why });
    expect(abilities.interfaces.better[0]).toEqual({ source: 'ioctl', ...why });
    expect(abilities.natEntries.better[0]).toEqual({ source: 'ctnetlink', ...why });
  });

  it('take an addon that breaks for one that does not answer', async () => {
    const { natEntries } = await abilitiesOf(['nf_conntrack'], true, bindingOfNothing);
    expect(natEntries).toMatchObject({
      source: 'nf_conntrack',
      better: [{ source: 'ctnetlink', reason: 'TypeError: not asked' }],
    });
  });
});
