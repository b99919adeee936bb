import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dump } from '../../src/source/source.ts';
import { inetText, unixText } from './proc-text.ts';
import { inetSockets, unixSockets } from './sockets.ts';
import { cutAt, everythingOf, parsePieces, rowsOf } from './tables.ts';

const places = fc.array(fc.nat(20_000), { maxLength: 12 });
const heading = Buffer.from('heading\n');

/** Bytes that a table is made of, in any order; now and then a line too long. */
const rubble = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...' :@-0123456789ABCDEFabcdefxX\n\t\0'.split('')) },
      {
        weight: 3,
        arbitrary: fc.constantFrom('   7: ', '0100007F:0016 ', '0A ', '00000000:00000000 ', '\n\n'),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('000000003e8d36d5: 00000002 00000000 00010000 0001 01 55 /a\n'),
      },
      { weight: 1, arbitrary: fc.constantFrom(' '.repeat(8190), '0'.repeat(8191), `${'7'.repeat(9000)}: `) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));

const anything = fc.oneof(rubble, fc.uint8Array({ maxLength: 400 }));

function outcome(dump: Dump, pieces: readonly Uint8Array[]): unknown {
  const { batches, tally } = parsePieces(dump, pieces);
  return { rows: rowsOf(batches), malformed: tally.malformed };
}

describe.each(['tcp', 'raw', 'unix'] as const)('a %s table', (protocol) => {
  const dump = everythingOf(protocol);

  it('is the same wherever it was cut', () => {
    const table = protocol === 'unix' ? unixSockets.map(unixText) : inetSockets.map(inetText);
    fc.assert(
      fc.property(table, places, (text, cuts) => {
        expect(outcome(dump, cutAt(text, cuts))).toEqual(outcome(dump, [text]));
      }),
    );
  });

  it('of any bytes is survived, and the same wherever it was cut', () => {
    fc.assert(
      fc.property(anything, places, (text, cuts) => {
        const whole = Buffer.concat([heading, text]);
        expect(outcome(dump, cutAt(whole, cuts))).toEqual(outcome(dump, [whole]));
      }),
      { numRuns: 300 },
    );
  });

  it('counts each line that it does not show', () => {
    const line = fc.stringMatching(/^[G-Zg-z ]{1,40}$/);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const text = Buffer.from(['heading', ...lines, ''].join('\n'));
        expect(outcome(dump, [text])).toEqual({ rows: [], malformed: lines.length });
      }),
    );
  });
});
