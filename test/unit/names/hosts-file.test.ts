import { describe, expect, it } from 'vitest';
import { linesOfDatabase } from '../../../src/names/database-lines.ts';
import { parseHosts } from '../../../src/names/hosts-file.ts';
import { keyOf } from './addresses.ts';

/** The names of addresses, as gethostbyaddr(3) of glibc 2.36 gave them for the same text. */
function named(text: string, ...addresses: string[]): (string | undefined)[] {
  const names = parseHosts(linesOfDatabase(text));
  return addresses.map((address) => names.get(keyOf(address)));
}

describe('the file of hosts', () => {
  it('names an address by the first word behind it, in its first line', () => {
    const text =
      '# c\n  10.0.0.1\tindented al1 al2\n10.0.0.2 first\n10.0.0.2 second\n10.0.0.3 a#b c\n10.0.0.4 end';
    expect(named(text, '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5')).toEqual([
      'indented',
      'first',
      'a',
      'end',
      undefined,
    ]);
  });

  it('takes a name as it is, and none for an empty one', () => {
    const text =
      '10.0.0.1 -dash\n10.0.0.2 sp\u0007ace\n10.0.0.3\n10.0.0.4 #\n2001:db8::9 \n10.0.0.5 nul\0x\n10.0.0.6 \u00e9\r';
    expect(
      named(text, '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '2001:db8::9', '10.0.0.5', '10.0.0.6'),
    ).toEqual(['-dash', 'sp\u0007ace', '', '', '', 'nul', '\u00e9']);
  });

  it('names by lines of IPv6 what is IPv4 as well', () => {
    const text =
      '::1 six\n127.0.0.1 four\n::ffff:9.9.9.9 m9\n9.9.9.9 p9\n8.8.8.8 p8\n::ffff:8.8.8.8 m8\n::7.7.7.7 c7';
    expect(
      named(text, '::1', '127.0.0.1', '9.9.9.9', '::ffff:9.9.9.9', '8.8.8.8', '::ffff:8.8.8.8', '7.7.7.7'),
    ).toEqual(['six', 'six', 'm9', 'm9', 'p8', 'm8', undefined]);
  });

  it.each(['010.0.0.1', '10.00.0.1', '10.0.0.01', '10.0.1', '10.0.0.1x', '::ffff:010.0.0.1', '::1%lo', 'x'])(
    'passes over a line of %s',
    (address) => {
      expect(parseHosts(linesOfDatabase(`${address} name`)).size).toBe(0);
    },
  );

  it('takes 0.0.0.0 and groups with zeros in front', () => {
    expect(named('0.0.0.0 any\n2001:0db8:00a0::1 groups', '0.0.0.0', '2001:db8:a0::1')).toEqual([
      'any',
      'groups',
    ]);
  });
});
