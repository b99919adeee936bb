import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { run } from './run.ts';
import { ADDON, PACKAGE, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');
const page = readFileSync(join(PACKAGE, 'docs/embedding.md'), 'utf8');
const [, recipe] = /^## An agent in one file\n(.*?)^## /ms.exec(page) ?? [];
const [, agent] = /^```ts\n(.*?)^```$/ms.exec(recipe ?? '') ?? [];
const lines = [...(recipe ?? '').matchAll(/`((?:rolldown|esbuild) [^`]*)`/g)].map(([, line]) => line!);

describe.skipIf(missing !== undefined)(
  `the page's agent in one file${missing ? ` (${missing})` : ''}`,
  () => {
    let workshop: Workshop;
    beforeAll(() => {
      workshop = new Workshop();
    });
    afterAll(() => workshop?.remove());

    it('has a line for each bundler', () => {
      expect(lines.map((line) => line.split(' ')[0])).toEqual(['rolldown', 'esbuild']);
    });

    it.each(lines)('%s', async (line) => {
      const project = dirname(workshop.agent('agent.mjs'));
      writeFileSync(join(project, 'agent.mjs'), agent!);
      const path = `${join(PACKAGE, 'node_modules/.bin')}:${process.env.PATH}`;
      const bundled = await run(['sh', '-c', `cd "$0" && ${line}`, project], { PATH: path });
      expect(bundled).toMatchObject({ code: 0 });
      const folder = workshop.alone(`recipe-${line.split(' ')[0]}`, [join(project, 'agent.cjs')]);
      copyFileSync(ADDON, join(folder, 'sockscope.glibc.node'));
      const outcome = await run([process.execPath, join(folder, 'agent.cjs')], {
        AGENT_ADDON: join(folder, 'sockscope.glibc.node'),
      });
      expect(outcome).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringMatching(/^netlink \d+\n$/),
      });
    });
  },
);
