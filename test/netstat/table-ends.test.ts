import { describe, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { CACHE_HEADING, cacheRoute, INET_HEADING, inetRoute, neighbour } from './routes-texts.ts';
import { compare } from './synthetic-comparison.ts';

const missing = requirement('netns', 'netstat', 'dist');

/** Tables that end without a newline, as no kernel writes them. */
describe.skipIf(missing !== undefined)(`tables that end in the midst of a line ${missing ?? ''}`, () => {
  it('of counters', () => {
    const snmp = 'Tcp: InSegs OutSegs\nTcp: 99999999999999999999999 -99999999999999999999999';
    const net = {
      snmp,
      netstat: 'TcpExt: TCPTimeouts\0 x\nTcpExt: 3 4\0 5',
      'sctp/snmp': 'SctpAborteds x\nSctpCurrEstab\nSctpPassiveEstabs 4',
      snmp6: `Ip6InReceives\n${'\t'.repeat(2000)}7\nIp6OutRequests 9`,
    };
    compare({ net }, ['-s', '-s6', '-sS', '-st']);
    compare({ net: { ...net, snmp: 'Ip: a\nIp: 1\n\nTcp: b' } }, ['-s']);
  });

  it('of SCTP', () => {
    const net = {
      'sctp/eps': ' ENDPT\nx y 2 10 29 80 1000 101 10.0.0.1 nonsense \nx y 2 x 29 y z w 10.0.0.2 ',
      'sctp/assocs':
        ' ASSOC\nx y 2 1 3 27 1 5 7 0 101 80 40000 10.0.0.1 <-> *10.0.0.3 \t 7500 10\nx y 2 z z z z -9 q 0 101 0 x 10.0.0.9',
    };
    const etc = { hosts: '10.0.0.1 near.example\n10.0.0.3 far.example\n' };
    compare({ net, etc }, ['-San', '-Sa', '-SaeW']);
  });

  it('of routes', () => {
    const net = {
      route: INET_HEADING + inetRoute().trim(),
      rt_cache: CACHE_HEADING + cacheRoute().trim(),
      ndisc:
        neighbour({ stale: '-1', hardware: '' }) + neighbour({ state: '0200000000000000000000001' }).trim(),
    };
    compare({ net }, ['-rn', '-rnC', '-rnCe', '-rnCee', '-rnCF', '-6rnC', '-6rnCe']);
    for (const heading of ['IRTT\n', 'IRTT', `${CACHE_HEADING.trim()}\0x`]) {
      compare({ net: { rt_cache: heading + cacheRoute(), route: heading + inetRoute() } }, [
        '-rnC',
        '-rnCe',
        '-rnCee',
        '-rn',
      ]);
    }
  });
});
