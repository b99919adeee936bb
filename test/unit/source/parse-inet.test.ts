import { describe, expect, it } from 'vitest';
import { ABSENT, BATCH_ROWS } from '../../../src/table/schema.ts';
import { everythingOf, type PlainRow, parsePieces, rowsOf } from '../../fuzz/tables.ts';

const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n';
const everything = everythingOf('tcp');

function parse(
  text: string,
  asked: Partial<typeof everything> = {},
): { rows: PlainRow[]; malformed: number } {
  const { batches, tally } = parsePieces({ ...everything, ...asked }, [
    Buffer.from(heading + text, 'latin1'),
  ]);
  return { rows: rowsOf(batches), malformed: tally.malformed };
}

const local = '0100007F:1F90';
const remote = '0200007F:C350';
/** A row in the kernel's widths. */
const row = (state = '01', rest = '00000000 00000000 1000        0 4242 1') =>
  `   0: ${local} ${remote} ${state} 0000000A:0000000F 02:${rest}\n`;
const mapped = (address: string) => `00000000000000000000ffff${address}`;

describe('a row of /proc/net/tcp', () => {
  it('is read into every column', () => {
    const { rows } = parse(
      row('01', '000001F4 00000002  1000        3 101 2 000000004fdb194a 20 4 30 10 -1'),
    );
    expect(rows).toEqual([
      expect.objectContaining({
        protocol: 1,
        family: 2,
        state: 1,
        timer: 2,
        retrans: 2,
        probes: 3,
        expiresMs: 5000,
        localAddress: mapped('7f000001'),
        remoteAddress: mapped('7f000002'),
        localPort: 8080,
        remotePort: 50_000,
        recvQ: 15,
        sendQ: 10,
        uid: 1000,
        inode: 101,
        ifindex: 0,
        cookie: '0000',
      }),
    ]);
  });

  it('has an address of IPv6 with 32 digits, each word in the machine order', () => {
    const address = 'B80D0120785634120000000001000000';
    const { rows } = parse(`  12: ${address}:01BB ${'0'.repeat(32)}:0000 07 0:0 0:0 0 0 0 1\n`);
    expect(rows[0]).toMatchObject({
      family: 10,
      localAddress: '20010db8123456780000000000000001',
      remoteAddress: '0'.repeat(32),
      localPort: 443,
    });
  });

  it('does not know the limit of a listener', () => {
    const listener = row('0A', '00000000 00000000 0 0 1');
    expect(parse(listener).rows[0]).toMatchObject({ state: 10, recvQ: 15, sendQ: ABSENT });
    expect(parse(listener, { protocol: 'udp' }).rows[0]).toMatchObject({ state: 10, sendQ: 10 });
  });

  it('saturates what is larger than its column', () => {
    const large = row('01', 'FFFFFFFF 00000100 4294967295 300 99999999999');
    expect(parse(large).rows[0]).toMatchObject({
      expiresMs: ABSENT,
      retrans: 255,
      probes: 254,
      uid: ABSENT,
      inode: ABSENT,
    });
    expect(parse(row('01', '1999999A 00000001 0 0 1')).rows[0]).toMatchObject({ expiresMs: ABSENT });
    expect(parse(row('01', '19999999 00000001 0 0 1')).rows[0]).toMatchObject({ expiresMs: 4_294_967_290 });
    expect(parse(row('01', '00010000 00000001 0 0 4294967294')).rows[0]).toMatchObject({
      expiresMs: 655_360,
      inode: 4_294_967_294,
    });
  });

  it('may have a negative user', () => {
    expect(parse(row('01', '00000000 00000000 -1 0 7')).rows[0]).toMatchObject({ uid: ABSENT, inode: 7 });
    expect(parse(row('01', '00000000 00000000 -2 0 7')).rows[0]).toMatchObject({ uid: 0xfffffffe });
  });

  it('may have any widths, lower case, tails and no newline', () => {
    const narrow = '4: 0100007f:1f90 0200007f:c350 1 a:f 2:1f4 2 1000 3 101';
    const wide = ` 0004:  ${local}  ${remote} 0001 00000000A:0000000000F 00002:0000001F4 2 01000 03 000101   `;
    const { rows, malformed } = parse(`${wide}\n${narrow}`);
    expect(malformed).toBe(0);
    expect(rows[0]).toEqual(rows[1]);
    expect(rows[0]).toMatchObject({ recvQ: 15, sendQ: 10, retrans: 2, uid: 1000, probes: 3, inode: 101 });
  });

  it('needs the fields up to the retransmissions, the rest reads 0', () => {
    const fields = `0: ${local} ${remote} 01 1:2 0:0 3 1000 4 101`.split(' ');
    const upTo = (count: number) => `${fields.slice(0, count).join(' ')}\n`;
    for (let count = 1; count < 7; count++) expect(parse(upTo(count)).malformed).toBe(1);
    expect(parse(upTo(7)).rows[0]).toMatchObject({ retrans: 3, uid: 0, probes: 0, inode: 0 });
    expect(parse(upTo(8)).rows[0]).toMatchObject({ uid: 1000, probes: 0, inode: 0 });
    expect(parse(upTo(9)).rows[0]).toMatchObject({ uid: 1000, probes: 4, inode: 0 });
    expect(parse(upTo(10)).rows[0]).toMatchObject({ uid: 1000, probes: 4, inode: 101 });
    for (const protocol of ['udp', 'raw'] as const) {
      expect(parse(upTo(6), { protocol }).rows[0]).toMatchObject({ recvQ: 2, sendQ: 1, retrans: 0 });
      expect(parse(upTo(5), { protocol }).malformed).toBe(1);
    }
  });

  it.each([
    ['empty', ''],
    ['no number', `${local} ${remote} 01 1:2 0:0 3 1000 4 101`],
    ['letters in the number', `x0: ${local} ${remote} 01 1:2 0:0 3 1000 4 101`],
    ['an address of another length', `0: 01007F:1F90 ${remote} 01 1:2 0:0 3 1000 4 101`],
    ['addresses of two lengths', `0: ${local} ${'0'.repeat(32)}:C350 01 1:2 0:0 3 1000 4 101`],
    ['a digit that is none', row().replace('0A:', '0G:').trimEnd()],
    ['a digit that is none in the address', row().replace('0100007F', '0100007X').trimEnd()],
    ['a NUL', row().replace('01 ', '0\0 ').trimEnd()],
    ['too long', `${' '.repeat(8192)}0: ${local} ${remote} 01 1:2 0:0 3 1000 4 101`],
  ])('that cannot be understood is counted and left out: %s', (_, line) => {
    const { rows, malformed } = parse(`${row()}${line}\n${row()}`);
    expect(malformed).toBe(1);
    expect(rows).toHaveLength(2);
  });

  it('may have a long tail', () => {
    expect(parse(`${row().trimEnd()} ${'x'.repeat(9000)}\n${row()}`)).toMatchObject({ malformed: 0 });
  });
});

