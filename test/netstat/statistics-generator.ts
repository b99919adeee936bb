import fc from 'fast-check';
import { SECTIONS6, TITLED_SECTIONS } from '../../src/format/statistics-sections.ts';
import type { Comparison, Tree } from './statistics-trees.ts';

const MAX = 2n ** 64n - 1n;

const TITLES = [...TITLED_SECTIONS.keys(), 'IpExt', 'IcmpMsg', 'UdpLite', 'MPTcpExt', 'TcpZ', 'Ip6', 'x'];
const KNOWN = [...TITLED_SECTIONS.values()].flatMap(({ sentences }) => [...sentences.keys()]);
const KNOWN6 = [...SECTIONS6.values()].flatMap(({ sentences }) => [...sentences.keys()]);

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('0', '1', '7') },
  { weight: 2, arbitrary: fc.bigInt(-(2n ** 65n), 2n ** 65n).map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(String(MAX), String(MAX + 1n), '-1', '+3', '0x7', 'abc', '1.5', '-', '5x'),
  },
);
/** Nothing, most of the time. */
const now = <T>(arbitrary: fc.Arbitrary<T>, nothing: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(nothing) }, { weight: 1, arbitrary });
const noise = now(
  fc.constantFrom(
    '\n',
    ' \n',
    'x\n',
    'Tcp\n',
    ':\n',
    '\0\n',
    'a\0b: c\n',
    'Tcp: a\n',
    '\r\n',
    'Ip6\n',
    '6 \n',
  ),
  '',
);
const blank = fc.oneof(
  { weight: 20, arbitrary: fc.constant(' ') },
  { weight: 1, arbitrary: fc.constantFrom('\t', '  ', '\v', ' \0') },
);

function pairs(): fc.Arbitrary<string> {
  // A group has counters of its own, and now and then those of another.
  const group = fc.constantFrom(...TITLES).chain((title) => {
    const own = [...(TITLED_SECTIONS.get(title)?.sentences.keys() ?? ['InType3', 'InOctets'])];
    const name = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...own) },
      { weight: 2, arbitrary: fc.constantFrom(...KNOWN, ...KNOWN6) },
      { weight: 1, arbitrary: fc.constantFrom('InCsumErrors', 'Unheard', ':', 'a:b') },
    );
    return fc
      .record({
        names: fc.array(fc.tuple(blank, name), { maxLength: 30 }),
        surplus: fc.array(fc.tuple(blank, value), { maxLength: 2 }),
        lack: now(fc.nat(3), 0),
        seed: fc.array(fc.tuple(blank, value), { minLength: 30, maxLength: 30 }),
        noise: fc.tuple(noise, noise),
      })
      .map(({ names, surplus, lack, seed, noise: [before, between] }) => {
        const values = [...seed.slice(0, Math.max(0, names.length - lack)), ...(lack === 0 ? surplus : [])];
        const text = (parts: readonly (readonly [string, string])[]): string => parts.flat().join('');
        return `${before}${title}:${text(names)}\n${between}${title}:${text(values)}\n`;
      });
  });
  return fc.array(group, { maxLength: 8 }).map((groups) => groups.join(''));
}

function lines(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...names) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('Icmp6OutMLDv2Reports', 'UdpLite6x', 'SctpX', 'Foo', 'Ip', '6', ''),
    },
  );
  const lack = now(fc.constantFrom('name', 'both'), 'nothing');
  return fc.array(fc.tuple(noise, name, blank, value, lack), { maxLength: 40 }).map((all) =>
    all
      .map(([before, first, gap, second, lacks]) => {
        if (lacks === 'both') return `${before}\n`;
        return lacks === 'name' ? `${before}${first}\n` : `${before}${first}${gap}${second}\n`;
      })
      .join(''),
  );
}

/** Runs of the names in the kernel's order, or any. */
function ordered(names: readonly string[]): fc.Arbitrary<readonly string[]> {
  return fc
    .tuple(fc.nat(names.length - 1), fc.nat(20))
    .map(([start, count]) => names.slice(start, start + count + 1));
}

const OPTIONS = fc
  .record({ six: fc.boolean(), letters: fc.oneof(fc.constant<string[]>([]), fc.subarray([...'tuwUS'])) })
  .map(({ six, letters }) => `-s${six ? '6' : ''}${letters.join('')}`);

/** Files of any groups, counters, values and orders, some damaged, some missing; some of them this kernel's own. */
export function randomTrees(kernel: Tree): fc.Arbitrary<Comparison> {
  const own = (name: string): fc.Arbitrary<string | Uint8Array | null | undefined> =>
    fc.constant(kernel[name]);
  const file = (name: string, text: fc.Arbitrary<string>) =>
    fc.oneof(
      { weight: 12, arbitrary: text },
      { weight: 1, arbitrary: own(name) },
      { weight: 1, arbitrary: fc.constantFrom(undefined, null) },
    );
  return fc
    .record({
      snmp: file('snmp', pairs()),
      netstat: file('netstat', pairs()),
      sctp: file('sctp/snmp', lines(KNOWN.filter((name) => name.startsWith('Sctp')))),
      snmp6: file('snmp6', ordered(KNOWN6).chain(lines)),
      line: OPTIONS,
    })
    .map(({ snmp, netstat, sctp, snmp6, line }) => {
      const files = Object.entries({ snmp, netstat, 'sctp/snmp': sctp, snmp6 });
      return {
        tree: Object.fromEntries(files.filter(([, content]) => content !== undefined)) as Tree,
        lines: [line],
      };
    });
}
