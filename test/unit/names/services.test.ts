import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseProtocols, parseServices, serviceLookup } from '../../../src/names/services.ts';

// Which lines name something, and how, is what netstat 2.10 with glibc 2.36 printed for these files.
const SERVICES = `# comment
http 80/tcp www
http-late 80/tcp
  indented 81/tcp
hexport 0x52/tcp
octport 0123/tcp
crlf 84/tcp\r
space-slash 85 /tcp
nospace 86/tcp#c
noproto 87
upper 88/TCP
big 65625/tcp
neg -1/tcp
dslash 90//tcp
sctpx 91/sctp
udpx 92/udp
rawx 93/raw
aliasonly 94/tcp a b c
first 96/tcp
other 96/foo
trailing 97/tcp   
tab\t98/tcp
odd 99abc/tcp
slashtrail 100/tcp/x
\u00e9 101/tcp
plus +103/tcp
spaced 104/ tcp
hugeport 4294967401/tcp
octal 089/tcp
rawtcp 6/raw
junk
#
u80 80/udp
nonl 106/tcp`;

const PROTOCOLS = `ip 0 IP
icmp 1 ICMP
icmp-late 1 x
tcp 6 TCP
  ind 7
hexp 0x8
p9#x
p10 10#x
p11 11 # c
p12 012
neg -13
big 270
p15 15abc
p16 +16
p17
p18 18\r`;

describe('services(5)', () => {
  it('is read as glibc reads it, the last line about a port first', () => {
    expect(Object.fromEntries(parseServices(SERVICES).get('tcp')!)).toEqual({
      80: 'http-late',
      81: 'indented',
      82: 'hexport',
      83: 'octport',
      84: 'crlf',
      86: 'nospace',
      89: 'big',
      90: 'dslash',
      94: 'aliasonly',
      96: 'first',
      97: 'trailing',
      98: 'tab',
      101: '\u00e9',
      103: 'plus',
      106: 'nonl',
    });
  });

  it('is kept by protocol', () => {
    const names = parseServices(SERVICES);
    expect(Object.fromEntries(names.get('udp')!)).toEqual({ 80: 'u80', 92: 'udpx' });
    expect(Object.fromEntries(names.get('raw')!)).toEqual({ 6: 'rawtcp', 93: 'rawx' });
  });
});

describe('protocols(5)', () => {
  it('is read as glibc reads it', () => {
    expect(Object.fromEntries(parseProtocols(PROTOCOLS))).toEqual({
      0: 'ip',
      1: 'icmp-late',
      6: 'tcp',
      7: 'ind',
      10: 'p10',
      11: 'p11',
      12: 'p12',
      16: 'p16',
      18: 'p18',
      270: 'big',
    });
  });
});

describe('serviceLookup', () => {
  it('answers by protocol, reads the files once and only when it is asked', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
    try {
      const files = { services: join(folder, 'services'), protocols: join(folder, 'protocols') };
      const service = serviceLookup(files);
      writeFileSync(files.services, SERVICES);
      writeFileSync(files.protocols, PROTOCOLS);
      expect(service(80, 'tcp')).toBe('http-late');
      rmSync(files.services);
      expect(service(80, 'udp')).toBe('u80');
      expect(service(92, 'udplite')).toBe('udpx');
      expect(service(92, 'tcp')).toBeUndefined();
      expect(service(93, 'raw')).toBe('rawx');
      expect(service(6, 'raw')).toBe('tcp');
      expect(service(6, 'tcp')).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('knows nothing without files', () => {
    const service = serviceLookup({ services: '/nonexistent/services', protocols: '/nonexistent/protocols' });
    expect(service(80, 'tcp')).toBeUndefined();
    expect(service(1, 'raw')).toBeUndefined();
  });
});
