import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { firstAndLast } from './nodes.ts';
import { answerOf, run } from './run.ts';
import { LONG_ROWS, Workshop } from './workshop.ts';

const missing = requirement('addon', 'dist');
const remark = missing ?? requirement('nodes');

const FLAGS: readonly (readonly string[])[] = [
  ['--disallow-code-generation-from-strings'],
  ['--jitless'],
  ['--frozen-intrinsics'],
  ['--disable-proto=throw'],
  ['--disable-proto=delete'],
  ['--preserve-symlinks', '--preserve-symlinks-main'],
  ['--pending-deprecation', '--throw-deprecation'],
  ['--unhandled-rejections=strict'],
  ['--max-old-space-size=64'],
];

describe.skipIf(missing !== undefined).each(firstAndLast())(
  `Node.js $major${remark === undefined ? '' : ` (${remark})`}`,
  ({ path }) => {
    let workshop: Workshop;
    beforeAll(() => {
      workshop = new Workshop();
    });
    afterAll(() => workshop?.remove());

    const ask = async (flags: readonly string[], options: object): Promise<unknown> =>
      answerOf(
        await run([path, '--no-warnings', ...flags, workshop.agent('agent.mjs'), JSON.stringify(options)]),
      );
    const expectAnswers = async (flags: readonly string[]): Promise<void> => {
      expect(await ask(flags, {})).toMatchObject({
        tcp: { source: 'netlink', better: [] },
        foundItself: true,
        hasRoutes: true,
      });
      const long = await ask(flags, { procRoot: workshop.longTable(), source: 'procfs' });
      expect(long).toMatchObject({ rows: LONG_ROWS });
      expect(long).not.toHaveProperty('onEventLoop');
    };

    it.each(FLAGS)('works with %s', (...flags) => expectAnswers(flags));

    it('works without process.getuid, and where its own program is gone', () =>
      expectAnswers(['--require', workshop.agent('lacking.cjs')]));
  },
);
