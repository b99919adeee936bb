import fc from 'fast-check';
import { LONG_HEADING, VALUES } from './routes-lines.ts';
import {
  CACHE_FIELDS,
  CACHE_HEADING,
  cacheRoute,
  INET_FIELDS,
  INET_HEADING,
  INET6_FIELDS,
  inet6Route,
  inetRoute,
  NEIGHBOUR_FIELDS,
  neighbour,
} from './routes-texts.ts';
import type { Question } from './routes-trees.ts';

/** Tables as a kernel might have them, and not: fields of any shape, lines of any length, headings of any order. */

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9A-Fa-f]{${digits}}$`));
const number = fc.oneof(
  fc.nat(100).map(String),
  fc.integer({ min: -5, max: 2 ** 31 - 1 }).map(String),
  fc.nat(2 ** 32 - 1).map((value) => value.toString(16)),
);
const value = fc.oneof(
  { weight: 8, arbitrary: hex(8) },
  { weight: 8, arbitrary: hex(4) },
  { weight: 8, arbitrary: number },
  { weight: 2, arbitrary: hex(32) },
  { weight: 2, arbitrary: fc.constantFrom(...VALUES) },
);

/** A few fields of a line are others; now and then the line is another, too. */
function lineOf<Field extends string>(
  fields: readonly Field[],
  line: (values: Partial<Record<Field, string>>) => string,
): fc.Arbitrary<string> {
  const changed = fc
    .array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 4 })
    .map((pairs) => line(Object.fromEntries(pairs) as Partial<Record<Field, string>>));
  const place = fc.nat(130);
  return fc.oneof(
    { weight: 12, arbitrary: changed },
    { weight: 1, arbitrary: fc.tuple(changed, place).map(([text, at]) => `${text.slice(0, at)}\n`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(changed, place, fc.constantFrom('\0', ' ', '\t', '\n', ' '.repeat(1000), 'x'))
        .map(([text, at, what]) => text.slice(0, at) + what + text.slice(at)),
    },
  );
}

function table(head: string, line: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 30 }), fc.boolean())
    .map(([lines, isWhole]) => head + (isWhole ? lines.join('') : lines.join('').trimEnd()));
}

/** Columns that nobody knows, or twice, or gone. */
function headingOf(fields: readonly string[], heading: string): fc.Arbitrary<string> {
  const strange = fc
    .tuple(fc.nat(fields.length), fc.constantFrom(0, 0, 1), fc.array(fc.constantFrom('X', 'MTU', 'Use', 'y')))
    .map(([at, gone, more]) => `${fields.toSpliced(at, gone, ...more).join(' ')}\n`);
  return fc.oneof({ weight: 3, arbitrary: fc.constant(heading) }, { weight: 1, arbitrary: strange });
}

const inet = headingOf(INET_FIELDS, INET_HEADING).chain((heading) => {
  // Behind a strange heading a whole line is what the columns make of it.
  const first = heading === INET_HEADING ? inetRoute() : `${'1'.repeat(8)} `.repeat(60).concat('\n');
  return table(heading + first, lineOf(INET_FIELDS, inetRoute));
});
const inet6 = table(inet6Route(), lineOf(INET6_FIELDS, inet6Route));
const cache = table(CACHE_HEADING + cacheRoute(), lineOf(CACHE_FIELDS, cacheRoute));
const neighbours = table(neighbour(), lineOf(NEIGHBOUR_FIELDS, neighbour));

const inetLines = ['-rn', '-rne', '-rnee', '-rneee', '-rneeee', '-rn -4 -4'];
const cacheLines = ['-rnC', '-rnCe', '-rnCee', '-rNC --numeric-hosts'];

const row = fc.stringMatching(/^[A-Z0-9* -]{0,60}\n$/);
const legacyText = table(LONG_HEADING, row);

function asking(name: string, text: fc.Arbitrary<string>, lines: readonly string[]): fc.Arbitrary<Question> {
  return fc
    .tuple(text, fc.constantFrom(...lines))
    .map(([content, line]) => ({ tree: { [name]: content }, lines: [line] }));
}

/** A tree, and a line of options that shows it. */
export const question: fc.Arbitrary<Question> = fc.oneof(
  { weight: 4, arbitrary: asking('route', inet, inetLines) },
  { weight: 4, arbitrary: asking('ipv6_route', inet6, ['-rn6', '-rnC6', '-rnFC6', '-rnee6']) },
  { weight: 2, arbitrary: asking('rt_cache', cache, cacheLines) },
  { weight: 1, arbitrary: asking('ndisc', neighbours, ['-rnC6', '-rnCe6']) },
  { weight: 1, arbitrary: asking('ipx_route', legacyText, ['-r --ipx']) },
  { weight: 1, arbitrary: asking('ax25_route', legacyText, ['-r --ax25']) },
  { weight: 1, arbitrary: asking('x25_routes', legacyText, ['-r --x25']) },
);
