import { describe, expect, it } from 'vitest';
import { parseUsers, userLookup } from '../../../src/names/users.ts';

// Which lines name somebody is what netstat 2.10 with glibc 2.36 printed for this file.
const PASSWD = `root:x:0:0:root:/root:/bin/bash
#c1:x:1:1::/:/x
  lead:x:2:2::/:/x
-minus:x:3:3::/:/x
+plus:x:4:4::/:/x
short:x:5
nogid:x:6::x:/:/x
noend:x:7:7
noend2:x:8:8:g
hex:x:0x9:9::/:/x
first:x:10:10::/:/x
second:x:10:10::/:/x
:x:11:11::/:/x
a b:x:12:12::/:/x
plusn:x:+13:13::/:/x
oct:x:014:14::/:/x
bad:x:15a:15::/:/x
sp:x: 16:16::/:/x
hashin#x:x:17:17::/:/x
nolf:x:20:20::/:/x`;

describe('passwd(5)', () => {
  it('is read as glibc reads it', () => {
    expect(Object.fromEntries(parseUsers(PASSWD))).toEqual({
      0: 'root',
      2: 'lead',
      7: 'noend',
      8: 'noend2',
      10: 'first',
      11: '',
      12: 'a b',
      13: 'plusn',
      14: 'oct',
      16: 'sp',
      17: 'hashin#x',
      20: 'nolf',
    });
  });
});

describe('userLookup', () => {
  it('asks the system once for each user', () => {
    const asked: number[] = [];
    const user = userLookup({
      system: (uid) => {
        asked.push(uid);
        return uid === 0 ? 'root' : undefined;
      },
    });
    expect([user(0), user(7), user(0), user(7)]).toEqual(['root', undefined, 'root', undefined]);
    expect(asked).toEqual([0, 7]);
  });

  it('reads the file where there is no system to ask', () => {
    expect(userLookup()(0)).toBe('root');
    expect(userLookup({ file: '/nonexistent/passwd' })(0)).toBeUndefined();
  });
});
