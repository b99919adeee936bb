import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { isRowOf, ownershipIn, ownershipOf, socketCalled } from './expectations.ts';
import { Packages } from './packages.ts';
import { demand, GROUP, mountBpfFs, pin, pinForeign } from './pinning.ts';
import { type OwnersScene, startOwnersScene } from './scene.ts';
import { type Answer, answered, ask, command, type Failure, failureOf, type OwnedTable } from './subjects.ts';
import { nobody, nobodyIn } from './users.ts';

const missing = requirement(
  'root',
  'netns',
  'pidns',
  'mountns',
  'python3',
  'addon',
  'dist',
  'setpriv',
  'bpf',
  'bpffs',
);
const EACCES = 13;
const ENOENT = 2;
const requests = [{ owners: 'all' }] as const;

describe.skipIf(missing !== undefined)(
  `a pinned iterator${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let packages: Packages;
    let scene: OwnersScene;
    let path: string;

    beforeAll(async () => {
      packages = new Packages();
      scene = await startOwnersScene(['sharing', 'threads', 'names', 'reasons']);
      path = await mountBpfFs(scene);
      await pin(scene, packages, path);
    });
    afterAll(async () => {
      await scene?.stop();
      packages?.remove();
    });

    const askAs = (
      as: readonly string[],
      pinnedPaths: readonly string[],
      owners: 'auto' | 'bpf-pinned' = 'auto',
    ): Promise<Answer | Failure> =>
      ask(scene, packages, 'native', [{ host: { owners, pinnedPaths }, requests }], as).then(
        ([answer]) => answer!,
      );

    it("is root's, and for the group to read", async () => {
      expect(await demand(scene, 'stat', ['-c', '%a %u %g', path])).toBe(`440 0 ${GROUP}\n`);
    });

    it('shows every owner to a member of the group, who has no capability', async () => {
      const { ability, scans } = answered(await askAs(nobodyIn(GROUP), [path]));
      expect(ability.source).toBe('bpf-pinned');
      expect(ability.better.map(({ source }) => source)).toEqual(['bpf']);
      expect(scans[0]!.owners).toMatchObject({ source: 'bpf-pinned', denied: 0 });
      expect(scans[0]!.rows.length).toBeGreaterThan(50);
      for (const row of scans[0]!.rows) {
        const socket = scene.description.sockets.find((one) => isRowOf(row, one))!;
        expect([socket.name, ownershipIn(row)]).toEqual([socket.name, ownershipOf(socket)]);
      }
    });

    it.each(['2', '4'])(
      'names nobody whom hidepid=%s hides from the member, and says why',
      async (hidepid) => {
        const mount = `mount -t proc -o hidepid=${hidepid} proc /proc && exec "$@"`;
        const hiding = ['unshare', '-m', 'sh', '-c', mount, 'sh', ...nobodyIn(GROUP)];
        const [answer] = await ask(
          scene,
          packages,
          'native',
          [{ host: { owners: 'bpf-pinned', pinnedPaths: [path] }, requests }],
          hiding,
        );
        const [table] = answered(answer).scans as [OwnedTable];
        const hidden = scene.description.sockets.filter(({ holders }) => holders.length > 0);
        const rows = table.rows.filter((row) => hidden.some((one) => isRowOf(row, one)));
        const told = new Set(rows.filter(({ owners }) => owners === undefined).map(({ noOwner }) => noOwner));
        expect([...told]).toEqual(['not-permitted']);
        const unseen = table.rows.filter(({ noOwner }) => noOwner === 'not-permitted').length;
        expect(table.gaps).toContainEqual({ what: 'owners', reason: 'not-permitted', rows: unseen });
        expect(table.complete).toBe(false);
      },
    );

    it('tells a member what anybody may know of the processes', async () => {
      const { scans } = answered(await askAs(nobodyIn(GROUP), [path], 'bpf-pinned'));
      const owners = scans[0]!.rows.flatMap((row) => row.owners ?? []);
      for (const { pid, startTime, program } of scene.description.processes) {
        for (const owner of owners.filter((one) => one.pid === pid)) {
          expect(owner.startTime).toBe(startTime);
          if (program !== undefined) expect(owner.programBytes).toBe(program);
        }
      }
    });

    it('is closed to everybody else: their own processes are what they see', async () => {
      const { ability, scans } = answered(await askAs(nobody, [path]));
      expect(ability.source).toBe('procfd');
      const refusal = { source: 'bpf-pinned', errno: EACCES, reason: expect.stringContaining(path) };
      expect(ability.better).toContainEqual(expect.objectContaining(refusal));
      expect(scans[0]!.owners!.denied).toBeGreaterThan(0);
      expect(failureOf(await askAs(nobody, [path], 'bpf-pinned'))).toMatchObject({
        code: 'ERR_SOURCE_UNAVAILABLE',
        errno: EACCES,
      });
    });

    it('is looked for in one place after the other', async () => {
      const nowhere = `${path}-nowhere`;
      expect(answered(await askAs(nobodyIn(GROUP), [nowhere, path])).ability.source).toBe('bpf-pinned');
      const { ability } = answered(await askAs(nobodyIn(GROUP), [nowhere]));
      expect(ability.source).toBe('procfd');
      expect(ability.better).toContainEqual(expect.objectContaining({ source: 'bpf-pinned', errno: ENOENT }));
    });

    it('is refused inside a pid namespace, whose numbers it does not have', async () => {
      const within = ['unshare', '-p', '-f', '--mount-proc'];
      const { source } = answered(await askAs(within, [path])).scans[0]!;
      expect(source.source).toBe('procfd');
      expect(source.better.map((passed) => passed.source)).toContain('bpf-pinned');
      const refused = await askAs(within, [path], 'bpf-pinned');
      expect(failureOf(refused)).toMatchObject({ code: 'ERR_SOURCE_UNAVAILABLE' });
    });

    describe('in the place of one', () => {
      const STRANGERS: Readonly<Record<string, (file: string) => Promise<unknown> | unknown>> = {
        'an iterator that writes nothing': (file) => pinForeign(scene, packages, 'silent', file),
        'an iterator of a later version': (file) => pinForeign(scene, packages, 'version', file),
        'an iterator with records that make no sense': (file) => pinForeign(scene, packages, 'forged', file),
        'a map': (file) => pinForeign(scene, packages, 'map', file),
        'a directory': (file) => demand(scene, 'mkdir', [file]),
      };
      const OUTSIDE: Readonly<Record<string, (file: string) => Promise<unknown> | unknown>> = {
        'a file with the right header': (file) => writeFileSync(file, header(1)),
        'an empty file': (file) => writeFileSync(file, ''),
        'a pipe that nobody writes to': (file) => demand(scene, 'mkfifo', [file]),
        'a link to itself': (file) => demand(scene, 'ln', ['-s', file, file]),
      };
      const cases = [
        ...Object.entries(STRANGERS).map(([what, make]) => [what, make, true] as const),
        ...Object.entries(OUTSIDE).map(([what, make]) => [what, make, false] as const),
      ];

      it.each(cases)('%s is passed over, and the answer says so', async (what, make, inBpfFs) => {
        const name = what.replaceAll(' ', '-');
        const file = inBpfFs ? join(scene.folder, 'bpf', name) : join(scene.folder, name);
        await make(file);
        try {
          const { ability, scans } = answered(await askAs([], [file]));
          // One that seems right at first is found out when it is read.
          const { source } = scans[0]!;
          expect(source.source).toBe('procfd');
          expect(source.better.map(({ source: name }) => name)).toContain('bpf-pinned');
          expect(['procfd', 'bpf-pinned']).toContain(ability.source);
          const socket = socketCalled(scene.description, 'tcp listener');
          const row = scans[0]!.rows.find((one) => isRowOf(one, socket))!;
          expect(ownershipIn(row)).toEqual(ownershipOf(socket));
          expect(failureOf(await askAs([], [file], 'bpf-pinned'))).toMatchObject({
            code: 'ERR_SOURCE_UNAVAILABLE',
          });
        } finally {
          if (!inBpfFs) rmSync(file, { force: true });
        }
      });
    });

    describe('the command', () => {
      it('is told the usual place, and finds the owners there', async () => {
        const socket = socketCalled(scene.description, 'tcp listener');
        const line = new RegExp(`:${socket.localPort} .* LISTEN +${socket.holders[0]!.pid}/python3`);
        // A /run of this scene alone.
        await demand(scene, 'mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run']);
        const made = await command(scene, packages, ['pin', '--group', String(GROUP)]);
        expect(made).toMatchObject({ status: 0, stderr: '' });
        const listed = await command(scene, packages, ['-tanp'], { as: nobodyIn(GROUP) });
        expect(listed).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(line) });
        const other = await command(scene, packages, ['-tanp'], { as: nobody });
        expect(other.stdout).not.toMatch(line);

        expect(await command(scene, packages, ['pin', '--group', String(GROUP)])).toMatchObject({
          status: 0,
        });
        expect((await command(scene, packages, ['-tanp'], { as: nobodyIn(GROUP) })).stdout).toMatch(line);
        expect(await command(scene, packages, ['unpin'])).toMatchObject({ status: 0, stderr: '' });
        expect((await command(scene, packages, ['-tanp'], { as: nobodyIn(GROUP) })).stdout).not.toMatch(line);
        expect(await demand(scene, 'ls', ['-A', '/run'])).toBe('');
      });

      it('is refused to whoever may not use bpf(2), and leaves nothing', async () => {
        const words = ['pin', '--group', String(GROUP), '--path', `${path}-other`];
        expect(await command(scene, packages, words, { as: nobody })).toMatchObject({
          status: 1,
          stderr: expect.stringMatching(/^sockscope: pin: /),
        });
        expect(await demand(scene, 'ls', [join(scene.folder, 'bpf')])).not.toContain('owners-other');
      });
    });
  },
);

/** What a reading of the iterator begins with. */
function header(version: number): Uint8Array {
  const bytes = Buffer.from('sockscop\0\0\0\0\0\0\0\0', 'latin1');
  bytes.writeUInt32LE(version, 8);
  bytes.writeUInt32LE(16, 12);
  return bytes;
}