describe('the question', () => {
  const text = ['01', '06', '0A', '0C', '0D', '7F'].map((state) => row(state)).join('');
  const v6 = `   3: ${'0'.repeat(32)}:0016 ${'0'.repeat(32)}:0000 0A 0:0 0:0 0 0 0 9\n`;

  it('picks states; one without a name comes only with all of them', () => {
    const states = (asked: number) => parse(text, { states: asked }).rows.map(({ state }) => state);
    expect(states(1 << 10)).toEqual([10]);
    expect(states((1 << 1) | (1 << 6))).toEqual([1, 6]);
    expect(states(1 << 13)).toEqual([13]);
    expect(states(0xfff)).toEqual([1, 6, 10, 12, 13, 127]);
    expect(states(0)).toEqual([]);
  });

  it('picks families by the length of the address', () => {
    const families = (...asked: ('inet' | 'inet6')[]) =>
      parse(row() + v6, { families: asked }).rows.map(({ family }) => family);
    expect(families('inet')).toEqual([2]);
    expect(families('inet6')).toEqual([10]);
    expect(families('inet', 'inet6')).toEqual([2, 10]);
    expect(parse(row() + v6, { families: ['inet'] }).malformed).toBe(0);
  });

  it('names the protocol', () => {
    const protocols = (['tcp', 'udp', 'udplite', 'raw'] as const).map(
      (protocol) => parse(row(), { protocol }).rows[0]!.protocol,
    );
    expect(protocols).toEqual([1, 2, 3, 4]);
  });
});

it('a large table comes in batches', () => {
  const text = heading + row().repeat(BATCH_ROWS + 1);
  const half = text.length >> 1;
  const { batches } = parsePieces(everything, [
    Buffer.from(text.slice(0, half)),
    Buffer.from(text.slice(half)),
  ]);
  expect(batches.map(({ length }) => length)).toEqual([BATCH_ROWS, 1]);
  const all = rowsOf(batches);
  expect(all.every((one) => one.inode === 4242 && one.localAddress === mapped('7f000001'))).toBe(true);
});

describe('a row in the kernel’s widths, one byte of it another', () => {
  /** So many blanks before the number are not the kernel's: the row is read field by field. */
  const byField = ' '.repeat(30);
  const four =
    '  12: 0100007F:1F90 0200007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4242 1';
  const six = `  12: ${'B80D0120785634120000000001000000'}:01BB ${'0'.repeat(32)}:0000 06 0000000A:0000000F 03:000001F4 00000002     0        3 101 2`;

  it.each([
    ['IPv4, idle', four],
    ['IPv6, with queues and a timer', six],
  ])('is read as it is field by field: %s', (_, line) => {
    expect(parse(`${line}\n`).malformed).toBe(0);
    const lines = Array.from(line, (_, at) =>
      ['0', '1', '9', 'A', 'F', 'f', 'G', '@', '/', ':', ' ', '-', '\0', '\xff'].map(
        (byte) => line.slice(0, at) + byte + line.slice(at + 1),
      ),
    ).flat();
    for (const changed of lines) {
      expect([changed, parse(`${changed}\n`)]).toEqual([changed, parse(`${byField}${changed}\n`)]);
    }
  });
});
