import { describe, expect, it } from 'vitest';
import { noOwnerReason } from '../../../src/owners/no-owner.ts';
import { Protocol, type ProtocolName } from '../../../src/socket/protocol.ts';
import { State } from '../../../src/socket/state.ts';
import { NO_OWNER, type NoOwnerReason } from '../../../src/table/owners.ts';

const reason = (protocol: ProtocolName, state: number, inode = 0) =>
  NO_OWNER[noOwnerReason(Protocol[protocol], state, inode, 'whole')];

describe('the reason why a socket without an inode has no owner', () => {
  it.each<[ProtocolName, keyof typeof State, NoOwnerReason]>([
    ['tcp', 'time-wait', 'time-wait'],
    ['tcp', 'syn-recv', 'not-accepted'],
    ['tcp', 'established', 'not-accepted'],
    ['tcp', 'close-wait', 'not-accepted'],
    ['tcp', 'fin-wait-1', 'orphaned'],
    ['tcp', 'fin-wait-2', 'orphaned'],
    ['tcp', 'closing', 'orphaned'],
    ['tcp', 'last-ack', 'orphaned'],
    ['tcp', 'close', 'orphaned'],
    ['tcp', 'syn-sent', 'orphaned'],
    ['tcp', 'listen', 'orphaned'],
    ['unix', 'syn-sent', 'not-accepted'],
    ['unix', 'established', 'not-accepted'],
    ['unix', 'close', 'orphaned'],
    ['udp', 'established', 'orphaned'],
    ['udp', 'close', 'orphaned'],
    ['raw', 'close', 'orphaned'],
  ])('%s %s: %s', (protocol, state, expected) => {
    expect(reason(protocol, State[state])).toBe(expected);
  });

  it("knows the kernel's inner state, and none that may be added", () => {
    expect(reason('tcp', 12)).toBe('not-accepted');
    expect(reason('tcp', 77)).toBe('orphaned');
    expect(reason('tcp', 0)).toBe('orphaned');
  });
});

describe('the reason why a socket with an inode has no owner', () => {
  it.each([
    ['whole', 'no-descriptor'],
    ['denied', 'not-permitted'],
    ['cut-short', 'not-searched'],
  ] as const)('is, for a search that was %s, %s', (search, expected) => {
    for (const state of [...Object.values(State), 0, 12]) {
      expect(NO_OWNER[noOwnerReason(Protocol.tcp, state, 7, search)]).toBe(expected);
    }
  });

  it('is no matter of the search without an inode', () => {
    for (const search of ['denied', 'cut-short'] as const) {
      expect(NO_OWNER[noOwnerReason(Protocol.tcp, State['time-wait'], 0, search)]).toBe('time-wait');
    }
  });
});
