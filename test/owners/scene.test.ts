import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { type ExpectedSocket, type OwnersScene, startOwnersScene } from './scene.ts';
import { holdersOfNetstat, holdersOfSs, type Named } from './witnesses.ts';

const missing = requirement('root', 'netns', 'python3', 'ss', 'netstat');

/** The scene says what it has; two other programs say so, too, of what /proc/<pid>/fd shows. */
describe.skipIf(missing !== undefined)(
  `the scene of owners${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let scene: OwnersScene;
    let netstat: string;
    let ss: string;

    beforeAll(async () => {
      scene = await startOwnersScene(['sharing', 'threads', 'crowds', 'names', 'reasons']);
      const outcomes = await scene.runAll([
        { command: 'netstat', args: ['-tuUwanpe'] },
        { command: 'ss', args: ['-tuanpeH'] },
      ]);
      [netstat, ss] = outcomes.map(({ stdout }) => stdout.toString('latin1')) as [string, string];
    });
    afterAll(() => scene?.stop());

    it('has the holders that ss names', () => {
      // No inodes of raw sockets where ss reads these from /proc.
      const protocols = ['tcp', 'udp'];
      const expected = visible(
        scene.description.sockets.filter(({ protocol }) => protocols.includes(protocol)),
      );
      expect(sorted(holdersOfSs(ss))).toEqual(sorted(expected));
    });

    it('has the owners that netstat names', () => {
      const expected = scene.description.sockets
        .filter(({ protocol }) => protocol !== 'unix')
        .flatMap((socket) => visible([socket]).slice(0, 1));
      expect(sorted(holdersOfNetstat(netstat))).toEqual(
        sorted(expected.map(({ inode, pid }) => ({ inode, pid }))),
      );
    });
  },
);

function visible(sockets: readonly ExpectedSocket[]): Named[] {
  return sockets.flatMap(({ inode, holders }) =>
    holders.filter(({ hidden }) => !hidden).map(({ pid, fd }) => ({ inode: inode!, pid, fd })),
  );
}

function sorted(holders: readonly Named[]): Named[] {
  return [...holders].sort((a, b) => a.inode - b.inode || a.pid - b.pid || (a.fd ?? 0) - (b.fd ?? 0));
}
