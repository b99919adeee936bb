import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GroupLines, readGroups } from '../../../src/kernel-tables/groups.ts';
import { IGMP, IGMP6 } from '../../netstat/synthetic-groups.ts';

describe('multicast groups', () => {
  let folder = '';
  const folderOf = (name: string, files: Readonly<Record<string, string>>): string => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
    return path;
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-groups-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read from both files, IPv4 first', async () => {
    const groups = await readGroups(folderOf('both', { igmp: IGMP, igmp6: IGMP6 }));
    expect(groups).toHaveLength(10);
    expect(groups[0]).toEqual({
      interfaceName: 'lo',
      interfaceIndex: 1,
      family: 'inet',
      group: '224.0.0.1',
      users: 1,
    });
    expect(groups.map(({ group }) => group)).toEqual([
      ...['224.0.0.1', '224.0.0.251', '224.0.100.1', '239.255.255.255', '224.0.0.1', '224.0.0.252'],
      ...['ff02::1', 'ff01::1', 'ff02::1:ff00:1', 'ff02::fb'],
    ]);
    expect(groups.at(-1)).toEqual({
      interfaceName: 'abcdefghijklmno',
      interfaceIndex: 13,
      family: 'inet6',
      group: 'ff02::fb',
      users: 4095,
    });
    expect(groups.map(({ interfaceIndex }) => interfaceIndex)).toEqual([1, 2, 2, 2, 2, 13, 1, 1, 2, 13]);
  });

  it('have none of a family whose file is not there', async () => {
    expect(await readGroups(join(folder, 'nowhere'))).toEqual([]);
    const families = (await readGroups(folderOf('inet6', { igmp6: IGMP6 }))).map(({ family }) => family);
    expect(new Set(families)).toEqual(new Set(['inet6']));
    expect(await readGroups(folderOf('inet', { igmp: IGMP }))).toHaveLength(6);
  });

  it('pass other failures on', async () => {
    mkdirSync(join(folder, 'odd/igmp'), { recursive: true });
    await expect(readGroups(join(folder, 'odd'))).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('name interfaces in UTF-8', async () => {
    const igmp = 'Idx\tDevice\n1\tt\u00fcr  :  1 V3\n\t\t010000E0 1 0:0 0\n';
    expect(await readGroups(folderOf('utf8', { igmp }))).toMatchObject([{ interfaceName: 't\u00fcr' }]);
  });

  it('tell the lines that are none by number', () => {
    const lines = new GroupLines();
    const text = 'Idx\tDevice\n1 lo :\n\t010000E0 1\n\tjunk\njunk\n\n';
    expect([...lines.of(Buffer.from(text))].slice(1)).toEqual(
      [3, 4, 5].map((bogus) => ({ bogus, form: 'igmp' })),
    );
    const short = '1 lo ff02 1\n1 lo ff020000000000000000000000000001\nx\n';
    expect([...lines.of(Buffer.from(short))]).toEqual([0, 1, 2].map((bogus) => ({ bogus, form: 'igmp6' })));
  });
});
