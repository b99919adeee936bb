import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { answerOf, type Outcome, run } from './run.ts';
import { ADDON, LONG_ROWS, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');

describe.skipIf(missing !== undefined)(
  `a realm with modules and globals of its own${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let workshop: Workshop;
    let bundle: string;
    let addon: string;
    beforeAll(async () => {
      workshop = new Workshop();
      bundle = await workshop.bundle('library.mjs', 'rolldown', 'cjs');
      addon = join(workshop.alone('addon', [ADDON]), 'sockscope.node');
    });
    afterAll(() => workshop?.remove());

    const play = (scene: string): Promise<Outcome> =>
      run([process.execPath, workshop.agent('realms.cjs'), scene, bundle, addon]);

    it('is answered, and so is another one beside it', async () => {
      expect(answerOf(await play('answers'))).toEqual({
        sources: ['netlink', 'netlink'],
        found: [true, true],
        columns: [true, true],
      });
    });

    it('has copies of rows that share no bytes', async () => {
      expect(answerOf(await play('copies'))).toEqual({ isOwn: true });
    });

    it('gets errors of its own', async () => {
      const [absent, strange, wrong] = answerOf(await play('errors')) as { message: string }[];
      expect(absent).toMatchObject({ name: 'SockscopeError', isOurs: true });
      expect(absent!.message).toMatch(/^load \/nonexistent\.node: there is no such file \(/);
      expect(strange!.message).toMatch(/^load FILE: an addon is a file that ends in \.node \(/);
      expect(wrong).toMatchObject({ name: 'TypeError', isOurs: true });
    });

    it('may end a scan by a signal of another one', async () => {
      expect(answerOf(await play('abort'))).toBe('enough');
    });

    it('may be one of ECMAScript modules', async () => {
      const module = await workshop.bundle('library.mjs', 'rolldown', 'esm');
      const flags = ['--experimental-vm-modules', '--no-warnings'];
      const program = workshop.agent('vm-module.mjs');
      const outcome = await run([process.execPath, ...flags, program, module, addon, workshop.longTable()]);
      expect(answerOf(outcome)).toEqual({
        sources: ['netlink', 'procfs'],
        rows: LONG_ROWS,
        name: 'SockscopeError',
        isOfTheRealm: true,
      });
    });

    it('may load the addon anew while it is in use', async () => {
      expect(answerOf(await play('registries'))).toEqual({
        isAnew: true,
        layout: true,
        found: [true, true, true],
      });
    });
  },
);
