import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { netstat, netstatOfOurs, runOn, type SyntheticHost, sockscope } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'addon', 'dist');

const HEADING = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const ROUTE = 'lo\t0000007F\t00000000\t0001\t0\t0\t3\t000000FF\t0\t0\t0\n';
const DEV =
  'Inter-|   Receive                                                |  Transmit\n' +
  ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n' +
  '    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n';

const DAMAGED: SyntheticHost = {
  net: {
    route: `${HEADING}${ROUTE}lo\t0000007F\n${ROUTE}not a route\n`,
    dev: DEV,
    if_inet6: '00000000000000000000000000000001 01 80 10 80       lo\nfe80 x\n',
    snmp: 'Tcp: InSegs OutSegs\nTcp: 3\n',
  },
};
const WHOLE: SyntheticHost = {
  net: { route: `${HEADING}${ROUTE}`, dev: DEV, snmp: 'Tcp: InSegs\nTcp: 3\n' },
};

describe.skipIf(missing !== undefined)(`what makes no sense ${missing ?? ''}`, () => {
  it.each([
    ['-rn', 'sockscope: /proc/net/route: 2 malformed lines\n'],
    ['-ia', 'sockscope: /proc/net/if_inet6: 1 malformed line\n'],
    ['-st', 'sockscope: /proc/net/snmp: 1 malformed counter\n'],
  ])('is passed over by %s as by netstat, and counted with -v', (line, note) => {
    const [theirs, plain, verbose, asNetstat, json] = runOn(DAMAGED, [
      netstat([line, '-v']),
      sockscope([line]),
      sockscope([line, '-v']),
      netstatOfOurs([line, '-v']),
      sockscope([line, '-v', '--json']),
    ]);
    expect(json).toMatchObject({ stderr: note, code: 0 });
    expect(plain).toEqual(theirs);
    expect(asNetstat).toEqual(theirs);
    expect(verbose).toEqual({ ...theirs, stderr: `${theirs!.stderr}${note}` });
  });

  it('is not spoken of where there is none', () => {
    for (const line of ['-rn', '-ia', '-st']) {
      const [theirs, verbose] = runOn(WHOLE, [netstat([line, '-v']), sockscope([line, '-v'])]);
      expect(verbose).toEqual(theirs);
    }
  });
});
