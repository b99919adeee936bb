import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { ownershipIn, ownershipOf, rowOf, socketCalled } from './expectations.ts';
import { Packages } from './packages.ts';
import { type OwnersScene, startOwnersScene } from './scene.ts';
import { answered, ask, command } from './subjects.ts';
import { nobody, rootWithout } from './users.ts';

const missing = requirement('root', 'netns', 'mountns', 'python3', 'addon', 'dist', 'setpriv', 'bpf');
const BTF = '/sys/kernel/btf/vmlinux';
const NO_BTF = /BTF|btf/;

interface Refusal {
  /** Words before the program. */
  readonly as: (inside: { readonly scene: OwnersScene; readonly packages: Packages }) => readonly string[];
  readonly reason: RegExp;
  readonly errno?: number;
  /** Which of the sockets procfd sees the owner of, if of any. Default: of all. */
  readonly sees?: 'of nobody' | 'nothing';
}

/** Each step at which BPF may be refused, by a process that otherwise might use it. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  'no BTF': { as: ({ scene }) => hiding('/sys/kernel/btf', join(scene.folder, 'empty')), reason: NO_BTF },
  'BTF that is empty': { as: () => hiding(BTF, '/dev/null'), reason: NO_BTF },
  'BTF cut short': { as: ({ scene }) => hiding(BTF, join(scene.folder, 'half.btf')), reason: NO_BTF },
  'BTF whose types are garbage': {
    as: ({ scene }) => hiding(BTF, join(scene.folder, 'garbage.btf')),
    reason: NO_BTF,
  },
  'BTF that is no BTF': { as: ({ scene }) => hiding(BTF, join(scene.folder, 'half.sh')), reason: NO_BTF },
  'root of another user namespace': {
    as: () => ['unshare', '-U', '-r'],
    sees: 'nothing',
    reason: /bpf/i,
    errno: 1,
  },
  'bpf(2) answering EPERM': { as: ({ packages }) => filtered(packages, '1'), reason: /bpf/i, errno: 1 },
  'bpf(2) answering ENOSYS': { as: ({ packages }) => filtered(packages, '38'), reason: /bpf/i, errno: 38 },
  'bpf(2) being deadly, for nobody': {
    as: ({ packages }) => [...filtered(packages, 'kill'), ...nobody],
    sees: 'of nobody',
    reason: /CAP_|capabilit/i,
  },
  'bpf(2) being deadly, for root without capabilities': {
    as: ({ packages }) => [...filtered(packages, 'kill'), ...rootWithout('sys_admin', 'bpf', 'perfmon')],
    reason: /CAP_|capabilit/i,
  },
};

describe.skipIf(missing !== undefined)(`BPF refused${missing === undefined ? '' : ` (${missing})`}`, () => {
  let packages: Packages;
  let scene: OwnersScene;

  beforeAll(async () => {
    packages = new Packages();
    scene = await startOwnersScene(['sharing', 'names']);
    const btf = readFileSync(BTF);
    mkdirSync(join(scene.folder, 'empty'));
    writeFileSync(join(scene.folder, 'half.btf'), btf.subarray(0, btf.length >> 1));
    writeFileSync(join(scene.folder, 'half.sh'), '#!/bin/sh\n');
    writeFileSync(join(scene.folder, 'garbage.btf'), withGarbage(btf));
  });
  afterAll(async () => {
    await scene?.stop();
    packages?.remove();
  });

  it.each(Object.entries(REFUSALS))(
    '%s: the walk over /proc does it, and the answer says why',
    async (_, refusal) => {
      const as = refusal.as({ scene, packages });
      const requests = [{ owners: 'all' }] as const;
      const jobs = [
        { host: { owners: ['bpf', 'procfd'] }, requests },
        { host: { owners: 'bpf' }, requests },
      ] as const;
      const [chosen, named] = await ask(scene, packages, 'native', jobs, as);
      const { ability, scans } = answered(chosen);
      expect(ability).toMatchObject({
        source: 'procfd',
        better: [{ source: 'bpf', reason: expect.stringMatching(refusal.reason) }],
      });
      expect(ability).toMatchObject(scans[0]!.source!);
      if (refusal.errno !== undefined) expect(ability.better[0]!.errno).toBe(refusal.errno);
      const socket = socketCalled(
        scene.description,
        refusal.sees === 'of nobody' ? 'of nobody' : 'tcp listener',
      );
      const view = { sees: () => refusal.sees !== 'nothing', otherwise: 'not-permitted' };
      expect(ownershipIn(rowOf(scans[0]!.rows, socket))).toEqual(ownershipOf(socket, view));
      const failed = 'error' in named! ? named : named!.scans[0];
      expect(failed).toMatchObject({ error: { code: 'ERR_SOURCE_UNAVAILABLE' } });

      const { status, stdout } = await command(scene, packages, ['-tanp'], { as });
      expect(status).toBe(0);
      const owner = refusal.sees === 'nothing' ? '- ' : `${socket.holders[0]!.pid}/python3`;
      expect(stdout).toMatch(new RegExp(`:${socket.localPort} .* LISTEN +${owner}`));
    },
  );
});

/** Words before a program that is to find another file in place of one. */
function hiding(path: string, by: string): readonly string[] {
  return ['unshare', '-m', 'sh', '-c', `mount --bind ${by} ${path} && exec "$@"`, 'sh'];
}

function filtered(packages: Packages, verdict: string): readonly string[] {
  return ['python3', '-B', packages.program('filter-bpf.py'), verdict];
}

/** Keeps the header: what follows makes no sense. */
function withGarbage(btf: Buffer): Buffer {
  const copy = Buffer.from(btf);
  for (let at = 24; at < copy.length; at++) copy[at] = (at * 2654435761) >>> 24;
  return copy;
}
