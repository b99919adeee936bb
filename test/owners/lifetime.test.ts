import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/request/host-options.ts';
import { requirement } from '../requirements.ts';
import { Packages } from './packages.ts';
import { mountBpfFs, pin } from './pinning.ts';
import { type OwnersScene, startOwnersScene } from './scene.ts';

const missing = requirement('root', 'netns', 'pidns', 'python3', 'addon', 'dist');
const noBpf = requirement('bpf', 'bpffs');
const TIMES = 200;

interface Leavings {
  readonly before: { readonly descriptors: number; readonly threads: number };
  readonly after: { readonly descriptors: number; readonly threads: number };
  readonly named: number;
}

const remark = missing ?? noBpf;

describe.skipIf(missing !== undefined)(
  `hosts that were closed${remark === undefined ? '' : ` (${remark})`}`,
  () => {
    let packages: Packages;
    let scene: OwnersScene | undefined;
    beforeAll(async () => {
      packages = new Packages();
    });
    afterEach(() => scene?.stop());
    afterAll(() => packages?.remove());

    const expectNothingLeft = async (
      kind: 'native' | 'typescript',
      hosts: readonly HostOptions[],
    ): Promise<void> => {
      const words = [
        packages.program('count-leavings.mjs'),
        packages.library(kind),
        JSON.stringify(hosts),
        String(TIMES),
      ];
      const { status, stdout, stderr } = await scene!.run(process.execPath, words);
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
      const counts = JSON.parse(stdout.toString()) as Leavings[];
      expect(counts).toHaveLength(hosts.length);
      for (const [index, { before, after, named }] of counts.entries()) {
        expect({ host: hosts[index], ...after }).toEqual({ host: hosts[index], ...before });
        expect(named).toBe(TIMES);
      }
    };

    it('have left neither descriptors nor threads', async () => {
      scene = await startOwnersScene(['sharing', 'threads'], true);
      const hosts: HostOptions[] = [{ owners: 'procfd', threads: 2 }];
      if (noBpf === undefined) hosts.push({ owners: 'bpf' }, { owners: 'bpf', threads: 2 });
      await expectNothingLeft('native', hosts);
      await expectNothingLeft('typescript', [{ owners: 'procfd' }]);
    });

    it.skipIf(noBpf !== undefined)('nor has the reader of a pinned iterator', async () => {
      scene = await startOwnersScene(['sharing']);
      const path = await mountBpfFs(scene);
      await pin(scene, packages, path);
      await expectNothingLeft('native', [{ owners: 'bpf-pinned', pinnedPaths: [path] }]);
    });
  },
);
