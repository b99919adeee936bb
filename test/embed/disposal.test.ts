import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { laterNode } from './nodes.ts';
import { answerOf, run } from './run.ts';
import { PACKAGE, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');
const noLater = requirement('nodes');
const remark = missing ?? noLater;

const LIBRARIES = ['--lib', 'es2022,esnext.disposable'];
const disposed = {
  isComplete: true,
  after: 'ERR_CLOSED',
  midst: new Array(6).fill('ERR_CLOSED'),
};

describe.skipIf(missing !== undefined)(
  `a host that is disposed of${remark === undefined ? '' : ` (${remark})`}`,
  () => {
    let workshop: Workshop;
    beforeAll(() => {
      workshop = new Workshop();
    });
    afterAll(() => workshop?.remove());

    it('ends what runs, once and for all, where the compiler knows await using', async () => {
      const tsc = join(PACKAGE, 'node_modules/typescript/bin/tsc');
      const source = workshop.agent('disposal.mjs');
      const options = '--ignoreConfig --allowJs --noCheck --target es2022 --module nodenext'.split(' ');
      const compiled = workshop.make('project/compiled');
      const outcome = await run([
        process.execPath,
        tsc,
        ...options,
        ...LIBRARIES,
        '--outDir',
        compiled,
        source,
      ]);
      expect(outcome).toMatchObject({ code: 0, stdout: '' });
      const program = join(compiled, 'disposal.mjs');
      expect(readFileSync(program, 'utf8')).not.toContain('await using host');
      const root = workshop.longTable();
      expect(answerOf(await run([process.execPath, program, root]))).toEqual(disposed);
    });

    it.skipIf(noLater !== undefined)('and where Node.js does', async () => {
      const program = workshop.agent('disposal.mjs');
      const root = workshop.longTable();
      expect(answerOf(await run([laterNode(24)!.path, program, root]))).toEqual(disposed);
    });
  },
);
