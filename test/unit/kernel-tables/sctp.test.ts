import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSctpAssociations, parseSctpEndpoints, readSctp } from '../../../src/kernel-tables/sctp.ts';

const bytes = (...lines: string[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));

describe('/proc/net/sctp', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-sctp-'));
    mkdirSync(join(folder, 'sctp/assocs'), { recursive: true });
    writeFileSync(join(folder, 'sctp/eps'), 'text');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a file, knows when there is none, and passes other failures on', () => {
    expect(new TextDecoder().decode(readSctp(folder, 'eps'))).toBe('text');
    expect(readSctp(join(folder, 'nowhere'), 'eps')).toBeUndefined();
    expect(() => readSctp(folder, 'assocs')).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  });

  it('parses endpoints', () => {
    const { rows, bogus } = parseSctpEndpoints(
      bytes(
        ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS',
        'ffff8800 ffff8801 2   10  29   80     1000 12345 10.0.0.1 *10.0.0.2 \t 7500',
        'ffff8800 ffff8801 2   10  29   80     1000 4294967296',
        'ffff8800 ffff8801 2   10  29   80     1000',
        '',
      ),
    );
    expect(rows).toEqual([
      { state: 10, port: 80, uid: 1000, inode: 12_345, addresses: ['10.0.0.1', '10.0.0.2'] },
      { state: 10, port: 80, uid: 1000, inode: 4_294_967_296, addresses: [] },
    ]);
    expect(bogus).toBe(2);
  });

  it('parses associations', () => {
    const { rows, bogus } = parseSctpAssociations(
      bytes(
        ' ASSOC     SOCK   STY SST ST HBKT',
        'ffff8800 ffff8801 2   1   3  27   1   5  7 1000 12346 80 40000  10.0.0.1 10.0.0.2 <-> *10.0.0.3 \t    7500    10',
        'ffff8800 ffff8801 2   1   3  27   1   5  7 1000 12346 80 40000',
        'ffff8800 ffff8801 2   1   3  27   1   5  7 1000 12346 80',
      ),
    );
    expect(rows).toEqual([
      {
        state: 1,
        sendQ: 5,
        recvQ: 7,
        uid: 1000,
        inode: 12_346,
        localPort: 80,
        remotePort: 40_000,
        localAddresses: ['10.0.0.1', '10.0.0.2'],
        remoteAddresses: ['10.0.0.3'],
      },
      expect.objectContaining({ localAddresses: [], remoteAddresses: [] }),
    ]);
    expect(bogus).toBe(1);
  });

  it('takes whatever bytes stand there', () => {
    expect(parseSctpEndpoints(new Uint8Array())).toEqual({ rows: [], bogus: 0 });
    const { rows } = parseSctpEndpoints(bytes('', 'a b c x e -5 f g \xff\0'));
    expect(rows).toEqual([{ state: 0, port: 0, uid: 0, inode: 0, addresses: ['\xc3\xbf\0'] }]);
  });
});
